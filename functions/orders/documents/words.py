"""Words of documents: in Russian, which the books are kept in, with the title in English. Pure."""

from collections.abc import Mapping

from common.language import Text
from orders.documents.document import Kind
from orders.order.bill import Method
from orders.wallet import transaction

TITLES: Mapping[Kind, Text] = {
    Kind.INVOICE: Text(ru="Счёт", en="Invoice"),
    Kind.RECEIPT: Text(ru="Квитанция об оплате", en="Receipt"),
    Kind.REFUND_RECEIPT: Text(ru="Квитанция о возврате", en="Refund receipt"),
    Kind.ACT: Text(ru="Акт об оказании услуг", en="Act for services"),
    Kind.STATEMENT: Text(ru="Выписка", en="Statement"),
}
METHODS: Mapping[str, str] = {
    Method.CARD: "карта",
    Method.SBP: "СБП",
    Method.CASH: "наличные при получении",
    Method.BALANCE: "баланс",
    transaction.BY_GIFT_CARD: "подарочная карта",
}
MOVEMENTS: Mapping[transaction.Kind, str] = {
    transaction.Kind.PAYMENT: "Оплата",
    transaction.Kind.REFUND: "Возврат",
    transaction.Kind.TOP_UP: "Пополнение баланса",
    transaction.Kind.TRANSFER: "Перевод",
    transaction.Kind.GIFT_CARD: "Пополнение баланса",
}
UNBROKEN = "\N{NO-BREAK SPACE}"
SIGNS = {"RUB": "₽", "EUR": "€", "USD": "$", "KZT": "₸", "BYN": "Br"}
ACCEPTED = "Услуги оказаны полностью и в срок, претензий по объёму и качеству нет."


def money(minor: int, currency: str) -> str:
    """A sum as 1 234,56 ₽, which no line breaks."""
    whole, part = divmod(abs(minor), 100)
    sign = "−" if minor < 0 else ""
    grouped = f"{whole:,}".replace(",", UNBROKEN)
    return f"{sign}{grouped},{part:02}{UNBROKEN}{SIGNS[currency]}"
