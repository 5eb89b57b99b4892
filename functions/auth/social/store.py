"""Flows in DynamoDB. Identities are the account's: see auth.store.

pk          sk     what
FLOW#<id>   FLOW   a flow, with the hash of its client's secret; whom the provider showed
"""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from auth.rows import seconds
from auth.social.flow import Flow, FlowOver, Person
from common import table
from common.conditions import Attr
from common.expressions import Item, Path


def begin(flow: Flow, secret_hash: str) -> None:
    table.apply(
        table.put(
            {
                "pk": f"FLOW#{flow.id}",
                "sk": "FLOW",
                "secret_hash": secret_hash,
                "provider": flow.provider,
                "links": flow.links,
                "return_to": flow.return_to,
                "begun_at": flow.begun_at.isoformat(),
                "expires_at": seconds(flow.valid_until),
            },
            table.ABSENT | Attr("secret_hash").eq(secret_hash),  # its own, sent again
        )
    )


def find(flow_id: str, secret_hash: str, at: datetime) -> Flow:
    """The flow as its client may finish it. FlowOver otherwise."""
    row = _held(flow_id, secret_hash, at)
    if row is None or "used_at" in row:
        raise FlowOver
    return _flow(row)


def use(flow: Flow, at: datetime, person: Person | None = None) -> table.Write:
    """The write by which the flow is finished: refused when it was before. *person* is kept for an
    account to be linked to them."""
    told = asdict(person) if person else {}
    kept = {name: value for name, value in told.items() if value is not None}
    noted: dict[Path, Any] = {"used_at": at.isoformat()}
    return table.update(
        f"FLOW#{flow.id}",
        "FLOW",
        assign=noted | ({"person": kept} if kept else {}),
        condition=table.PRESENT & Attr("used_at").not_exists(),
    )


def introduce(flow: Flow, person: Person, at: datetime) -> None:
    """Finish the flow and keep whom the provider showed. FlowOver when it was finished before."""
    try:
        table.commit(use(flow, at, person))
    except table.ConditionFailed as refused:
        raise FlowOver from refused


def introduced(flow_id: str, secret_hash: str, at: datetime) -> tuple[Flow, Person]:
    """The flow and whom it showed. FlowOver unless it is this client's and current."""
    row = _held(flow_id, secret_hash, at)
    flow = _flow(row) if row else None
    if flow is None or flow.person is None:
        raise FlowOver
    return flow, flow.person


def link(flow: Flow, at: datetime) -> table.Write:
    """The write by which the flow has linked: refused when it has already."""
    return table.update(
        f"FLOW#{flow.id}",
        "FLOW",
        assign={"linked_at": at.isoformat()},
        condition=table.PRESENT & Attr("linked_at").not_exists(),
    )


def _held(flow_id: str, secret_hash: str, at: datetime) -> Item | None:
    """The row of the flow, where it is current and the client's own."""
    row = table.get(f"FLOW#{flow_id}", "FLOW")
    held = row and row["secret_hash"] == secret_hash and row["expires_at"] > seconds(at)
    return row if held else None


def _flow(row: Item) -> Flow:
    return Flow(
        id=row["pk"].removeprefix("FLOW#"),
        provider=row["provider"],
        links=row["links"],
        return_to=row["return_to"],
        begun_at=datetime.fromisoformat(row["begun_at"]),
        person=Person(**row["person"]) if "person" in row else None,
    )
