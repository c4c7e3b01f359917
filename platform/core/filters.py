"""What a list can be narrowed by: each filter reads its parameters and gives a condition.

A filter says in words what it does not understand and names the parameter, so that a person
and a program mend the right one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.timezone import get_default_timezone

from core.days import can_be_meant
from core.errors import InputError

Text = str | Promise
#: Values by parameter name, as an address has them.
Given = Mapping[str, Sequence[str]]
Pairs = Sequence[tuple[str, Text]]

#: Values of one filter that are looked at; the rest of an endless address is not.
MOST_VALUES = 50
LONGEST_VALUE = 80

_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")
_YES = frozenset({"1", "true", "yes"})
_NO = frozenset({"0", "false", "no"})


class BadListing(InputError):
    """The list cannot be shown as the address asks for it."""

    code = "core.bad_listing"


class BadFilter(BadListing):
    """A filter of the list has a value it does not know."""

    code = "core.bad_filter"


class BadDay(BadListing):
    """A filter of the list wants a day of this century, written 2026-03-31."""

    code = "core.bad_day"


class BadNumber(BadListing):
    """A filter of the list wants a number."""

    code = "core.bad_number"


class BadMoment(BadListing):
    """A filter of the list wants a moment with its time zone, written 2026-03-31T08:00:00Z."""

    code = "core.bad_moment"


class BadRange(BadListing):
    """A filter of the list begins after it ends."""

    code = "core.bad_range"


class UnknownParameter(BadListing):
    """The list knows no parameter of that name; a wrong one would leave everything in."""

    code = "core.unknown_parameter"


@dataclass(frozen=True, slots=True)
class Parameter:
    """One name in an address; ``kind`` is "choice", "choices", "day", "number", "yes", "code"."""

    name: str
    kind: str
    label: Text
    choices: Pairs = ()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Something a list can be narrowed by. ``name`` is public: it stands in addresses."""

    kind: ClassVar[str] = ""

    name: str
    label: Text = ""

    @property
    def names(self) -> tuple[str, ...]:
        """How its parameters are called in an address."""
        return tuple(one.name for one in self.parameters())

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter(self.name, self.kind, self.label),)

    def read(self, given: Given) -> Any:
        """The value told, or None when nothing is. Raises BadListing naming the parameter."""
        raise NotImplementedError

    def condition(self, value: Any) -> Q:
        raise NotImplementedError


def _told(given: Given, name: str) -> str:
    values = given.get(name) or ("",)
    return values[-1].strip()


@dataclass(frozen=True, kw_only=True)
class Choice(Filter):
    """One of a few values. ``when`` gives the condition of a value; the path is enough else.

    Choices that are looked up (a function) are what there is at the moment: another value is no
    mistake and finds nothing.
    """

    kind: ClassVar[str] = "choice"

    path: str = ""
    choices: Pairs | Callable[[], Pairs] = ()
    when: Callable[[str], Q] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        # The choices need not be looked up for that.
        return (self.name,)

    def pairs(self) -> Pairs:
        return self.choices() if callable(self.choices) else self.choices

    def parameters(self) -> tuple[Parameter, ...]:
        return (Parameter(self.name, self.kind, self.label, tuple(self.pairs())),)

    def read(self, given: Given) -> Any:
        told = _told(given, self.name)
        return self._known([told])[0] if told else None

    def _known(self, told: Sequence[str]) -> list[str]:
        if callable(self.choices) and all(len(one) <= LONGEST_VALUE for one in told):
            return [one.replace("\x00", "") for one in told]
        known = [str(value) for value, _label in self.pairs()]
        for one in told:
            if one not in known:
                raise BadFilter(parameter=self.name, value=one[:80], allowed=known)
        return list(told)

    def condition(self, value: Any) -> Q:
        return self.when(value) if self.when else Q(**{self.path: value})


@dataclass(frozen=True, kw_only=True)
class Choices(Choice):
    """Any of several values: the parameter again, or values with commas between them."""

    kind: ClassVar[str] = "choices"

    def read(self, given: Given) -> Any:
        told = [
            part.strip()
            for text in list(given.get(self.name) or ())[:MOST_VALUES]
            for part in text.split(",")[:MOST_VALUES]
            if part.strip()
        ]
        return tuple(dict.fromkeys(self._known(told))) if told else None

    def condition(self, value: Any) -> Q:
        if self.when is None:
            return Q(**{f"{self.path}__in": value})
        found = Q()
        for one in value:
            found |= self.when(one)
        return found


@dataclass(frozen=True, kw_only=True)
class Days(Filter):
    """From a day to a day, both included; either may be left out. ``NAME_from``, ``NAME_to``.

    ``is_moment``: the column is an instant, and a day is one of the house's time zone.
    """

    kind: ClassVar[str] = "day"

    path: str
    is_moment: bool = True

    def parameters(self) -> tuple[Parameter, ...]:
        return (
            Parameter(f"{self.name}_from", self.kind, self.label),
            Parameter(f"{self.name}_to", self.kind, self.label),
        )

    def read(self, given: Given) -> Any:
        first, last = (read_day(given, parameter.name) for parameter in self.parameters())
        if first and last and first > last:
            raise BadRange(parameter=f"{self.name}_from", value=first, last=last)
        return (first, last) if first or last else None

    def condition(self, value: Any) -> Q:
        first, last = value
        found = Q()
        if first:
            found &= Q(**{f"{self.path}__gte": _midnight(first) if self.is_moment else first})
        if last and self.is_moment:
            found &= Q(**{f"{self.path}__lt": _midnight(last + timedelta(days=1))})
        elif last:
            found &= Q(**{f"{self.path}__lte": last})
        return found


def read_day(given: Given, name: str) -> date | None:
    """A day of this century that stands in an address under ``name``. Raises BadDay."""
    told = _told(given, name)
    if not told:
        return None
    try:
        day = date.fromisoformat(told)
    except ValueError:
        raise BadDay(parameter=name, value=told[:80]) from None
    if not can_be_meant(day):
        raise BadDay(parameter=name, value=told[:80])
    return day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_default_timezone())


@dataclass(frozen=True, kw_only=True)
class Since(Filter):
    """From a moment on; for programs, which tell its time zone. What is as old as ``before`` the
    moment is in it as well."""

    kind: ClassVar[str] = "moment"

    path: str
    before: timedelta = timedelta()

    def read(self, given: Given) -> Any:
        return self.since(given)

    def since(self, given: Given) -> datetime | None:
        """Where the list begins. Raises BadMoment."""
        told = _told(given, self.name)
        if not told:
            return None
        try:
            at = datetime.fromisoformat(told)
        except ValueError:
            raise BadMoment(parameter=self.name, value=told[:80]) from None
        if at.tzinfo is None or not can_be_meant(at.date()):
            raise BadMoment(parameter=self.name, value=told[:80])
        return at - self.before

    def condition(self, value: Any) -> Q:
        return Q(**{f"{self.path}__gte": value})


@dataclass(frozen=True, kw_only=True)
class Numbers(Filter):
    """From a number to a number, both included. ``NAME_min``, ``NAME_max``.

    ``decimals`` of an amount that is kept in minor units: people write 12.50, the row has 1250.
    """

    kind: ClassVar[str] = "number"

    path: str
    decimals: int = 0

    def parameters(self) -> tuple[Parameter, ...]:
        return (
            Parameter(f"{self.name}_min", self.kind, self.label),
            Parameter(f"{self.name}_max", self.kind, self.label),
        )

    def read(self, given: Given) -> Any:
        least, most = (self._number(given, parameter.name) for parameter in self.parameters())
        if least is not None and most is not None and least > most:
            raise BadRange(parameter=f"{self.name}_min", value=least, last=most)
        return None if least is None and most is None else (least, most)

    def _number(self, given: Given, name: str) -> Decimal | None:
        told = _told(given, name)
        if not told:
            return None
        if not _NUMBER.fullmatch(told):
            raise BadNumber(parameter=name, value=told[:80])
        return Decimal(told).scaleb(self.decimals)

    def condition(self, value: Any) -> Q:
        least, most = value
        found = Q()
        if least is not None:
            found &= Q(**{f"{self.path}__gte": least})
        if most is not None:
            found &= Q(**{f"{self.path}__lte": most})
        return found


@dataclass(frozen=True, kw_only=True)
class Flag(Filter):
    """Yes or no."""

    kind: ClassVar[str] = "yes"

    when: Q

    def read(self, given: Given) -> Any:
        told = _told(given, self.name).lower()
        if not told:
            return None
        if told not in _YES | _NO:
            raise BadFilter(parameter=self.name, value=told[:80], allowed=["yes", "no"])
        return told in _YES

    def condition(self, value: Any) -> Q:
        return self.when if value else ~self.when


@dataclass(frozen=True, kw_only=True)
class Code(Filter):
    """A row of another table by the code people know it by.

    ``find`` turns the code into keys of the small table first (the path then names the foreign
    key), so that the large table is asked by an indexed column.
    """

    kind: ClassVar[str] = "code"

    path: str
    find: Callable[[str], Sequence[Any]] | None = None

    def read(self, given: Given) -> Any:
        told = _told(given, self.name).replace("\x00", "")
        if len(told) > LONGEST_VALUE:
            raise BadFilter(parameter=self.name, value=told[:80])
        return told or None

    def condition(self, value: Any) -> Q:
        if self.find is None:
            return Q(**{self.path: value})
        return Q(**{f"{self.path}__in": list(self.find(value))})
