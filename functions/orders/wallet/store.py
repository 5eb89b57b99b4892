"""Top-ups and transfers in DynamoDB.

pk             sk             what
CUSTOMER#<id>  TOP-UP#<id>    a top-up
CUSTOMER#<id>  CONTACTS       there once the customer has registered (`claims.store`)
"""

from dataclasses import asdict
from datetime import datetime, timedelta

from common import guests, ids, ledger, outbox, table, timers
from common.access import Caller
from common.conditions import Attr
from orders.order.bill import Method, Status
from orders.wallet import transaction_store as transactions
from orders.wallet.top_up import TopUp
from orders.wallet.transaction import Kind, Transaction

CHECK = "top_up.check"
CHECK_AFTER = timedelta(minutes=1)
CHECKED_FOR = timedelta(days=1)


def balance(caller: Caller) -> ledger.Account:
    """The caller's balance. Unauthorized when the session has ended; one round trip."""
    [lots] = guests.get_live(caller, ledger.key(ledger.money_of(caller.id)))
    return ledger.parse([lots] if lots else [])


def owed(customer_id: str) -> int:
    """How far below zero the customer's money is."""
    return max(-sum(held(customer_id).lots.values()), 0)


def held(customer_id: str) -> ledger.Account:
    """The balance of a customer who is not asking."""
    name, pk, sk = ledger.key(ledger.money_of(customer_id))
    lots = table.get(pk, sk, table=name)
    return ledger.parse([lots] if lots else [])


def begin(wanted: TopUp) -> TopUp:
    """The top-up as it stands, begun now unless it was before, with the timer that asks after
    it."""
    try:
        table.commit(table.put(_item(wanted)), check(wanted, wanted.at + CHECK_AFTER))
    except table.ConditionFailed:
        return find(wanted.customer_id, wanted.id) or wanted
    return wanted


def find(customer_id: str, top_up_id: str) -> TopUp | None:
    item = table.get(f"CUSTOMER#{customer_id}", f"TOP-UP#{top_up_id}")
    return _parse(item) if item else None


def is_awaited(customer_id: str) -> bool:
    """Whether a top-up of the customer's is pending, and may yet be paid."""
    top_ups = table.query_all(f"CUSTOMER#{customer_id}", table.sort_key().begins_with("TOP-UP#"))
    return any(row["status"] == Status.PENDING.value for row in top_ups)


def check(one: TopUp, due: datetime) -> table.Write:
    subject = {"customer_id": one.customer_id, "top_up_id": one.id}
    return timers.arm(timers.Timer(CHECK, ids.derived(one.id, CHECK), due, subject))


def settled(after: TopUp, at: datetime) -> list[table.Write]:
    """What a top-up that has come to its end writes; refused if it had before."""
    pending = Attr("status").eq(Status.PENDING.value)
    row = table.put(_item(after), pending)
    if after.status is not Status.CAPTURED:
        return [row]
    booked = ledger.post(after.posting(at))
    return [row, *booked, transactions.add(after.transaction(at)), outbox.row(after.fact(at))]


def is_known(customer_id: str) -> bool:
    return table.get(f"CUSTOMER#{customer_id}", "CONTACTS") is not None


def transferred(transfer_id: str, one: Transaction, other: Transaction) -> list[table.Write]:
    """Money from the customer of *one* to that of *other*, noted by both."""
    source, target = (ledger.money_of(t.customer_id) for t in (one, other))
    legs = ledger.transfer(source, target, {ledger.NEVER: other.amount_minor})
    posting = ledger.Posting(transfer_id, Kind.TRANSFER.value, one.at, legs)
    return [*ledger.post(posting), *map(transactions.add, (one, other))]


def _item(one: TopUp) -> table.Item:
    known = {"method": one.method.value, "status": one.status.value, "at": one.at.isoformat()}
    keyed = {"pk": f"CUSTOMER#{one.customer_id}", "sk": f"TOP-UP#{one.id}"}
    return keyed | asdict(one) | known


def _parse(item: table.Item) -> TopUp:
    known = {name: item[name] for name in TopUp.__slots__}
    kinds = {"method": Method(item["method"]), "status": Status(item["status"])}
    return TopUp(**known | kinds | {"at": datetime.fromisoformat(item["at"])})
