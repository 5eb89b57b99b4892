"""Types of request fields that delivery's routes share."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from pydantic import Field, StringConstraints

from common.fields import OwnLine

POINT = r"^[a-z0-9-]{2,40}$"

City = Annotated[OwnLine, Field(max_length=100)]
PointId = Annotated[str, StringConstraints(pattern=POINT)]
PointInPath = Annotated[str, Path(pattern=POINT)]
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
