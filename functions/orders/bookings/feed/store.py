"""Links to customers' calendars in DynamoDB.

pk             sk        what
CUSTOMER#<id>  CALENDAR  the link that leads to the customer's bookings, while there is one
"""

from common import table

SK = "CALENDAR"


def link(customer_id: str) -> str | None:
    """The id of the customer's link."""
    row = table.get(f"CUSTOMER#{customer_id}", SK)
    return str(row["link_id"]) if row else None


def add(customer_id: str, link_id: str) -> None:
    """ConditionFailed where there is one."""
    table.apply(table.put({"pk": f"CUSTOMER#{customer_id}", "sk": SK, "link_id": link_id}))


def remove(customer_id: str) -> None:
    table.apply(table.delete(f"CUSTOMER#{customer_id}", SK, condition=None))
