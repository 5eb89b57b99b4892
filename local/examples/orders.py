"""Bodies of orders."""

from typing import Any

ADDRESS = {
    "recipient": "Anna Walker",
    "phone": "+79991234567",
    "country": "RU",
    "city": "Moscow",
    "street": "Tverskaya",
    "house": "1",
    "apartment": "5",
    "postal_code": "125009",
    "comment": "The bell is broken",
}
BODIES: dict[str, dict[str, Any]] = {
    "PUT /v1/cart/lines/{sku}": {"quantity": 2},
    "PUT /v1/cart/gift": {"wrap": True, "card": "С днём рождения!", "hide_prices": True},
    "POST /v1/cart/merge": {
        "guest_token": "guest.01980000-0000-7000-8000-000000000000.q83vEjRWeJCrze8SNFZ4kA"
    },
    "POST /v1/wish-lists": {"name": "Новоселье"},
    "PATCH /v1/wish-lists/{list_id}": {"name": "На новоселье"},
    "PUT /v1/wish-lists/{list_id}/items/{sku}": {"priority": "high", "note": "Лучше синий"},
    "POST /v1/wish-lists/{list_id}/items/{sku}/move-to-cart": {"quantity": 1},
    "POST /v1/repeat-deliveries": {
        "items": [{"sku": "TEA-1", "quantity": 2}],
        "every_weeks": 4,
        "next_on": "2027-01-15",
        "address_id": "01980000-0000-7000-8000-000000000000",
        "payment": "cash_on_delivery",
    },
    "PATCH /v1/repeat-deliveries/{repeat_id}": {"every_weeks": 6},
    "PUT /v1/repeat-deliveries/{repeat_id}/skip": {"on": "2027-01-15"},
    "PUT /v1/reviews/{sku}": {
        "rating": 5,
        "text": "Крепкий, с медовым запахом. Беру уже второй раз.",
        "author": "Анна",
    },
    "PUT /v1/visits/searches": {"words": "травяной чай", "found": ["TEA-1"]},
    "PUT /v1/visits/keeping": {"on": True},
    "POST /v1/visits/merge": {
        "guest_token": "guest.01980000-0000-7000-8000-000000000000.q83vEjRWeJCrze8SNFZ4kA"
    },
    "PUT /v1/staff/reviews/{review_id}/decision": {"version": 1},
    "PUT /v1/staff/reviews/{review_id}/answer": {"text": "Спасибо! Рады, что понравился."},
    "POST /v1/addresses": ADDRESS | {"default": True},
    "PATCH /v1/addresses/{address_id}": {"apartment": "7", "comment": None},
    "POST /v1/delivery-quotes": {
        "address": {
            "country": "RU",
            "city": "Moscow",
            "street": "Tverskaya",
            "house": "1",
            "postal_code": "125009",
        }
    },
    "PUT /v1/staff/delivery-rates": {
        "zones": [
            {
                "name": "Moscow",
                "country": "RU",
                "postal_prefixes": ["10", "12"],
                "cities": ["Moscow", "Москва"],
                "rates": [
                    {"up_to_grams": 3000, "price_minor": 29900, "days_min": 1, "days_max": 2},
                    {"up_to_grams": 20000, "price_minor": 59900, "days_min": 1, "days_max": 3},
                ],
            }
        ]
    },
    "PUT /v1/staff/pickup-points/{point_id}": {
        "name": "Arbat",
        "city": "Moscow",
        "address": "Arbat, 10",
        "hours": "10:00-22:00",
        "price_minor": 9900,
        "days_min": 1,
        "days_max": 2,
    },
    "POST /v1/checkout": {
        "delivery": {
            "recipient": "Anna Walker",
            "phone": "+79991234567",
            "address": "Moscow, Tverskaya 1, apt. 5",
        },
        "payment": "cash_on_delivery",
        "points_to_spend": 0,
    },
    "POST /v1/payments": {
        "order_id": "01980000-0000-7000-8000-000000000000",
        "token": "tok_ok",
        "keep_card": True,
    },
    "POST /v1/wallet/top-ups": {"amount_minor": 50000, "method": "card", "token": "tok_ok"},
    "PUT /v1/cart/coupon": {"code": "TEA-10"},
    "POST /v1/wallet/gift-cards": {"code": "7K2M-0QX4-ZT9B-3HDV"},
    "POST /v1/wallet/transfers": {
        "to_customer_id": "01980000-0000-7000-8000-000000000000",
        "amount_minor": 10000,
    },
    "POST /v1/return-previews": {
        "order_id": "01980000-0000-7000-8000-000000000000",
        "lines": [{"sku": "TEA-1", "quantity": 1, "reason": "defect"}],
    },
    "POST /v1/returns": {"preview_id": "q83vEjRWeJCrze8SNFZ4kHsiY", "comment": "Не тот вкус"},
    "POST /v1/returns/{return_id}/photos/upload": {"content_type": "image/jpeg"},
    "POST /v1/returns/{return_id}/photos": {
        "upload_id": "01900000-0000-7000-8000-00000000000a",
        "sku": "TEA-1",
    },
    "POST /v1/staff/returns/{return_id}/decision": {
        "decision": "rejected",
        "rejection": "used",
        "note": "Пачка вскрыта",
    },
    "POST /v1/staff/returns/{return_id}/receipt": {
        "lines": [{"sku": "TEA-1", "restocked": 1, "scrapped": 0}]
    },
    "POST /v1/staff/orders/{order_id}/refunds": {"amount_minor": 100, "reason": "goodwill"},
    "POST /v1/documents/{document_id}/link": {"format": "pdf"},
    "POST /v1/documents/statements": {"first": "2026-01-01", "last": "2026-03-31"},
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
                "group": "TEA",
                "attributes": [
                    {
                        "code": "weight",
                        "name_ru": "Вес",
                        "name_en": "Weight",
                        "value_ru": "100 г",
                        "value_en": "100 g",
                    }
                ],
            }
        ]
    },
    "POST /v1/staff/imports": {"format": "yml", "dry_run": True},
    "POST /v1/staff/products": {
        "sku": "TEA-GIFT",
        "category": "gifts",
        "kind": "gift_card",
        "name_ru": "Подарочная карта",
        "name_en": "Gift card",
        "description_ru": "Чай выберут сами.",
        "description_en": "The tea is theirs to choose.",
        "price_minor": 200000,
    },
    "PATCH /v1/staff/products/{sku}": {"price_minor": 39000},
    "PUT /v1/staff/products/{sku}/stock": {
        "places": {"main": 30, "arbat-shop": 8},
        "reason": "November count",
    },
    "POST /v1/staff/products/{sku}/stock/moves": {
        "place": "main",
        "change": 24,
        "reason": "A delivery from Georgia",
    },
    "PUT /v1/staff/categories/{category_id}": {
        "name_ru": "Травы",
        "name_en": "Herbs",
        "parent_id": None,
        "place": 3,
    },
    "PUT /v1/staff/search/synonyms": {"groups": [["кружка", "чашка", "mug"], ["плед", "throw"]]},
    "PUT /v1/staff/picture-hosts": {"hosts": ["pictures.example.com"]},
}
