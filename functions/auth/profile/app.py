"""HTTP routes of the customer's profile."""

import os
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Self

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from auth.avatar.avatar import ROUTE
from auth.profile import store
from auth.profile.facts import facts
from auth.profile.profile import Need, Profile, changed
from auth.registration.registration import TimeZone
from common import access, clock, fields, table, tagged
from common import api as shell
from common.fields import Day, OwnLine
from common.language import DEFAULT, Language, Text

router = Router()  # type: ignore[no-untyped-call] # Powertools leaves it untyped

MOST_INTERESTS = 20
UNCHANGED: dict[int, Any] = {304: {"description": "All is as it was"}}

Name = Annotated[OwnLine, Field(max_length=100)]
# The name of a category of goods, as the catalogue has it.
Interest = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{2,40}$")]
Interests = Annotated[
    list[Interest],
    Field(max_length=MOST_INTERESTS),
    AfterValidator(lambda named: tuple(dict.fromkeys(named))),
]
Needs = Annotated[
    list[Need],
    Field(max_length=len(Need)),
    AfterValidator(lambda named: tuple(dict.fromkeys(named))),
]

fields.REASONS["nothing_to_change"] = Text(
    ru="Назовите хотя бы одно поле.", en="Name at least one field."
)


class ProfileChanges(shell.Body):
    """What is not named stays; null is forgotten, and for language and time zone the shop's
    own holds then. Needs ask for the consent to segments."""

    name: Name | None = None
    birthday: Day | None = None
    language: Language | None = None
    time_zone: TimeZone | None = None
    interests: Interests | None = None
    needs: Needs | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise PydanticCustomError("nothing_to_change", "no field is named")
        return self

    @property
    def wanted(self) -> Mapping[str, Any]:
        """The named fields, with what stands for null."""
        unnamed = {
            "language": DEFAULT,
            "time_zone": os.environ["SHOP_TIME_ZONE"],
            "interests": (),
            "needs": (),
        }
        asked = {name: getattr(self, name) for name in self.model_fields_set}
        return {n: unnamed.get(n) if value is None else value for n, value in asked.items()}


class ProfileView(shell.View):
    """`email` and `phone` are proven; they change by a proof, not here. `avatar` is the route that
    has links to the picture, null where there is none: links end, and this answer may be kept.
    `avatar_offered` is whether a provider showed one that may be taken."""

    id: str
    name: str | None
    birthday: date | None
    language: Language
    time_zone: str
    interests: list[str]
    needs: list[Need]
    email: str | None
    phone: str | None
    registered_at: AwareDatetime
    avatar: str | None
    avatar_offered: bool


@router.get("/v1/me", responses=shell.shown(ProfileView) | UNCHANGED)
def show_profile(if_none_match: shell.IfNoneMatch = None) -> Response[Any]:
    """Show what the shop knows of you; 304 while it is as it was."""
    caller = access.customer(router)
    return _shown(store.find(caller.id), if_none_match)


@router.patch("/v1/me", responses=shell.shown(ProfileView))
def change_profile(request: ProfileChanges, if_match: shell.IfMatch = None) -> Response[Any]:
    """Change what you tell of yourself: what is not named stays, null is forgotten."""
    caller = access.customer(router)
    return _shown(table.retried(partial(_change, caller.id, request.wanted, if_match)))


def _change(customer_id: str, wanted: Mapping[str, Any], if_match: str | None) -> Profile:
    now, before = clock.now(), store.find(customer_id)
    shell.require_match(if_match, before.version)
    after = changed(before, wanted, now)
    if after is not before:
        store.save(before, after, *facts(before, after, now))
    return after


def _shown(profile: Profile, known: str | None = None) -> Response[Any]:
    view = ProfileView(
        id=profile.id,
        name=profile.name,
        birthday=profile.birthday,
        language=profile.language,
        time_zone=profile.time_zone,
        interests=list(profile.interests),
        needs=list(profile.needs),
        email=profile.email,
        phone=profile.phone,
        registered_at=profile.registered_at,
        avatar=ROUTE if profile.picture else None,
        avatar_offered=profile.provider_picture is not None,
    )
    return tagged.answer(view, shell.etag(profile.version), known)
