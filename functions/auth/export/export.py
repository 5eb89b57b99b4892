"""An export: from the wish to the archive, and how many of them there may be. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from common.errors import NotFound, Refusal
from common.language import Text

# Who hands over a part; insights holds nothing of anybody.
CAPABILITIES = ("auth", "loyalty", "notify", "orders", "support")
KEPT = timedelta(days=7)
LINK_LIVES = timedelta(minutes=10)
MOST_A_DAY = 3
A_DAY = timedelta(days=1)


class ExportUnderWay(Refusal):
    """One is being made; `export_id` names it."""

    code = "export_under_way"
    title = Text(
        ru="Мы уже собираем ваши данные. Напишем, когда архив будет готов.",
        en="We are gathering your data already. We will write when the archive is ready.",
    )


class TooManyExports(Refusal):
    """So many a day are made; another may be asked for from `again_at` on."""

    code = "too_many_exports"
    title = Text(
        ru="Сегодня архив уже собирали несколько раз. Попробуйте завтра.",
        en="The archive was made several times today. Try again tomorrow.",
    )


class ExportNotReady(Refusal):
    """There is no archive yet."""

    code = "export_not_ready"
    title = Text(
        ru="Архив ещё не готов. Напишем, когда его можно будет скачать.",
        en="The archive is not ready yet. We will write when you can download it.",
    )


class LinkOver(NotFound):
    """The link was used, replaced by a newer one, or is too old; or there never was one."""

    code = "link_over"
    title = Text(
        ru="Ссылка уже не действует. Возьмите новую в личном кабинете.",
        en="This link works no longer. Take a new one in your account.",
    )


class State(StrEnum):
    GATHERING = "gathering"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Export:
    """*parts* are the capabilities that have handed theirs over. Whether ready or not, it is over
    when it *ends_at*."""

    id: str
    customer_id: str
    requested_at: datetime
    ends_at: datetime
    state: State = State.GATHERING
    version: int = 1
    parts: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return set(self.parts) == set(CAPABILITIES)

    def with_part(self, capability: str) -> "Export":
        return replace(self, version=self.version + 1, parts=(*self.parts, capability))

    def ready(self, now: datetime) -> "Export":
        return replace(self, state=State.READY, ends_at=now + KEPT)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A customer's exports: when those of the last day were asked for, and which one is being
    made. One that nobody could finish in a day stands in no other's way."""

    version: int = 0
    lately: tuple[datetime, ...] = ()
    under_way: str | None = None

    def taking(self, new: Export) -> "Shelf":
        """The shelf with *new* under way. ExportUnderWay, TooManyExports."""
        now = new.requested_at
        lately = tuple(at for at in self.lately if now < at + A_DAY)
        if self.under_way and lately:
            raise ExportUnderWay(export_id=self.under_way)
        if len(lately) >= MOST_A_DAY:
            raise TooManyExports(again_at=(lately[0] + A_DAY).isoformat())
        return Shelf(self.version + 1, (*lately, now), new.id)


def asked(export_id: str, customer_id: str, now: datetime) -> Export:
    return Export(export_id, customer_id, now, now + KEPT)
