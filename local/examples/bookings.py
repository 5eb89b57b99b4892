"""Bodies of bookings."""

from typing import Any

BODIES: dict[str, dict[str, Any]] = {
    "PUT /v1/staff/bookables/{bookable_id}": {
        "kind": "service",
        "name_ru": "Чайная церемония",
        "name_en": "Tea ceremony",
        "place": "Арбат, 10, Москва",
        "time_zone": "Europe/Moscow",
        "minutes": 60,
        "capacity": 2,
        "hours": [{"weekday": day, "begins": "10:00", "ends": "21:00"} for day in range(1, 8)],
        "closed": ["2027-01-01"],
        "ahead_days": 30,
        "notice_hours": 3,
    },
    "POST /v1/bookings": {"bookable_id": "tea-ceremony", "start": "2026-12-01T16:00:00+03:00"},
    "POST /v1/bookings/{booking_id}/move": {"start": "2026-12-01T18:00:00+03:00"},
    "POST /v1/staff/bookings/{booking_id}/move": {"start": "2026-12-01T19:00:00+03:00"},
}
