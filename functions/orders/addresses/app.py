"""HTTP routes of the address book."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field, StringConstraints

from common import access, clock, idempotency, ids
from common import api as shell
from common.access import Caller
from common.errors import NotFound
from common.fields import Flag, OwnLine, Phone
from orders.addresses import store
from orders.addresses.address import Address, Place

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

GONE: dict[int, Any] = {204: {"description": "The entry is gone"}}

Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
PostalCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z][0-9A-Z -]{2,9}$")]
Name = Annotated[OwnLine, Field(max_length=100)]
Short = Annotated[OwnLine, Field(max_length=20)]

PLACE = {"country", "city", "street", "house", "apartment", "postal_code"}


class PlaceBody(shell.Body):
    """A place; `country` is an ISO 3166 code of two letters."""

    country: Country
    city: Name
    street: Name
    house: Short
    apartment: Short | None = None
    postal_code: PostalCode | None = None

    def place(self) -> Place:
        return Place(**self.model_dump(include=PLACE))


class AddressBody(PlaceBody):
    """`default` makes it the one that is offered first."""

    recipient: Name
    phone: Phone | None = None
    comment: OwnLine | None = None
    default: Flag = False

    def address(self, address_id: str) -> Address:
        return Address(address_id, self.recipient, self.phone, self.place(), self.comment)


class AddressChanges(shell.Body):
    """What is not named stays; null empties what may be empty."""

    country: Country = ""
    city: Name = ""
    street: Name = ""
    house: Short = ""
    apartment: Short | None = None
    postal_code: PostalCode | None = None
    recipient: Name = ""
    phone: Phone | None = None
    comment: OwnLine | None = None
    default: Flag = False


class AddressView(shell.View):
    id: str
    recipient: str
    phone: str | None
    country: str
    city: str
    street: str
    house: str
    apartment: str | None
    postal_code: str | None
    comment: str | None
    default: bool


class AddressList(shell.View):
    items: list[AddressView]


@router.get("/v1/addresses")
def list_addresses() -> AddressList:
    """List the address book, oldest entry first; there are at most twenty."""
    caller = access.customer(router)
    entries, default = store.find_all(caller.id)
    return AddressList(items=[_view(entry, default=entry.id == default) for entry in entries])


@router.post("/v1/addresses", responses=shell.shown(AddressView, HTTPStatus.CREATED))
def add_address(request: AddressBody, key: idempotency.Key) -> Response[Any]:
    """Add an address and who receives there."""
    caller = access.customer(router)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "addresses", key, request)
    return idempotency.once(call, shell.language(router), partial(_add, call, caller, request))


@router.get("/v1/addresses/<address_id>", responses=shell.shown(AddressView))
def show_address(address_id: shell.Id) -> Response[Any]:
    """Show one entry."""
    caller = access.customer(router)
    return _shown(*_existing(caller, address_id))


@router.patch("/v1/addresses/<address_id>", responses=shell.shown(AddressView))
def change_address(
    address_id: shell.Id, request: AddressChanges, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Change what is named of an entry, or make it the default."""
    caller = access.customer(router)
    address, default = _existing(caller, address_id)
    shell.require_match(if_match, address.version)
    fields = request.model_dump(include=request.model_fields_set - {"default"})
    place = {name: fields.pop(name) for name in PLACE & fields.keys()}
    after = address.changed(place, fields)
    store.save(caller.id, after, default=request.default)
    return _shown(after, default=default or request.default)


@router.delete("/v1/addresses/<address_id>", responses=GONE)
def remove_address(address_id: shell.Id) -> Response[Any]:
    """Delete an entry; orders that went there keep their own copy."""
    caller = access.customer(router)
    if not store.remove(caller.id, address_id):
        raise NotFound
    return Response(HTTPStatus.NO_CONTENT)


def _add(
    call: idempotency.Attempt, caller: Caller, request: AddressBody
) -> tuple[HTTPStatus, AddressView]:
    address = request.address(ids.new(clock.now()))
    view = _view(address, default=request.default)
    store.add(call, view, caller.id, address, default=request.default)
    return HTTPStatus.CREATED, view


def _existing(caller: Caller, address_id: str) -> tuple[Address, bool]:
    """The caller's entry, and whether it is the default."""
    address, default = store.find(caller.id, address_id)
    if address is None:
        raise NotFound
    return address, default == address_id


def _shown(address: Address, default: bool) -> Response[Any]:
    etag = shell.etag(address.version)
    return shell.answer(_view(address, default=default), headers={"ETag": etag})


def _view(address: Address, *, default: bool) -> AddressView:
    place = address.place
    return AddressView(
        id=address.id,
        recipient=address.recipient,
        phone=address.phone,
        country=place.country,
        city=place.city,
        street=place.street,
        house=place.house,
        apartment=place.apartment,
        postal_code=place.postal_code,
        comment=address.comment,
        default=default,
    )
