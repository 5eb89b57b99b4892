"""Flows in DynamoDB. Identities are the account's: see auth.store.

pk          sk     what
FLOW#<id>   FLOW   a flow, with the hash of its client's secret; whom the provider showed
"""

from dataclasses import asdict
from datetime import datetime

from auth.rows import seconds
from auth.social.flow import Flow, FlowOver, Person
from common import table
from common.conditions import Attr, Condition
from common.expressions import Item


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
            }
        )
    )


def use(flow_id: str, secret_hash: str, at: datetime) -> Flow:
    """The flow, for its client and once. FlowOver otherwise."""
    used = table.update(
        f"FLOW#{flow_id}",
        "FLOW",
        assign={"used_at": at.isoformat()},
        condition=_held(secret_hash, at) & Attr("used_at").not_exists(),
    )
    try:
        return _flow(table.apply(used))
    except table.ConditionFailed as refused:
        raise FlowOver from refused


def introduce(flow: Flow, person: Person) -> None:
    """Keep whom the provider showed, for an account to be linked to them."""
    kept = {name: value for name, value in asdict(person).items() if value is not None}
    table.apply(table.update(f"FLOW#{flow.id}", "FLOW", assign={"person": kept}))


def introduced(flow_id: str, secret_hash: str, at: datetime) -> tuple[Flow, Person]:
    """The flow and whom it showed. FlowOver unless it is this client's and current."""
    row = table.get(f"FLOW#{flow_id}", "FLOW")
    held = row and row["secret_hash"] == secret_hash and row["expires_at"] > seconds(at)
    flow = _flow(row) if row and held else None
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


def _held(secret_hash: str, at: datetime) -> Condition:
    return Attr("secret_hash").eq(secret_hash) & Attr("expires_at").gt(seconds(at))


def _flow(row: Item) -> Flow:
    return Flow(
        id=row["pk"].removeprefix("FLOW#"),
        provider=row["provider"],
        links=row["links"],
        return_to=row["return_to"],
        begun_at=datetime.fromisoformat(row["begun_at"]),
        person=Person(**row["person"]) if "person" in row else None,
    )
