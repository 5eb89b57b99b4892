"""One-time codes in few words: for an SMS, a messenger, and a voice on the telephone.

The words lie in `texts/codes.<language>.txt`, one line for each purpose and part. Both may name
`code` and `shop`.
"""

from functools import cache
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from common.language import Language
from notify.letter import Shop

FOLDER = Path(__file__).parent / "texts"
PAUSE = '<break time="700ms"/>'


def sms(purpose: str, code: str, shop: Shop, language: Language) -> str:
    """The code first; the last line lets the telephone fill it in by itself (WICG, Origin-bound
    one-time codes), where the shop's host can be named so."""
    words = _said(purpose, code, shop, language)
    domain = _domain(shop.url)
    return f"{words}\n@{domain} #{code}" if domain else words


def messenger(purpose: str, code: str, shop: Shop, language: Language) -> str:
    """The code, and to keep it to oneself."""
    return f"{_said(purpose, code, shop, language)}\n{_lines(language)['secret']}"


def spoken(code: str, shop: Shop, language: Language) -> str:
    """The code as SSML (W3C): digit by digit, slowly, twice."""
    digits = f'<prosody rate="slow">{PAUSE.join(code)}</prosody>'
    words = escape(_lines(language)["call"]).replace("{shop}", escape(shop.name))
    return f"<speak>{words.replace('{code}', digits)}</speak>"


def _said(purpose: str, code: str, shop: Shop, language: Language) -> str:
    return _lines(language)[purpose].format(code=code, shop=shop.name)


def _domain(url: str) -> str | None:
    """The host of *url* if it is one that a code can be bound to: secure, with a domain."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" or parts.port or "." not in host or _is_number(host):
        return None
    return host


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


@cache
def _lines(language: Language) -> dict[str, str]:
    text = (FOLDER / f"codes.{language}.txt").read_text(encoding="utf-8")
    return dict(line.split(": ", 1) for line in text.splitlines())
