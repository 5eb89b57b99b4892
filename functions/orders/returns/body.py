"""What is said of returns, by customers and by staff. Pure."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from common import api as shell
from common import fields
from common.fields import OwnProse, Quantity
from common.language import Text
from orders.catalogue.fields import Sku
from orders.returns import offer
from orders.returns.promise import Wanted
from orders.returns.reasons import Reason, Rejection

MOST_LINES = 20
LONGEST_WORDS = 1000

Words = Annotated[OwnProse, Field(max_length=LONGEST_WORDS)]
Pieces = Annotated[int, Field(strict=True, ge=0, le=999)]

fields.REASONS["some_pieces"] = Text(ru="Укажите хотя бы одну вещь.", en="Name one piece at least.")
fields.REASONS["rejection_by_decision"] = Text(
    ru="Причина нужна для отказа, и только для него.",
    en="A reason comes with a refusal, and only then.",
)


class PieceBody(shell.Body):
    """Pieces of a line of the order; a `defect` and a `shortage` are complaints. `exchange_for`
    is what shall come instead of money: the same again, or another variant of it."""

    sku: Sku
    quantity: Quantity
    reason: Reason
    exchange_for: Sku | None = None


class ReturnPreviewBody(shell.Body):
    order_id: Annotated[str, Field(pattern=shell.UUID)]
    lines: Annotated[tuple[PieceBody, ...], Field(min_length=1, max_length=MOST_LINES)]

    @model_validator(mode="after")
    def _names_each_once(self) -> Self:
        if len({line.sku for line in self.lines}) < len(self.lines):
            raise PydanticCustomError("named_twice", "a product comes twice")
        instead = [line.exchange_for for line in self.lines if line.exchange_for]
        if len(set(instead)) < len(instead):
            raise PydanticCustomError("named_twice", "a product comes twice")
        return self

    def exchanged(self) -> dict[str, str]:
        """What is wanted instead, by SKU."""
        return {line.sku: line.exchange_for for line in self.lines if line.exchange_for}

    def wanted(self) -> list[Wanted]:
        return [Wanted(line.sku, line.quantity, line.reason) for line in self.lines]


class ReturnBody(shell.Body):
    """`preview_id` is a preview's, whose promise this takes; `comment` tells what is wrong."""

    preview_id: Annotated[str, Field(max_length=offer.LONGEST)]
    comment: Words | None = None


class DecisionBody(shell.Body):
    """`rejection` says why not, with a `note` for the customer's eyes."""

    decision: Literal["approved", "rejected"]
    rejection: Rejection | None = None
    note: Words | None = None

    @model_validator(mode="after")
    def _is_explained_when_refused(self) -> Self:
        explained = self.rejection is not None
        if explained is (self.decision == "approved") or (self.note and not explained):
            raise PydanticCustomError("rejection_by_decision", "a refusal is explained")
        return self


class CameBody(shell.Body):
    """How many pieces came: so many can be sold again, so many cannot."""

    sku: Sku
    restocked: Pieces
    scrapped: Pieces


class ReceiptBody(shell.Body):
    """What came back of a return; what did not is not refunded."""

    lines: Annotated[tuple[CameBody, ...], Field(min_length=1, max_length=MOST_LINES)]

    @model_validator(mode="after")
    def _counts_something(self) -> Self:
        if len({line.sku for line in self.lines}) < len(self.lines):
            raise PydanticCustomError("named_twice", "a product comes twice")
        if not sum(line.restocked + line.scrapped for line in self.lines):
            raise PydanticCustomError("some_pieces", "nothing came")
        return self

    def came(self) -> Mapping[str, tuple[int, int]]:
        return {line.sku: (line.restocked, line.scrapped) for line in self.lines}
