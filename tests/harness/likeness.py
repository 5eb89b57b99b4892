"""Whether two runs came to the same, though ids, times and secrets differ."""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import objects
from cloud import Cloud
from faults import Injector

UUID = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")
# What is new in every run, and by what it is replaced.
FRESH = (
    (re.compile(r'"sealed": "[^"]+"'), '"sealed": "<sealed>"'),
    (re.compile(r'"letter": "[A-Za-z0-9+/_=-]{60,}"'), '"letter": "<sealed>"'),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]+"), "<access token>"),
    (re.compile(rf"({UUID.pattern})\.(\d+)\.[\w-]{{43}}"), r"<refresh token of \1, \2>"),
    (re.compile(r"(?<![\w.+-])[\w-]{43}(?![\w+/-])"), "<secret>"),
    (re.compile(r"/v1/exports/[\w-]+"), "/v1/exports/<token>"),
    (re.compile(r"/v1/calendars/[\w-]+"), "/v1/calendars/<token>"),
    (re.compile(r'"secret_hash": "[0-9a-f]{64}"'), '"secret_hash": "<hash>"'),
    (re.compile(rf"\bguest\.({UUID.pattern})\.[\w-]{{22}}"), r"<guest token of \1>"),
    (re.compile(r"\b[A-Z2-7]{32}\b"), "<secret>"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)"), "<time>"),
    (re.compile(r"\bX-Amz-Date=\d{8}T\d{6}Z"), "X-Amz-Date=<time>"),
    (re.compile(r"<svg .*?</svg>"), "<picture>"),
    (re.compile(r"\b\d{8}T\d{6}Z\b"), "<time of signing>"),
    (re.compile(r"[A-Za-z0-9+/]{22}==\.[A-Za-z0-9+/]{22}=="), "<hash>"),
    (re.compile(r"\b[a-z2-7]{5}-[a-z2-7]{5}\b"), "<recovery code>"),
    (re.compile(r"\b\d{4}-[A-Z0-9]{6}\b|\bT-[A-Z0-9]{4}-[A-Z0-9]{4}\b"), "<number>"),
    (re.compile(r"\b1[789]\d{8}\b"), "<second>"),
    (re.compile(r"\b(OUTBOX|TIMER)#\d+\b"), r"\1#<shard>"),
    (re.compile(r"\b(network|device|country):[0-9a-f]{16}\b"), r"\1:<mark>"),
    (re.compile(r"\$argon2id\$[^\"]+"), "<hash>"),
    (re.compile(r"\b(?:[0-9a-f]{64}|[0-9a-f]{32})\b"), "<hex>"),
    (re.compile(r"[A-Za-z0-9+/_-]{60,}=*"), "<sealed>"),
)

type Things = dict[str, list[dict[str, Any]]]


def seen(cloud: Cloud, injector: Injector) -> Things:
    """All there is to compare: rows by table, letters, SMS and pushes as sent, events by their id,
    and files; of search indexes each has a name of its own, and one more or less is no harm."""
    entries = [e for body in injector.bodies("PutEvents") for e in body["Entries"]]
    events = {e["Detail"]: {"name": e["DetailType"], **json.loads(e["Detail"])} for e in entries}
    letters = [_letter(body) for body in injector.bodies("SendEmail")]
    published = injector.bodies("Publish")
    texts = [
        {k: body[k] for k in ("PhoneNumber", "Message")}
        for body in published
        if "PhoneNumber" in body
    ]
    pushes = [json.loads(body["Message"]) for body in published if "TargetArn" in body]
    tables = cloud.wiring.resources("AWS::DynamoDB::Table")
    return {name: _shards_added(cloud.items(name)) for name in tables} | {
        "files": [{"key": key} for bucket, key in objects.stored() if "search" not in bucket],
        "letters": letters,
        "texts": texts,
        "pushes": [{"title": push["default"]} for push in pushes],
        "events": list(events.values()),
    }


def differences(
    expected: Things, found: Things, known: frozenset[str], ignored: Iterable[str] = ()
) -> list[str]:
    """What *found* has more (+) or less (-) than *expected*; *known* ids must be the same.

    Attributes named in *ignored* do not count.
    """
    before, after = (Counter(_plain(things, known, set(ignored))) for things in (expected, found))
    less = [f"- {line}" for line in (before - after).elements()]
    return less + [f"+ {line}" for line in (after - before).elements()]


def ids(things: Things) -> frozenset[str]:
    return frozenset(UUID.findall(json.dumps(things, default=str)))


def plain(text: str) -> str:
    """*text* without what is new in every run."""
    return UUID.sub("<id>", _without_fresh(text))


def _plain(things: Things, known: frozenset[str], ignored: set[str]) -> list[str]:
    """One line a thing; an id is told by the company it keeps, so references count too."""
    lines = [_line(name, t, ignored) for name, rows in things.items() for t in rows]
    company: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        for id_ in set(UUID.findall(line)) - known:
            company[id_].append(UUID.sub(lambda m: m[0] if m[0] in known else "<id>", line))
    marks = {id_: f"<id {_mark(sorted(kept))}>" for id_, kept in company.items()}
    return [UUID.sub(lambda m: marks.get(m[0], m[0]), line) for line in lines]


def _mark(company: list[str]) -> str:
    """A short name for *company*, without the order of its kinds."""
    return f"{hash(tuple(company)) & 0xFFFF:04x}"


def _line(name: str, thing: dict[str, Any], ignored: set[str]) -> str:
    kept = {k: v for k, v in thing.items() if k not in ignored}
    text = f"{name} {json.dumps(kept, default=str, ensure_ascii=False, sort_keys=True)}"
    return _without_fresh(text)


@lru_cache(maxsize=2_000)  # most rows are those of the run before
def _without_fresh(text: str) -> str:
    for pattern, word in FRESH:
        text = pattern.sub(word, text)
    return text


def _shards_added(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Counters by day: chance chooses the shard, their sum is what counts."""
    days: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row["pk"] == "COUNTS":
            numbers = {k: v for k, v in row.items() if k not in ("pk", "sk")}
            days[row["sk"].partition("#")[0]].update(numbers)
    others = [row for row in rows if row["pk"] != "COUNTS"]
    return others + [{"pk": "COUNTS", "sk": day, **counts} for day, counts in days.items()]


def _letter(body: dict[str, Any]) -> dict[str, Any]:
    simple = body["Content"]["Simple"]
    return {"to": body["Destination"]["ToAddresses"], "subject": simple["Subject"]["Data"]}
