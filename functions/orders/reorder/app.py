"""The HTTP route by which an order is bought once more."""

from collections.abc import Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import api as shell
from common import clock, guests, idempotency, table
from common.access import Caller
from common.errors import NotFound
from common.language import Language
from orders.cart import rows as carts
from orders.cart import store as cart_store
from orders.catalogue import store as catalogue
from orders.order import rows
from orders.order import store as orders
from orders.reorder.reorder import Again, Problem, Reason, again
from orders.standing import store as standing

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped


class ProblemView(shell.View):
    """Why a line is otherwise than it was: `available` where there are too few, both prices where
    the price is another."""

    reason: Reason
    message: str
    available: int | None
    old_minor: int | None
    new_minor: int | None


class AgainView(shell.View):
    """A line of the order: how many pieces it had, and how many of them were `added`."""

    sku: str
    name: str
    quantity: int
    added: int
    problems: list[ProblemView]


class ReorderView(shell.View):
    """`complete` says that the cart has all that the order had."""

    lines: list[AgainView]
    complete: bool


@router.post("/v1/orders/<order_id>/reorder", responses=shell.shown(ReorderView))
def reorder(order_id: shell.Id, key: idempotency.Key) -> Response[Any]:
    """Put what an order held into the cart once more, at today's prices and as far as it is there;
    the answer names what could not be added, and why."""
    caller = guests.shopper(router)
    route = f"orders/reorder#{order_id}"
    call = idempotency.attempt(f"CUSTOMER#{caller.id}", route, key, shell.Body())
    fill = partial(table.retried, partial(_fill, call, caller, order_id))
    return idempotency.once(call, shell.language(router), fill)


def _fill(
    call: idempotency.Attempt, caller: Caller, order_id: str
) -> tuple[HTTPStatus, ReorderView]:
    keys = cart_store.key(caller.id), orders.key(caller.id, order_id), standing.key(caller.id)
    held, found, tier = guests.get_live(caller, *keys)
    if found is None:
        raise NotFound
    cart, lines, now = carts.cart(held), rows.parse(found).lines, clock.now()
    products = catalogue.find_many(line.sku for line in lines)
    after, told = again(lines, cart, products, standing.parse(tier).tiers, now)
    writes = cart_store.filled(caller, after, now) if after != cart else []
    view = _view(told, shell.language(router))
    idempotency.commit(call, HTTPStatus.OK, view, *writes)
    return HTTPStatus.OK, view


def _view(told: Sequence[Again], language: Language) -> ReorderView:
    return ReorderView(
        lines=[
            AgainView(
                sku=one.line.sku,
                name=one.line.name[language],
                quantity=one.line.quantity,
                added=one.added,
                problems=[_problem(problem, language) for problem in one.problems],
            )
            for one in told
        ],
        complete=all(one.added == one.line.quantity for one in told),
    )


def _problem(problem: Problem, language: Language) -> ProblemView:
    return ProblemView(
        reason=problem.reason,
        message=problem.words()[language],
        available=problem.available,
        old_minor=problem.old_minor,
        new_minor=problem.new_minor,
    )
