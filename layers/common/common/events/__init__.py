"""The contracts on the bus: a module per capability, one class per event, its name in full.

Events carry ids, not people. The two exceptions are flagged: `contacts` (addresses, to notify
only) and `sealed` (a code or a link that KMS opens for notify only); neither may match a rule
that stores or logs events. `known.EVENTS` has them all, by name.
"""

from typing import ClassVar, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

LARGEST_BYTES = 64 * 1024

type Currency = Literal["RUB", "EUR", "USD", "KZT", "BYN"]


class Contract(BaseModel):
    """A consumer ignores what it does not know, so that a producer may add fields."""

    # Built on first use: a function meets few of these kinds.
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Event(Contract):
    """A fact that has happened.

    `id` never repeats for another fact. `subject_version` grows with every change of what the
    event is about: a consumer that keeps state ignores an older one.
    """

    name: ClassVar[str]
    sealed: ClassVar[bool] = False
    contacts: ClassVar[bool] = False

    id: str
    occurred_at: AwareDatetime
    subject_version: int = 0


class CustomerViewed(Event):
    """A member of staff saw `what` of a customer; each capability tells of its own."""

    staff_id: str
    role: str
    customer_id: str
    what: str
    resource_id: str


class Kept(Contract):
    """What is kept of an erased customer, without a name to it, and why."""

    what: str
    why: str


class Erased(Event):
    """A capability erased all it had of a customer but for what it says it kept."""

    customer_id: str
    erasure_id: str
    erased: tuple[str, ...]
    kept: tuple[Kept, ...]


class ExportPart(Event):
    """A capability has put what it keeps of a customer where an export is made of it."""

    customer_id: str
    export_id: str
