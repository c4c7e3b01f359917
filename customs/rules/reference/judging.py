"""What a file changes of what is kept: new, changed, going on, ended, and what stays.

A validity is never edited. What changes from a day on is a validity of its own; the one before it
ends on the day before. Nothing is changed for days that have passed: people declared by it. Days
for which nothing was kept are nobody's: a history goes in front of the first row, and what was
loaded late goes on where the last row ran out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from core.errors import InputError
from customs.rules.reference import faults
from customs.rules.reference.faults import Fault
from customs.rules.reference.kinds import Figures, Kind
from customs.rules.reference.reading import Told, uncovered

_DAY = timedelta(days=1)


class Act(StrEnum):
    """What becomes of a key on a day."""

    NEW = "new"
    CHANGED = "changed"
    CONTINUED = "continued"
    ENDED = "ended"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Stored:
    """A validity as it is kept, ``id`` its row."""

    id: int
    key: str
    valid_from: date
    valid_to: date | None
    figures: Figures

    @property
    def was_withdrawn(self) -> bool:
        """It was ended before it began: it never held."""
        return self.valid_to is not None and self.valid_to < self.valid_from

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a difference report.

    ``figures`` are those of a new validity, None where there is none. ``closes`` is the kept row
    that ends with ``last_day`` (before its first day: it never holds), ``before`` its figures.
    ``row`` is the file's, 0 for what the file leaves out.
    """

    act: Act
    row: int
    key: str
    valid_from: date
    valid_to: date | None
    source: str = ""
    figures: Figures | None = None
    before: Figures | None = None
    closes: int | None = None
    last_day: date | None = None

    @property
    def fields(self) -> list[str]:
        """Figures that are others than before."""
        if self.figures is None or self.before is None:
            return []
        return [name for name, told in self.figures.items() if told != self.before.get(name)]


@dataclass(frozen=True, slots=True)
class Judged:
    """The whole difference: changes by key and day, and how many rows change nothing.

    ``approve_by``: the last day on which it can come into force as it stands; None: any.
    """

    changes: tuple[Change, ...]
    unchanged: int
    approve_by: date | None


def judge(
    kind: Kind,
    told: Mapping[str, Sequence[Told]],
    stored: Mapping[str, Sequence[Stored]],
    *,
    today: date,
    complete_from: date | None = None,
) -> tuple[Judged, list[Fault]]:
    """What the rows of a file (by key, in turn) change of what is kept (by key, by day).

    ``complete_from``: the file is all that holds from that day on; what it leaves out ends on the
    day before. Returns the difference, and what the file cannot say; then nothing is to be done.
    """
    changes: list[Change] = []
    wrong: list[Fault] = []
    unchanged = 0
    for key, rows in told.items():
        line = _Line(kind, [one for one in stored.get(key, ()) if not one.was_withdrawn], today)
        for one in rows:
            line.take(one)
        line.check_seams()
        changes += line.changes
        wrong += line.wrong
        unchanged += line.unchanged
    if complete_from is not None:
        for key in stored.keys() - told.keys():
            changes += _left_out(stored[key], complete_from)
    changes.sort(key=lambda one: (one.key, one.valid_from, one.row))
    return Judged(tuple(changes), unchanged, _approve_by(changes, today)), wrong


def _left_out(kept: Iterable[Stored], day: date) -> list[Change]:
    return [
        Change(
            Act.ENDED,
            0,
            one.key,
            one.valid_from,
            one.valid_to,
            before=one.figures,
            closes=one.id,
            last_day=max(day, one.valid_from) - _DAY,
        )
        for one in kept
        if not one.was_withdrawn and (one.valid_to is None or one.valid_to >= day)
    ]


def _approve_by(changes: Iterable[Change], today: date) -> date | None:
    """A validity that begins today or later begins no earlier than its approval."""
    days = [one.valid_from for one in changes if one.figures is not None]
    days += [one.last_day + _DAY for one in changes if one.last_day is not None]
    return min((day for day in days if day >= today), default=None)


class _Line:
    """The validities of one key while a file's rows are laid over them."""

    def __init__(self, kind: Kind, kept: Sequence[Stored], today: date) -> None:
        self.kind, self.today = kind, today
        self.kept = sorted(kept, key=lambda one: one.valid_from)
        self.added: list[Told] = []
        self.changes: list[Change] = []
        self.wrong: list[Fault] = []
        self.unchanged = 0

    def take(self, told: Told) -> None:
        same = next((one for one in self.kept if one.valid_from == told.valid_from), None)
        if same is not None and same.figures == told.figures:
            self._of_what_goes_on(same, told)
        elif same is not None and same.valid_from < self.today:
            self._refuse(told, faults.PastEdited(value=told.key, today=self.today.isoformat()))
        elif same is not None:
            self._close(same, same.valid_from - _DAY)
            self._add(Act.CHANGED, told, same)
        else:
            self._of_a_new_day(told)

    def _of_what_goes_on(self, same: Stored, told: Told) -> None:
        """Nothing new, or an earlier end of what holds with the same figures."""
        if told.valid_to is None or told.is_followed or told.valid_to == same.valid_to:
            self.unchanged += 1
        elif same.valid_to is not None and told.valid_to > same.valid_to:
            later = faults.EndMovedLater(value=told.key, ends=same.valid_to.isoformat())
            self._refuse(told, later, "valid_to")
        elif told.valid_to + _DAY < self.today:
            error = faults.PastEdited(value=told.key, today=self.today.isoformat())
            self._refuse(told, error, "valid_to")
        else:
            self._close(same, told.valid_to)
            self.changes.append(
                Change(
                    Act.ENDED,
                    told.row,
                    told.key,
                    same.valid_from,
                    same.valid_to,
                    source=told.source,
                    before=same.figures,
                    closes=same.id,
                    last_day=told.valid_to,
                )
            )

    def _of_a_new_day(self, told: Told) -> None:
        holds = next((one for one in self.kept if one.holds_on(told.valid_from)), None)
        if holds is not None and holds.figures == told.figures:
            self._of_what_goes_on(holds, told)
            return
        later = next((one for one in self.kept if one.valid_from > told.valid_from), None)
        is_clear = later is None or (told.valid_to is not None and told.valid_to < later.valid_from)
        # Days before anything held are nobody's past: a history may be loaded in front. So are the
        # days since the last of a code ran out: what comes late may begin on the day after it.
        is_first = not any(one.id for one in self.kept if one.valid_from < told.valid_from)
        is_nobodys = (is_first and is_clear) or (later is None and self._ran_out(told.valid_from))
        if told.valid_from < self.today and not is_nobodys:
            self._refuse(told, faults.PastEdited(value=told.key, today=self.today.isoformat()))
        elif later is not None and not is_clear:
            error = faults.LaterStands(value=told.key, begins=later.valid_from.isoformat())
            self._refuse(told, error, "valid_to")
        elif holds is not None:
            self._close(holds, told.valid_from - _DAY)
            self._add(Act.CHANGED, told, holds)
        else:
            ended = self._before(told.valid_from)
            if ended is not None and ended.valid_to == told.valid_from - _DAY:
                act = Act.CONTINUED if ended.figures == told.figures else Act.CHANGED
                self._add(act, told, replace(ended, id=0))
            else:
                self._add(Act.NEW, told, None)

    def _before(self, day: date) -> Stored | None:
        return next((one for one in reversed(self.kept) if one.valid_from < day), None)

    def _ran_out(self, day: date) -> bool:
        """The last that was kept held until the day before ``day``, and nothing followed it."""
        last = self._before(day)
        return last is not None and last.valid_to == day - _DAY

    def _close(self, kept: Stored, last_day: date) -> None:
        at = self.kept.index(kept)
        closed = replace(kept, valid_to=last_day)
        self.kept[at : at + 1] = [] if closed.was_withdrawn else [closed]

    def _add(self, act: Act, told: Told, before: Stored | None) -> None:
        """``before`` with an id of 0 ended by itself: nothing is closed."""
        closes = before.id if before is not None and before.id else None
        last_day = told.valid_from - _DAY if closes else None
        self.added.append(told)
        self.changes.append(
            Change(
                act,
                told.row,
                told.key,
                told.valid_from,
                told.valid_to,
                source=told.source,
                figures=told.figures,
                before=before.figures if before is not None else None,
                closes=closes,
                last_day=last_day,
            )
        )
        # A row of the file that follows in the file finds this one ended on its eve.
        kept = Stored(0, told.key, told.valid_from, told.valid_to, told.figures)
        self.kept = sorted([*self.kept, kept], key=lambda one: one.valid_from)

    def check_seams(self) -> None:
        """No day between two validities is left out, where this file touches either."""
        if not self.kind.is_seamless:
            return
        rows = {one.valid_from: one for one in self.added}
        for before, after in zip(self.kept, self.kept[1:], strict=False):
            told = rows.get(after.valid_from) or rows.get(before.valid_from)
            if told is None or before.valid_to is None:
                continue
            if before.valid_to + _DAY < after.valid_from:
                error = uncovered(told.key, before.valid_to, after.valid_from)
                self._refuse(told, error)

    def _refuse(self, told: Told, error: InputError, field: str = "valid_from") -> None:
        self.wrong.append(Fault(told.row, field, error))
