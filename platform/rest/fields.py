"""Kinds of values in requests: strict where a lax reader would guess."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from core.days import can_be_meant

#: Amounts in the smallest unit of their currency.
Minor = Annotated[int, Field(description="Amount in the currency's smallest unit")]


class Body(Schema):
    """What is sent: no field that is not known, so that a typo is no silence."""

    model_config = ConfigDict(extra="forbid")


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


Day = Annotated[date, BeforeValidator(_day)]
Moment = Annotated[datetime, BeforeValidator(_moment)]
Whole = Annotated[int, Field(strict=True)]
