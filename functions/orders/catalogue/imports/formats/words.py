"""Words and sums as other shops write them, made into those of ours. Pure."""

import hashlib
import re
from html.parser import HTMLParser

AMOUNT = re.compile(r"([0-9]{1,10})(?:[.,]([0-9]{1,2})0*)?")
SPACES = re.compile(r"[\s\u00a0\u202f]+")
# What begins a new line where a page shows it.
BLOCKS = {"br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "table", "tr", "ul"}
UNSEEN = {"script", "style"}
LONGEST_PAGE = 64 * 1024
LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        (
            *("a", "b", "v", "g", "d", "e", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o", "p"),
            *("r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sch", "", "y", "", "e", "yu", "ya"),
        ),
        strict=True,
    )
)
LONGEST_CODE = 30
LONGEST_GROUP = 40
DIGEST = 8


class _Page(HTMLParser):
    """Gathers what a page says, without what it is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.is_seen = True

    def handle_data(self, data: str) -> None:
        if self.is_seen:
            self.said.append(SPACES.sub(" ", data))

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.is_seen = tag not in UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self.is_seen = True
        self._break(tag)

    def _break(self, tag: str) -> None:
        if tag in BLOCKS:
            self.said.append("\n")


def plain(html: str) -> str:
    """What *html* says: a line for each block, no empty ones."""
    page = _Page()
    page.feed(html[:LONGEST_PAGE])
    page.close()
    lines = (line.strip() for line in "".join(page.said).splitlines())
    return "\n".join(filter(None, lines))


def minor(amount: str) -> int | None:
    """A sum as `1 990,50` in minor units; None for what is none."""
    found = AMOUNT.fullmatch(SPACES.sub("", amount))
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def whole(number: str) -> int | str:
    """The number that is meant; what is none stays as it is, to be refused by its rule."""
    plain_number = SPACES.sub("", number)
    is_number = plain_number.isascii() and plain_number.isdigit() and len(plain_number) < DIGEST * 2
    return int(plain_number) if is_number else number


def code(name: str) -> str:
    """A code for what is called *name*: `tsvet` of Цвет."""
    latin = "".join(LATIN.get(letter, letter) for letter in name.lower())
    found = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:LONGEST_CODE]
    return found or f"x{_digest(name)}"


def group(name: str) -> str:
    """The group of variants that another shop calls *name*; none is cut into another's."""
    made = re.sub(r"[^A-Z0-9-]+", "-", name.upper()).strip("-")
    if made == name.upper() and len(made) <= LONGEST_GROUP:
        return f"{made}-X" if len(made) < len("A-X") else made
    return f"{made[: LONGEST_GROUP - DIGEST - 1]}-{_digest(name)}".strip("-")


def _digest(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:DIGEST].upper()
