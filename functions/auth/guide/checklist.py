"""The first set-up: steps, and which of them are done. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from auth.account import Account
from auth.profile.profile import Profile
from common.language import Text


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to set up: `path` is where to go for it."""

    name: str
    title: Text
    path: str
    is_done: Callable[[Profile, Account], bool]


STEPS = (
    Step(
        "contact",
        Text(ru="Подтвердите почту или телефон", en="Confirm your e-mail or phone"),
        "/v1/me",
        lambda profile, _: bool(profile.email or profile.phone),
    ),
    Step(
        "name",
        Text(ru="Скажите, как к вам обращаться", en="Tell us what to call you"),
        "/v1/me",
        lambda profile, _: profile.name is not None,
    ),
    Step(
        "birthday",
        Text(ru="Назовите день рождения", en="Tell us your birthday"),
        "/v1/me",
        lambda profile, _: profile.birthday is not None,
    ),
    Step(
        "consents",
        Text(ru="Решите, что нам можно о вас помнить", en="Decide what we may remember of you"),
        "/v1/me/consents",
        lambda profile, _: bool(profile.consents),
    ),
    Step(
        "second_factor",
        Text(ru="Защитите вход вторым фактором", en="Protect your sign-in by a second factor"),
        "/v1/auth/factors",
        lambda _, account: bool(account.factors),
    ),
)


def done(profile: Profile, account: Account) -> frozenset[str]:
    """The names of the steps that are done."""
    return frozenset(step.name for step in STEPS if step.is_done(profile, account))
