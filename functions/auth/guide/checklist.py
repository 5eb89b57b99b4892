"""The first set-up: steps, which of them are done, and when that is a success. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from auth.guide.standing import Standing
from common.language import Text


class Name(StrEnum):
    CONTACT = "contact"
    NAME = "name"
    BIRTHDAY = "birthday"
    CONSENTS = "consents"
    SECOND_FACTOR = "second_factor"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to set up: `path` is where to go for it."""

    name: Name
    title: Text
    path: str
    is_done: Callable[[Standing], bool]


STEPS = (
    Step(
        Name.CONTACT,
        Text(ru="Подтвердите почту или телефон", en="Confirm your e-mail or phone"),
        "/v1/me",
        lambda known: bool(known.profile.email or known.profile.phone),
    ),
    Step(
        Name.NAME,
        Text(ru="Скажите, как к вам обращаться", en="Tell us what to call you"),
        "/v1/me",
        lambda known: known.profile.name is not None,
    ),
    Step(
        Name.BIRTHDAY,
        Text(ru="Назовите день рождения", en="Tell us your birthday"),
        "/v1/me",
        lambda known: known.profile.birthday is not None,
    ),
    Step(
        Name.CONSENTS,
        Text(ru="Решите, что нам можно о вас помнить", en="Decide what we may remember of you"),
        "/v1/me/consents",
        lambda known: bool(known.profile.consents),
    ),
    Step(
        Name.SECOND_FACTOR,
        Text(ru="Защитите вход вторым фактором", en="Protect your sign-in by a second factor"),
        "/v1/auth/factors",
        lambda known: bool(known.account.factors or known.account.passkeys),
    ),
    Step(
        Name.ORDER,
        Text(ru="Сделайте первый заказ", en="Place your first order"),
        "/v1/products",
        lambda known: known.guide.has_ordered,
    ),
)


def done(known: Standing) -> frozenset[Name]:
    """The steps that are done."""
    return frozenset(step.name for step in STEPS if step.is_done(known))


def left(known: Standing) -> frozenset[str]:
    """The steps that are neither done nor dismissed."""
    return frozenset(Name) - done(known) - known.guide.dismissed


def is_to_be_told(known: Standing) -> bool:
    """Whether this is the first success: nothing is left, the customer has ordered, and it was
    never told."""
    return not left(known) and known.guide.has_ordered and not known.guide.has_succeeded
