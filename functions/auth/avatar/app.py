"""HTTP routes of the customer's picture, a function of its own: it alone decodes files."""

import base64
from collections.abc import Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, StringConstraints

from auth.avatar import client, file_store, picture, store
from auth.avatar.avatar import ROUTE, SIZES, pictured
from auth.profile import store as profiles
from auth.profile.facts import facts
from common import access, clock, idempotency, ids, limits, pepper, table, uploads
from common import api as shell
from common.errors import NotFound
from common.uploads import NothingUploaded, Upload, UploadRequest, UploadView

api = shell.create()

UPLOADS = limits.Limit("picture-uploads", 20, 60 * 60)


class ConfirmRequest(shell.Body):
    upload_id: Annotated[str, StringConstraints(pattern=shell.UUID)]


class ChosenView(shell.View):
    """`avatar` is where links to the picture are."""

    avatar: str


class AvatarView(shell.View):
    """Links by which whoever has them may fetch the picture, square and in WebP."""

    large_url: Annotated[str, Field(description="512 pixels wide")]
    small_url: Annotated[str, Field(description="96 pixels wide")]
    expires_in: Annotated[int, Field(description="Seconds in which the links work")]


@api.post(f"{ROUTE}/upload", responses=shell.shown(UploadView, HTTPStatus.CREATED))
def begin_upload(request: UploadRequest) -> Response[Any]:
    """Get a form by which one picture may be uploaded: JPEG, PNG or WebP, up to 5 MB."""
    caller, now = access.customer(api), clock.now()
    limits.take(UPLOADS, caller.id)
    upload = Upload(ids.new(now), request.content_type, now)
    store.begin(caller.id, upload)
    return shell.answer(uploads.form(upload), HTTPStatus.CREATED)


@api.post(ROUTE, responses=shell.shown(ChosenView))
def confirm_upload(request: ConfirmRequest, key: idempotency.Key) -> Response[Any]:
    """Show the picture that you uploaded: its middle, without what the file told of you."""
    caller = access.customer(api)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "me/avatar", key, request)
    effect = partial(_confirm, call, caller.id, request.upload_id)
    return idempotency.once(call, shell.language(api), effect)


@api.post(f"{ROUTE}/provider", responses=shell.shown(ChosenView))
def take_from_provider(key: idempotency.Key) -> Response[Any]:
    """Show the picture that your provider had when you first signed in by it."""
    caller = access.customer(api)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "me/avatar/provider", key, shell.Body())
    return idempotency.once(call, shell.language(api), partial(_take, call, caller.id))


@api.get(ROUTE)
def show_avatar() -> AvatarView:
    """Get links to your picture."""
    shown = profiles.find(access.customer(api).id).picture
    if shown is None:
        raise NotFound
    large, small = (file_store.link(shown, side) for side in SIZES)
    seconds = int(file_store.LINK_VALID.total_seconds())
    return AvatarView(large_url=large, small_url=small, expires_in=seconds)


@api.delete(ROUTE, responses={204: {"description": "There is no picture"}})
def remove_avatar() -> Response[Any]:
    """Delete your picture."""
    caller = access.customer(api)
    table.retried(partial(_remove, caller.id))
    return Response(HTTPStatus.NO_CONTENT)


def _confirm(
    call: idempotency.Attempt, customer_id: str, upload_id: str
) -> tuple[HTTPStatus, ChosenView]:
    upload, body = _sent(call, customer_id, upload_id)
    used = [store.use(customer_id, upload)]
    view = _show(call, customer_id, _name(upload.id), picture.squares(body), used)
    uploads.drop(upload)
    return HTTPStatus.OK, view


def _take(call: idempotency.Attempt, customer_id: str) -> tuple[HTTPStatus, ChosenView]:
    known = profiles.find(customer_id)
    call.require_new()  # a picture that is made once more would be nobody's
    if known.provider_picture is None:
        raise NotFound
    limits.take(UPLOADS, customer_id)
    squares = picture.squares(client.fetched(known.provider_picture))
    name = _name(f"{customer_id}#{known.version}#{call.key}")
    return HTTPStatus.OK, _show(call, customer_id, name, squares, [])


def _sent(call: idempotency.Attempt, customer_id: str, upload_id: str) -> tuple[Upload, bytes]:
    """The upload and what came with it; a repeated call finds neither any longer."""
    try:
        upload = store.awaited(customer_id, upload_id, clock.now())
        return upload, uploads.sent(upload)
    except (NotFound, NothingUploaded):
        call.require_new()
        store.awaited(customer_id, upload_id, clock.now())  # another call may have used it since
        raise


def _show(
    call: idempotency.Attempt,
    customer_id: str,
    name: str,
    squares: Mapping[int, bytes],
    used: Sequence[table.Write],
) -> ChosenView:
    store.make(customer_id, name, clock.now())
    file_store.put(name, squares)
    view = ChosenView(avatar=ROUTE)
    table.retried(partial(_choose, call, view, customer_id, name, used))
    return view


def _choose(
    call: idempotency.Attempt,
    view: ChosenView,
    customer_id: str,
    name: str,
    used: Sequence[table.Write],
) -> None:
    before = profiles.find(customer_id)
    if before.picture == name:  # another call has used what it is made of
        call.require_new()
        raise NotFound
    after = pictured(before, name)
    store.show(call, view, before, after, used, *facts(before, after, clock.now()))


def _remove(customer_id: str) -> None:
    before = profiles.find(customer_id)
    if before.picture is not None:
        after = pictured(before, None)
        store.hide(before, after, *facts(before, after, clock.now()))


def _name(made_of: str) -> str:
    """What nobody can guess, and the same at every try."""
    return base64.urlsafe_b64encode(pepper.mac("picture", made_of)).decode().rstrip("=")


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
