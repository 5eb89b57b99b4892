"""HTTP routes of kept cards."""

from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import access, clock, guests
from common import api as shell
from common.errors import NotFound
from orders.payments.cards import store
from orders.payments.cards.card import SavedCard

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

GONE: dict[int, Any] = {204: {"description": "Done"}}


class CardView(shell.View):
    id: str
    brand: str
    last4: str
    expires: str
    default: bool


class CardsView(shell.View):
    items: list[CardView]


@router.get("/v1/payment-methods")
def list_cards() -> CardsView:
    """List the customer's kept cards."""
    caller = access.customer(router)
    guests.get_live(caller)
    return CardsView(items=[_view(card) for card in store.every(caller.id)])


@router.put("/v1/payment-methods/<payment_method_id>/default", responses=GONE)
def choose(payment_method_id: shell.Id) -> Response[Any]:
    """Make a card the one that is taken if no other is named."""
    caller = access.customer(router)
    guests.get_live(caller)
    if not store.choose(caller.id, payment_method_id):
        raise NotFound
    return Response(HTTPStatus.NO_CONTENT)


@router.delete("/v1/payment-methods/<payment_method_id>", responses=GONE)
def forget(payment_method_id: shell.Id) -> Response[Any]:
    """Forget a card, here and at the provider."""
    caller = access.customer(router)
    guests.get_live(caller)
    card = store.find(caller.id, payment_method_id)
    if card is None:
        raise NotFound
    store.forget(card, clock.now())
    return Response(HTTPStatus.NO_CONTENT)


def _view(card: SavedCard) -> CardView:
    shown = {"brand": card.brand, "last4": card.last4, "expires": card.expires}
    return CardView(id=card.id, default=card.is_default, **shown)
