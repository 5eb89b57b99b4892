"""HTTP routes of the notebook."""

from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime

from auth.notes import store
from auth.notes.note import Note
from common import access, clock, cursors, idempotency, ids, table
from common import api as shell
from common.fields import OwnProse

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class NoteBody(shell.Body):
    text: OwnProse


class NoteView(shell.View):
    id: str
    text: str
    created_at: AwareDatetime
    updated_at: AwareDatetime


class NotesView(shell.View):
    items: list[NoteView]
    next_cursor: str | None


@router.get("/v1/me/notes")
def list_notes(limit: shell.Limit = shell.PAGE_LIMIT, cursor: shell.Cursor = None) -> NotesView:
    """List your notes, newest first."""
    caller = access.customer(router)
    notes, last = store.page(caller.id, limit, cursors.unseal(caller.id, "notes", cursor))
    items = [_view(note) for note in notes]
    return NotesView(items=items, next_cursor=cursors.seal(caller.id, "notes", last))


@router.post("/v1/me/notes", responses=shell.shown(NoteView, HTTPStatus.CREATED))
def write_note(request: NoteBody, key: idempotency.Key) -> Response[Any]:
    """Write something down for yourself; card numbers keep their last four digits."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "write-note", key, request)
    return idempotency.once(
        call, shell.language(router), partial(_write, call, caller.id, request.text)
    )


@router.get("/v1/me/notes/<note_id>", responses=shell.shown(NoteView))
def show_note(note_id: shell.Id) -> Response[Any]:
    """Show one of your notes."""
    return _shown(store.find(access.customer(router).id, note_id))


@router.patch("/v1/me/notes/<note_id>", responses=shell.shown(NoteView))
def change_note(
    note_id: shell.Id, request: NoteBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Write one of your notes anew."""
    caller = access.customer(router)
    change = partial(_change, caller.id, note_id, request.text, if_match)
    return _shown(table.retried(change))


@router.delete("/v1/me/notes/<note_id>", responses={204: {"description": "The note is gone"}})
def remove_note(note_id: shell.Id, if_match: shell.IfMatch = None) -> Response[Any]:
    """Delete one of your notes, for good."""
    caller = access.customer(router)
    table.retried(partial(_remove, caller.id, note_id, if_match))
    return Response(HTTPStatus.NO_CONTENT)


def _write(call: idempotency.Attempt, customer_id: str, text: str) -> tuple[HTTPStatus, NoteView]:
    now = clock.now()
    note = Note(ids.new(now), text, created_at=now, updated_at=now)
    store.add(call, _view(note), customer_id, note)
    return HTTPStatus.CREATED, _view(note)


def _change(customer_id: str, note_id: str, text: str, if_match: str | None) -> Note:
    note = store.find(customer_id, note_id)
    shell.require_match(if_match, note.version)
    return note if text == note.text else store.rewrite(customer_id, note, text, clock.now())


def _remove(customer_id: str, note_id: str, if_match: str | None) -> None:
    note = store.find(customer_id, note_id)
    shell.require_match(if_match, note.version)
    store.remove(customer_id, note)


def _view(note: Note) -> NoteView:
    return NoteView(
        id=note.id, text=note.text, created_at=note.created_at, updated_at=note.updated_at
    )


def _shown(note: Note) -> Response[Any]:
    return shell.answer(_view(note), headers={"ETag": shell.etag(note.version)})
