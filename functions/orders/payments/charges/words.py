"""What a customer is told of a payment: what happened, and what is next. Pure."""

from common.language import Language, Text
from orders.order.bill import Status

WORDS = {
    Status.PENDING: (
        Text(ru="Ждём подтверждения оплаты.", en="We are waiting for the payment's confirmation."),
        Text(
            ru="Откройте страницу оплаты или отсканируйте код в приложении банка. Если уже "
            "оплатили, ничего делать не нужно: напишем, как только узнаем от банка.",
            en="Open the payment page, or scan the code in your bank's app. If you have paid, "
            "there is nothing to do: we will write as soon as the bank tells us.",
        ),
    ),
    Status.AUTHORISED: (
        Text(ru="Оплата прошла, спасибо!", en="The payment went through, thank you!"),
        Text(
            ru="Банк зарезервировал сумму: спишем её, когда отправим заказ. Если доставки нет, "
            "спишем сразу.",
            en="Your bank holds the money; we take it when the order is on its way, or at once if "
            "there is nothing to deliver.",
        ),
    ),
    Status.CAPTURED: (
        Text(ru="Оплата прошла, спасибо!", en="The payment went through, thank you!"),
        Text(ru="Больше ничего делать не нужно.", en="There is nothing more to do."),
    ),
    Status.FAILED: (
        Text(
            ru="Оплата не прошла, деньги не списаны.", en="The payment failed; nothing was taken."
        ),
        Text(
            ru="Попробуйте ещё раз: можно с другой карты или из другого банка.",
            en="Try again: another card or another bank may do.",
        ),
    ),
    Status.VOID: (
        Text(ru="Оплата отменена.", en="The payment is called off."),
        Text(ru="Если деньги списались, они вернутся.", en="Any money taken will come back."),
    ),
}
UNANSWERED = (
    Text(ru="Банк пока не ответил.", en="The bank has not answered yet."),
    Text(
        ru="Скоро спросим его ещё раз и напишем, чем кончилось. Можно и оплатить ещё раз: дважды "
        "деньги не спишутся.",
        en="We will soon ask it again, and write to you what came of it. You may also pay again: "
        "nothing is taken twice.",
    ),
)


def told(status: Status, language: Language, *, answered: bool) -> dict[str, str]:
    """The words; without an answer there is nothing to open or to scan."""
    waits = status is Status.PENDING and not answered
    happened, following = UNANSWERED if waits else WORDS[status]
    return {"message": happened[language], "what_next": following[language]}
