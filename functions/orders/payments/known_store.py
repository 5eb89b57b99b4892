"""Under which id a provider knows a payment of ours.

pk                   sk        what
PAYMENT#<reference>  PROVIDER  the id that the provider gave the payment
"""

from common import table


def note(reference: str, provider_id: str) -> None:
    """Noting it again is the same."""
    known = {"pk": f"PAYMENT#{reference}", "sk": "PROVIDER", "id": provider_id}
    table.apply(table.put(known, None))


def find(reference: str) -> str | None:
    item = table.get(f"PAYMENT#{reference}", "PROVIDER")
    return str(item["id"]) if item else None
