"""An index as a file in S3, of which a row tells the newest; functions open it in their /tmp.

pk             sk        what
SEARCH#<name>  SNAPSHOT  version, key and the one before it, how many documents
SEARCH#<name>  SYNONYMS  groups of words that mean the same

Whoever builds begins with the snapshot that the row names and replaces the row only if it still
names that one: of two builders at once the later begins anew, so no change is lost. Whoever asks
looks at the row every LOOKED_EVERY_SECONDS.
"""

import io
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from common import aws, clock, ids, table
from common.conditions import as_read
from common.errors import Busy
from common.logs import kind_and_place, logger
from common.search.documents import Document, Synonyms
from common.search.index import Index

LOOKED_EVERY_SECONDS = 10
# Tantivy's locks belong to a process.
UNSHARED = ".tantivy-"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Version 0 is the empty index that was never written."""

    version: int = 0
    key: str = ""
    previous: str = ""


@dataclass(slots=True)
class _Held:
    """What this process has open."""

    snapshot: Snapshot | None = None
    index: Index | None = None
    synonyms: Synonyms = field(default_factory=dict)
    looked_at: float = float("-inf")


held: dict[str, _Held] = {}  # by the index's name


class Snapshots:
    """The snapshots of the index *name*, whose documents have *numbers*."""

    def __init__(self, name: str, numbers: Collection[str]) -> None:
        self.name = name
        self.numbers = numbers
        self.pk = f"SEARCH#{name}"

    def newest(self) -> Snapshot:
        return _snapshot(table.get(self.pk, "SNAPSHOT"))

    def current(self) -> tuple[Index, Synonyms]:
        """The newest index, and the words that mean the same, as known for some seconds at most."""
        mine = self._mine()
        if mine.index is None or time.monotonic() - mine.looked_at > LOOKED_EVERY_SECONDS:
            row, synonyms = table.get_many(
                (table.OWN, self.pk, "SNAPSHOT"), (table.OWN, self.pk, "SYNONYMS")
            )
            index = self._open(_snapshot(row))
            mine.synonyms = _alternatives(index, synonyms["groups"] if synonyms else ())
            mine.looked_at = time.monotonic()
            return index, mine.synonyms
        return mine.index, mine.synonyms

    def change(
        self, start: Snapshot, documents: Iterable[Document], gone: Iterable[str] = ()
    ) -> None:
        """Bring *documents* into the snapshot after *start*, and take out what is *gone*.

        Nothing is written where all is so already. ConditionFailed when *start* has been replaced.
        """
        index = self._open(start)
        new = [document for document in documents if not index.holds(document)]
        old = [id_ for id_ in gone if index.knows(id_)]
        if new or old:
            self._make(start, self._taken(start), lambda index: index.change(new, old))

    def replace(self, start: Snapshot, build: Callable[[Index], None]) -> None:
        """Let *build* fill an empty index, which takes the place of *start*. ConditionFailed when
        *start* has been replaced meanwhile."""
        self._make(start, Index(_folder(), self.numbers), build)

    def synonyms(self) -> list[list[str]]:
        row = table.get(self.pk, "SYNONYMS")
        return row["groups"] if row else []

    def put_synonyms(self, groups: Sequence[Sequence[str]]) -> None:
        item = {"pk": self.pk, "sk": "SYNONYMS", "v": 1, "groups": [list(g) for g in groups]}
        table.commit(table.put(item, condition=None))

    def _mine(self) -> _Held:
        return held.setdefault(self.name, _Held())

    def _open(self, snapshot: Snapshot) -> Index:
        mine = self._mine()
        if mine.index and mine.snapshot == snapshot:
            return mine.index
        index = Index(_fetched(snapshot), self.numbers)
        self._hold(snapshot, index)
        return index

    def _taken(self, snapshot: Snapshot) -> Index:
        """The index of *snapshot*, no longer held: it is about to change."""
        index, mine = self._open(snapshot), self._mine()
        mine.snapshot = mine.index = None
        return index

    def _hold(self, snapshot: Snapshot, index: Index) -> None:
        mine = self._mine()
        if mine.index and mine.index.folder != index.folder:
            shutil.rmtree(mine.index.folder, ignore_errors=True)
        mine.snapshot, mine.index = snapshot, index

    def _make(self, start: Snapshot, index: Index, build: Callable[[Index], None]) -> None:
        """Build and publish; then the snapshot goes that nobody opens any more."""
        try:
            build(index)
            made = self._publish(start, index)
        except BaseException:
            shutil.rmtree(index.folder, ignore_errors=True)
            raise
        self._hold(made, index)
        if start.previous:
            _delete(start.previous)

    def _publish(self, start: Snapshot, index: Index) -> Snapshot:
        """Upload *index* and let the row name it."""
        version = start.version + 1
        made = Snapshot(version, f"{self.name}/{version}-{ids.new(clock.now())}.tar", start.key)
        body = _packed(index.folder)
        aws.s3().put_object(Bucket=os.environ["SEARCH_BUCKET"], Key=made.key, Body=body)
        try:
            table.apply(self._row(made, index.documents))
        except table.ConditionFailed as refused:
            # A write whose answer was lost, sent again, meets itself.
            if _snapshot(refused.found[0]) != made:
                _delete(made.key)
                raise
        return made

    def _row(self, made: Snapshot, documents: int) -> table.Write:
        item = {"pk": self.pk, "sk": "SNAPSHOT", "v": 1, "version": made.version, "key": made.key}
        item |= {"previous": made.previous, "documents": documents}
        return table.put(item, as_read(made.version - 1))


def _delete(key: str) -> None:
    """One that cannot be deleted lies there for nothing, and nothing else is wrong with it."""
    try:
        aws.s3().delete_object(Bucket=os.environ["SEARCH_BUCKET"], Key=key)
    except (ClientError, BotoCoreError) as failure:
        logger.warning("snapshot kept", key=key, **kind_and_place(failure))


def _snapshot(row: table.Item | None) -> Snapshot:
    return Snapshot(row["version"], row["key"], row["previous"]) if row else Snapshot()


def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="search-"))


def _fetched(snapshot: Snapshot) -> Path:
    """A folder with the index of *snapshot*. Busy when it has been replaced twice meanwhile."""
    folder, s3 = _folder(), aws.s3()
    if snapshot.key:
        try:
            found = s3.get_object(Bucket=os.environ["SEARCH_BUCKET"], Key=snapshot.key)
        except s3.exceptions.NoSuchKey as replaced:
            raise Busy from replaced
        body = found["Body"].read()
        with tarfile.open(fileobj=io.BytesIO(body)) as packed:
            packed.extractall(folder, filter="data")
    return folder


def _packed(folder: Path) -> bytes:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as packed:
        for path in sorted(folder.iterdir()):
            if not path.name.startswith(UNSHARED):
                packed.add(path, path.name)
    return whole.getvalue()


def _alternatives(index: Index, groups: Sequence[Sequence[str]]) -> Mapping[str, list[str]]:
    """For each word, as the index knows it, those that mean the same."""
    found: dict[str, list[str]] = {}
    for group in groups:
        stems = [stem for word in group for stem in index.stems(word)]
        for stem in stems:
            found.setdefault(stem, []).extend(stems)
    return found
