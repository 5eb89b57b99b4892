"""How returns are shown. Pure."""

from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime

from common import api as shell
from common.language import Language
from orders.order.bill import Method
from orders.order.order import Order
from orders.returns.parts import Exchange, Item, Promise
from orders.returns.reasons import REASONS, Reason, Rejection
from orders.returns.returns import Return, State


class ExchangeView(shell.View):
    """What comes instead of pieces, each at `price_minor`; `carried_minor` of what was paid for
    them pays for it."""

    sku: str
    name: str
    price_minor: int
    carried_minor: int


class PieceView(shell.View):
    """Pieces of one line; `refund_minor` is what they are worth in money. Of those that came
    back, some were `restocked` and some `scrapped`."""

    sku: str
    name: str
    quantity: int
    reason: Reason
    words: str
    refund_minor: int
    restocked: int
    scrapped: int
    exchange: ExchangeView | None


class ReturnPromiseView(shell.View):
    """What goes back, beside what pays for an exchange: `source_minor` to where the money came
    from, `balance_minor` to the balance, `delivery_minor` of both for delivery. `points_given`
    that paid are given back, `points_taken` that were earned are taken off; a promise knows of none
    before they have come, and then they are taken off with the refund. `discount_minor` is kept
    back, since what stays does not come to the promo code's sum; below zero, it was kept back
    before and is among what goes back now."""

    total_minor: int
    source_minor: int
    balance_minor: int
    delivery_minor: int
    points_given: int
    points_taken: int
    discount_minor: int
    currency: str


class ReturnPreviewView(shell.View):
    """What a return of these pieces would bring, promised until `expires_at` to who brings the
    `preview_id`. `payment` is where `source_minor` goes; `send_back` says whether the shop waits
    for the goods."""

    preview_id: str
    expires_at: AwareDatetime
    payment: Method
    refund: ReturnPromiseView
    items: list[PieceView]
    send_back: bool


class ReturnStepView(shell.View):
    state: State
    at: AwareDatetime


class PhotoView(shell.View):
    """A photo of what is complained of."""

    id: str
    sku: str


class ReturnView(shell.View):
    """`refund` is promised, and given once it is `refunded`. A complaint is of a defect or a
    shortage and may have `photos`; `send_back` says whether the shop waits for the goods.
    Once it is `exchanged`, `replacement_order_id` brings what comes instead."""

    id: str
    number: str
    order_id: str
    order_number: str
    state: State
    complaint: bool
    send_back: bool
    items: list[PieceView]
    refund: ReturnPromiseView
    comment: str | None
    photos: list[PhotoView]
    rejection: Rejection | None
    note: str | None
    replacement_order_id: str | None
    history: list[ReturnStepView]
    next_states: list[State]


class StaffReturnView(ReturnView):
    customer_id: str


class ReturnBrief(shell.View):
    """A return in a list; `quantity` counts its pieces."""

    id: str
    number: str
    order_number: str
    state: State
    quantity: int
    refund_minor: int
    currency: str


class ReturnPage(shell.View):
    items: list[ReturnBrief]
    next_cursor: str | None


def preview_view(
    order: Order,
    items: Sequence[Item],
    told: Promise,
    preview_id: str,
    until: AwareDatetime,
    language: Language,
) -> ReturnPreviewView:
    return ReturnPreviewView(
        preview_id=preview_id,
        expires_at=until,
        payment=order.bill.method,
        refund=_promise(told, order.currency),
        items=[_item(item, language) for item in items],
        send_back=any(item.is_sent_back for item in items),
    )


def return_view[V: ReturnView](kind: type[V], one: Return, language: Language, **more: Any) -> V:
    """*one* as a view of *kind*, whose further fields are *more*."""
    return kind(
        id=one.id,
        number=one.number,
        order_id=one.order_id,
        order_number=one.order_number,
        state=one.state,
        complaint=one.is_complaint,
        send_back=one.is_sent_back,
        items=[_item(item, language) for item in one.items],
        refund=_promise(one.promise, one.currency),
        comment=one.comment,
        photos=[PhotoView(id=photo.id, sku=photo.sku) for photo in one.photos],
        rejection=one.rejection,
        note=one.note,
        replacement_order_id=one.replacement_id,
        history=[ReturnStepView(state=step.state, at=step.at) for step in one.history],
        next_states=list(one.next_states),
        **more,
    )


def staff_view(one: Return, language: Language) -> StaffReturnView:
    return return_view(StaffReturnView, one, language, customer_id=one.customer_id)


def brief(one: Return) -> ReturnBrief:
    return ReturnBrief(
        id=one.id,
        number=one.number,
        order_number=one.order_number,
        state=one.state,
        quantity=sum(item.quantity for item in one.items),
        refund_minor=one.promise.back.total_minor,
        currency=one.currency,
    )


def _item(item: Item, language: Language) -> PieceView:
    return PieceView(
        sku=item.sku,
        name=item.name[language],
        quantity=item.quantity,
        reason=item.reason,
        words=REASONS[item.reason][language],
        refund_minor=item.paid_minor,
        restocked=item.restocked,
        scrapped=item.scrapped,
        exchange=_exchange(item.exchange, language),
    )


def _exchange(new: Exchange | None, language: Language) -> ExchangeView | None:
    if new is None:
        return None
    sums = {"price_minor": new.price_minor, "carried_minor": new.carried_minor}
    return ExchangeView(sku=new.sku, name=new.name[language], **sums)


def _promise(told: Promise, currency: str) -> ReturnPromiseView:
    return ReturnPromiseView(
        total_minor=told.back.total_minor,
        source_minor=told.back.source_minor,
        balance_minor=told.back.balance_minor,
        delivery_minor=told.delivery_minor,
        points_given=told.points_back,
        points_taken=told.taken,
        discount_minor=told.discount_minor,
        currency=currency,
    )
