"""By which day something must be done about a shipment, and what facilitations change of it.

Sources: goods are declared within 14 days of arrival, later there is a late fee; the law on taxes
(summary tax is paid by the fifth working day of the next month); Order 169/2008 (collective
declaration: the list within 14 days, the declaration by month). That a two-step declaration is
completed, and the list of goods that went in first handed in, within 14 days could not be
confirmed: the days are a setting of :class:`Terms`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.errors import DomainError, InputError


class Tier(StrEnum):
    """The five levels of an importer's credit with customs (Order 282)."""

    ADVANCED = "advanced"
    CERTIFIED = "certified"
    REGULAR = "regular"
    DISHONEST = "dishonest"
    SERIOUS = "serious"


class Kind(StrEnum):
    DECLARE = "declare"
    COMPLETE = "complete"
    FOLLOW = "follow"
    LIST = "list"
    COLLECT = "collect"
    PAY = "pay"


class Route(StrEnum):
    """A way in which goods may be declared."""

    ORDINARY = "ordinary"
    IN_ADVANCE = "in_advance"
    TWO_STEP = "two_step"
    FIRST_IN = "first_in"
    COLLECTIVE = "collective"
    SUMMARY_TAX = "summary_tax"


class DeadlineRefusal(DomainError):
    """The deadline cannot be changed so."""

    code = "customs.deadline_refused"


class MetByItself(DeadlineRefusal):
    """What was lodged, released and declared with its month is seen here by itself and not recorded
    by hand."""

    code = "customs.met_by_itself"


class EvidenceMissing(InputError):
    """What customs grants is kept with the paper by which it does, in 200 characters at most."""

    code = "customs.evidence_missing"


class NotGranted(InputError):
    """Customs grants a dishonest company nothing beyond the ordinary way."""

    code = "customs.not_granted"


@dataclass(frozen=True, slots=True)
class Flags:
    """Ways that customs may open to an importer."""

    in_advance: bool = False
    two_step: bool = False
    first_in: bool = False
    collective: bool = False
    summary_tax: bool = False


@dataclass(frozen=True, slots=True)
class Grants:
    """What customs grants an importer on a day."""

    tier: Tier = Tier.REGULAR
    in_advance: bool = False
    two_step: bool = False
    first_in: bool = False
    collective: bool = False
    summary_tax: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """Days and working days of the law; ``holidays`` and weekends that are ``worked`` are those of
    the State Council's calendar."""

    declare: int = 14
    complete: int = 14
    follow: int = 14
    list: int = 14
    pay_working_day: int = 5
    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Voyage:
    """What is known of a shipment: days, None where it has not happened.

    ``arrives_on`` is the day that the supplier announced, until the importer told when it came.
    ``entered_on``: it went in on a pass, or was counted in; ``collected_on``: its month was
    declared.
    """

    arrives_on: date
    lodged_on: date | None = None
    released_on: date | None = None
    entered_on: date | None = None
    collected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of a kind, and the day on which it was done, None while it is open."""

    kind: Kind
    due_on: date
    met_on: date | None = None


#: Nothing here sees that these were done; a person records it.
BY_HAND = frozenset({Kind.COMPLETE})
#: By which a shipment is handed to customs, on whatever way.
DECLARING = frozenset({Kind.DECLARE, Kind.FOLLOW, Kind.LIST})
#: Customs takes no promise from who broke one.
_TRUSTED = frozenset({Tier.ADVANCED, Tier.CERTIFIED, Tier.REGULAR})


def check_grant(tier: Tier, flags: Flags, evidence: str) -> None:
    """Raises EvidenceMissing or NotGranted."""
    if not 0 < len(evidence.strip()) <= 200:
        raise EvidenceMissing()
    if tier not in _TRUSTED and flags != Flags():
        raise NotGranted(tier=tier.value)


def routes(grants: Grants) -> list[Route]:
    """The ways that are open to an importer; a dishonest one has the ordinary way alone."""
    ways = [Route.ORDINARY]
    if grants.tier in _TRUSTED:
        ways += [
            route
            for route, is_open in (
                (Route.IN_ADVANCE, grants.in_advance),
                (Route.TWO_STEP, grants.two_step),
                (Route.FIRST_IN, grants.first_in),
                (Route.COLLECTIVE, grants.collective),
                (Route.SUMMARY_TAX, grants.summary_tax),
            )
            if is_open
        ]
    return ways


def deadlines(
    voyage: Voyage,
    grants: Grants,
    *,
    terms: Terms = Terms(),
    chosen: Route | None = None,
) -> list[Due]:
    """Every deadline of a shipment as far as it is known, the soonest first. Goods that enter into
    bond owe no tax: what summary tax leaves for the next month stands with the guarantees.

    ``chosen`` is the way on which the importer declares it; None: what customs grants decides.
    """
    open_ways = routes(grants)
    if chosen is not None:
        taken = (Route.ORDINARY, Route.SUMMARY_TAX, chosen)
        open_ways = [one for one in open_ways if one in taken]
    arrival = voyage.arrives_on
    declare_by = arrival + timedelta(days=terms.declare)
    if Route.IN_ADVANCE in open_ways:
        # Who may declare in advance has the goods released as they arrive, if it does.
        declare_by = arrival
    if Route.FIRST_IN in open_ways:
        # They enter on a pass alone; the list follows.
        entered = voyage.entered_on or arrival
        follow_by = entered + timedelta(days=terms.follow)
        found = [Due(Kind.FOLLOW, follow_by, voyage.lodged_on)]
    elif Route.COLLECTIVE in open_ways:
        found = [
            Due(Kind.LIST, arrival + timedelta(days=terms.list), voyage.lodged_on),
            Due(Kind.COLLECT, end_of_month(arrival, after=1), voyage.collected_on),
        ]
    else:
        found = [Due(Kind.DECLARE, declare_by, voyage.lodged_on)]
    if Route.TWO_STEP in open_ways and voyage.lodged_on:
        complete_by = voyage.lodged_on + timedelta(days=terms.complete)
        found.append(Due(Kind.COMPLETE, complete_by, voyage.released_on))
    return sorted(found, key=lambda one: (one.due_on, one.kind))


def end_of_month(day: date, *, after: int = 0) -> date:
    """The last day of the month that is so many months after the one of ``day``."""
    months = day.year * 12 + day.month - 1 + after + 1
    return date(months // 12, months % 12 + 1, 1) - timedelta(days=1)


def working_day(
    day: date, number: int, holidays: Collection[date] = (), worked: Collection[date] = ()
) -> date:
    """The so-manieth working day (Monday to Friday and weekends that are ``worked``, no holiday) of
    the month after ``day``'s."""
    found = end_of_month(day)
    left = number
    while left:
        found += timedelta(days=1)
        if (found.weekday() < 5 or found in worked) and found not in holidays:
            left -= 1
    return found
