"""How large the artefacts are: what is uploaded, and what Lambda unpacks."""

from dataclasses import dataclass
from pathlib import Path

from local.deployment import zipped
from local.places import BUILD

LARGEST_LIBRARY = "python/cryptography"


@dataclass(frozen=True)
class Package:
    """An artefact's size in bytes, zipped and unpacked; *heavy* is its largest library's part."""

    zipped: int
    unpacked: int
    heavy: int


def measure(name: str) -> Package:
    folder = BUILD / name
    return Package(len(zipped(folder)), size(folder), size(folder / LARGEST_LIBRARY))


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
