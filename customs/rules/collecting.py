"""The accepted lists of a month become one declaration.

Source: Order 169/2008: each shipment's list is handed in within 14 days, the lists of a month are
declared together by month, for goods into bond until the end of the next one; tax and exchange
rate are those of the day on which the list was accepted. A list belongs to the month in which its
goods arrived: from that day its deadlines count. Whether customs counts the month from the
arrival or from the list's own day could not be confirmed; the arrival is never the later one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal

from core.errors import DomainError, InputError
from customs.rules.charges import Charge, Mark
from customs.rules.deadlines import Route, end_of_month
from customs.rules.goods import GoodsLine, sameness, together
from customs.rules.import_set import Statement

#: Lists in one collective declaration: each is read and locked.
MOST_LISTS = 200


class NothingToCollect(InputError):
    """A collective declaration is drawn of at least one list, each named once, and of two hundred
    at most."""

    code = "customs.nothing_to_collect"


class ListUnknown(InputError):
    """Only lists of one's own are declared together."""

    code = "customs.list_unknown"


class DeclaredAlone(DomainError):
    """This shipment has a declaration of its own: it is not on the way of collective
    declaration."""

    code = "customs.declared_alone"


class ListNotAccepted(DomainError):
    """A list is declared with its month once customs has accepted it; it counts no longer when it
    was sent back, amended or withdrawn."""

    code = "customs.list_not_accepted"


class MonthNotOver(DomainError):
    """The lists of a month are declared together once the month is over."""

    code = "customs.month_not_over"


class CollectedBefore(DomainError):
    """This list stands in a collective declaration that counts."""

    code = "customs.collected_before"


class ListsDiffer(InputError):
    """Lists that are declared together are of one month, consignor, warehouse, form, mode, means of
    transport, terms, currency and statement, and have their charges in one way: declare those that
    differ apart."""

    code = "customs.lists_differ"


class TooManyTogether(InputError):
    """A declaration holds only so many goods lines: declare fewer of the month's lists together,
    and the others in one more declaration."""

    code = "customs.too_many_together"


class ListCollected(DomainError):
    """This list stands in a collective declaration: set that one aside or have it withdrawn
    first."""

    code = "customs.list_collected"


@dataclass(frozen=True, slots=True)
class Alike:
    """What stands once on the head of a form, and so is the same of all lists in it.

    ``charges`` has kind, mark and currency of each, and the value where it is no total.
    """

    month: date
    supplier: int
    warehouse: int
    form: str
    mode: str
    transport: str
    terms: str
    currency: str
    charges: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A list that may be declared with its month; ``reference`` is its declaration's.

    ``collected_in`` is the collective declaration in which it stands, empty where it is in none.
    ``statement`` is None where nobody looked: it is compared as it is drawn.
    """

    reference: str
    shipment: str
    way: Route
    state: str
    is_accepted: bool
    arrived_on: date
    accepted_on: date | None
    alike: Alike
    packages: int
    collected_in: str = ""
    charges: tuple[Charge, ...] = ()
    statement: Statement | None = None

    @property
    def last_day(self) -> date:
        """By which its month is declared."""
        return end_of_month(self.arrived_on, after=1)


@dataclass(frozen=True, slots=True)
class ListLine:
    """A line of a list as it was accepted; ``key`` is its own, ``figures`` have no place yet."""

    key: int
    figures: GoodsLine


@dataclass(frozen=True, slots=True)
class Drawn:
    """The goods lines of a collective declaration, and into which each list line goes."""

    goods: tuple[GoodsLine, ...]
    places: Mapping[int, int] = field(default_factory=dict)


def alike_charges(charges: Sequence[Charge]) -> tuple[tuple[str, ...], ...]:
    """Totals add up; rates and amounts for each tonne have to be the same."""
    return tuple(
        sorted(
            (one.kind.value, one.mark.value, one.currency)
            if one.mark == Mark.TOTAL
            else (one.kind.value, one.mark.value, one.currency, f"{one.value.normalize():f}")
            for one in charges
        )
    )


def check_lists(lists: Sequence[Candidate], *, today: date) -> None:
    """Raises NothingToCollect, DeclaredAlone, ListNotAccepted, CollectedBefore, MonthNotOver or
    ListsDiffer, naming the list."""
    if not 0 < len(lists) <= MOST_LISTS:
        raise NothingToCollect(lists=len(lists), most=MOST_LISTS)
    for one in lists:
        if one.way != Route.COLLECTIVE:
            raise DeclaredAlone(list=one.reference, shipment=one.shipment, way=one.way.value)
        if not one.is_accepted:
            raise ListNotAccepted(list=one.reference, state=one.state)
        if one.collected_in:
            raise CollectedBefore(list=one.reference, declaration=one.collected_in)
        if today <= end_of_month(one.arrived_on):
            raise MonthNotOver(list=one.reference, month=f"{one.arrived_on:%Y-%m}")
    first = lists[0]
    for other in lists[1:]:
        differ = [
            part.name
            for part in fields(Alike)
            if getattr(first.alike, part.name) != getattr(other.alike, part.name)
        ]
        if first.statement != other.statement:
            differ.append("statement")
        if differ:
            raise ListsDiffer(
                list=other.reference, differs_from=first.reference, in_what=", ".join(differ)
            )


def merged(lines: Sequence[ListLine], *, most: int) -> Drawn:
    """Goods lines of list lines that agree in all that is declared; they sum to them exactly.

    Raises TooManyTogether.
    """
    places: dict[tuple[object, ...], int] = {}
    goods: dict[int, GoodsLine] = {}
    goes: dict[int, int] = {}
    for one in lines:
        told = one.figures
        key = sameness(
            hs_code=told.hs_code,
            name_zh=told.name_zh,
            specification=told.specification,
            origin=told.origin,
            units=(told.unit, told.legal_unit, told.second_unit),
            price=told.unit_price,
        )
        place = places.setdefault(key, len(places) + 1)
        before = goods.get(place)
        goods[place] = together(before, told) if before else replace(told, position=place)
        goes[one.key] = place
    if len(goods) > most:
        raise TooManyTogether(lines=len(goods), most=most)
    return Drawn(tuple(goods[place] for place in sorted(goods)), goes)


def charges_together(lists: Sequence[Candidate]) -> list[Charge]:
    """The charges of lists that agree in their way: totals are summed, the rest stands as it is."""
    found: dict[str, Charge] = {}
    for one in lists:
        for charge in one.charges:
            before = found.get(charge.kind.value)
            if before is None:
                found[charge.kind.value] = charge
            elif charge.mark == Mark.TOTAL:
                value: Decimal = before.value + charge.value
                found[charge.kind.value] = replace(before, value=value)
    return [found[kind] for kind in sorted(found)]
