"""The days of one quarter's story, told from its first day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.errors import InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")


class QuarterNotReadable(InputError):
    """A quarter is written like 2026-Q3."""

    code = "demo.quarter_not_readable"


@dataclass(frozen=True, slots=True)
class Quarter:
    """``2026-Q3`` and its days.

    A quarter that is not over yet is rehearsed: its days are told ``days_earlier``, in whole
    weeks, because no rate has been published for days to come.
    """

    year: int
    index: int
    days_earlier: int = 0

    @classmethod
    def named(cls, text: str) -> Quarter:
        """Raises QuarterNotReadable."""
        found = re.fullmatch(r"(\d{4})-Q([1-4])", text)
        if not found:
            raise QuarterNotReadable(quarter=text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Quarter:
        return cls(day.year, (day.month - 1) // 3 + 1)

    @property
    def name(self) -> str:
        return f"{self.year}-Q{self.index}"

    @property
    def first_day(self) -> date:
        return date(self.year, 3 * self.index - 2, 1) - timedelta(days=self.days_earlier)

    @property
    def last_day(self) -> date:
        month = 3 * self.index
        last = date(self.year, month, calendar.monthrange(self.year, month)[1])
        return last - timedelta(days=self.days_earlier)

    def after(self) -> Quarter:
        return Quarter(self.year + self.index // 4, self.index % 4 + 1)

    def at(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """A moment in Shanghai, ``days`` after the quarter's first day."""
        day = self.first_day + timedelta(days=days)
        return datetime.combine(day, time(hour, minute), SHANGHAI)

    def told_by(self, day: date) -> Quarter:
        """The same quarter, told so much earlier that it is settled on ``day`` at the latest."""
        late = (self.settles_at.date() - day).days
        return replace(self, days_earlier=-(-late // 7) * 7) if late > 0 else self

    @property
    def opens_at(self) -> datetime:
        return self.at(-75)

    @property
    def files_at(self) -> datetime:
        return self.at(-55, 14)

    @property
    def cutoff_at(self) -> datetime:
        return self.at(-45, 18)

    @property
    def pays_at(self) -> datetime:
        """A few days before the bills of the round are due."""
        return self.at(-34, 10)

    @property
    def settles_at(self) -> datetime:
        """The morning after the last day, when the period's invoices are paid."""
        return self.at((self.last_day - self.first_day).days + 1, 10)


@dataclass(frozen=True, slots=True)
class Wave:
    """One week's shipments."""

    quarter: Quarter
    index: int

    def _at(self, days: int, hour: int) -> datetime:
        return self.quarter.at(days + 7 * self.index, hour)

    @property
    def departs_at(self) -> datetime:
        return self._at(-30, 20)

    @property
    def drafted_at(self) -> datetime:
        return self._at(-6, 10)

    @property
    def lodged_at(self) -> datetime:
        return self._at(-4, 11)

    @property
    def released_at(self) -> datetime:
        return self._at(-2, 16)

    @property
    def invoiced_at(self) -> datetime:
        return self._at(0, 9)

    @property
    def received_at(self) -> datetime:
        return self._at(1, 15)
