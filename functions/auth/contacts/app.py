"""HTTP routes of contacts."""

from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field

from auth import answers
from auth.challenge.codes import Code
from auth.contacts import change, page, tokens, undo
from auth.contacts.change import Wanted
from auth.one_contact import OneContact
from common import access, clock, idempotency, limits, networks, pages
from common import api as shell

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# Of one address of the network.
CONTACTS = limits.Limit("contacts", 30, 60 * 60)
GONE: dict[int, Any] = {204: {"description": "The contact is gone"}}
KindInPath = Annotated[str, Path(pattern="^(email|phone)$")]


class ContactView(shell.View):
    contact_id: str
    expires_in: Annotated[int, Field(description="Seconds for which the code is valid")]


class ConfirmContactRequest(shell.Body):
    code: Code


class ContactsView(shell.View):
    """Each is a login; either may be missing."""

    email: str | None
    phone: str | None


@router.post("/v1/auth/contacts", responses=shell.shown(ContactView, HTTPStatus.ACCEPTED))
def ask_contact(request: OneContact, idempotency_key: idempotency.Key) -> Response[Any]:
    """Ask to have another `email` or `phone`: it gets a code, and counts once that came back.
    Needs a step-up for the act `contact`.

    It is added, or takes the place of the one there is. The answer is the same whether it is
    free or taken.
    """
    caller = access.customer(router)
    networks.take(router, CONTACTS)
    begun, repeated = change.ask(caller, _wanted(request), idempotency_key, clock.now())
    expires_in = int(begun.valid_for.total_seconds())
    view = ContactView(contact_id=begun.id, expires_in=expires_in)
    return answers.begun(view, repeated=repeated)


@router.post("/v1/auth/contacts/<contact_id>/confirm")
def confirm_contact(contact_id: shell.Id, request: ConfirmContactRequest) -> ContactsView:
    """Prove the contact by the code that it got: it is a login now. Whoever had the one before
    is sent a link that undoes it, for seven days."""
    caller = access.customer(router)
    account = change.confirm(caller, contact_id, request.code, clock.now())
    return ContactsView(email=account.email, phone=account.phone)


@router.delete("/v1/auth/contacts/<kind>", responses=GONE)
def remove_contact(kind: KindInPath) -> Response[Any]:
    """Take a contact away, never the last one. Needs a step-up for the act `contact`; undone as
    a change is."""
    caller = access.customer(router)
    change.remove(caller, "email" if kind == "email" else "phone", clock.now())
    return Response(HTTPStatus.NO_CONTENT)


@router.get("/v1/auth/contact-undos/<undo_token>", responses=pages.ANSWER)
def show_undo(undo_token: pages.Token) -> Response[str]:
    """Show the page that the link in a letter opens. Nothing changes: scanners follow links too."""
    tokens.unseal(undo_token)
    return pages.answer(page.asking(shell.language(router)))


@router.post("/v1/auth/contact-undos/<undo_token>", responses=pages.ANSWER)
def undo_change(undo_token: pages.Token) -> Response[str]:
    """Undo a change of contacts and all later ones: the account has those it had, and all its
    sessions end. Again is the same answer."""
    undo.undo(undo_token, clock.now())
    return pages.answer(page.done(shell.language(router)))


def _wanted(request: OneContact) -> Wanted:
    return Wanted(request.contact, shell.language(router), networks.of(router))
