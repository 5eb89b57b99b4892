"""HTTP routes of reviews; a function of its own, with visits, recommendations and repeat
deliveries: most requests need none of them."""

from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from common import access, clock, cursors, ids, table
from common import api as shell
from orders.catalogue.fields import SkuInPath
from orders.recommendations.app import router as recommendations
from orders.repeats.app import router as repeats
from orders.reviews import store, view
from orders.reviews.fields import FirstName, Rating, Words
from orders.reviews.moderation.app import router as moderation
from orders.reviews.review import NotBought, Review
from orders.reviews.view import PublicReviewPage, ReviewPage, ReviewView
from orders.visits.app import router as visits

api = shell.create()
for router in (moderation, visits, recommendations, repeats):
    api.include_router(router)

DONE: dict[int, Any] = {204: {"description": "It is so"}}
LISTING = "reviews"


class ReviewBody(shell.Body):
    """`author` is the first name that others are to see; without it they see none."""

    rating: Rating
    text: Words | None = None
    author: FirstName | None = None


@api.get("/v1/products/<sku>/reviews")
def list_published(
    sku: SkuInPath, cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT
) -> PublicReviewPage:
    """List what customers who bought a product say of it, newest first."""
    listing = f"reviews:{sku}"
    page = store.published(sku, limit, cursors.unseal("public", listing, cursor))
    return PublicReviewPage(
        rating=view.rating(store.rating(sku)),
        items=[view.public(store.parse(row)) for row in page.items],
        next_cursor=cursors.seal("public", listing, page.last),
    )


@api.get("/v1/reviews")
def list_own(cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT) -> ReviewPage:
    """List your reviews, and what became of them."""
    caller, language = access.customer(api), shell.language(api)
    start = cursors.unseal(caller.id, LISTING, cursor)
    page = store.of_customer(caller.id, limit, start)
    items = [view.own(store.parse(row), language) for row in page.items]
    return ReviewPage(items=items, next_cursor=cursors.seal(caller.id, LISTING, page.last))


@api.get("/v1/reviews/<sku>", responses=shell.shown(ReviewView))
def show_own(sku: SkuInPath) -> Response[Any]:
    """Show your review of a product."""
    return _shown(store.find(access.customer(api).id, sku))


@api.put("/v1/reviews/<sku>", responses=shell.shown(ReviewView))
def write_review(
    sku: SkuInPath, request: ReviewBody, if_match: shell.IfMatch = None
) -> Response[Any]:
    """Say what you think of a product that was delivered to you, or say it anew.

    It is shown once it has been read. Card numbers keep their last four digits.
    """
    caller = access.customer(api)
    write = partial(_write, caller.id, sku, request, if_match, clock.now())
    return _shown(table.retried(write))


@api.delete("/v1/reviews/<sku>", responses=DONE)
def remove_review(sku: SkuInPath, if_match: shell.IfMatch = None) -> Response[Any]:
    """Delete your review of a product, with what the shop answered, for good."""
    caller = access.customer(api)
    table.retried(partial(_remove, caller.id, sku, if_match))
    return Response(HTTPStatus.NO_CONTENT)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    return shell.resolve(api, event, context)


def _write(
    customer_id: str, sku: str, said: ReviewBody, if_match: str | None, now: datetime
) -> Review:
    before, bought = store.find_with_purchase(customer_id, sku)
    if bought is None:
        raise NotBought
    shell.require_match(if_match, before.version if before else 0)
    if before:
        after = before.rewritten(said.rating, said.text, said.author, now)
    else:
        words = said.rating, said.text, said.author
        after = Review(ids.new(now), customer_id, sku, bought.name, *words, now)
    if after is not before:
        store.save(before, after)
    return after


def _remove(customer_id: str, sku: str, if_match: str | None) -> None:
    review = store.find(customer_id, sku)
    shell.require_match(if_match, review.version)
    table.commit(*store.removed(review))


def _shown(review: Review) -> Response[Any]:
    shown = view.own(review, shell.language(api))
    return shell.answer(shown, headers={"ETag": shell.etag(review.version)})
