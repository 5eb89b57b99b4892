"""HTTP routes of photos of complaints, a function of its own: it alone of orders decodes files."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import Field, StringConstraints

from common import access, clock, idempotency, ids, limits, pictures, table, uploads
from common import api as shell
from common.errors import NotFound
from common.uploads import NothingUploaded, Upload, UploadRequest, UploadView
from orders.catalogue.fields import Sku
from orders.returns import store as returns
from orders.returns.parts import Photo
from orders.returns.photos import file_store, photo, store
from orders.returns.returns import Return
from orders.returns.staff.app import seen
from orders.returns.view import PhotoView

api = shell.create()

UPLOADS = limits.Limit("photo-uploads", 20, 60 * 60)


class PhotoBody(shell.Body):
    """What was uploaded, and of which product of the complaint it is."""

    upload_id: Annotated[str, StringConstraints(pattern=shell.UUID)]
    sku: Sku


class LinkedPhotoView(PhotoView):
    """`url` is where whoever has it may fetch the photo, in WebP."""

    url: str


class PhotoList(shell.View):
    items: list[LinkedPhotoView]
    expires_in: Annotated[int, Field(description="Seconds in which the links work")]


@api.post(
    "/v1/returns/<return_id>/photos/upload", responses=shell.shown(UploadView, HTTPStatus.CREATED)
)
def begin_photo(return_id: shell.Id, request: UploadRequest) -> Response[Any]:
    """Get a form by which one photo of a complaint may be uploaded: JPEG, PNG or WebP, to 5 MB."""
    caller, now = access.customer(api), clock.now()
    one = returns.get(caller.id, return_id)
    photo.awaited(one)
    limits.take(UPLOADS, caller.id)
    upload = Upload(ids.new(now), request.content_type, now)
    store.begin(one, upload)
    return shell.answer(uploads.form(upload), HTTPStatus.CREATED)


@api.post("/v1/returns/<return_id>/photos", responses=shell.shown(PhotoView, HTTPStatus.CREATED))
def add_photo(return_id: shell.Id, request: PhotoBody, key: idempotency.Key) -> Response[Any]:
    """Show the photo that you uploaded to whoever decides, without what the file told of you."""
    caller = access.customer(api)
    route = f"returns/photos#{return_id}"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, request)
    effect = partial(_add, call, caller.id, return_id, request)
    return idempotency.once(call, shell.language(api), effect)


@api.get("/v1/returns/<return_id>/photos")
def list_photos(return_id: shell.Id) -> PhotoList:
    """Get links to the photos of a complaint."""
    return _linked(returns.get(access.customer(api).id, return_id))


@api.get("/v1/staff/returns/<return_id>/photos")
def list_any_photos(return_id: shell.Id) -> PhotoList:
    """Get links to the photos of any customer's complaint."""
    return _linked(seen(access.staff(api), return_id))


def _add(
    call: idempotency.Attempt, customer_id: str, return_id: str, request: PhotoBody
) -> tuple[HTTPStatus, PhotoView]:
    one = returns.get(customer_id, return_id)
    upload, body = _sent(call, one, request.upload_id)
    shown = Photo(upload.id, request.sku)
    photo.shown(one, shown)
    made = pictures.fitted(body, photo.SIDE)
    table.retried(partial(_make, call, one, upload))
    file_store.put(upload.id, made)
    view = PhotoView(id=shown.id, sku=shown.sku)
    table.retried(partial(_show, call, view, one, shown))
    uploads.drop(upload)
    return HTTPStatus.CREATED, view


def _sent(call: idempotency.Attempt, one: Return, upload_id: str) -> tuple[Upload, bytes]:
    """The upload and what came with it; a repeated call finds neither any longer."""
    try:
        upload = store.awaited(one, upload_id, clock.now())
        return upload, uploads.sent(upload)
    except (NotFound, NothingUploaded):
        call.require_new()
        raise


def _make(call: idempotency.Attempt, one: Return, upload: Upload) -> None:
    try:
        store.make(one, upload)
    except table.ConditionFailed as used:  # another call was faster
        call.require_new()
        raise NotFound from used


def _show(call: idempotency.Attempt, view: PhotoView, read: Return, shown: Photo) -> None:
    before = returns.get(read.customer_id, read.id)
    if shown in before.photos:  # another call was faster
        call.require_new()
        raise NotFound
    store.show(call, view, before, photo.shown(before, shown), shown)


def _linked(one: Return) -> PhotoList:
    items = [
        LinkedPhotoView(id=shown.id, sku=shown.sku, url=file_store.link(shown.id))
        for shown in one.photos
    ]
    return PhotoList(items=items, expires_in=int(file_store.LINK_VALID.total_seconds()))


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)
