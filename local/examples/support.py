"""Bodies of support."""

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/tickets": {
        "subject": "One piece came damaged",
        "text": "Hello! One of the two was broken in its box. What can we do?",
        "category": "delivery",
    },
    "POST /v1/tickets/{ticket_id}/messages": {"text": "It was the larger one."},
    "POST /v1/staff/tickets/{ticket_id}/messages": {"text": "A new one is on its way."},
    "PUT /v1/staff/tickets/{ticket_id}/assignee": {"staff_id": None},
    "POST /v1/staff/tickets/{ticket_id}/transitions": {"to": "resolved"},
}
