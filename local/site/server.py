"""The site's server: who may ask, which page answers, and what goes with every answer."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

from local.console import Trouble
from local.site import answers, docs
from local.site.answers import HERE, Answer
from local.site.mailbox import Mailbox
from local.site.shop_clock import RESET, STEPS, ShopClock

if TYPE_CHECKING:
    from local.stack import Stack

PATIENCE_SECONDS = 30
PLAIN = re.compile(r"[A-Za-z0-9._~-]+")
LOOPBACK = ("127.0.0.1", "localhost")
FILES = docs.ASSETS | {f"/{name}": HERE / name for name in ("site.css", "outbox.js", "docs.js")}
ELSEWHERE = "This site answers at 127.0.0.1 and localhost only."
FOREIGN = "The clock is moved from this site's own page only."
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
NOWHERE = "There is no such page."
UNMOVED = "The clock moves by one of its buttons."


class Site(ThreadingHTTPServer):
    """Serves *running*'s pages at *port* of 127.0.0.1."""

    daemon_threads = True

    def __init__(self, running: Stack, port: int) -> None:
        super().__init__(("127.0.0.1", port), Visit)
        self.running = running
        self.clock = ShopClock(running)
        self.mailbox = Mailbox(running, self.clock)


class Visit(BaseHTTPRequestHandler):
    """One request: answered by the first of `got` or `posted` that fits, or with what is wrong."""

    server: Site
    timeout = PATIENCE_SECONDS

    def do_GET(self) -> None:
        self.serve(self.got)

    def do_POST(self) -> None:
        self.serve(self.posted)

    def serve(self, found: Callable[[], Answer]) -> None:
        try:
            self.send(found() if self.is_local() else answers.trouble(403, ELSEWHERE))
        except ConnectionError:
            return  # the reader went away
        except (Trouble, OSError, BotoCoreError, ClientError) as refused:
            self.send(
                answers.trouble(502, f"The local AWS does not answer as it should: {refused}")
            )

    def is_local(self) -> bool:
        """A name that was bent to lead to this machine is not ours: it belongs to a stranger."""
        return (urlsplit(f"//{self.headers.get('Host', '')}").hostname or "") in LOOPBACK

    def is_own(self) -> bool:
        """Browsers say which site a form was sent from."""
        return self.headers.get("Origin") == f"http://{self.headers['Host']}"

    def got(self) -> Answer:
        path = urlsplit(self.path).path
        running = self.server.running
        if path in FILES:
            return answers.file(FILES[path])
        match [unquote(part) for part in path.strip("/").split("/")]:
            case [""]:
                return answers.page("home", running=running, clock=self.server.clock.face())
            case ["signed-in"]:
                return answers.page("arrival", running=running, came=self.sent())
            case ["docs"]:
                return docs.page(running)
            case ["docs", "openapi.json"]:
                return docs.document(running)
            case ["outbox", *rest]:
                return self.mail(rest)
        return answers.trouble(404, NOWHERE)

    def mail(self, named: list[str]) -> Answer:
        mailbox = self.server.mailbox
        match named:
            case []:
                return mailbox.as_json() if self.wants_json() else mailbox.page()
            case [id]:
                return mailbox.page(id)
            case [id, "letter"]:
                return mailbox.letter(id)
        return answers.trouble(404, NOWHERE)

    def sent(self) -> dict[str, str]:
        """What a provider sent back, but what could not be pasted into a terminal."""
        return {name: value for name, value in self.query().items() if PLAIN.fullmatch(value)}

    def query(self) -> dict[str, str]:
        """The query's values, the first of each name."""
        return {name: found[0] for name, found in parse_qs(urlsplit(self.path).query).items()}

    def wants_json(self) -> bool:
        return self.query().get("format") == "json" or "json" in self.headers.get("Accept", "")

    def posted(self) -> Answer:
        if self.path != "/clock":
            return answers.trouble(404, NOWHERE)
        if not self.is_own():
            return answers.trouble(403, FOREIGN)
        by = self.form().get("by", [""])[0]
        if by not in (*STEPS, RESET):
            return answers.trouble(400, UNMOVED)
        self.server.clock.move(by)
        return answers.see("/outbox")

    def form(self) -> dict[str, list[str]]:
        length = self.headers.get("Content-Length", "")
        sent = int(length) if re.fullmatch(r"\d{1,3}", length) else 0
        return parse_qs(self.rfile.read(sent).decode(errors="replace"))

    def send(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in (HEADERS | answer.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("Content-Security-Policy", answer.policy)
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_: object) -> None:
        """The terminal belongs to `make run`'s own lines."""


@contextmanager
def serving(running: Stack, port: int) -> Iterator[None]:
    """The site is up for the length of the body."""
    with Site(running, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield
        finally:
            server.shutdown()
