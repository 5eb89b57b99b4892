"""Payments by card through Stripe (https://docs.stripe.com/api/payment_intents).

A payment is a PaymentIntent; its metadata carry our reference. Stripe remembers an idempotency key
for a day, so every call that moves money looks first whether that was done. PAYMENT_SECRET holds
`{"api_key": "sk_…", "webhook_secret": "whsec_…"}`, and a `url` where it is not Stripe's own.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from common import clock, pepper
from common.logs import logger
from orders.order.bill import Method, Status
from orders.payments import known_store as known
from orders.payments.provider import Charge, NoAnswer, NotGenuine, Refund, Refused, Seen, is_ours
from orders.payments.stripe import view

if TYPE_CHECKING:
    from stripe import PaymentIntentService, StripeClient, StripeObject

TIMEOUT_SECONDS = 10
LATEST = timedelta(minutes=5)
PAGE = 100
LISTED = [f"data.{name}" for name in view.EXPANDED]
# What a customer's card is to blame for: a token that is none, or a bank that declines.
CARDS_FAULT = (HTTPStatus.BAD_REQUEST, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.NOT_FOUND)
# The same call is still being answered, or there were too many.
UNDECIDED = (HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS)
OPEN = (Status.PENDING, Status.AUTHORISED, Status.FAILED)


class Terms(BaseModel):
    """What Stripe and the shop know each other by."""

    api_key: str
    webhook_secret: str
    url: str = "https://api.stripe.com"


class Stripe:
    name = "stripe"

    def charge(self, charge: Charge) -> Seen:
        """A card is named by what Stripe's form made of it. Without one, and for SBP, there is
        nothing to ask."""
        if found := self.find(charge.reference):
            return found
        if charge.token is None or charge.method is not Method.CARD:
            return Seen(charge.reference, Status.FAILED, charge.amount_minor)
        return self._begun(charge)

    def find(self, reference: str) -> Seen | None:
        intent = self._intent(reference)
        return intent.seen() if intent else None

    def capture(self, reference: str, amount_minor: int) -> Seen:
        def capture(intent: view.Intent) -> None:
            if intent.status == "requires_capture":
                params: Any = {"amount_to_capture": amount_minor}
                self._intents.capture(intent.id, params, {"idempotency_key": f"{reference}.take"})

        return self._changed(reference, capture)

    def void(self, reference: str) -> Seen:
        def cancel(intent: view.Intent) -> None:
            if view.STATUSES[intent.status] in OPEN and intent.status != "processing":
                options: Any = {"idempotency_key": f"{reference}.void"}
                self._intents.cancel(intent.id, {}, options)

        return self._changed(reference, cancel)

    def refund(self, reference: str, amount_minor: int, key: str) -> Refund:
        intent = self._intent(reference)
        if intent is None:
            raise ValueError(f"{reference} is not known to the provider")
        if found := self._given_back(intent.id, key):
            return found.seen()
        about = {"payment_intent": intent.id, "amount": amount_minor}
        params: Any = about | {"metadata": {"key": key}}
        try:
            made = _asked(lambda: self._client.v1.refunds.create(params, {"idempotency_key": key}))
        except Refused as refused:
            logger.warning("refund was refused", code=refused.code)
            return Refund.FAILED
        return view.GivenBack.model_validate(made.to_dict()).seen()

    def forget(self, token: str) -> None:
        """Each kept card is a customer of its own at Stripe, who goes with it."""
        customer, _, _ = token.partition(view.OF)
        try:
            _asked(lambda: self._client.v1.customers.delete(customer))
        except Refused as refused:
            if refused.status != HTTPStatus.NOT_FOUND:
                raise

    def heard(self, headers: Mapping[str, str], body: str, at: datetime) -> str | None:
        """Signed as https://docs.stripe.com/webhooks/signature says, five minutes ago at most."""
        signed = headers.get("stripe-signature", "")
        sent = re.match(r"t=(\d{1,12}),", signed)
        if not sent or abs(at.timestamp() - int(sent[1])) > LATEST.total_seconds():
            raise NotGenuine
        if not self._is_signed(body, signed):
            raise NotGenuine
        try:
            told = view.Told.model_validate_json(body).data.object
        except ValidationError:
            return None
        reference = told.metadata.reference
        if not is_ours(reference):
            return None
        known.note(reference, told.id)
        return reference

    def made_on(self, day: date) -> Iterator[Seen]:
        first, last = clock.bounds(day)
        made = {"gte": int(first.timestamp()), "lt": int(last.timestamp())}
        query: Any = {"created": made, "limit": PAGE, "expand": LISTED}
        listed = _asked(lambda: list(self._intents.list(query).auto_paging_iter()))
        every = (_intent(one) for one in listed)
        return (one.seen() for one in every if is_ours(one.metadata.reference))

    # --- what Stripe is asked ---

    @cached_property
    def _terms(self) -> Terms:
        return Terms.model_validate_json(pepper.secret(os.environ["PAYMENT_SECRET"]))

    @cached_property
    def _intents(self) -> "PaymentIntentService":
        return self._client.v1.payment_intents

    @cached_property
    def _client(self) -> "StripeClient":
        import stripe

        return stripe.StripeClient(
            self._terms.api_key,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_SECONDS),
            base_addresses={"api": self._terms.url},
            max_network_retries=0,
        )

    def _intent(self, reference: str) -> view.Intent | None:
        """By its id where that is known, otherwise by what Stripe's search has seen so far."""
        if id_ := known.find(reference):
            return _intent(_asked(lambda: self._intents.retrieve(id_, {"expand": view.EXPANDED})))
        query: Any = {"query": f"metadata['reference']:'{reference}'", "expand": LISTED}
        found = _asked(lambda: self._intents.search(query)).data
        return _intent(found[0]) if found else None

    def _begun(self, charge: Charge) -> Seen:
        reference = charge.reference
        try:
            params: Any = view.params(charge, self._customer(charge), os.environ["PUBLIC_URL"])
            made = _asked(lambda: self._intents.create(params, {"idempotency_key": reference}))
        except Refused as refused:
            if refused.status not in CARDS_FAULT:
                raise
            logger.info("card was refused", code=refused.code)
            return Seen(reference, Status.FAILED, charge.amount_minor)
        known.note(reference, made.id)
        return _intent(made).seen()

    def _customer(self, charge: Charge) -> str | None:
        """Whose card it is: a kept one has an owner at Stripe, one to be kept gets its own."""
        owner, kept, _ = (charge.token or "").partition(view.OF)
        if kept or not charge.keep_card:
            return owner if kept else None
        about: Any = {"metadata": {"reference": charge.reference}}
        options: Any = {"idempotency_key": f"{charge.reference}.customer"}
        return _asked(lambda: self._client.v1.customers.create(about, options)).id

    def _changed(self, reference: str, change: Callable[[view.Intent], None]) -> Seen:
        intent = self._intent(reference)
        if intent is None:
            return Seen(reference, Status.VOID, 0)
        _asked(lambda: change(intent))
        return self.find(reference) or intent.seen()

    def _given_back(self, intent_id: str, key: str) -> view.GivenBack | None:
        query: Any = {"payment_intent": intent_id, "limit": PAGE}
        made = _asked(lambda: list(self._client.v1.refunds.list(query).auto_paging_iter()))
        every = (view.GivenBack.model_validate(one.to_dict()) for one in made)
        return next((one for one in every if one.metadata.key == key), None)

    def _is_signed(self, body: str, header: str) -> bool:
        import stripe

        try:
            stripe.WebhookSignature.verify_header(body, header, self._terms.webhook_secret)
        except (stripe.SignatureVerificationError, TypeError):
            return False
        return True


def _intent(told: "StripeObject") -> view.Intent:
    return view.Intent.model_validate(told.to_dict())


def _asked[T](ask: Callable[[], T]) -> T:
    """What Stripe says. Raise NoAnswer where it is not known what it did, Refused otherwise."""
    import stripe

    try:
        return ask()
    except stripe.IdempotencyError as failure:
        # An earlier call, unanswered, asked for something else: with another card, for instance.
        raise NoAnswer from failure
    except stripe.StripeError as failure:
        status = failure.http_status or HTTPStatus.SERVICE_UNAVAILABLE
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status in UNDECIDED:
            raise NoAnswer from failure
        raise Refused(status, failure.code or "") from failure
