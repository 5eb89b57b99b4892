"""HTTP routes of accounting documents: lists, and links to the files."""

from typing import Annotated, Any

from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, audit, clock, guests
from common import api as shell
from common.errors import NotFound, Problem
from common.events.orders import CustomerViewed
from common.language import Text
from orders.documents import file_store, page_store, store
from orders.documents.document import Document, Format, Kind
from orders.documents.statement import FIRST_YEAR, LAST_YEAR
from orders.documents.statements.app import router as statements
from orders.documents.views import DocumentList, DocumentPage, LinkView, view
from orders.order import store as orders

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

Year = Annotated[int | None, Query(ge=FIRST_YEAR, le=LAST_YEAR)]
Kinds = Annotated[Kind | None, Query()]
Form = Annotated[Format, Query()]


class DocumentNotReady(Problem):
    """The document has its number, and its files are being written."""

    status = 409
    code = "document_not_ready"
    title = Text(
        ru="Документ ещё готовится. Попробуйте через минуту.",
        en="The document is still being prepared. Try again in a minute.",
    )


class LinkBody(shell.Body):
    format: Format = Format.PDF


@router.get("/v1/orders/<order_id>/documents")
def list_of_order(order_id: shell.Id) -> DocumentList:
    """List an order's documents, oldest first."""
    caller = guests.shopper(router)
    if orders.find(caller.id, order_id) is None:
        raise NotFound
    return DocumentList(items=list(map(view, store.of_order(order_id))))


@router.get("/v1/documents")
def list_documents(
    year: Year = None,
    kind: Kinds = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> DocumentPage:
    """List the customer's documents, newest first."""
    caller = guests.shopper(router)
    wanted = page_store.Wanted(caller.id, year, kind)
    return page_store.page(caller.id, wanted, cursor, limit)


@router.post("/v1/documents/<document_id>/link")
def make_link(document_id: shell.Id, request: LinkBody) -> LinkView:
    """Make a link to a document's file, good for five minutes."""
    caller = guests.shopper(router)
    [item] = guests.get_live(caller, store.key(document_id))
    document = store.parse(item) if item else None
    if document is None or not _is_theirs(document, caller):
        raise NotFound
    return _link(document, request.format)


@router.get("/v1/staff/customers/<customer_id>/documents")
def list_documents_of(
    customer_id: shell.Id,
    year: Year = None,
    kind: Kinds = None,
    cursor: shell.Cursor = None,
    limit: shell.Limit = shell.PAGE_LIMIT,
) -> DocumentPage:
    """List a customer's documents, newest first."""
    caller = access.staff(router)
    wanted = page_store.Wanted(customer_id, year, kind)
    audit.enter(CustomerViewed, caller, audit.Viewed(customer_id, "documents", customer_id))
    return page_store.page(caller.id, wanted, cursor, limit)


@router.get("/v1/staff/documents/<document_id>/link")
def show_link(document_id: shell.Id, form: Form = Format.PDF) -> LinkView:
    """Show a link to any customer's document, good for five minutes."""
    caller = access.staff(router)
    document = store.find(document_id)
    if document is None:
        raise NotFound
    owner = document.content.customer_id
    audit.enter(CustomerViewed, caller, audit.Viewed(owner, "document", document_id))
    return _link(document, form)


def _is_theirs(document: Document, caller: access.Caller) -> bool:
    """An order's documents are whose the order is now: a guest's may have been claimed."""
    order_id = document.content.order_id
    if order_id is None:
        return document.content.customer_id == caller.id
    return orders.find(caller.id, order_id) is not None


def _link(document: Document, form: Format) -> LinkView:
    if not document.filed:
        raise DocumentNotReady
    expires_at = clock.now() + file_store.LINK_LIFETIME
    return LinkView(url=file_store.link(document, form), expires_at=expires_at)


api = shell.create()
for part in (router, statements):
    api.include_router(part)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
