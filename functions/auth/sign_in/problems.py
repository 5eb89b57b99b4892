"""What whoever signs in may hear instead of being let in."""

from auth import logins
from auth.challenge.challenge import Challenge
from common.errors import Problem, TooManyRequests
from common.language import Text


class NotProven(Problem):
    """Whoever signs in has not shown to be who they say (RFC 9110 §15.5.2)."""

    status = 401

    def __init__(self) -> None:
        super().__init__()
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
    """The first proof was right: the same call with `totp_code` signs in."""

    code = "second_factor_required"
    title = Text(
        ru="Введите код из приложения-аутентификатора.", en="Enter the code from your app."
    )


class ConfirmationRequired(NotProven):
    """The password was right, but the sign-in is unusual, as `unusual` says. A code has gone `to`
    the owner: `POST /v1/auth/sign-in/codes/{challenge_id}/confirm` signs in by it."""

    code = "confirmation_required"
    title = Text(
        ru="Непривычный вход: подтвердите, что это вы, кодом, который мы отправили.",
        en="This sign-in is unusual: confirm that it is you by the code that we have sent.",
    )

    def __init__(self, challenge: Challenge, unusual: list[str]) -> None:
        super().__init__()
        self.members |= {
            "challenge_id": challenge.id,
            "expires_in": int(challenge.valid_for.total_seconds()),
            "channel": challenge.channel.value,
            "to": logins.masked(challenge.to),
            "unusual": unusual,
        }


class WrongSecondFactor(NotProven):
    code = "wrong_second_factor"
    title = Text(
        ru="Код не подошёл. Дождитесь следующего.",
        en="That is not the code. Wait for the next one.",
    )


class Overtaken(NotProven):
    """The account's sessions were revoked, or its factors changed, during this very call."""

    code = "sign_in_overtaken"
    title = Text(
        ru="Пока вы входили, аккаунт изменился. Войдите ещё раз.",
        en="The account changed while you were signing in. Sign in again.",
    )
