"""A payment provider that needs nothing configured: it keeps its payments in the shop's table.

pk                    sk           what
SANDBOX#<reference>   PAYMENT      a payment, as this provider sees it
SANDBOX#<day>         <reference>  that it began on this day

What happens is played by tokens, of SBP too: TOKENS says which does what. A payment by SBP, and a
card that asks for 3-D Secure, wait for the bank's word: a webhook signed with the key of
PAYMENT_SECRET.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime

from pydantic import ValidationError

from common import clock, pepper, table
from common.conditions import Attr
from common.events import Contract
from orders.delivery import signature
from orders.order.bill import Method, Status
from orders.payments.provider import Card, Charge, NoAnswer, NotGenuine, Refund, Seen

OPEN = (Status.PENDING, Status.AUTHORISED)
# What becomes of a payment; with every other token a card pays, and SBP waits for the bank.
TOKENS: Mapping[str, Status] = {"tok_declined": Status.FAILED, "tok_3ds": Status.PENDING}
# These do not answer in time: the one after it was paid with, the other before.
LATE, LOST = "tok_late", "tok_lost"
# This answers twice: that its customer must act, and whenever it is asked again, that it is paid.
TWICE = "tok_twice"
PAGE = "https://sandbox.example/pay/"
QR = "https://qr.nspk.ru/SANDBOX?payment="


class Word(Contract):
    """What the sandbox's bank says of a payment."""

    reference: str
    status: Status


class Sandbox:
    name = "sandbox"

    def charge(self, charge: Charge) -> Seen:
        if found := self.find(charge.reference):
            return found
        if charge.token == LOST:
            raise NoAnswer
        seen = _begun(charge)
        day = clock.today().isoformat()
        listed = {"pk": f"SANDBOX#{day}", "sk": charge.reference}
        try:
            table.commit(table.put(_item(seen, 1)), table.put(listed))
        except table.ConditionFailed:
            return self.find(charge.reference) or seen
        if charge.token == LATE:
            raise NoAnswer
        return _waiting(seen, charge) if charge.token == TWICE else seen

    def find(self, reference: str) -> Seen | None:
        item = table.get(f"SANDBOX#{reference}", "PAYMENT")
        return _seen(item) if item else None

    def capture(self, reference: str, amount_minor: int) -> Seen:
        def change(seen: Seen) -> Seen:
            if seen.status is not Status.AUTHORISED or amount_minor > seen.amount_minor:
                return seen
            return replace(seen, status=Status.CAPTURED, captured_minor=amount_minor)

        return _changed(reference, change)

    def void(self, reference: str) -> Seen:
        def change(seen: Seen) -> Seen:
            return replace(seen, status=Status.VOID) if seen.status in OPEN else seen

        return _changed(reference, change)

    def refund(self, reference: str, amount_minor: int, key: str) -> Refund:
        def change(seen: Seen) -> Seen:
            refunded = seen.refunded_minor + amount_minor
            if refunded > seen.captured_minor:
                raise ValueError(f"{reference} has not so much to give back")
            return replace(seen, refunded_minor=refunded)

        _changed(reference, change, key)
        return Refund.MADE

    def forget(self, token: str) -> None:
        """Nothing is kept of a card."""

    def heard(self, headers: Mapping[str, str], body: str, at: datetime) -> str | None:
        key = json.loads(pepper.secret(os.environ["PAYMENT_SECRET"]))["key"].encode()
        if not signature.is_genuine(key, body, headers.get(signature.HEADER.lower()), at):
            raise NotGenuine
        try:
            word = Word.model_validate_json(body)
        except ValidationError:
            return None
        if not self.find(word.reference):
            return None
        _changed(word.reference, lambda seen: _said(seen, word.status))
        return word.reference

    def made_on(self, day: date) -> Iterator[Seen]:
        for row in table.query_all(f"SANDBOX#{day.isoformat()}"):
            if seen := self.find(row["sk"]):
                yield seen


def _begun(charge: Charge) -> Seen:
    amount = charge.amount_minor
    status = TOKENS.get(charge.token or "") or _usual(charge)
    seen = Seen(charge.reference, status, amount, card=_card(charge))
    if status is Status.PENDING:
        return _waiting(seen, charge)
    return replace(seen, captured_minor=amount) if status is Status.CAPTURED else seen


def _usual(charge: Charge) -> Status:
    if charge.method is Method.SBP and charge.token != TWICE:
        return Status.PENDING
    return Status.CAPTURED if charge.at_once else Status.AUTHORISED


def _waiting(seen: Seen, charge: Charge) -> Seen:
    """*seen* while its customer must act: in the bank's app, or on a page."""
    waiting = replace(seen, status=Status.PENDING, captured_minor=0)
    if charge.method is Method.SBP:
        return replace(waiting, qr_payload=QR + seen.reference)
    return replace(waiting, payment_url=PAGE + seen.reference)


def _card(charge: Charge) -> Card | None:
    if not charge.keep_card or charge.method is Method.SBP:
        return None
    digest = hashlib.sha256(f"{charge.token}:{charge.reference}".encode()).hexdigest()
    return Card(f"card_{digest[:24]}", "Mir", "4242", "2030-12")


def _said(seen: Seen, status: Status) -> Seen:
    """The bank's word counts once; a card's money is held, SBP's is taken. What is held it may let
    go of."""
    let_go = seen.status is Status.AUTHORISED and status is Status.VOID
    if seen.status is not Status.PENDING and not let_go:
        return seen
    taken = seen.amount_minor if status is Status.CAPTURED else 0
    return replace(seen, status=status, captured_minor=taken)


def _changed(reference: str, change: Callable[[Seen], Seen], key: str | None = None) -> Seen:
    """The payment after *change*, made once under *key*."""

    def attempt() -> Seen:
        item = table.get(f"SANDBOX#{reference}", "PAYMENT")
        if item is None:
            return Seen(reference, Status.VOID, 0)
        before = _seen(item)
        if key in item["keys"] or (after := change(before)) == before:
            return before
        keys = [*item["keys"], *([key] if key else [])]
        unchanged = Attr("version").eq(item["version"])
        table.apply(table.put(_item(after, item["version"] + 1, keys), unchanged))
        return after

    return table.retried(attempt)


def _item(seen: Seen, version: int, keys: list[str] | None = None) -> table.Item:
    known = asdict(seen) | {"status": seen.status.value, "version": version, "keys": keys or []}
    return {"pk": f"SANDBOX#{seen.reference}", "sk": "PAYMENT"} | known


def _seen(item: table.Item) -> Seen:
    known = {name: item[name] for name in Seen.__slots__}
    card = Card(**item["card"]) if item["card"] else None
    return Seen(**known | {"status": Status(item["status"]), "card": card})
