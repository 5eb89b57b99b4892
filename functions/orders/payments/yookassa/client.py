"""Payments by card and by SBP through YooKassa (https://yookassa.ru/developers/api, version 3).

YooKassa's own library sets no timeouts and does not tell an unanswered call from a refused one, so
it is not used. YooKassa remembers an idempotency key for a day, so every call that moves money
looks first whether that was done. PAYMENT_SECRET holds `{"shop_id": "…", "secret_key": "…"}`, and
a `url` where it is not YooKassa's own.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from common import clock, ids, pepper
from common.logs import logger
from orders.order.bill import Status
from orders.payments import known_store as known
from orders.payments.provider import Charge, NoAnswer, NotGenuine, Refund, Refused, Seen, is_ours
from orders.payments.yookassa import view

if TYPE_CHECKING:
    from urllib3 import PoolManager

TIMEOUT_SECONDS = 5.0
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024
PAGE = "100"
KEY = "Idempotence-Key"
# The longest that anybody asks after a payment: a top-up, for a day.
LOOKED_BACK = timedelta(hours=26)
# By how much YooKassa's clock may be behind.
SKEW = timedelta(minutes=5)
# What a customer's card is to blame for: a token that is none, or a card that is kept no longer.
CARDS_FAULT = (HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND)
# The call came too slowly, is being answered already, or was one too many.
UNDECIDED = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)


class Terms(BaseModel):
    """What YooKassa and the shop know each other by."""

    shop_id: str
    secret_key: str
    url: str = "https://api.yookassa.ru/v3"


class Yookassa:
    name = "yookassa"

    def charge(self, charge: Charge) -> Seen:
        """A card is named by what YooKassa's form made of it, or as it is kept; without one, and
        for SBP, the customer is told where to pay."""
        reference = charge.reference
        if (id_ := known.find(reference)) and (payment := self._by_id(id_)):
            return payment.seen()
        wanted = view.asked(charge, os.environ["PUBLIC_URL"])
        try:
            made = self._did(view.Payment, "payments", wanted, reference)
        except Refused as refused:
            return self._refused(charge, refused)
        known.note(reference, made.id)
        return made.seen()

    def find(self, reference: str) -> Seen | None:
        payment = self._payment(reference)
        return payment.seen() if payment else None

    def capture(self, reference: str, amount_minor: int) -> Seen:
        payment = self._payment(reference)
        if payment is None or payment.status != "waiting_for_capture":
            return _as_it_is(reference, payment)
        wanted = {"amount": view.money(amount_minor, payment.amount.currency)}
        path = f"payments/{payment.id}/capture"
        return self._did(view.Payment, path, wanted, f"{reference}.take").seen()

    def void(self, reference: str) -> Seen:
        """Only what is held can be let go of. A payment that waits for its customer ends by
        itself: it is shown as pending."""
        payment = self._payment(reference)
        if payment is None or payment.status != "waiting_for_capture":
            return _as_it_is(reference, payment)
        path = f"payments/{payment.id}/cancel"
        return self._did(view.Payment, path, {}, f"{reference}.void").seen()

    def refund(self, reference: str, amount_minor: int, key: str) -> Refund:
        payment = self._payment(reference)
        if payment is None:
            raise ValueError(f"{reference} is not known to the provider")
        if found := self._given_back(payment.id, key):
            return found.seen()
        wanted = {"payment_id": payment.id, "metadata": {"key": key}}
        wanted["amount"] = view.money(amount_minor, payment.amount.currency)
        try:
            return self._did(view.GivenBack, "refunds", wanted, f"{reference}.back.{key}").seen()
        except Refused as refused:
            logger.warning("refund was refused", code=refused.code, what=refused.about)
            return Refund.FAILED

    def forget(self, token: str) -> None:
        """YooKassa's API cannot forget a card: it is enough that the shop has forgotten its token,
        without which nobody pays by it."""

    def heard(self, headers: Mapping[str, str], body: str, at: datetime) -> str | None:
        """Nothing is signed. YooKassa's guide has one ask for what a notification is about
        (https://yookassa.ru/developers/using-api/webhooks#ip): it is genuine if that is there."""
        try:
            told = view.Told.model_validate_json(body)
        except ValidationError as failure:
            raise NotGenuine from failure
        payment = self._by_id(told.payment_id)
        if payment is None:
            raise NotGenuine
        reference = payment.metadata.reference
        # A refund made by hand at YooKassa knows nothing of our reference.
        if not told.object.payment_id and told.object.metadata.reference != reference:
            raise NotGenuine
        if not is_ours(reference):
            return None
        known.note(reference, payment.id)
        return reference

    def made_on(self, day: date) -> Iterator[Seen]:
        first, last = map(_moment, clock.bounds(day))
        made = {"created_at.gte": first, "created_at.lt": last}
        for one in self._listed(view.Page[view.Payment], "payments", made):
            if is_ours(one.metadata.reference):
                yield one.seen()

    # --- what YooKassa is asked ---

    @cached_property
    def _terms(self) -> Terms:
        return Terms.model_validate_json(pepper.secret(os.environ["PAYMENT_SECRET"]))

    @cached_property
    def _http(self) -> "PoolManager":
        import urllib3

        who = f"{self._terms.shop_id}:{self._terms.secret_key}"
        headers = urllib3.make_headers(basic_auth=who)
        return urllib3.PoolManager(timeout=TIMEOUT_SECONDS, retries=False, headers=headers)

    def _payment(self, reference: str) -> view.Payment | None:
        """By its id where that is known, otherwise among all since the order was placed."""
        if id_ := known.find(reference):
            return self._by_id(id_)
        placed = ids.made_at(reference.split(".")[1])
        since = max(placed - SKEW, clock.now() - LOOKED_BACK)
        made = {"created_at.gte": _moment(since)}
        for one in self._listed(view.Page[view.Payment], "payments", made):
            if one.metadata.reference == reference:
                known.note(reference, one.id)
                return one
        return None

    def _by_id(self, id_: str) -> view.Payment | None:
        try:
            return self._asked(view.Payment, "GET", f"payments/{id_}")
        except Refused as refused:
            if refused.status == HTTPStatus.NOT_FOUND:
                return None
            raise

    def _refused(self, charge: Charge, refused: Refused) -> Seen:
        """No payment was made by this call, but one may have been by an earlier one, unanswered:
        then the same key with another card is refused."""
        if found := self.find(charge.reference):
            return found
        if refused.about == KEY:
            raise NoAnswer from refused
        if refused.status not in CARDS_FAULT:
            raise refused
        logger.info("card was refused", code=refused.code, what=refused.about)
        return Seen(charge.reference, Status.FAILED, charge.amount_minor)

    def _given_back(self, payment_id: str, key: str) -> view.GivenBack | None:
        of_payment = {"payment_id": payment_id}
        made = self._listed(view.Page[view.GivenBack], "refunds", of_payment)
        return next((one for one in made if one.metadata.key == key), None)

    def _listed[M: BaseModel](
        self, page: type[view.Page[M]], path: str, query: dict[str, str]
    ) -> Iterator[M]:
        asked = query | {"limit": PAGE}
        while True:
            found = self._asked(page, "GET", path, fields=asked)
            yield from found.items
            if not found.next_cursor:
                return
            asked |= {"cursor": found.next_cursor}

    def _did[M: BaseModel](self, model: type[M], path: str, wanted: Any, cause: str) -> M:
        """What came of *wanted*, done once for *cause*."""
        key = {KEY: hashlib.sha256(cause.encode()).hexdigest()}
        return self._asked(model, "POST", path, json=wanted, headers={**self._http.headers, **key})

    def _asked[M: BaseModel](self, model: type[M], method: str, path: str, **sent: Any) -> M:
        """What YooKassa says. Raise NoAnswer where it is not known what it did, Refused otherwise.

        What it does cannot be told from an answer that cannot be read.
        """
        import urllib3

        url = f"{self._terms.url}/{path}"
        try:
            with self._http.request(method, url, preload_content=False, **sent) as answer:
                text = answer.read(LARGEST_ANSWER_BYTES)
            if answer.status == HTTPStatus.OK:
                return model.model_validate_json(text)
        except (urllib3.exceptions.HTTPError, ValidationError) as failure:
            raise NoAnswer from failure
        refused = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
        if not refused or answer.status in UNDECIDED:
            raise NoAnswer
        error = _error(text)
        raise Refused(answer.status, error.code, error.parameter)


def _error(text: bytes) -> view.Error:
    try:
        return view.Error.model_validate_json(text)
    except ValidationError:
        return view.Error()


def _as_it_is(reference: str, payment: view.Payment | None) -> Seen:
    return payment.seen() if payment else Seen(reference, Status.VOID, 0)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
