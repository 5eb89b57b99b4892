"""Why a customer got a message, or why not: in words for them. Pure."""

from common.language import Text
from notify.message import Kind, Message, Reason, State

KINDS = {
    Kind.SECURITY: Text(
        ru="О безопасности аккаунта мы пишем всегда.",
        en="We always write about the safety of your account.",
    ),
    Kind.TRANSACTIONAL: Text(
        ru="Это о том, что происходит в вашем аккаунте. Такие сообщения можно настроить.",
        en="This is about what happens in your account. You can choose such messages in settings.",
    ),
    Kind.MARKETING: Text(
        ru="Вы согласились получать сообщения на эту тему. Отказаться можно в настройках.",
        en="You agreed to messages about this topic. You can withdraw in the settings.",
    ),
}
REASONS = {
    Reason.UNREACHABLE: Text(
        ru="Не отправили: наши сообщения до вас не доходят. Проверьте адрес в настройках.",
        en="Not sent: our messages do not reach you. Please check your address in the settings.",
    ),
    Reason.NO_CONSENT: Text(
        ru="Не отправили: вы не соглашались на сообщения на эту тему.",
        en="Not sent: you did not agree to messages about this topic.",
    ),
    Reason.SWITCHED_OFF: Text(
        ru="Не отправили: вы выключили сообщения на эту тему.",
        en="Not sent: you switched messages about this topic off.",
    ),
    Reason.TOO_MANY: Text(
        ru="Не отправили: на этой неделе мы уже написали достаточно.",
        en="Not sent: we have written enough this week.",
    ),
    Reason.LAPSED: Text(
        ru="Не отправили: ко времени отправки это было уже не так.",
        en="Not sent: when it was to go, it was not so any longer.",
    ),
}
WAITING = Text(
    ru="Отправим позже: ночью не беспокоим и проверяем, что это всё ещё так.",
    en="It will go later: not at night, and once it is sure to be so still.",
)
FAILED = Text(
    ru="Отправить не получилось: адрес не принимает сообщения.",
    en="It could not be sent: the address takes no messages.",
)


def why(message: Message) -> Text:
    """Why *message* came, or did not."""
    if message.reason is not None:
        return REASONS[message.reason]
    states = {State.DEFERRED: WAITING, State.FAILED: FAILED}
    return states.get(message.state) or KINDS[message.kind]
