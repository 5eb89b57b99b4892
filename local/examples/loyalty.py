"""Bodies of loyalty's routes."""

from typing import Any

BODIES: dict[str, Any] = {
    "PUT /v1/staff/coupons/{code}": {
        "percent": 10,
        "from_minor": 150_000,
        "ends_at": "2030-12-31T21:00:00Z",
        "most_uses": 1000,
        "per_customer": 1,
    },
}
