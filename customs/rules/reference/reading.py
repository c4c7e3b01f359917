"""The rows of a file of reference data, cell by cell, with everything that is wrong in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.errors import InputError
from customs.rules.reference import cells, faults
from customs.rules.reference.faults import Fault
from customs.rules.reference.kinds import Figures, Kind

#: What the code tables hold: a table's codes on a day.
Known = Callable[[str, date], Collection[str]]


@dataclass(frozen=True, slots=True)
class Told:
    """What a row says of a key: from when to when (both included; None: until further notice).

    ``is_followed``: the file left its end open, and has a later row of the same key.
    """

    row: int
    key: str
    valid_from: date
    valid_to: date | None
    figures: Figures
    source: str
    is_followed: bool = False


def read_rows(
    kind: Kind,
    rows: Iterable[tuple[int, Mapping[str, str]]],
    *,
    known: Known,
    valid_from: date | None = None,
    source: str = "",
) -> tuple[dict[str, list[Told]], list[Fault]]:
    """What the rows (number, cells) say by key, each key's rows in the order of their days, and
    what is wrong in them.

    ``valid_from`` and ``source`` stand for rows that leave them out. An end that is left open
    where a later row of the key follows is the day before that.
    """
    wrong: list[Fault] = []
    found: dict[str, list[Told]] = defaultdict(list)
    for number, told in rows:
        one, errors = _row(kind, number, told, valid_from, source)
        wrong += errors
        if one is not None:
            wrong += _unknown(kind, one, known)
            found[one.key].append(one)
    by_key = {}
    for key, several in found.items():
        by_key[key], errors = _in_turn(kind, several)
        wrong += errors
    return by_key, sorted(wrong, key=lambda fault: (fault.row, fault.field))


def _row(
    kind: Kind,
    number: int,
    told: Mapping[str, str],
    valid_from: date | None,
    source: str,
) -> tuple[Told | None, list[Fault]]:
    wrong: list[Fault] = []

    def take(column: str, read: cells.Reads) -> object:
        try:
            return read(told.get(column, ""))
        except InputError as error:
            wrong.append(Fault(number, column, error))
            return None

    key = take(kind.key.name, kind.key.read)
    figures: Figures = {one.kept: take(one.name, one.read) for one in kind.figures}
    begins = valid_from
    if told.get("valid_from") or valid_from is None:
        begins = _as_day(take("valid_from", cells.day))
    ends = _as_day(take("valid_to", cells.if_any(cells.day, None)))
    if begins and ends and ends < begins:
        error = faults.EndsBeforeItBegins(value=ends.isoformat())
        wrong.append(Fault(number, "valid_to", error))
    said = told.get("source", "") or source
    if not said or len(said) > 200:
        wrong.append(Fault(number, "source", faults.SourceMissing(value=said[:40])))
    if not wrong:
        odd = kind.check(figures)
        if odd is not None:
            wrong.append(Fault(number, *odd))
    if wrong or begins is None:
        return None, wrong
    return Told(number, str(key), begins, ends, figures, said), []


def _as_day(found: object) -> date | None:
    return found if isinstance(found, date) else None


def _unknown(kind: Kind, told: Told, known: Known) -> list[Fault]:
    """Codes of other tables that are not kept on the day on which the row begins."""
    wrong = []
    for column in (kind.key, *kind.figures):
        if not column.draws:
            continue
        value = told.key if column is kind.key else told.figures[column.kept]
        if column.name == "agreement_duties":
            codes: Sequence[str] = cells.countries_of(value)
        else:
            codes = value if isinstance(value, list) else [str(value)] if value else []
        kept = known(column.draws, told.valid_from) if codes else ()
        wrong += [
            Fault(told.row, column.name, faults.CodeNotKept(value=code, table=column.draws))
            for code in codes
            if code not in kept
        ]
    return wrong


def _in_turn(kind: Kind, several: Sequence[Told]) -> tuple[list[Told], list[Fault]]:
    """One key's rows by their days, with ends. Beware: two rows of one day are one too many."""
    several = sorted(several, key=lambda one: (one.valid_from, one.row))
    wrong: list[Fault] = []
    found: list[Told] = []
    for one in several:
        before = found[-1] if found else None
        if before is not None and before.valid_from == one.valid_from:
            error = faults.RowRepeated(value=one.key, earlier=before.row)
            wrong.append(Fault(one.row, kind.key.name, error))
            continue
        if before is not None and before.valid_to is None:
            eve = one.valid_from - timedelta(days=1)
            found[-1] = replace(before, valid_to=eve, is_followed=True)
        elif before is not None and before.valid_to is not None:
            if before.valid_to >= one.valid_from:
                overlap = faults.RowsOverlap(value=one.key, earlier=before.row)
                wrong.append(Fault(one.row, "valid_from", overlap))
            elif kind.is_seamless and before.valid_to + timedelta(days=1) < one.valid_from:
                wrong.append(
                    Fault(
                        one.row, "valid_from", uncovered(one.key, before.valid_to, one.valid_from)
                    )
                )
        found.append(one)
    return found, wrong


def uncovered(key: str, ended: date, begins: date) -> faults.DaysUncovered:
    """The refusal that names the days between an end and what follows it."""
    return faults.DaysUncovered(
        value=key,
        first=(ended + timedelta(days=1)).isoformat(),
        last=(begins - timedelta(days=1)).isoformat(),
    )


def first_of_repeated(
    kind: Kind, rows: Sequence[tuple[int, Mapping[str, str]]], valid_from: date | None = None
) -> list[tuple[int, str, date]]:
    """The rows, with key and day, that repeat the key and the day of an earlier one.

    ``valid_from`` stands for rows that name no day. A row whose key or day cannot be read repeats
    nothing: it is refused later, in words.
    """
    seen: set[tuple[str, date]] = set()
    repeated = []
    for number, told in rows:
        try:
            key = str(kind.key.read(told.get(kind.key.name, "")))
            begins = cells.day(told["valid_from"]) if told.get("valid_from") else valid_from
        except InputError:
            continue
        if not isinstance(begins, date):
            continue
        if (key, begins) in seen:
            repeated.append((number, key, begins))
        seen.add((key, begins))
    return repeated
