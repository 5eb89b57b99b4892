"""What goes into an index, what is asked of it, and what it answers. Pure."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Document:
    """*values* by the name of a filter, *numbers* by the name of one of the index's numbers."""

    id: str
    title: str
    body: str
    values: Mapping[str, Collection[str]]
    numbers: Mapping[str, int]

    @property
    def mark(self) -> str:
        """The same for the same document, another for another."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Question:
    """What is sought: words, for each filter the values of which one is wanted, and bounds.

    *order* is one of the numbers, "-" before it for the highest first; relevance without.
    """

    text: str = ""
    wanted: Mapping[str, Collection[str]] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    order: str | None = None
    offset: int = 0
    limit: int = 20


@dataclass(frozen=True, slots=True)
class Hits:
    """*counts* of documents by filter and value: each filter's as if it were not set itself. So are
    *spans*, the least and the most of each number that the question bounds, if anything is found.
    """

    ids: list[str]
    total: int
    counts: Mapping[str, Mapping[str, int]]
    spans: Mapping[str, tuple[int, int]]


type Synonyms = Mapping[str, Collection[str]]
