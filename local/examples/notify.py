"""Bodies of notify."""

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "PUT /v1/me/push-device": {
        "platform": "android",
        "token": "dQw4w9WgXcQ:APA91bHun4MxP5egoKMwt2KZFBaFUH",
    },
    "PUT /v1/preferences": {
        "topics": [
            {"topic": "orders", "email": True, "sms": True},
            {"topic": "cart", "email": True, "sms": False, "consent": True},
        ],
        "text_version": "2026-11",
    },
}
