"""A Stripe of our own: localstripe on loopback, with what it lacks of the API that the shop uses.

It lacks idempotency keys, pages of the bank, the search, and when a payment was made. It runs in a
thread, which touches nothing of moto.
"""

import asyncio
import json
import threading
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
    from localstripe import resources, server

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
BANK = "https://bank.example/3ds/"
DECLINED, ASKS = "4000000000000341", "4000002500003155"


class _Intent(resources.PaymentIntent):
    """A PaymentIntent that knows its bank's page, and keeps the card where it was asked to."""

    object = "payment_intent"

    def __init__(self, return_url: str = "", setup_future_usage: str = "", **known: Any) -> None:
        super().__init__(**known)
        self._returns_to, self._keeps = return_url, setup_future_usage

    @property
    def amount_received(self) -> int:
        charge = self.latest_charge
        if charge is None or not charge.captured or charge.status != "succeeded":
            return 0
        taken: int = getattr(charge, "_taken", self.amount)
        return taken

    def _confirm(self, on_failure_now: Callable[[], None]) -> None:
        super()._confirm(on_failure_now)
        if self.next_action:
            page = {"url": BANK + self.id, "return_url": self._returns_to}
            self.next_action = {"type": "redirect_to_url", "redirect_to_url": page}

    def _create_charge(self, on_failure_now: Callable[[], None]) -> None:
        super()._create_charge(on_failure_now)
        if self._keeps:
            resources.PaymentMethod._api_retrieve(self.payment_method).customer = self.customer

    @classmethod
    def _api_capture(cls, id: str, amount_to_capture: str | None = None, **more: Any) -> Any:
        intent = super()._api_capture(id, amount_to_capture, **more)
        intent.latest_charge._taken = int(amount_to_capture or intent.amount)
        return intent

    @classmethod
    def _api_list_all(
        cls, url: str, created: dict[str, str] | None = None, limit: Any = None, **more: Any
    ) -> Any:
        found = super()._api_list_all(url, limit=limit, **more)
        first, last = (int((created or {}).get(name, end)) for name, end in ENDS)
        found._list = [one for one in found._list if first <= one.created < last]
        return found


class _Refund(resources.Refund):
    """A Refund that begins as it is told to."""

    object = "refund"
    begins = "succeeded"

    def __init__(self, **known: Any) -> None:
        super().__init__(**known)
        self.status = self.begins


ENDS = (("gte", 0), ("lt", 2**40))


def _awaited(handle: Callable[[web.Request], Any]) -> Handler:
    """localstripe has handlers of both kinds, aiohttp would have but one."""

    async def handled(request: web.Request) -> web.StreamResponse:
        answer = handle(request)
        if isinstance(answer, Awaitable):
            answer = await answer
        assert isinstance(answer, web.StreamResponse)
        return answer

    return handled


class StripeDouble:
    """It can be told to do what it is asked and hang up (`lose`), to be out of order (`broken`), or
    that its search has seen nothing yet (`blind`)."""

    def __init__(self) -> None:
        self.answered: dict[str, tuple[int, bytes]] = {}
        self.wanted: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str | None]] = []
        self.lose = self.broken = self.blind = False
        self._ready = threading.Event()
        self._loop = asyncio.new_event_loop()
        resources.store.dump_to_disk = lambda: None
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def card(self, number: str = "4242424242424242") -> str:
        """A card that the shop's form made a token of."""
        card = {"number": number, "exp_month": 12, "exp_year": 2030, "cvc": "123"}
        return str(resources.PaymentMethod(type="card", card=card).id)

    def payments(self) -> list[Any]:
        return [one for key, one in resources.store.items() if key.startswith("payment_intent:")]

    def refunds(self) -> list[Any]:
        return [one for key, one in resources.store.items() if key.startswith("refund:")]

    def refunds_begin(self, status: str) -> None:
        _Refund.begins = status

    def authenticate(self, *, success: bool) -> None:
        """What the customer does on the bank's page of the last payment."""
        [*_, one] = self.payments()
        one.next_action = None
        if not success:
            one.payment_method = None
            return
        one._create_charge(on_failure_now=lambda: None)

    def event(self, kind: str = "payment_intent.succeeded") -> str:
        """What Stripe tells of the last payment."""
        [*_, one] = self.payments()
        return json.dumps({"id": "evt_1", "type": kind, "data": {"object": one._export()}})

    def forget(self) -> None:
        """Begin anew."""
        resources.store.clear()
        self.answered, self.wanted, self.asked = {}, {}, []
        self.lose = self.broken = self.blind = False
        self.refunds_begin("succeeded")

    def close(self) -> None:
        asyncio.run_coroutine_threadsafe(self._runner.cleanup(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    # --- its thread ---

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._start())
        self._ready.set()
        self._loop.run_forever()

    async def _start(self) -> None:
        app = web.Application(
            middlewares=[self._once, server.error_middleware, server.auth_middleware]
        )
        app.router.add_get("/v1/payment_intents/search", self._search)
        app.router.add_post(
            "/v1/payment_intents/{id}/capture",
            server.api_extra(_Intent._api_capture, "/v1/payment_intents"),
        )
        app.router.add_post("/v1/payment_intents", server.api_create(_Intent, ""))
        app.router.add_post("/v1/refunds", server.api_create(_Refund, ""))
        url = "/v1/payment_intents"
        app.router.add_get(url, _awaited(server.api_list_all(_Intent, url)))
        for resource in server.app.router.resources():
            for route in resource:
                if route.method in ("GET", "POST", "DELETE"):
                    app.router.add_route(route.method, resource.canonical, _awaited(route.handler))
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        [(_, port)] = self._runner.addresses
        self.url = f"http://127.0.0.1:{port}"

    @web.middleware
    async def _once(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The same key is the same answer (https://docs.stripe.com/api/idempotent_requests)."""
        key = request.headers.get("Idempotency-Key")
        self.asked.append((request.method, request.path, key))
        if self.broken:
            return web.json_response({"error": {"message": "out of order"}}, status=500)
        if key and self.wanted.setdefault(key, await request.read()) != await request.read():
            error = {"type": "idempotency_error", "message": "the key came with something else"}
            return web.json_response({"error": error}, status=400)
        if key in self.answered:
            status, body = self.answered[key]
            return web.Response(status=status, body=body, content_type="application/json")
        answer = await handler(request)
        if key and isinstance(answer, web.Response) and isinstance(answer.body, bytes):
            self.answered[key] = answer.status, answer.body
        if self.lose and request.method == "POST":
            self.lose = False
            assert request.transport
            request.transport.close()
        return answer

    async def _search(self, request: web.Request) -> web.Response:
        wanted = request.query["query"].split("'")[3]
        known = [] if self.blind else self.payments()
        found = [one for one in known if one.metadata.get("reference") == wanted]
        expand = ["latest_charge", "payment_method"]
        data = [one._export(expand=expand) for one in found]
        return web.json_response({"object": "search_result", "data": data, "has_more": False})
