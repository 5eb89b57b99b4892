"""A YooKassa of our own on loopback: the part of its API that the shop uses
(https://yookassa.ru/developers/api). Its thread touches nothing of moto.
"""

import base64
import json
import re
import threading
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

SHOP, SECRET = "100500", "test_of_the_shop"
ASKS, DECLINED, NONE = "tok_3ds", "tok_declined", "tok_nobodys"
BANK, QR = "https://yoomoney.example/pay/", "https://qr.nspk.ru/"
CARD = {"first6": "220220", "last4": "4242", "card_type": "Mir"}
CARD |= {"expiry_year": "2030", "expiry_month": "12"}


class Wrong(Exception):
    """What YooKassa refuses."""

    def __init__(self, status: int, code: str, parameter: str = "") -> None:
        super().__init__(code)
        self.status = status
        self.body = {"type": "error", "code": code, "parameter": parameter, "description": "No."}


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: dict[str, str]
    key: str | None
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text, parse_float=_no_float) if self.text else {}


@dataclass
class Yookassa:
    """It can be told to do what it is asked next and hang up (`loses`), to hang up at once
    (`drops`), to be out of order (`broken`), how many a page holds at most, and what a refund
    is at first."""

    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    payments: list[dict[str, Any]] = field(default_factory=list)
    refunds: list[dict[str, Any]] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    remembered: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    loses: bool = False
    drops: bool = False
    broken: int = 0
    refunds_begin: str = "succeeded"
    page: int = 100

    @property
    def last(self) -> dict[str, Any]:
        return self.payments[-1]

    def confirm(self, *, success: bool = True) -> None:
        """What the customer of the last payment does, on the bank's page or in its app."""
        one = self.last
        assert one["status"] == "pending"
        one.pop("confirmation")
        if success:
            self._pay(one)
        else:
            self._cancel(one, "payment_network", "3d_secure_failed")

    def expire(self) -> None:
        """Nobody confirmed the last payment in time."""
        self.last.pop("confirmation", None)
        self._cancel(self.last, "yoo_money", "expired_on_confirmation")

    def decide(self, status: str) -> None:
        """What becomes of the last refund; what is not given back can be given back anew."""
        one = self.refunds[-1]
        one["status"] = status
        payment = self._find(one["payment_id"])
        if status == "canceled":
            rest = _minor(payment["refunded_amount"]) - _minor(one["amount"])
            payment["refunded_amount"]["value"] = f"{rest // 100}.{rest % 100:02}"

    def told(self, event: str = "payment.succeeded", about: dict[str, Any] | None = None) -> str:
        """What it tells of the last payment, or of what is named."""
        return json.dumps({"type": "notification", "event": event, "object": about or self.last})

    # --- its API ---

    def answer(self, asked: Asked, who: str) -> tuple[int, dict[str, Any]]:
        self.asked.append(asked)
        if self.broken:
            return self.broken, {"type": "error", "code": "internal_server_error"}
        try:
            if who != "Basic " + base64.b64encode(f"{SHOP}:{SECRET}".encode()).decode():
                raise Wrong(401, "invalid_credentials")
            return 200, self._once(asked) if asked.method == "POST" else self._shown(asked)
        except Wrong as wrong:
            return wrong.status, wrong.body

    def _once(self, asked: Asked) -> dict[str, Any]:
        """A key is remembered with what was asked by it."""
        if not asked.key or len(asked.key) > 64:
            raise Wrong(400, "invalid_request", "Idempotence-Key")
        if asked.key not in self.remembered:
            made = deepcopy(self._done(asked))
            self.remembered[asked.key] = asked.path + asked.text, made
        wanted, made = self.remembered[asked.key]
        if wanted != asked.path + asked.text:
            raise Wrong(400, "invalid_request", "Idempotence-Key")
        return made

    def _done(self, asked: Asked) -> dict[str, Any]:
        match asked.path.split("/")[1:]:
            case ["payments"]:
                return self._begin(asked.body)
            case ["payments", id_, "capture"]:
                return self._capture(self._held(id_), asked.body)
            case ["payments", id_, "cancel"]:
                return self._cancel(self._held(id_), "merchant", "canceled_by_merchant")
            case ["refunds"]:
                return self._refund(asked.body)
        raise Wrong(404, "not_found")

    def _begin(self, wanted: dict[str, Any]) -> dict[str, Any]:
        _minor(wanted["amount"])
        one = {
            "id": str(uuid4()),
            "status": "pending",
            "amount": wanted["amount"],
            "created_at": _moment(self.now()),
            "description": wanted["description"],
            "metadata": wanted["metadata"],
            "payment_method": self._method(wanted),
            "capture": wanted["capture"],
            "saves": wanted.get("save_payment_method", False),
        }
        self.payments.append(one)
        if wanted.get("payment_token") == DECLINED:
            return self._cancel(one, "payment_network", "insufficient_funds")
        if "payment_method_data" not in wanted and wanted.get("payment_token") != ASKS:
            return self._pay(one)
        is_qr = wanted["confirmation"]["type"] == "qr"
        way = {"confirmation_data": QR} if is_qr else {"confirmation_url": BANK}
        one["confirmation"] = {name: start + one["id"] for name, start in way.items()}
        return one

    def _method(self, wanted: dict[str, Any]) -> dict[str, Any]:
        if id_ := wanted.get("payment_method_id"):
            every: list[dict[str, Any]] = [one["payment_method"] for one in self.payments]
            kept = [method for method in every if method["id"] == id_ and method["saved"]]
            if not kept:
                raise Wrong(400, "invalid_request", "payment_method_id")
            return kept[0]
        if wanted.get("payment_token") == NONE:
            raise Wrong(400, "invalid_request", "payment_token")
        kind = wanted.get("payment_method_data", {}).get("type", "bank_card")
        card = {"card": CARD} if kind == "bank_card" else {}
        return {"type": kind, "id": str(uuid4()), "saved": False} | card

    def _pay(self, one: dict[str, Any]) -> dict[str, Any]:
        one["payment_method"]["saved"] |= one["saves"]
        one["status"] = "succeeded" if one["capture"] else "waiting_for_capture"
        return one

    def _capture(self, one: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
        """YooKassa forgets how much was held."""
        if not 0 < _minor(wanted["amount"]) <= _minor(one["amount"]):
            raise Wrong(400, "invalid_request", "amount")
        one |= {"status": "succeeded", "amount": wanted["amount"]}
        return one

    def _cancel(self, one: dict[str, Any], party: str, reason: str) -> dict[str, Any]:
        one["status"] = "canceled"
        one["cancellation_details"] = {"party": party, "reason": reason}
        return one

    def _refund(self, wanted: dict[str, Any]) -> dict[str, Any]:
        one = self._find(wanted["payment_id"])
        before = _minor(one["refunded_amount"]) if "refunded_amount" in one else 0
        after = before + _minor(wanted["amount"])
        if one["status"] != "succeeded" or after > _minor(one["amount"]):
            raise Wrong(400, "invalid_request", "amount.value")
        one["refunded_amount"] = {"value": f"{after // 100}.{after % 100:02}", "currency": "RUB"}
        made = {"id": str(uuid4()), "status": "pending", "created_at": _moment(self.now())}
        self.refunds.append(wanted | made)
        self.decide(self.refunds_begin)
        return self.refunds[-1]

    def _shown(self, asked: Asked) -> dict[str, Any]:
        match asked.path.split("/")[1:]:
            case ["payments"]:
                return self._listed(self.payments, asked.query)
            case ["refunds"]:
                return self._listed(self.refunds, asked.query)
            case ["payments", id_]:
                return self._find(id_)
        raise Wrong(404, "not_found")

    def _listed(self, every: list[dict[str, Any]], query: dict[str, str]) -> dict[str, Any]:
        """Newest first, from where the cursor says."""
        first, last = query.get("created_at.gte", ""), query.get("created_at.lt", "~")
        of = query.get("payment_id")
        made = [one for one in reversed(every) if first <= one["created_at"] < last]
        found = [one for one in made if of in (None, one.get("payment_id"))]
        start, most = int(query.get("cursor", 0)), min(int(query["limit"]), self.page)
        rest = {"next_cursor": str(start + most)} if found[start + most :] else {}
        return {"type": "list", "items": found[start : start + most]} | rest

    def _find(self, id_: str) -> dict[str, Any]:
        found = [one for one in self.payments if one["id"] == id_]
        if not found:
            raise Wrong(404, "not_found")
        return found[0]

    def _held(self, id_: str) -> dict[str, Any]:
        one = self._find(id_)
        if one["status"] != "waiting_for_capture":
            raise Wrong(400, "invalid_request")
        return one


def _minor(amount: dict[str, str]) -> int:
    if not re.fullmatch(r"\d{1,9}\.\d\d", amount["value"]) or amount["currency"] != "RUB":
        raise Wrong(400, "invalid_request", "amount")
    return int(amount["value"].replace(".", ""))


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _no_float(text: str) -> None:
    raise Wrong(400, "invalid_request", text)


class Handler(BaseHTTPRequestHandler):
    bank: Yookassa

    def do_GET(self) -> None:
        split, bank = urlsplit(self.path), self.bank
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        path, key = split.path.removeprefix("/v3"), self.headers.get("Idempotence-Key")
        asked = Asked(self.command, path, dict(parse_qsl(split.query)), key, text)
        hangs_up = self.command == "POST" and (bank.loses or bank.drops)
        does = not (hangs_up and bank.drops)
        answer = bank.answer(asked, self.headers.get("Authorization", "")) if does else None
        if answer and not hangs_up:
            self._send(*answer)
        else:
            bank.loses = bank.drops = False

    do_POST = do_GET

    def _send(self, status: int, body: dict[str, Any]) -> None:
        sent = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, format: str, *args: Any) -> None:
        """Tests show what matters."""


class Listener(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that did not wait for its answer is what a test wanted."""


class Server:
    """Where YooKassa listens, until it is closed."""

    def __init__(self) -> None:
        self._http = Listener(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}/v3"

    def begin(self, now: Callable[[], datetime]) -> Yookassa:
        """One that knows of nothing."""
        Handler.bank = Yookassa(now)
        return Handler.bank

    def close(self) -> None:
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
