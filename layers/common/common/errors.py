"""Problems a caller can act on (RFC 9457). Anything else is a bug and becomes a bare 500.

`type` is `urn:kabinet:problem:` and the class's code: it never changes, while titles may.
"""

from typing import Any, ClassVar

from common import fields
from common.language import Language, Text

TYPE_PREFIX = "urn:kabinet:problem:"


class Problem(Exception):
    """Base of every error that leaves as a response; *members* are shown to the caller."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[Text] = Text(
        ru="Запрос не удалось понять.", en="The request could not be understood."
    )

    def __init__(self, **members: Any) -> None:
        super().__init__(self.code)
        self.members = members
        self.headers: dict[str, str] = {}

    def body(self, language: Language) -> dict[str, Any]:
        return {
            "type": TYPE_PREFIX + self.code,
            "title": self.title[language],
            "status": self.status,
            **self.members,
        }


class Silent(Exception):
    """Another service did not answer: whether it did what it was asked is not known."""


class Refusal(Problem):
    """A decision of the business: with an Idempotency-Key it is remembered and repeated."""

    status = 409


class MalformedBody(Problem):
    code = "malformed_body"
    title = Text(ru="Тело запроса — некорректный JSON.", en="The body is not valid JSON.")


class Unauthorized(Problem):
    """No valid access token came with the request (RFC 6750)."""

    status = 401
    code = "unauthorized"
    title = Text(ru="Войдите, чтобы продолжить.", en="Sign in to continue.")

    def __init__(self, **members: Any) -> None:
        super().__init__(**members)
        self.headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}


class Forbidden(Problem):
    status = 403
    code = "forbidden"
    title = Text(ru="У вас нет прав на это действие.", en="You may not do this.")


class NotFound(Problem):
    """There is no such thing, or it is not the caller's: the two look the same."""

    status = 404
    code = "not_found"
    title = Text(ru="Ничего не найдено.", en="There is nothing here.")


class MethodNotAllowed(Problem):
    status = 405
    code = "method_not_allowed"
    title = Text(
        ru="Этот адрес не поддерживает такой метод.", en="This address does not take that method."
    )

    def __init__(self, allowed: list[str]) -> None:
        super().__init__()
        self.headers = {"Allow": ", ".join(allowed)}


class VersionConflict(Problem):
    """The If-Match of the request names an older version (RFC 9110 §13.1.1)."""

    status = 412
    code = "version_conflict"
    title = Text(
        ru="Данные изменились, обновите страницу и повторите.",
        en="This has changed meanwhile: reload and try again.",
    )


class BodyTooLarge(Problem):
    status = 413
    code = "body_too_large"
    title = Text(ru="Запрос слишком большой.", en="The request is too large.")


class UnsupportedMediaType(Problem):
    status = 415
    code = "unsupported_media_type"
    title = Text(
        ru="Присылайте JSON в UTF-8 без сжатия (application/json).",
        en="Send JSON in UTF-8, uncompressed (application/json).",
    )


class Invalid(Problem):
    """Fields that cannot be accepted; `errors` lists each with its place, code and words."""

    status = 422
    code = "invalid"
    title = Text(ru="Проверьте отмеченные поля.", en="Check the fields named below.")

    def body(self, language: Language) -> dict[str, Any]:
        named = self.members.get("errors", [])
        errors = [{**e, "message": fields.reason(e["code"], language)} for e in named]
        return super().body(language) | {"errors": errors}


class KeyReused(Problem):
    status = 422
    code = "idempotency_key_reused"
    title = Text(
        ru="Этот Idempotency-Key уже использован с другим запросом.",
        en="This Idempotency-Key was already used with another request.",
    )


class TooManyRequests(Problem):
    """A limit is used up; Retry-After says in seconds when it opens again (RFC 6585)."""

    status = 429
    code = "too_many_requests"
    title = Text(
        ru="Слишком много попыток. Подождите немного.", en="Too many attempts. Wait a little."
    )

    def __init__(self, retry_after_seconds: int) -> None:
        super().__init__(retry_after_seconds=retry_after_seconds)
        self.headers = {"Retry-After": str(retry_after_seconds)}


class HeadersTooLarge(Problem):
    status = 431
    code = "headers_too_large"
    title = Text(ru="Заголовки слишком большие.", en="The headers are too large.")


class InternalError(Problem):
    """A bug: the caller learns nothing but the request's id."""

    status = 500
    code = "internal_error"
    title = Text(
        ru="Что-то сломалось на нашей стороне. Мы уже знаем об этом.",
        en="Something broke on our side. We know about it.",
    )


class Busy(Problem):
    """A dependency did not answer in time or too many change one thing: the same call may be
    repeated."""

    status = 503
    code = "busy"
    title = Text(
        ru="Сейчас не получается ответить. Повторите через пару секунд.",
        en="We cannot answer right now. Try again in a few seconds.",
    )

    def __init__(self, retry_after_seconds: int = 2) -> None:
        super().__init__()
        self.headers = {"Retry-After": str(retry_after_seconds)}
