"""How often goods are counted, what a count finds, and whose what is missing is.

Values in, a decision or a refusal out. Who counts sees no expected figure; beyond the tolerance
somebody else counts again; a third person approves before anything is booked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, InputError
from core.money import shared
from warehouse.rules.posting import Kind, Leg, Status

MOST_LINES = 500
MOST_UNITS = 9_999_999
LONGEST_REMARK = 200

#: They lie on one shelf and nobody can tell them apart: counted together, as available.
ON_THE_SHELF = frozenset({Status.AVAILABLE, Status.OFFERED, Status.RESERVED, Status.RELEASED})
#: What is picked or on its way lies nowhere that is counted.
COUNTED = frozenset(set(Status) - ON_THE_SHELF - {Status.IN_TRANSIT, Status.PICKED}) | {
    Status.AVAILABLE
}


class CountState(StrEnum):
    OPEN = "open"
    RECOUNT = "recount"
    COUNTED = "counted"
    DONE = "done"
    REFUSED = "refused"
    CALLED_OFF = "called_off"


#: While a count is in one of these, what it freezes stays where it is.
UNDER_WAY = frozenset({CountState.OPEN, CountState.RECOUNT, CountState.COUNTED})


class Grade(StrEnum):
    """A: what moves most of the value. How often each is counted, the house says."""

    A = "A"
    B = "B"
    C = "C"


#: Shares of the value moved (percent) up to which a product is of A, and of A or B.
_A_PERCENT, _B_PERCENT = 80, 95


class NothingToCount(DomainError):
    """Nothing lies there that could be counted."""

    code = "warehouse.nothing_to_count"


class TooMuchToCount(InputError):
    """One count is of five hundred lines at most; choose fewer products or places."""

    code = "warehouse.too_much_to_count"


class CountedAlready(DomainError):
    """Some of it is being counted already, and stands still until that is over."""

    code = "warehouse.counted_already"


class CountIsOver(DomainError):
    """This count does not wait for that any more."""

    code = "warehouse.count_is_over"


class CountIncomplete(InputError):
    """Each line that is asked for gets its units, whole ones; nothing there is a zero."""

    code = "warehouse.count_incomplete"


class SamePersonCounts(DomainError):
    """What differs is counted again by another person than the first time."""

    code = "warehouse.same_person_counts"


class CounterApproves(DomainError):
    """Who counted does not approve the count."""

    code = "warehouse.counter_approves"


class RemarkForCustomsMissing(InputError):
    """Differences in bond stand in the account book: say under which reference or with what
    remark, in two hundred characters at most."""

    code = "warehouse.remark_for_customs_missing"


class PromisedGoodsMissing(DomainError):
    """More is missing than is free: what is promised is not taken from its order. Cancel orders
    of this lot first."""

    code = "warehouse.promised_goods_missing"


class NobodysSurplus(DomainError):
    """Units were found of a lot of which nobody has anything there: whose they are must be cleared
    first."""

    code = "warehouse.nobodys_surplus"


class BeingCounted(DomainError):
    """These goods are being counted and stay where they are until that is over."""

    code = "warehouse.being_counted"


class CountTermsOutOfRange(InputError):
    """Goods are counted every 1 to 730 days, A at least as often as B and B as C; the tolerance is
    between 0 and 10 percent."""

    code = "warehouse.count_terms_out_of_range"


@dataclass(frozen=True, slots=True)
class Terms:
    """Days between two counts by grade, and the tolerance in hundredths of a percent."""

    a_days: int = 7
    b_days: int = 30
    c_days: int = 91
    tolerance_bp: int = 50

    def days(self, grade: Grade) -> int:
        return {Grade.A: self.a_days, Grade.B: self.b_days, Grade.C: self.c_days}[grade]


def check_terms(terms: Terms) -> None:
    """Raises CountTermsOutOfRange, naming the field."""
    before = 1
    for field in ("a_days", "b_days", "c_days"):
        days = getattr(terms, field)
        if not before <= days <= 730:
            raise CountTermsOutOfRange(field=field, given=days)
        before = days
    if not 0 <= terms.tolerance_bp <= 1000:
        raise CountTermsOutOfRange(field="tolerance", given=terms.tolerance_bp)


def grades(moved: Mapping[int, int]) -> dict[int, Grade]:
    """By product (id) what it moved (fen) makes it: those that together moved the first 80
    percent are of A, up to 95 of B, the rest of C, as is what moved nothing."""
    total = sum(moved.values())
    found, before = {}, 0
    for product in sorted(moved, key=lambda one: (-moved[one], one)):
        value = moved[product]
        if value <= 0 or before * 100 >= total * _B_PERCENT:
            found[product] = Grade.C
        elif before * 100 >= total * _A_PERCENT:
            found[product] = Grade.B
        else:
            found[product] = Grade.A
        before += value
    return found


def due_on(last: date, grade: Grade, terms: Terms) -> date:
    """When a product is to be counted that was counted, or came, on a day."""
    return last + timedelta(days=terms.days(grade))


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody (id) counted of a line (id), and what the books said at that moment."""

    line: int
    units: int
    booked: int
    by: int

    @property
    def difference(self) -> int:
        return self.units - self.booked


def check_entered(wanted: Iterable[int], units: Mapping[int, int]) -> None:
    """Every line (id) that is asked for, and no other. Raises CountIncomplete."""
    lines = set(wanted)
    if lines != units.keys():
        raise CountIncomplete(lines=len(lines), given=len(lines & units.keys()))
    for line in sorted(units):
        if not 0 <= units[line] <= MOST_UNITS:
            raise CountIncomplete(field=f"line_{line}", given=units[line])


def check_other_person(first: Iterable[Entry], by: int) -> None:
    """Raises SamePersonCounts."""
    if any(one.by == by for one in first):
        raise SamePersonCounts()


def is_beyond(entry: Entry, tolerance_bp: int) -> bool:
    """Whether a line is counted again: ``tolerance_bp`` of what the books say, in 1/10,000."""
    return abs(entry.difference) * 10_000 > tolerance_bp * entry.booked


def after_first(entries: Sequence[Entry], tolerance_bp: int) -> CountState:
    """What the count waits for next: another count of what differs too much, or as after the
    last one."""
    if any(is_beyond(one, tolerance_bp) for one in entries):
        return CountState.RECOUNT
    return after_last(entries)


def after_last(entries: Iterable[Entry]) -> CountState:
    """Approval for what differs; nothing more where nothing does."""
    return CountState.COUNTED if any(one.difference for one in entries) else CountState.DONE


def check_state(state: str, *wanted: CountState) -> None:
    """Raises CountIsOver."""
    if state not in wanted:
        raise CountIsOver(state=state)


def check_decision(*, by: int, counters: Iterable[int], remark: str, approves: bool) -> None:
    """Who (id) may decide, and what must be said. Raises CounterApproves or
    RemarkForCustomsMissing."""
    if by in set(counters):
        raise CounterApproves()
    if (approves and not remark) or len(remark) > LONGEST_REMARK or not remark.isprintable():
        raise RemarkForCustomsMissing(field="remark", given=len(remark))


def parts_of(difference: int, free: Mapping[int, int], there: Mapping[int, int]) -> dict[int, int]:
    """Whose how much of a difference is, by owner (id): in proportion to what each has there, by
    the largest remainder, so that the parts sum to it.

    ``free`` are the units of each that are promised to nobody, from which alone what is missing
    is taken; ``there`` all of its units. Raises PromisedGoodsMissing or NobodysSurplus.
    """
    weights = free if difference < 0 else there
    owners = sorted(owner for owner, units in weights.items() if units > 0)
    total = sum(weights[owner] for owner in owners)
    if difference < 0 and total < -difference:
        raise PromisedGoodsMissing(missing=-difference, available=total)
    if not owners:
        raise NobodysSurplus(units=difference)
    parts = shared(abs(difference), [weights[owner] for owner in owners])
    sign = 1 if difference > 0 else -1
    return {owner: sign * units for owner, units in zip(owners, parts, strict=True) if units}


def check_still(kind: Kind, legs: Iterable[Leg]) -> bool:
    """Whether a posting may touch goods that are being counted: it neither takes from the shelf
    nor puts on it, and promises nothing that somebody would then go and fetch."""
    if kind in (Kind.COUNTED, Kind.RETURNED):
        return True
    if kind in (Kind.RESERVED, Kind.TRANSFERRED):
        return False
    sums: dict[tuple[int, int, str], int] = {}
    for leg in legs:
        if leg.location is None or leg.status is None:
            continue
        shelf = "shelf" if leg.status in ON_THE_SHELF else leg.status.value
        key = (leg.lot, leg.location, shelf)
        sums[key] = sums.get(key, 0) + leg.quantity
    return not any(sums.values())
