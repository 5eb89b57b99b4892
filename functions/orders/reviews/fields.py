"""Types of request fields of reviews, and words for what is wrong with one."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common import cards, fields
from common.fields import Line, Prose
from common.language import Text
from orders.reviews.review import STARS

LONGEST_NAME = 30
LONGEST_TEXT = 2000

fields.REASONS["first_name"] = Text(
    ru="Здесь нужно только имя, без фамилии.", en="The first name alone is needed here."
)


def _first_name(value: str) -> str:
    """One word of letters: neither a surname nor a number finds its way onto the page."""
    if not value.replace("-", "").isalpha():
        raise PydanticCustomError("first_name", "not a first name")
    return value


# Masked where the request is parsed: nothing behind it ever sees a whole card number.
Words = Annotated[Prose, Field(max_length=LONGEST_TEXT), AfterValidator(cards.mask)]
FirstName = Annotated[Line, Field(max_length=LONGEST_NAME), AfterValidator(_first_name)]
Rating = Annotated[int, Field(strict=True, ge=STARS[0], le=STARS[-1])]
