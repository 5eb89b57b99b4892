"""HTTP routes by which staff read reviews and answer them."""

from functools import partial
from typing import Annotated

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from common import access, clock, cursors, table
from common import api as shell
from orders.reviews import facts, store, view
from orders.reviews.fields import Words
from orders.reviews.review import Reason, Review
from orders.reviews.view import StaffReviewPage, StaffReviewView

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

LISTING = "reviews"


class DecisionBody(shell.Body):
    """`version` is that of the review as it was read; with a `reason` it is rejected, without one
    it is published."""

    version: Annotated[int, Field(strict=True, ge=1, le=10**9)]
    reason: Reason | None = None


class AnswerBody(shell.Body):
    text: Words


@router.get("/v1/staff/reviews")
def list_waiting(
    cursor: shell.Cursor = None, limit: shell.Limit = shell.PAGE_LIMIT
) -> StaffReviewPage:
    """List the reviews that wait to be read, those that wait longest first."""
    caller = access.staff(router)
    page = store.waiting(limit, cursors.unseal(caller.id, LISTING, cursor))
    items = [view.staff(store.parse(row)) for row in page.items]
    return StaffReviewPage(items=items, next_cursor=cursors.seal(caller.id, LISTING, page.last))


@router.get("/v1/staff/reviews/<review_id>")
def show_any_review(review_id: shell.Id) -> StaffReviewView:
    """Show a review, in whatever state it is."""
    access.staff(router)
    return view.staff(store.find_any(review_id))


@router.put("/v1/staff/reviews/<review_id>/decision")
def decide(review_id: shell.Id, request: DecisionBody) -> StaffReviewView:
    """Publish a review as it was read, or reject it; its writer is told."""
    access.staff(router)
    return view.staff(table.retried(partial(_decide, review_id, request)))


@router.put("/v1/staff/reviews/<review_id>/answer")
def answer(review_id: shell.Id, request: AnswerBody) -> StaffReviewView:
    """Answer a published review for everybody to see, or say it in other words; its writer is
    told."""
    access.staff(router)
    return view.staff(table.retried(partial(_answer, review_id, request.text)))


def _decide(review_id: str, request: DecisionBody) -> Review:
    before = store.find_any(review_id)
    after = before.decided(request.version, request.reason)
    if after is not before:
        store.save(before, after, [facts.decided(after, clock.now())])
    return after


def _answer(review_id: str, text: str) -> Review:
    before, now = store.find_any(review_id), clock.now()
    after = before.answered(text, now)
    if after is not before:
        store.save(before, after, [facts.answered(after, now)])
    return after
