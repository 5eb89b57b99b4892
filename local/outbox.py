"""The letters and SMS the local stack sent, newest first, as a page and as JSON."""

import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

from local import ports
from local.places import Home

PAGE = """<!doctype html><meta charset="utf-8"><title>Outbox</title>
<style>body{{font:16px/1.5 system-ui;max-width:44rem;margin:2rem auto;padding:0 1rem}}
article{{border-top:1px solid #ccc;padding:.5rem 0}}pre{{white-space:pre-wrap;font:inherit}}
small{{color:#666}}</style><h1>Letters and SMS</h1>{messages}"""
ENTRY = """<article><small>{sent_at} · {channel} · {to}</small><h2>{subject}</h2>
<pre>{text}</pre></article>"""


@dataclass(frozen=True)
class Message:
    """One letter or SMS as it was handed to the provider."""

    channel: str
    to: str
    subject: str
    text: str
    html: str
    sent_at: str


def messages(endpoint: str) -> list[Message]:
    """Everything sent so far, newest first."""
    found = [letter(entry) for entry in sent(endpoint, "/_ministack/ses/messages", "messages")]
    found += [
        sms(entry) for entry in sent(endpoint, "/_ministack/sns/sms-messages", "sms_messages")
    ]
    return sorted(found, key=lambda message: message.sent_at, reverse=True)


def sent(endpoint: str, path: str, key: str) -> list[dict[str, Any]]:
    """The emulator groups what was sent by account or by telephone number; flatten it."""
    with urllib.request.urlopen(endpoint + path, timeout=10) as answer:  # noqa: S310
        groups = cast(dict[str, Any], json.load(answer))[key]
    return [entry for entries in groups.values() for entry in entries]


def letter(entry: dict[str, Any]) -> Message:
    return Message(
        "email",
        ", ".join(entry["To"]),
        entry["Subject"],
        entry["BodyText"] or "",
        entry["BodyHtml"] or "",
        moment(entry["Timestamp"]),
    )


def sms(entry: dict[str, Any]) -> Message:
    return Message(
        "sms", entry["PhoneNumber"], "", entry["Message"], "", moment(entry["Timestamp"])
    )


def moment(timestamp: float) -> str:
    at = datetime.fromtimestamp(timestamp, UTC)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"


def page(found: list[Message]) -> str:
    entries = [
        ENTRY.format(**{key: escape(value) for key, value in asdict(message).items()})
        for message in found
    ]
    return PAGE.format(messages="".join(entries) or "<p>Nothing was sent yet.</p>")


def as_json(found: list[Message]) -> str:
    return json.dumps({"messages": [asdict(m) for m in found]}, ensure_ascii=False, indent=2)


class Outbox(ThreadingHTTPServer):
    """Serves what *endpoint* sent; each request reads it afresh."""

    daemon_threads = True

    def __init__(self, endpoint: str, port: int) -> None:
        super().__init__(("127.0.0.1", port), Reader)
        self.endpoint = endpoint


class Reader(BaseHTTPRequestHandler):
    """Answers JSON to `Accept: application/json` or `?format=json`, else a page."""

    server: Outbox

    def do_GET(self) -> None:
        found = messages(self.server.endpoint)
        if self.wants_json():
            self.answer("application/json", as_json(found))
        else:
            self.answer("text/html; charset=utf-8", page(found))

    def wants_json(self) -> bool:
        query = parse_qs(urlsplit(self.path).query)
        return "json" in query.get("format", []) or "json" in self.headers.get("Accept", "")

    def answer(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The terminal belongs to `make run`'s own lines."""


@contextmanager
def serving(home: Home, endpoint: str) -> Iterator[str]:
    """The URL of an outbox that is up for the length of the body."""
    port = ports.choose(home, "outbox")
    with Outbox(endpoint, port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
        server.shutdown()
