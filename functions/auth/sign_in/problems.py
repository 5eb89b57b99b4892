"""What whoever signs in may hear instead of being let in."""

from typing import Any

from auth import logins
from auth.challenge.challenge import Challenge
from auth.factors.offers import Offer
from common.errors import Problem, TooManyRequests
from common.language import Text


class NotProven(Problem):
    """Whoever signs in has not shown to be who they say (RFC 9110 §15.5.2)."""

    status = 401

    def __init__(self, **members: Any) -> None:
        super().__init__(**members)
        self.headers = {"WWW-Authenticate": "Bearer"}


class WrongCredentials(NotProven):
    code = "wrong_credentials"
    title = Text(ru="Неверный логин или пароль.", en="The login or the password is wrong.")


class TooManyGuesses(TooManyRequests):
    """Too many passwords were tried at this login; `recovery` is where a new one can be had."""

    code = "too_many_guesses"
    title = Text(
        ru="Слишком много попыток. Подождите или восстановите доступ: пришлём код на почту или "
        "телефон.",
        en="Too many attempts. Wait, or recover your account by a code to your e-mail or phone.",
    )

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds)
        self.members["recovery"] = "/v1/auth/recoveries"


class SecondFactorRequired(NotProven):
    """The first proof was right, a second one is needed: one of `methods`, the preferred first,
    at `second_step_id` within `expires_in` seconds."""

    code = "second_factor_required"
    title = Text(
        ru="Остался один шаг: подтвердите вход вторым способом.",
        en="One more step: confirm the sign-in by your second factor.",
    )

    def __init__(self, step: Challenge, offers: tuple[Offer, ...]) -> None:
        methods = [
            {"kind": offer.kind, "to": logins.masked(offer.to) if offer.to else None}
            for offer in offers
        ]
        expires_in = int(step.valid_for.total_seconds())
        super().__init__(second_step_id=step.id, methods=methods, expires_in=expires_in)


class MethodNotOffered(Problem):
    """No code goes this way: `methods` of the second step tell which are open."""

    status = 422
    code = "method_not_offered"
    title = Text(
        ru="Этим способом код не отправить. Выберите один из предложенных.",
        en="No code can be sent this way. Choose one of those offered.",
    )


class WrongSecondFactor(NotProven):
    """`attempts_left`, of a second step, says how many more may be tried."""

    code = "wrong_second_factor"
    title = Text(
        ru="Код не подошёл. Проверьте его или возьмите следующий.",
        en="That is not the code. Check it, or take the next one.",
    )


class WrongPasskey(NotProven):
    """No passkey of this shop's proved anything: unknown, of another site or account, asked for
    too long ago, shown before, or a copy. All alike."""

    code = "wrong_passkey"
    title = Text(
        ru="Этот ключ доступа не подошёл. Попробуйте ещё раз или войдите по-другому.",
        en="That passkey did not work. Try again, or sign in another way.",
    )


class Overtaken(NotProven):
    """The account's sessions were revoked, or its factors changed, during this very call."""

    code = "sign_in_overtaken"
    title = Text(
        ru="Пока вы входили, аккаунт изменился. Войдите ещё раз.",
        en="The account changed while you were signing in. Sign in again.",
    )
