"""The words that come with an archive. Pure."""

from auth.export.export import Export
from common.export import LEFT_OUT, MOST_FILES
from common.language import Language, Text

# Each document is there in so many formats.
FORMATS = 2
WORDS = Text(
    ru="""Ваши данные

Здесь всё, что магазин хранил о вас на {day} (UTC).

account/   аккаунт и профиль: входы, устройства, согласия, заметки, кто смотрел ваши данные,
           и ваша фотография
shopping/  корзина, заказы, адреса, карты, деньги, списки желаний, отслеживаемые товары,
           и документы по заказам
points/    баллы: начисления, списания и остаток
messages/  письма и сообщения, настройки рассылок
support/   обращения в поддержку и переписка

Файлы в формате JSON: их открывает любой текстовый редактор. Пустых разделов нет.
Документов здесь до {documents}, начиная с новых. Если их больше, остальные перечислены
в файле shopping/{left_out}: их можно скачать в личном кабинете.
Суммы (…_minor) — в копейках или других наименьших единицах валюты, время — по UTC.

Здесь нет паролей и других секретов: их не знаем и мы, хранится только то, чем их можно проверить.
Нет и того, что говорит о других людях: ни сотрудников магазина, ни покупателей.
""",
    en="""Your data

This is all that the shop kept of you on {day} (UTC).

account/   account and profile: sign-ins, devices, consents, notes, who looked at your data,
           and your picture
shopping/  cart, orders, addresses, cards, money, wish lists, watched products,
           and documents about orders
points/    points: what was earned and spent, and what is left
messages/  letters and messages, and what you chose to get
support/   your questions to support, and the answers

The files are JSON: any text editor opens them. What would be empty is not here.
Up to {documents} documents are here, the newest first. Should there be more, the file
shopping/{left_out} names the others: you can fetch them in your account.
Sums (…_minor) are in the smallest unit of the currency, times are in UTC.

Passwords and other secrets are not here: we do not know them either, and keep what checks them.
Nor is what tells of other people, be they staff of the shop or its customers.
""",
)


def text(made: Export, language: Language) -> str:
    day, most = f"{made.requested_at:%Y-%m-%d}", MOST_FILES // FORMATS
    return WORDS[language].format(day=day, documents=most, left_out=LEFT_OUT)
