"""Kinds of values in requests: strict where a lax reader would guess."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from core.days import can_be_meant

#: Amounts in the smallest unit of their currency.
Minor = Annotated[int, Field(description="Amount in the currency's smallest unit")]


def one_of(*values: str | None) -> dict[str, Any]:
    """``Field(json_schema_extra=one_of(*OrderState.values))``: what stands there, in the schema."""
    return {"enum": list(values)}


def some_of(*values: str) -> dict[str, Any]:
    """The same of what stands in a list."""
    return {"items": {"type": "string", "enum": list(values)}}


class Body(BaseModel):
    """What is sent: no field that is not known, so that a typo is no silence.

    None of ninja's schemas, which read each value as if it might be a row: of a thousand orders
    that takes as long as all the rest.
    """

    model_config = ConfigDict(extra="forbid")


class Told(BaseModel):
    """What stands in an answer a thousand times: it is told as it was made, not read again."""


def _day(told: Any) -> date:
    if isinstance(told, str) and len(told) == 10:
        try:
            day = date.fromisoformat(told)
        except ValueError:
            day = None
        if day is not None and can_be_meant(day):
            return day
    raise PydanticCustomError("day", "a day of this century")


def _moment(told: Any) -> datetime:
    if isinstance(told, str) and 16 < len(told) <= 40 and told[10] == "T":
        try:
            moment = datetime.fromisoformat(told)
        except ValueError:
            moment = None
        if moment is not None and moment.tzinfo is not None and can_be_meant(moment.date()):
            return moment
    raise PydanticCustomError("moment", "a time with its offset")


def _email(told: str) -> str:
    try:
        validate_email(told)
    except ValidationError:
        raise PydanticCustomError("email", "an e-mail address") from None
    return told


Email = Annotated[str, AfterValidator(_email), Field(json_schema_extra={"format": "email"})]
Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Whole = Annotated[int, Field(strict=True)]
