"""A body for each route that takes one, as a client would send it.

The document shows them, and the tests of rights send them.
"""

from typing import Any

PASSWORD = "a long and happy walk"  # noqa: S105
BODIES: dict[str, dict[str, Any]] = {
    "POST /v1/auth/registrations": {
        "email": "you@example.com",
        "password": PASSWORD,
        "language": "en",
        "time_zone": "Europe/Moscow",
    },
    "POST /v1/auth/registrations/{registration_id}/confirm": {"code": "407082"},
    "POST /v1/auth/sign-in": {"login": "you@example.com", "password": PASSWORD},
    "POST /v1/auth/refresh": {
        "refresh_token": "01980000-0000-7000-8000-000000000000.1."
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"
    },
    "PUT /v1/cart/lines/{sku}": {"quantity": 2},
    "POST /v1/checkout": {
        "delivery": {
            "recipient": "Anna Walker",
            "phone": "+79991234567",
            "address": "Moscow, Tverskaya 1, apt. 5",
        },
        "payment": "cash_on_delivery",
        "points_to_spend": 0,
    },
    "POST /v1/staff/orders/{order_id}/transitions": {"to": "assembling"},
    "POST /v1/staff/products/imports": {
        "products": [
            {
                "sku": "TEA-1",
                "category": "tea",
                "kind": "good",
                "name_ru": "Чай, 100 г",
                "name_en": "Tea, 100 g",
                "description_ru": "Чёрный чай из Грузии.",
                "description_en": "Black tea from Georgia.",
                "price_minor": 45000,
                "available": 40,
            }
        ]
    },
    "POST /v1/tickets": {
        "subject": "One piece came damaged",
        "text": "Hello! One of the two was broken in its box. What can we do?",
        "category": "delivery",
    },
    "POST /v1/tickets/{ticket_id}/messages": {"text": "It was the larger one."},
    "POST /v1/staff/tickets/{ticket_id}/messages": {"text": "A new one is on its way."},
    "POST /v1/staff/tickets/{ticket_id}/transitions": {"to": "resolved"},
}
