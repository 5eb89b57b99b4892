"""Bodies of auth."""

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
    "POST /v1/auth/sign-in/codes": {"login": "+79991234567"},
    "POST /v1/auth/sign-in/codes/{challenge_id}/confirm": {"code": "407082"},
    "POST /v1/auth/social/{provider_name}": {"return_to": "/cart"},
    "POST /v1/auth/social/callback": {
        "state": "01980000-0000-7000-8000-000000000000",
        "flow_secret": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        "code": "what the service sent back",
    },
    "POST /v1/auth/identities": {
        "linking_id": "01980000-0000-7000-8000-000000000000",
        "flow_secret": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
    },
    "PATCH /v1/me": {
        "name": "Anna Walker",
        "birthday": "1990-02-28",
        "time_zone": "Europe/Moscow",
        "interests": ["tea", "bath"],
    },
    "PUT /v1/me/consents/{purpose}": {"given": True, "text_version": 1},
    "POST /v1/me/notes": {"text": "Linen size: 160 × 200. Ask about the blue one."},
    "POST /v1/me/avatar": {"upload_id": "01900000-0000-7000-8000-00000000000a"},
    "POST /v1/me/avatar/upload": {"content_type": "image/jpeg"},
    "PATCH /v1/me/checklist": {"dismiss": ["second_factor"], "hidden": False},
    "PATCH /v1/me/notes/{note_id}": {"text": "Linen size: 160 × 220."},
    "POST /v1/staff/invitations": {"email": "agent@example.com", "role": "agent", "language": "en"},
    "PATCH /v1/staff/members/{member_id}": {"role": "manager"},
    "POST /v1/staff/members/{member_id}/renewals": {"language": "en"},
    "POST /v1/auth/invitations/{invitation_id}/accept": {
        "token": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        "password": PASSWORD,
    },
    "POST /v1/auth/invitations/{invitation_id}/confirm": {
        "token": "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA",
        "totp_code": "407082",
    },
    "POST /v1/auth/sign-in": {"login": "you@example.com", "password": PASSWORD},
    "POST /v1/auth/step-ups": {"act": "password"},
    "POST /v1/auth/step-ups/{step_up_id}/proof": {"password": "correct horse battery"},
    "POST /v1/auth/contacts": {"email": "you@new.example.com"},
    "POST /v1/auth/contacts/{contact_id}/confirm": {"code": "407082"},
    "POST /v1/auth/sign-in/second-steps/{second_step_id}/codes": {"method": "sms"},
    "POST /v1/auth/sign-in/second-steps/{second_step_id}/confirm": {"code": "407082"},
    "POST /v1/auth/factors/codes": {"kind": "sms", "to": "+79991234567"},
    "POST /v1/auth/factors/{enrolment_id}/confirm": {"code": "407082"},
    "PUT /v1/auth/password": {"new_password": "another happy walk"},
    "POST /v1/auth/recoveries": {"login": "you@example.com"},
    "POST /v1/auth/recoveries/{recovery_id}/confirm": {
        "code": "407082",
        "new_password": "another happy walk",
    },
    "POST /v1/auth/not-me": {
        "token": "01980000000070008000000000000001-01980000000070008000000000000002-"
        "mfrggzdfmztwq2lkmfrggzdfmz"
    },
    "POST /v1/auth/refresh": {
        "refresh_token": "01980000-0000-7000-8000-000000000000.1."
        "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"
    },
}
