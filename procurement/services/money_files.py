"""Rows of money as a file tells them: read, checked row by row, all of them or none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Generic, TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.errors import DomainError, NotExact
from core.money import Money
from core.sheets import RowError, read_sheet
from procurement.rules.charging import HOME, LARGEST_MINOR

MOST_ROWS = 20_000
#: What is said of a cell.
WRONG_AMOUNT = gettext_lazy("An amount is written like 1234.56.")
WRONG_DAY = gettext_lazy("A day is written like 2026-03-31.")
DAY_TO_COME = gettext_lazy("This day is still to come.")
T = TypeVar("T")
#: What is paid for, how much, on which day, and the bank's reference.
Line = tuple[T, int, date, str]


@dataclass(frozen=True, slots=True)
class BankLine:
    """A row of a file of payments, as text; ``number`` names what is paid for."""

    row: int
    number: str
    amount: str
    value_date: str
    reference: str


@dataclass(frozen=True, slots=True)
class FileRead(Generic[T]):
    """What became of a file: what was written of it, or everything that is wrong with it."""

    taken: list[T]
    refused: DomainError | None = None

    @property
    def errors(self) -> list[RowError]:
        rows = self.refused.facts.get("rows", []) if self.refused else []
        return list(rows) if isinstance(rows, list) else []


def read_lines(
    file_name: str, content: bytes, *, columns: tuple[str, ...], aliases: Mapping[str, str]
) -> list[BankLine]:
    """The rows of a CSV or XLSX file, in the order of ``columns``. Raises SheetRefused."""
    rows = read_sheet(
        file_name, content, columns=columns, aliases=dict(aliases), max_rows=MOST_ROWS
    )
    return [BankLine(row.number, *(row.values[name] for name in columns)) for row in rows]


def checked(
    lines: Sequence[BankLine], known: Mapping[str, T], *, column: str, missing: str, today: date
) -> tuple[list[Line[T]], list[RowError]]:
    """The lines that can be noted, and what is wrong with the others. ``known``: by what stands
    in ``column``, what is paid for; ``missing`` says that there is none."""
    errors: list[RowError] = []
    good: list[Line[T]] = []
    seen: dict[str, int] = {}
    for line in lines:
        before = len(errors)
        it = known.get(line.number)
        amount, day = minor_of(line.amount), day_of(line.value_date)
        first = seen.setdefault(line.reference, line.row)
        if it is None:
            errors.append(RowError(line.row, column, missing))
        if amount is None or amount <= 0:
            errors.append(RowError(line.row, "amount", str(WRONG_AMOUNT)))
        if day is None:
            errors.append(RowError(line.row, "paid_on", str(WRONG_DAY)))
        elif day > today:
            errors.append(RowError(line.row, "paid_on", str(DAY_TO_COME)))
        if not 0 < len(line.reference) <= 64:
            errors.append(
                RowError(line.row, "bank_reference", _("The bank's reference is missing."))
            )
        elif first != line.row:
            message = _("This reference stands in row %(first)s already.") % {"first": first}
            errors.append(RowError(line.row, "bank_reference", message))
        if len(errors) == before and it is not None and amount and day:
            good.append((it, amount, day, line.reference))
    return good, errors


def minor_of(text: str) -> int | None:
    """Fen, of yuan as a bank writes them; None for what is no amount, or more than any house
    holds."""
    try:
        minor = Money.of(Decimal(text.replace(",", "")), HOME).minor
    except (InvalidOperation, ValueError, ArithmeticError, NotExact):
        return None
    return minor if abs(minor) < LARGEST_MINOR else None


def day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
