"""HTTP routes of gift cards: their codes, for who bought them, and their money, for who has one."""

from functools import partial
from http import HTTPStatus
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AwareDatetime, Field

from common import access, clock, guests, idempotency, limits, table
from common import api as shell
from common.access import Caller
from common.errors import NotFound
from orders.gift_cards import store
from orders.gift_cards.gift_card import GiftCard, GiftCardUsed, UnknownGiftCard, bought
from orders.order import store as orders

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped
using = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

# As many as people mistype; 80 bits leave nothing to those who guess.
ATTEMPTS = limits.Limit("gift-card", 10, 3600)
Code = Annotated[str, Field(min_length=16, max_length=40, pattern=r"^[0-9A-Za-z -]+$")]


class GiftCardView(shell.View):
    code: str
    amount_minor: int
    currency: str
    used_at: AwareDatetime | None


class GiftCardList(shell.View):
    """The cards that an order bought; none before it is delivered."""

    items: list[GiftCardView]


class UseBody(shell.Body):
    """`code` as it is written, with dashes, spaces, or neither."""

    code: Code


class UsedView(shell.View):
    amount_minor: int
    currency: str


@router.get("/v1/orders/<order_id>/gift-cards")
def list_of_order(order_id: shell.Id) -> GiftCardList:
    """List the gift cards that the order bought, with their codes."""
    caller = guests.shopper(router)
    order = orders.find_live(caller, order_id)
    if order is None:
        raise NotFound
    issued = store.find_issued(bought(order, order.placed_at))
    return GiftCardList(items=list(map(_view, issued)))


@using.post("/v1/wallet/gift-cards", responses=shell.shown(UsedView))
def use(request: UseBody, key: idempotency.Key) -> Response[Any]:
    """Put a gift card's money on the balance. Ten codes an hour may be tried."""
    caller = access.customer(using)
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", "wallet/gift-cards", key, request)
    return idempotency.once(call, shell.language(using), partial(_use, call, caller, request))


def _use(
    call: idempotency.Attempt, caller: Caller, request: UseBody
) -> tuple[HTTPStatus, UsedView]:
    guests.get_live(caller)  # Unauthorized when the session has ended
    limits.take(ATTEMPTS, caller.id)
    card = store.find(request.code)
    if card is None:
        raise UnknownGiftCard
    if card.used_at:
        raise GiftCardUsed
    view = UsedView(amount_minor=card.amount_minor, currency=card.currency)
    try:
        idempotency.commit(call, HTTPStatus.OK, view, *store.used(card, caller.id, clock.now()))
    except table.ConditionFailed as refused:
        raise GiftCardUsed from refused
    return HTTPStatus.OK, view


def _view(card: GiftCard) -> GiftCardView:
    code = store.code_of(card.id)
    sums = {"amount_minor": card.amount_minor, "currency": card.currency}
    return GiftCardView(code=code, used_at=card.used_at, **sums)
