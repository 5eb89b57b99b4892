"""How documents are shown. Pure."""

from datetime import date
from typing import Annotated

from pydantic import AwareDatetime, Field

from common import api as shell
from orders.documents.document import Document, Kind


class DocumentView(shell.View):
    """`about` is the number of the order that it is about, or the days of a statement; its files
    can be fetched once it is `ready`."""

    id: str
    kind: Kind
    number: str
    day: date
    about: str
    order_id: str | None
    total_minor: int
    tax_minor: int
    currency: str
    ready: bool


class DocumentList(shell.View):
    items: list[DocumentView]


class DocumentPage(shell.View):
    items: list[DocumentView]
    next_cursor: Annotated[str | None, Field(description="null at the end")]


class LinkView(shell.View):
    """Whoever has `url` can fetch the file until `expires_at`."""

    url: str
    expires_at: AwareDatetime


class StatementView(shell.View):
    """The statement is on its way: it is among the documents, under this id, in a moment."""

    id: str


def view(document: Document) -> DocumentView:
    content = document.content
    return DocumentView(
        id=document.id,
        kind=content.kind,
        number=str(document.number),
        day=content.day,
        about=content.about,
        order_id=content.order_id,
        total_minor=content.total_minor,
        tax_minor=content.tax_minor,
        currency=content.currency,
        ready=document.filed,
    )
