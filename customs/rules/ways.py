"""What of the way of a shipment into bond is done, what comes next, and what a way allows.

Sources: goods are declared once they are there, before that only where customs lets an importer
declare in advance; goods that go in first enter on a pass of kind 1, and their list follows; of a
two-step declaration the goods are picked up after the first step; of a collective one each
shipment's list is handed in and the month is declared together (Order 169/2008).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from core.errors import DomainError, InputError
from customs.rules.deadlines import Grants, Route, routes

_PASS = re.compile(r"[0-9A-Z]{4,24}")
#: What may be chosen for one shipment; tax by month goes beside any way.
CHOSEN = (Route.ORDINARY, Route.IN_ADVANCE, Route.TWO_STEP, Route.FIRST_IN, Route.COLLECTIVE)


class WayNotOpen(DomainError):
    """Customs has not opened this way to the importer."""

    code = "customs.way_not_open"


class WayTaken(DomainError):
    """The way of a shipment is chosen before it is lodged with customs, and before it goes in."""

    code = "customs.way_taken"


class ArrivalWrong(InputError):
    """A shipment has arrived after it left, and not in the future."""

    code = "customs.arrival_wrong"


class LodgedBeforeArrival(DomainError):
    """Goods are lodged with customs once they have arrived; before that only on the way of
    declaring in advance."""

    code = "customs.lodged_before_arrival"


class AdvancePapersMissing(DomainError):
    """Who declares in advance has the shipment's papers at hand: bill of lading, commercial invoice
    and packing list."""

    code = "customs.advance_papers_missing"


class NotFirstIn(DomainError):
    """Goods go in before customs released them only on the way of first in, then declare, and in
    two steps once the first is lodged."""

    code = "customs.not_first_in"


class EnteredBefore(DomainError):
    """This shipment has gone in before, or this pass is another's."""

    code = "customs.entered_before"


class EnteredElsewhere(DomainError):
    """The goods went into another bonded warehouse, and are declared into that one."""

    code = "customs.entered_elsewhere"


class PassNumberWrong(InputError):
    """A pass has its number: 4 to 24 capital letters and digits."""

    code = "customs.pass_number_wrong"


class Step(StrEnum):
    DRAFT = "draft"
    PAPERS = "papers"
    LODGE = "lodge"
    ENTER = "enter"
    RECEIVE = "receive"
    COMPLETE = "complete"
    RELEASE = "release"
    COLLECT = "collect"


#: What is done one after another on each way.
STEPS: dict[Route, Sequence[Step]] = {
    Route.ORDINARY: (Step.DRAFT, Step.LODGE, Step.RELEASE, Step.RECEIVE),
    Route.IN_ADVANCE: (Step.DRAFT, Step.PAPERS, Step.LODGE, Step.RELEASE, Step.RECEIVE),
    Route.TWO_STEP: (
        *(Step.DRAFT, Step.LODGE, Step.ENTER, Step.RECEIVE),
        *(Step.COMPLETE, Step.RELEASE),
    ),
    Route.FIRST_IN: (Step.ENTER, Step.RECEIVE, Step.DRAFT, Step.LODGE, Step.RELEASE),
    Route.COLLECTIVE: (Step.DRAFT, Step.LODGE, Step.RELEASE, Step.RECEIVE, Step.COLLECT),
}


@dataclass(frozen=True, slots=True)
class Stands:
    """How far a shipment is: days, None where it has not happened.

    ``ordered_on``: its paper was ordered, so that the draft is settled; ``papers_on``: invoice and
    packing list are made.
    """

    ordered_on: date | None = None
    papers_on: date | None = None
    lodged_on: date | None = None
    entered_on: date | None = None
    received_on: date | None = None
    completed_on: date | None = None
    released_on: date | None = None
    collected_on: date | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A step, and the day on which it was done; None while it is open."""

    step: Step
    done_on: date | None


def way_of(grants: Grants, chosen: Route | None) -> Route:
    """The way that was chosen, while it is open; else the one that customs' grants lead to."""
    open_ways = routes(grants)
    if chosen is not None:
        return chosen if chosen in open_ways else Route.ORDINARY
    wanted = (Route.FIRST_IN, Route.COLLECTIVE, Route.IN_ADVANCE, Route.TWO_STEP)
    return next((one for one in wanted if one in open_ways), Route.ORDINARY)


def steps(way: Route, stands: Stands) -> list[Taken]:
    """All steps of a way, in its order."""
    done = {
        Step.DRAFT: stands.ordered_on,
        Step.PAPERS: stands.papers_on,
        Step.LODGE: stands.lodged_on,
        Step.ENTER: stands.entered_on,
        Step.RECEIVE: stands.received_on,
        # What customs released was complete, whoever recorded it.
        Step.COMPLETE: stands.completed_on or stands.released_on,
        Step.RELEASE: stands.released_on,
        Step.COLLECT: stands.collected_on,
    }
    return [Taken(step, done[step]) for step in STEPS[way]]


def next_of(taken: Sequence[Taken]) -> Step | None:
    """The first that is open."""
    return next((one.step for one in taken if one.done_on is None), None)


def check_choice(way: Route, grants: Grants, *, is_lodged: bool, has_entered: bool) -> None:
    """Raises WayNotOpen or WayTaken."""
    if way not in CHOSEN or way not in routes(grants):
        raise WayNotOpen(way=way.value)
    if is_lodged or has_entered:
        raise WayTaken()


def check_arrival(arrived_on: date, *, departed_on: date, today: date) -> None:
    """Raises ArrivalWrong."""
    if not departed_on <= arrived_on <= today:
        raise ArrivalWrong(arrived_on=arrived_on.isoformat(), departed_on=departed_on.isoformat())


def check_lodging(
    way: Route, *, arrives_on: date, today: date, has_entered: bool, lacking: Collection[str]
) -> None:
    """Whether a declaration may be lodged today; ``lacking`` are the papers that are not there.

    Raises LodgedBeforeArrival or AdvancePapersMissing.
    """
    if has_entered or today >= arrives_on:
        return
    if way != Route.IN_ADVANCE:
        raise LodgedBeforeArrival(arrives_on=arrives_on.isoformat())
    if lacking:
        raise AdvancePapersMissing(papers=", ".join(sorted(lacking)))


def check_entry(way: Route, *, pass_number: str, is_lodged: bool, has_entered: bool) -> str:
    """The pass's number, trimmed. Raises PassNumberWrong, EnteredBefore or NotFirstIn."""
    number = pass_number.strip()
    if not _PASS.fullmatch(number):
        raise PassNumberWrong()
    if has_entered:
        raise EnteredBefore()
    if way != Route.FIRST_IN and not (way == Route.TWO_STEP and is_lodged):
        raise NotFirstIn(way=way.value)
    return number
