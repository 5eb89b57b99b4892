"""The structure of the account: its sections, each with the route that serves it. Pure."""

from dataclasses import dataclass

from auth.guide import checklist
from auth.guide.standing import Kind, Standing
from common.language import Text


@dataclass(frozen=True, slots=True)
class Section:
    name: str
    title: Text
    path: str


CHECKLIST = Section("checklist", Text(ru="Первые шаги", en="First steps"), "/v1/me/checklist")
SECTIONS = (
    Section("orders", Text(ru="Заказы", en="Orders"), "/v1/orders"),
    Section("returns", Text(ru="Возвраты", en="Returns"), "/v1/returns"),
    Section("wallet", Text(ru="Баланс", en="Balance"), "/v1/wallet"),
    Section("points", Text(ru="Баллы", en="Points"), "/v1/loyalty"),
    Section("wish-lists", Text(ru="Списки желаний", en="Wish lists"), "/v1/wish-lists"),
    Section("reviews", Text(ru="Отзывы", en="Reviews"), "/v1/reviews"),
    Section("documents", Text(ru="Документы", en="Documents"), "/v1/documents"),
    Section("inbox", Text(ru="Сообщения", en="Messages"), "/v1/inbox"),
    Section("tickets", Text(ru="Поддержка", en="Support"), "/v1/tickets"),
    Section("notes", Text(ru="Блокнот", en="Notebook"), "/v1/me/notes"),
    Section("addresses", Text(ru="Адреса", en="Addresses"), "/v1/addresses"),
    Section("profile", Text(ru="О себе", en="About you"), "/v1/me"),
    Section("consents", Text(ru="Согласия", en="Consents"), "/v1/me/consents"),
    Section("preferences", Text(ru="Уведомления", en="Notifications"), "/v1/preferences"),
    Section("passkeys", Text(ru="Ключи доступа", en="Passkeys"), "/v1/auth/passkeys"),
    Section("sessions", Text(ru="Устройства", en="Devices"), "/v1/auth/sessions"),
)


def sections(known: Standing) -> tuple[Section, ...]:
    """Those that apply: what is set up, or hidden, needs no first steps."""
    begins = checklist.left(known) and not known.guide.hidden
    return (CHECKLIST, *SECTIONS) if begins else SECTIONS


def counts(known: Standing) -> dict[str, int]:
    """What waits in each section whose count the guide knows."""
    is_open = {kind.value: known.guide.is_open.get(kind, 0) for kind in Kind}
    kept = {"notes": known.notes, "passkeys": len(known.account.passkeys)}
    return is_open | {"checklist": len(checklist.left(known))} | kept
