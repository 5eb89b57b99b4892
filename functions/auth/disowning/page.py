"""The page behind the link of a letter: it asks first, for machines follow links too.

Every word on it is its own: nothing of the request is shown.
"""

from common import pages
from common.language import Language, Text

ASKED = Text(ru="Это были не вы?", en="Was it not you?")
ABOUT = Text(
    ru="Мы сразу завершим все входы в ваш аккаунт и отключим пароль: внутри никто не останется. "
    "Затем пришлём вам код, по которому вы зададите новый пароль.",
    en="We will end all sign-ins to your account at once and switch the password off, so that "
    "nobody stays inside. Then we send you a code by which you set a new password.",
)
BUTTON = Text(ru="Это не я, закрыть доступ", en="It was not me: close it")
DONE = Text(ru="Аккаунт закрыт для посторонних", en="Nobody is inside any more")
SO_NOW = Text(
    ru="Все входы завершены, прежний пароль больше не действует. Мы отправили вам код: введите его "
    "в магазине на странице восстановления доступа и задайте новый пароль. Контакт, добавленный "
    "позже этого, мы отвязали: если он ваш, добавьте его снова.",
    en="All sign-ins have ended and the password works no more. We have sent you a code: enter it "
    "in the shop, where you recover your account, and set a new password. A contact that was added "
    "later than this one is off your account: if it is yours, add it again.",
)


def asking(spoken: Language) -> str:
    return pages.render(spoken, ASKED[spoken], ABOUT[spoken], BUTTON[spoken])


def done(spoken: Language) -> str:
    return pages.render(spoken, DONE[spoken], SO_NOW[spoken])
