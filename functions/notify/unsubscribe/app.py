"""HTTP routes of unsubscribing: no token of a session, no cookie, no question who is there."""

from dataclasses import replace

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router

from common import api as shell
from common import pages
from notify.message import Topic
from notify.preferences.keeping import change_choices
from notify.preferences.preferences import TITLES, Choice, Preferences
from notify.unsubscribe import page, tokens

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

PREFIX = "/v1/unsubscribe/"


@router.get("/v1/unsubscribe/<token>", responses=pages.ANSWER)
def show_link(token: pages.Token) -> Response[str]:
    """Show the page that a letter's link opens. Nothing changes: scanners follow links too."""
    link = tokens.unseal(token)
    spoken = shell.language(router)
    return pages.answer(page.asking(TITLES[link.topic][spoken], spoken))


@router.post("/v1/unsubscribe/<token>", responses=pages.ANSWER)
def unsubscribe(token: pages.Token) -> Response[str]:
    """End letters of this topic, by one click of a mail client or of the page (RFC 8058).

    The same click again is the same answer.
    """
    link = tokens.unseal(token)

    def withdraw(before: Preferences) -> dict[Topic, Choice]:
        return {link.topic: replace(before.of(link.topic), consent=False)}

    change_choices(router, link.customer_id, "unsubscribe_link", withdraw)
    spoken = shell.language(router)
    return pages.answer(page.done(TITLES[link.topic][spoken], spoken))
