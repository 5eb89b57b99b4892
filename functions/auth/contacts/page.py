"""The page behind the link of an undo: it asks first, for machines follow links too."""

from common import pages
from common.language import Language, Text

ASKED = Text(ru="Вернуть прежний контакт?", en="Take your contact back?")
ABOUT = Text(
    ru="Прежние почта и телефон снова станут вашими, новые перестанут работать. Мы завершим все "
    "входы в аккаунт, отключим пароль и уберём то, что добавили с тех пор: ключи доступа, вход "
    "через другие сервисы и вторые факторы.",
    en="Your earlier e-mail address and phone will be yours again, and the new ones will stop "
    "working. We will end all sign-ins, switch the password off, and remove what was added since "
    "then: passkeys, sign-in by other services, and second factors.",
)
BUTTON = Text(ru="Вернуть", en="Take it back")
DONE = Text(ru="Контакт снова ваш", en="Your contact is back")
SO_NOW = Text(
    ru="Мы завершили все входы, прежний пароль больше не действует. Войдите по коду, который "
    "придёт на прежний контакт, и задайте новый пароль.",
    en="Everyone is signed out, and the password works no more. Sign in by a code that comes to "
    "your earlier contact, and set a new password.",
)


def asking(spoken: Language) -> str:
    return pages.render(spoken, ASKED[spoken], ABOUT[spoken], BUTTON[spoken])


def done(spoken: Language) -> str:
    return pages.render(spoken, DONE[spoken], SO_NOW[spoken])
