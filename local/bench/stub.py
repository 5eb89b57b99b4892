"""A server that answers at once, with what the fake AWS answered when the path was walked."""

import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle

from local.bench.meter import Reply
from local.bench.walk import Step

ITEM = {"Item": {"pk": {"S": "a"}, "sk": {"S": "b"}, "name": {"S": "x" * 100}}}
NOTHING = json.dumps({"Items": [], "Count": 0, "ScannedCount": 0}).encode()


class Script:
    """The answers of one client: in the order in which its present step heard them."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        # What a process keeps once it has it, as a secret or a key: asked in warming only.
        self.known = steps[0].known if steps else {}
        self.present: dict[str, Iterator[Reply]] = {}

    def cue(self, number: int) -> None:
        heard: dict[str, list[Reply]] = defaultdict(list)
        for reply in self.steps[number].cost.replies:
            heard[reply.operation].append(reply)
        self.present = {operation: cycle(replies) for operation, replies in heard.items()}

    def answer(self, operation: str, asked: bytes) -> bytes:
        if b'"REVOKED"' in asked:
            return NOTHING
        if operation in self.present:
            return next(self.present[operation]).body
        known = self.known.get(operation)
        return known.body if known else json.dumps(ITEM).encode()


@contextmanager
def serving(steps: list[Step]) -> Iterator[str]:
    """The URL of a stub of its own: one for each process that is measured."""
    script = Script(steps)

    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            script.cue(int(self.path.rsplit("/", 1)[-1]))
            self.reply(b"{}")

        def do_POST(self) -> None:
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            target = self.headers.get("X-Amz-Target", ".SendEmail")
            self.reply(script.answer(target.rsplit(".", 1)[-1], asked))

        def reply(self, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
