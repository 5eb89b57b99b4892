"""A note of a customer's, for nobody else. Pure."""

from dataclasses import dataclass
from datetime import datetime

from common.errors import Refusal
from common.language import Text

MOST_NOTES = 500


class NotebookFull(Refusal):
    """`most_notes` is how many one may keep."""

    code = "notebook_full"
    title = Text(
        ru="В блокноте больше нет места. Удалите ненужные заметки.",
        en="The notebook is full. Delete what you no longer need.",
    )


@dataclass(frozen=True, slots=True)
class Note:
    """One note; its version guards every change."""

    id: str
    text: str
    created_at: datetime
    updated_at: datetime
    version: int = 1
