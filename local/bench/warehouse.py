"""A very large catalogue: how its search index is built, and how soon it answers."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import starmap
from statistics import median
from typing import Any

from common import aws
from common.language import Language, Text
from common.search.documents import Question
from common.search.index import Index
from orders.catalogue.categories.category import Tree
from orders.catalogue.product import Attribute, Kind, Product
from orders.search import store as search
from orders.search.document import document
from orders.search.question import Filters, Sort, question

ASKED = 31
TYPO = "фарфровая кружка"
EVERYTHING = Filters(None, {}, None, None, in_stock=False)
NARROWED = Filters("mug", {"colour": ["синий", "белый"]}, 20_000, 90_000, in_stock=True)
COLOUR, MAKE = Text("Цвет", "Colour"), Text("Материал", "Material")
ABOUT = Text(
    "{} на каждый день: {} не боится ни кипятка, ни посудомоечной машины.",
    "{} for every day: boiling water and the dishwasher do it no harm.",
)
THINGS = tuple(
    starmap(
        Text,
        (
            ("Кружка", "mug"),
            ("Чайник", "teapot"),
            ("Тарелка", "plate"),
            ("Сахарница", "sugar-bowl"),
            ("Ваза", "vase"),
            ("Сковорода", "pan"),
            ("Кастрюля", "pot"),
            ("Ложка", "spoon"),
            ("Вилка", "fork"),
            ("Поднос", "tray"),
            ("Скатерть", "tablecloth"),
            ("Подсвечник", "candlestick"),
            ("Графин", "carafe"),
        ),
    )
)
COLOURS = tuple(
    starmap(
        Text,
        (
            ("белый", "white"),
            ("синий", "blue"),
            ("зелёный", "green"),
            ("красный", "red"),
            ("чёрный", "black"),
            ("жёлтый", "yellow"),
            ("серый", "grey"),
        ),
    )
)
MAKES = tuple(
    starmap(
        Text,
        (
            ("фарфоровая", "porcelain"),
            ("стеклянная", "glass"),
            ("стальная", "steel"),
            ("деревянная", "wooden"),
            ("глиняная", "clay"),
        ),
    )
)


@dataclass(frozen=True)
class Found:
    """An index of *products*: how it was built, and the median milliseconds of its answers."""

    products: int
    seconds: float
    packed_bytes: int
    typo_ms: float
    facets_ms: float


def find(cloud: Any, count: int) -> Found:
    """Build the search index of *count* made-up products, and ask it.

    AssertionError unless both questions find something.
    """
    with cloud.acting("OrdersSearchConsumer"):
        started = time.monotonic()
        search.SNAPSHOTS.replace(
            search.SNAPSHOTS.newest(), lambda index: index.change(map(document, _goods(count)))
        )
        seconds = time.monotonic() - started
        key = search.SNAPSHOTS.newest().key
        stored = aws.s3().head_object(Bucket=os.environ["SEARCH_BUCKET"], Key=key)
        index, _ = search.SNAPSHOTS.current()
    typo, narrowed = _asked(TYPO, EVERYTHING), _asked("", NARROWED)
    times = [_milliseconds(index, asked) for asked in (typo, narrowed)]
    return Found(index.documents, seconds, stored["ContentLength"], *times)


def _asked(text: str, filters: Filters) -> Question:
    return question(text, filters, Sort.RELEVANCE, Language.RU, Tree(0, {}), 0, 20)


def _milliseconds(index: Index, asked: Question) -> float:
    """The median of some answers."""
    times = []
    for _ in range(ASKED):
        started = time.perf_counter()
        hits = index.find(asked)
        times.append(1_000 * (time.perf_counter() - started))
        if not hits.ids:
            raise AssertionError(f"nothing found: {asked}")
    return median(times)


def _goods(count: int) -> Iterator[Product]:
    """As unlike each other as words of a few kinds make them; each has a number of its own."""
    for number in range(count):
        thing, colour, make = (words[number % len(words)] for words in (THINGS, COLOURS, MAKES))
        yield Product(
            sku=f"SKU-{number}",
            category=thing.en,
            kind=Kind.GOOD,
            name=Text(f"{colour.ru} {thing.ru} {make.ru} {number}", f"{thing.en} {number}"),
            description=Text(ABOUT.ru.format(thing.ru, make.ru), ABOUT.en.format(thing.en)),
            price_minor=10_000 + number % 977 * 100,
            available=number % 4,
            attributes=(Attribute("colour", COLOUR, colour), Attribute("make", MAKE, make)),
            created_at=1_700_000_000 + number,
        )
