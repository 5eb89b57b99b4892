"""A body that names one contact: an e-mail address or a phone number."""

from typing import Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from auth import client, phones
from common import api as shell
from common import fields
from common.emails import Email
from common.language import Text

fields.REASONS["one_contact"] = Text(
    ru="Укажите почту или телефон: что-то одно.",
    en="Give an e-mail address or a phone number: one of them.",
)


class OneContact(shell.Body):
    email: Email | None = None
    phone: phones.Typed | None = None

    @model_validator(mode="after")
    def _one_contact(self) -> Self:
        if (self.email is None) is (self.phone is None):
            raise PydanticCustomError("one_contact", "an e-mail address or a phone number")
        return self

    @property
    def contact(self) -> str:
        """It, in its one form. Invalid for a number that no SMS goes to."""
        return self.email or phones.served("body.phone", str(self.phone), client.countries())
