"""The form of registration, as data: what is asked and why, what it gives, how data are kept."""

from dataclasses import dataclass

from auth.password.passwords import ADVISED, FEWEST, MOST
from common.language import Text


@dataclass(frozen=True, slots=True)
class Field:
    """A field of `POST /v1/auth/registrations`; an optional one says why it is asked for."""

    name: str
    label: Text
    required: bool
    reason: Text | None = None


# One of the two contacts is enough, and one secret: so each is optional where the other is given.
FIELDS = (
    Field(
        "email",
        Text(ru="Почта", en="E-mail"),
        required=False,
        reason=Text(
            ru="Достаточно почты или телефона. На почту приходят код, чеки и новости о заказе.",
            en="One of e-mail and phone is enough. Codes, receipts and news of orders go there.",
        ),
    ),
    Field(
        "phone",
        Text(ru="Телефон", en="Phone"),
        required=False,
        reason=Text(
            ru="Достаточно почты или телефона. По телефону можно входить кодом из SMS, без пароля.",
            en="An e-mail address or a phone is enough. By phone a code signs you in, no password.",
        ),
    ),
    Field(
        "password",
        Text(ru="Пароль", en="Password"),
        required=False,
        reason=Text(
            ru="Нужен для входа по почте; с телефоном или ключом доступа его можно не придумывать.",
            en="You need one to sign in by e-mail; with a phone or a passkey you may do without.",
        ),
    ),
    Field(
        "passkey",
        Text(ru="Ключ доступа вместо пароля", en="A passkey instead of a password"),
        required=False,
        reason=Text(
            ru="Вход по отпечатку, лицу или коду экрана: устройство создаст его сразу после "
            "подтверждения, и пароль не нужен.",
            en="Sign in by finger, face or screen lock: your device makes it right after you "
            "confirm, and you need no password.",
        ),
    ),
    Field(
        "language",
        Text(ru="Язык", en="Language"),
        required=False,
        reason=Text(ru="Чтобы писать вам на нём.", en="So that we write to you in it."),
    ),
    Field(
        "time_zone",
        Text(ru="Часовой пояс", en="Time zone"),
        required=False,
        reason=Text(
            ru="Чтобы не беспокоить ночью и верно показывать время доставки.",
            en="So that we do not disturb you at night and show delivery times right.",
        ),
    ),
)

BENEFITS = (
    Text(ru="Все заказы и их путь — в одном месте.", en="All your orders, and where they are."),
    Text(ru="Баллы за покупки, которыми можно платить.", en="Points for purchases, to pay with."),
    Text(
        ru="Корзина сохраняется и ждёт вас на любом устройстве.",
        en="Your cart is kept, and waits for you on every device.",
    ),
    Text(ru="Возврат и помощь — в пару касаний.", en="Returns and help are a few taps away."),
)

PROTECTION = (
    Text(
        ru="Пароль хранится только в виде отпечатка Argon2id: его не знаем даже мы.",
        en="Of a password only an Argon2id hash is kept: even we do not know it.",
    ),
    Text(
        ru="Вы видите, где вы вошли, и можете завершить любой сеанс.",
        en="You see where you are signed in, and can end any session.",
    ),
    Text(
        ru="Деньги, контакты и пароль меняются только после повторного подтверждения.",
        en="Money, contacts and the password take a fresh proof that it is you.",
    ),
    Text(
        ru="Мы спрашиваем только то, без чего не обойтись, и говорим зачем.",
        en="We ask for no more than is needed, and say what for.",
    ),
)

# By what a second factor may be shown, from the first minute on: `GET /v1/auth/factors`.
FACTORS = (
    Text(
        ru="Второй фактор можно включить сразу после регистрации: приложение с кодами, SMS, "
        "звонок или мессенджер. С ним одного пароля для входа не хватит.",
        en="Turn a second factor on right after registering: an authenticator app, SMS, a call or "
        "a messenger. Then the password alone lets nobody in.",
    ),
    Text(
        ru="Ещё раз подтверждать себя для этого в первые пять минут не нужно.",
        en="In the first five minutes this takes no further proof.",
    ),
)

# NIST SP 800-63B-4 wants 15 characters where a password is all there is; ASVS 6.2.1 takes 8 and
# recommends 15. Here 8 are taken, 15 advised wherever a password is set, and what a stolen session
# or password could harm most takes a second proof.
PASSWORD_RULES = (
    Text(
        ru=f"От {FEWEST} до {MOST} любых знаков. Лучше {ADVISED} и больше: например, четыре слова.",
        en=f"From {FEWEST} to {MOST} characters of any kind. Better {ADVISED} or more: four words.",
    ),
    Text(
        ru="Не из списков украденных паролей и не из названия магазина или вашего адреса.",
        en="Not on lists of stolen ones, nor made of the shop's name or your address.",
    ),
    Text(
        ru="Цифры и знаки не обязательны, менять пароль по расписанию не нужно.",
        en="Digits and signs are not required, nor changes from time to time.",
    ),
)
