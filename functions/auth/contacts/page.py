"""The page behind the link of an undo: it asks first, for machines follow links too."""

from common import pages
from common.language import Language, Text

ASKED = Text(ru="Вернуть прежний контакт?", en="Take your contact back?")
ABOUT = Text(
    ru="Прежние почта и телефон снова станут вашими, новые перестанут работать, а все входы "
    "в аккаунт завершатся.",
    en="Your earlier e-mail address and phone will be yours again, the new ones will stop working, "
    "and everyone will be signed out of your account.",
)
BUTTON = Text(ru="Вернуть", en="Take it back")
DONE = Text(ru="Контакт снова ваш", en="Your contact is back")
SO_NOW = Text(
    ru="Мы завершили все входы. Войдите по прежнему контакту и сразу задайте новый пароль.",
    en="Everyone is signed out. Sign in by your earlier contact, and set a new password right "
    "away.",
)


def asking(spoken: Language) -> str:
    return pages.render(spoken, ASKED[spoken], ABOUT[spoken], BUTTON[spoken])


def done(spoken: Language) -> str:
    return pages.render(spoken, DONE[spoken], SO_NOW[spoken])
