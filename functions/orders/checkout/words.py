"""What a customer is told of a new order: what happened, what is next, when, whom to ask. Pure."""

from datetime import date, timedelta

from common.language import Language, Text, money
from orders.order.money_store import PAY_WITHIN
from orders.order.order import Order

HAPPENED = Text(
    ru="Спасибо! Заказ {number} принят, товары уже отложены для вас.",
    en="Thank you! We have your order {number} and set the goods aside for you.",
)
TO_PAY = Text(
    ru="Товары отложены для вас. Осталось оплатить заказ {number}.",
    en="The goods are set aside for you. All that is left is to pay for order {number}.",
)
PAY_NEXT = Text(
    ru="Оплатите {sum} в течение {minutes} минут: после этого мы снимем товары с резерва и вернём "
    "всё, чем вы уже заплатили.",
    en="Pay {sum} within {minutes} minutes: after that we let the goods go and give back all that "
    "you have paid with already.",
)
TAKEN = Text(ru="Спасибо! Заказ {number} принят.", en="Thank you! We have your order {number}.")
TO_PAY_FOR = Text(
    ru="Осталось оплатить заказ {number}.", en="All that is left is to pay for order {number}."
)
PAY_FIRST = Text(
    ru="Оплатите {sum} в течение {minutes} минут: после этого заказ отменится, а всё, чем вы уже "
    "заплатили, вернётся.",
    en="Pay {sum} within {minutes} minutes: after that the order is cancelled, and all that you "
    "have paid with already comes back.",
)
CARDS_NEXT = Text(
    ru="Коды карт будут на странице заказа; напишем, как только они готовы.",
    en="The codes will be on the order's page; we will write as soon as they are ready.",
)
CARDS_WHEN = Text(
    ru="Обычно через минуту-другую после оплаты.",
    en="Usually a minute or two after the payment.",
)
SERVICE_NEXT = Text(
    ru="Везти ничего не нужно: напишем, когда всё будет сделано.",
    en="There is nothing to deliver: we will write when all is done.",
)
SERVICE_WHEN = Text(
    ru="Если услуга по записи, выберите удобное время в личном кабинете.",
    en="If the service is by appointment, choose a time in your account.",
)
NEXT = Text(
    ru="Скоро начнём собирать его и напишем, когда он отправится.",
    en="We will pack it soon and write to you when it is on its way.",
)
NEXT_AT_POINT = Text(
    ru="Скоро начнём собирать его и напишем, когда его можно будет забрать: {address}.",
    en="We will pack it soon and write to you when you can fetch it: {address}.",
)
WHEN = Text(ru="Ждите его {first}–{last}.", en="Expect it between {first} and {last}.")
WHEN_ON_A_DAY = Text(ru="Ждите его {first}.", en="Expect it on {first}.")
WHEN_UNKNOWN = Text(
    ru="Срок доставки сообщим, когда передадим заказ перевозчику.",
    en="We will tell you the day once the carrier has it.",
)
ASK = Text(
    ru="Есть вопрос? Напишите в поддержку и назовите номер заказа — поможем.",
    en="Any question? Write to support and name the order: we are glad to help.",
)


def told(order: Order, language: Language) -> dict[str, str]:
    """The words, by the members of the answer."""
    happened, following = _to_pay(order) if order.bill.is_awaited else _placed(order)
    known = {
        "number": order.number,
        "address": order.delivery.address,
        "sum": money(language, order.bill.amount_minor, order.currency),
        "minutes": int(PAY_WITHIN.total_seconds()) // 60,
    }
    return {
        "message": happened[language].format(**known),
        "what_next": following[language].format(**known),
        "when": _when(order, language),
        "whom_to_ask": ASK[language],
    }


def _to_pay(order: Order) -> tuple[Text, Text]:
    return (TO_PAY, PAY_NEXT) if order.goods else (TO_PAY_FOR, PAY_FIRST)


def _placed(order: Order) -> tuple[Text, Text]:
    if not order.goods:
        return TAKEN, CARDS_NEXT if order.is_gift_cards else SERVICE_NEXT
    return HAPPENED, NEXT if order.delivery.point_id is None else NEXT_AT_POINT


def _when(order: Order, language: Language) -> str:
    to = order.delivery
    if not order.goods:
        return (CARDS_WHEN if order.is_gift_cards else SERVICE_WHEN)[language]
    if to.days_min is None or to.days_max is None:
        return WHEN_UNKNOWN[language]
    days = [order.day + timedelta(days=n) for n in (to.days_min, to.days_max)]
    first, last = (_day(day, language) for day in days)
    words = WHEN if first != last else WHEN_ON_A_DAY
    return words[language].format(first=first, last=last)


def _day(day: date, language: Language) -> str:
    return f"{day:%d.%m}" if language is Language.RU else f"{day:%-d %B}"
