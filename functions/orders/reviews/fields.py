"""Types of request fields of reviews, and words for what is wrong with one."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from common import fields
from common.fields import Line, OwnProse
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


Words = Annotated[OwnProse, Field(max_length=LONGEST_TEXT)]
FirstName = Annotated[Line, Field(max_length=LONGEST_NAME), AfterValidator(_first_name)]
Rating = Annotated[int, Field(strict=True, ge=STARS[0], le=STARS[-1])]
