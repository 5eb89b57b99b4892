"""JSON over HTTP, as the local commands and the demo shop speak it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any

from local.console import Trouble

SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """A response of any status; `body` is its JSON, or empty."""

    call: str
    status: int
    body: dict[str, Any]

    def expect(self, *statuses: int) -> dict[str, Any]:
        """The body; raises Trouble when the status is another."""
        if self.status not in statuses:
            said = json.dumps(self.body, ensure_ascii=False)
            raise Trouble(f"{self.call} answered {self.status}: {said[:500]}")
        return self.body


def send(verb: str, url: str, body: object = None, headers: dict[str, str] | None = None) -> Answer:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers or {}, method=verb)  # noqa: S310
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            return Answer(f"{verb} {url}", response.status, parsed(response.read()))
    except urllib.error.HTTPError as refused:
        return Answer(f"{verb} {url}", refused.code, parsed(refused.read()))


def parsed(body: bytes) -> dict[str, Any]:
    """An answer that is no JSON object is shown as the text it is."""
    try:
        found = json.loads(body or b"{}")
    except ValueError:
        return {"text": body.decode(errors="replace")}
    return found if isinstance(found, dict) else {"items": found}
