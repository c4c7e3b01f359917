"""By which day what must be done, what facilitations change of it, and that it is told once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from accounts.models import Company, User
from config.days_told import days_told, worked_weekends
from core.errors import DomainError
from core.walls import inside, platform_wide
from customs import queries
from customs.models import CreditTier, Deadline, Facilitation
from customs.queries.deadlines import terms
from customs.rules import deadlines as rules
from customs.rules.deadlines import (
    Due,
    Flags,
    Grants,
    Kind,
    Route,
    Terms,
    Tier,
    Voyage,
    deadlines,
    routes,
    working_day,
)
from customs.services import grant, meet_deadline, record_release, watch_deadlines
from customs.services.deadlines import DeadlineOver
from notices.models import Notice
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.customs import DECLARES, ENTRY_NUMBER, a_lodged, a_shipment
from tests.walls.rows import all_rows

ARRIVES = date(2026, 7, 20)
SAILING = Voyage(arrives_on=ARRIVES)


@pytest.mark.parametrize(
    ("voyage", "grants", "wanted"),
    [
        (SAILING, Grants(), [Due(Kind.DECLARE, date(2026, 8, 3))]),
        (
            Voyage(ARRIVES, lodged_on=date(2026, 7, 22)),
            Grants(),
            [Due(Kind.DECLARE, date(2026, 8, 3), date(2026, 7, 22))],
        ),
        (SAILING, Grants(in_advance=True), [Due(Kind.DECLARE, ARRIVES)]),
        (
            Voyage(ARRIVES, lodged_on=date(2026, 7, 10)),
            Grants(two_step=True),
            [
                Due(Kind.COMPLETE, date(2026, 7, 24)),
                Due(Kind.DECLARE, date(2026, 8, 3), date(2026, 7, 10)),
            ],
        ),
        (
            Voyage(ARRIVES, entered_on=date(2026, 7, 21)),
            Grants(first_in=True),
            [Due(Kind.FOLLOW, date(2026, 8, 4))],
        ),
        (
            SAILING,
            Grants(collective=True),
            [Due(Kind.LIST, date(2026, 8, 3)), Due(Kind.COLLECT, date(2026, 8, 31))],
        ),
        (
            Voyage(ARRIVES, lodged_on=ARRIVES, released_on=date(2026, 7, 21)),
            Grants(summary_tax=True),
            # Goods into bond owe no tax, by month or at once.
            [Due(Kind.DECLARE, date(2026, 8, 3), ARRIVES)],
        ),
        (
            SAILING,
            Grants(tier=Tier.DISHONEST, in_advance=True, first_in=True),
            [Due(Kind.DECLARE, date(2026, 8, 3))],
        ),
    ],
)
def test_facilitations_change_what_is_due(
    voyage: Voyage, grants: Grants, wanted: list[Due]
) -> None:
    assert deadlines(voyage, grants) == wanted


def test_the_days_of_the_law_and_the_days_off_are_those_of_the_house(settings: Any) -> None:
    settings.BONDPOOL_CUSTOMS_DAYS = 10
    settings.BONDPOOL_HOLIDAYS = frozenset({date(2026, 10, 1)})
    settings.BONDPOOL_WORKED_WEEKENDS = frozenset({date(2026, 10, 10)})

    assert terms() == Terms(
        *(10, 10, 10, 10),
        holidays=frozenset({date(2026, 10, 1)}),
        worked=frozenset({date(2026, 10, 10)}),
    )


def test_the_routes_are_those_that_customs_opened() -> None:
    everything = Grants(Tier.ADVANCED, True, True, True, True, True)

    assert routes(everything) == list(Route)
    assert routes(Grants()) == [Route.ORDINARY]
    assert routes(Grants(Tier.SERIOUS, True, True, True, True, True)) == [Route.ORDINARY]


def test_weekends_that_are_worked_count() -> None:
    golden_week = [date(2026, 10, day) for day in range(1, 8)]
    worked = [date(2026, 10, 10), date(2026, 10, 11)]

    assert working_day(date(2026, 9, 21), 5, golden_week, worked) == date(2026, 10, 12)
    assert working_day(date(2026, 9, 21), 5, golden_week) == date(2026, 10, 14)
    # Told as a day off as well it is none.
    assert working_day(date(2026, 9, 21), 3, golden_week, golden_week) == date(2026, 10, 12)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-10-10,2026-13-01", "'2026-13-01' is no day"),
        ("2026-10-12", "2026-10-12 is no Saturday or Sunday"),
        ("2026-10-03", "2026-10-03 is told as a day off as well"),
    ],
)
def test_a_worked_weekend_that_is_none_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=words):
        worked_weekends("BONDPOOL_WORKED_WEEKENDS", text, off={date(2026, 10, 3)})


def test_days_are_told_parted_by_commas() -> None:
    assert days_told("BONDPOOL_HOLIDAYS", " 2026-10-01, 2026-10-02,") == {
        date(2026, 10, 1),
        date(2026, 10, 2),
    }
    assert worked_weekends("BONDPOOL_WORKED_WEEKENDS", "2026-10-10", off=()) == {date(2026, 10, 10)}


@pytest.mark.parametrize(
    ("day", "number", "holidays", "wanted"),
    [
        # August 2026 begins on a Saturday.
        (date(2026, 7, 31), 5, (), date(2026, 8, 7)),
        (date(2026, 7, 1), 1, (date(2026, 8, 3),), date(2026, 8, 4)),
        (date(2026, 12, 15), 5, (date(2027, 1, 1),), date(2027, 1, 8)),
        # Thursday the 8th is the first working day after the golden week.
        (
            *(date(2026, 9, 21), 5),
            [date(2026, 10, one) for one in range(1, 8)],
            date(2026, 10, 14),
        ),
    ],
)
def test_working_days_leave_weekends_and_holidays_out(
    day: date, number: int, holidays: Sequence[date], wanted: date
) -> None:
    assert working_day(day, number, holidays) == wanted


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 1, tzinfo=UTC)


def heard() -> list[tuple[str, str]]:
    told = Notice.objects.filter(event__startswith="deadline.").order_by("pk")
    return list(told.values_list("event", "facts__kind"))


def test_a_deadline_is_told_before_and_when_it_is_missed_once_each(clerk: User) -> None:
    a_shipment(arrives=ARRIVES)
    watch_deadlines(now=DECLARES)
    assert Deadline.objects.get().due_on == date(2026, 8, 3)
    assert heard() == []

    for day in (date(2026, 7, 31), date(2026, 8, 1), date(2026, 8, 4), date(2026, 8, 5)):
        watch_deadlines(now=at(day))

    assert heard() == [("deadline.near", "declare"), ("deadline.missed", "declare")]


def test_what_was_lodged_is_met(clerk: User) -> None:
    lodged = a_lodged()

    watch_deadlines(now=at(date(2026, 8, 2)))

    deadline = Deadline.objects.get()
    assert (deadline.met_on, deadline.declaration) == (DECLARES.date(), lodged)
    assert heard() == []


def granted(importer: Company, clerk: User, **flags: bool) -> Facilitation:
    return grant(
        importer=importer,
        valid_from=DECLARES.date(),
        tier=CreditTier.CERTIFIED,
        flags=Flags(**flags),
        evidence="AEOCN3302960009",
        set_by=clerk,
        now=DECLARES,
    )


def test_a_way_that_is_opened_drops_the_deadline_of_the_other(clerk: User) -> None:
    shipment = a_shipment()
    watch_deadlines(now=DECLARES)
    granted(shipment.order.buyer, clerk, first_in=True)

    watch_deadlines(now=DECLARES + timedelta(days=1))

    told = Deadline.objects.order_by("pk").values_list("kind", "dropped_on")
    assert list(told) == [("declare", date(2026, 7, 15)), ("follow", None)]
    assert [one.kind for one in queries.open_deadlines()] == ["follow"]


def test_a_payment_that_an_entry_into_bond_never_owed_is_dropped(clerk: User) -> None:
    lodged = a_lodged()
    granted(lodged.importer, clerk, summary_tax=True)
    record_release(declaration=lodged, their_reference=ENTRY_NUMBER, now=DECLARES)
    Deadline.objects.create(
        importer=lodged.importer,
        shipment=lodged.shipment,
        declaration=lodged,
        kind="pay",
        due_on=date(2026, 8, 7),
        computed_at=DECLARES,
    )

    watch_deadlines(now=at(date(2026, 8, 8)))

    assert not queries.open_deadlines().filter(kind="pay").exists()
    assert heard() == []


def test_the_newest_grant_of_a_day_counts(clerk: User) -> None:
    importer = ImporterFactory.create()
    granted(importer, clerk, first_in=True)
    granted(importer, clerk, collective=True)

    assert queries.grants_on(importer.pk, DECLARES.date()).collective
    assert not queries.grants_on(importer.pk, DECLARES.date()).first_in
    assert queries.grants_on(importer.pk, date(2026, 7, 13)) == Grants()
    with inside(ImporterFactory.create().pk):
        assert not Facilitation.objects.exists()


@pytest.mark.parametrize(
    ("tier", "flags", "evidence", "refusal"),
    [
        (CreditTier.CERTIFIED, Flags(), " ", rules.EvidenceMissing),
        (CreditTier.DISHONEST, Flags(first_in=True), "A", rules.NotGranted),
    ],
)
def test_refused_grants_write_nothing(
    tier: CreditTier, flags: Flags, evidence: str, refusal: type[DomainError], clerk: User
) -> None:
    importer = ImporterFactory.create()
    before = all_rows()

    with pytest.raises(refusal):
        grant(
            importer=importer,
            valid_from=DECLARES.date(),
            tier=tier,
            flags=flags,
            evidence=evidence,
            set_by=clerk,
            now=DECLARES,
        )

    assert all_rows() == before


def test_what_nobody_here_sees_is_recorded_by_hand_once(clerk: User) -> None:
    lodged = a_lodged()
    granted(lodged.importer, clerk, two_step=True)
    watch_deadlines(now=DECLARES)
    complete, declare = Deadline.objects.get(kind="complete"), Deadline.objects.get(kind="declare")

    assert meet_deadline(deadline=complete, now=DECLARES).met_on == DECLARES.date()
    before = all_rows()
    with pytest.raises(DeadlineOver):
        meet_deadline(deadline=complete, now=DECLARES)
    with pytest.raises(rules.MetByItself):
        meet_deadline(deadline=declare, now=DECLARES)

    assert all_rows() == before
