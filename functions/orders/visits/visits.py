"""What somebody looked at and searched for lately. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from common.errors import Problem
from common.language import Text

MOST_VIEWS = 50
MOST_SEARCHES = 20
# Who looks at one thing again and again, as a page that reloads does, has looked once.
SAME_VISIT = timedelta(hours=1)


class ConsentNeeded(Problem):
    """`purpose` names the consent without which this may not be kept: of a customer that in the
    account, of a guest that to be remembered."""

    status = 409
    code = "consent_needed"
    title = Text(
        ru="Сначала разрешите использовать эти данные.",
        en="Please allow the use of these data first.",
    )


@dataclass(frozen=True, slots=True)
class View:
    """A product that was looked at, when it last was."""

    sku: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Search:
    """Words that were searched for, when they last were, and the first products *found*."""

    words: str
    found: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Visits:
    """Views and searches, newest first, as many as are kept.

    They are kept while it is *allowed* (a customer's consent, of which the version *told* was heard
    last, or a guest's word) and not *paused* by a customer. Version 0 was never written.
    """

    allowed: bool = False
    paused: bool = False
    told: int = 0
    views: tuple[View, ...] = ()
    searches: tuple[Search, ...] = ()
    version: int = 0

    @property
    def are_kept(self) -> bool:
        return self.allowed and not self.paused

    def seeing(self, sku: str, at: datetime) -> "Visits":
        """With a view of *sku*; itself within the same visit. ConsentNeeded."""
        self._require_kept()
        if self.views and self.views[0].sku == sku and at - self.views[0].at < SAME_VISIT:
            return self
        return self._next(views=_views([View(sku, at), *self.views]))

    def searching(self, words: str, found: tuple[str, ...], at: datetime) -> "Visits":
        """With a search for *words*. ConsentNeeded."""
        self._require_kept()
        return self._next(searches=_searches([Search(words, found, at), *self.searches]))

    def forgotten(self) -> "Visits":
        """Without anything that was seen; itself where nothing was."""
        return self._next(views=(), searches=()) if self.views or self.searches else self

    def heard(self, given: bool, version: int) -> "Visits":
        """After a customer's consent was given or withdrawn: what was kept by it is forgotten
        then. Itself where something newer was heard."""
        if version <= self.told:
            return self
        left = {} if given else {"views": (), "searches": ()}
        return self._next(allowed=given, told=version, **left)

    def switched(self, on: bool, *, guest: bool) -> "Visits":
        """As a guest allows it or a customer goes on with it, or does not any longer, which
        forgets what was kept; itself where that is so already."""
        if on is (self.allowed if guest else not self.paused):
            return self
        said = {"allowed": on} if guest else {"paused": not on}
        left = {} if on else {"views": (), "searches": ()}
        return self._next(**said, **left)

    def joined(self, guests: "Visits") -> "Visits":
        """With what somebody did as a guest before they signed in; itself where nothing is kept."""
        if not self.are_kept or not (guests.views or guests.searches):
            return self
        return self._next(
            views=_views([*self.views, *guests.views]),
            searches=_searches([*self.searches, *guests.searches]),
        )

    def _require_kept(self) -> None:
        if not self.are_kept:
            raise ConsentNeeded(purpose="personalisation")

    def _next(self, **changes: object) -> "Visits":
        return replace(self, version=self.version + 1, **changes)  # type: ignore[arg-type] # by name


def _views(views: Iterable[View]) -> tuple[View, ...]:
    newest = sorted(views, key=lambda view: view.at, reverse=True)
    once = {view.sku: view for view in reversed(newest)}
    return tuple(view for view in newest if once[view.sku] is view)[:MOST_VIEWS]


def _searches(searches: Iterable[Search]) -> tuple[Search, ...]:
    newest = sorted(searches, key=lambda search: search.at, reverse=True)
    once = {search.words.casefold(): search for search in reversed(newest)}
    return tuple(s for s in newest if once[s.words.casefold()] is s)[:MOST_SEARCHES]
