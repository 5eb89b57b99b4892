"""Rows that are written whole, each version over the one before it."""

from common import table
from common.conditions import as_read
from common.errors import VersionConflict
from common.expressions import dump, load


def save(row: table.Item, version: int, *beside: table.Write) -> None:
    """Write *version* of *row*, together with *beside*. VersionConflict unless it is the one after
    what stands; a write whose answer was lost, sent again, meets itself."""
    try:
        table.commit(table.put(row, as_read(version - 1)), *beside)
    except table.ConditionFailed as overtaken:
        if overtaken.found[0] != load(dump(row)):
            raise VersionConflict from overtaken
