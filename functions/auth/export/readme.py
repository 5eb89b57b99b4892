"""The words that come with an archive. Pure."""

from auth.export.export import Export
from common.language import Language, Text

WORDS = Text(
    ru="""Ваши данные

Здесь всё, что магазин хранил о вас на {day} (UTC).

account/   аккаунт и профиль: входы, устройства, согласия, заметки, кто смотрел ваши данные
shopping/  корзина, заказы, адреса, карты, деньги, списки желаний, отслеживаемые товары
points/    баллы: начисления, списания и остаток
messages/  письма и сообщения, настройки рассылок
support/   обращения в поддержку и переписка

Файлы в формате JSON: их открывает любой текстовый редактор. Пустых разделов нет.
Суммы (…_minor) — в копейках или других наименьших единицах валюты, время — по UTC.

Здесь нет паролей и других секретов: их не знаем и мы, хранится только то, чем их можно проверить.
Нет и того, что говорит о других людях: ни сотрудников магазина, ни покупателей.
""",
    en="""Your data

This is all that the shop kept of you on {day} (UTC).

account/   account and profile: sign-ins, devices, consents, notes, who looked at your data
shopping/  cart, orders, addresses, cards, money, wish lists, watched products
points/    points: what was earned and spent, and what is left
messages/  letters and messages, and what you chose to get
support/   your questions to support, and the answers

The files are JSON: any text editor opens them. What would be empty is not here.
Sums (…_minor) are in the smallest unit of the currency, times are in UTC.

Passwords and other secrets are not here: we do not know them either, and keep what checks them.
Nor is what tells of other people, be they staff of the shop or its customers.
""",
)


def text(made: Export, language: Language) -> str:
    return WORDS[language].format(day=f"{made.requested_at:%Y-%m-%d}")
