"""What ran out goes on from the very day after its end, however late somebody loads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from accounts.models import Role, User
from core.walls import platform_wide
from customs import queries
from customs.models import ExchangeRate, ReferenceProposal
from customs.rules.reference import faults
from customs.rules.reference.judging import Judged, Stored, judge
from customs.rules.reference.kinds import EXCHANGE, KINDS, POSITIVE, ROUNDING, TARIFF, THRESHOLD
from customs.rules.reference.reading import Told, read_rows
from customs.services import approve_reference, propose_reference
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory

TODAY = date(2026, 8, 3)
#: A row of each kind as a file has it, and a figure of it told anew.
ROWS: Mapping[str, tuple[dict[str, str], dict[str, str]]] = {
    TARIFF: (
        {"hs_code": "1901101010", "duty_rate": "5%", "vat_rate": "13%", "legal_unit": "035"},
        {"vat_rate": "9%"},
    ),
    POSITIVE: ({"code": "19011010"}, {"remark": "仅限零售包装"}),
    EXCHANGE: ({"currency": "EUR", "per": "100", "cny": "785.12"}, {"cny": "786.5"}),
    ROUNDING: (
        {"tax": "retail", "mode": "half_up", "basis": "line", "places": "2"},
        {"mode": "down"},
    ),
    THRESHOLD: ({"goods": "cosmetics", "per_measure": "10", "per_piece": "15"}, {"per_piece": "9"}),
    "unit": ({"code": "007", "name_zh": "个"}, {"name_zh": "枚"}),
}
CODES = {"unit": {"035"}, "currency": {"EUR"}}


def told(kind: str, *spans: tuple[str, str, bool]) -> dict[str, list[Told]]:
    """Rows of one key (first day, last day, whether told anew), each with an end or none."""
    row, changed = ROWS[kind]
    rows = [
        row | (changed if anew else {}) | {"valid_from": begins, "valid_to": ends, "source": "公告"}
        for begins, ends, anew in spans
    ]
    found, wrong = read_rows(
        KINDS[kind],
        list(enumerate(rows, start=2)),
        known=lambda table, _day: CODES.get(table, ()),
    )
    assert wrong == []
    return found


def judged(
    kind: str, kept: tuple[tuple[str, str, bool], ...], *rows: tuple[str, str, bool]
) -> tuple[Judged, list[str]]:
    stored = {
        key: [
            Stored(number, key, one.valid_from, one.valid_to, one.figures)
            for number, one in enumerate(several, start=1)
        ]
        for key, several in told(kind, *kept).items()
    }
    found, wrong = judge(KINDS[kind], told(kind, *rows), stored, today=TODAY)
    return found, [f"{one.row} {one.field} {type(one.error).__name__}" for one in wrong]


JULY = ("2026-07-01", "2026-07-31", False)


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_begins_on_the_day_after_what_ran_out(kind: str) -> None:
    same, wrong = judged(kind, (JULY,), ("2026-08-01", "2026-08-31", False))
    other, wrong_too = judged(kind, (JULY,), ("2026-08-01", "", True))

    assert wrong == wrong_too == []
    assert [(one.act, one.valid_from, one.valid_to, one.closes) for one in same.changes] == [
        ("continued", date(2026, 8, 1), date(2026, 8, 31), None)
    ]
    assert [(one.act, one.valid_from, one.valid_to, one.closes) for one in other.changes] == [
        ("changed", date(2026, 8, 1), None, None)
    ]
    assert other.changes[0].fields == [next(iter(ROWS[kind][1]))]
    # Nothing of it begins on a day to come: it can be approved whenever nothing else was.
    assert (same.approve_by, other.approve_by) == (None, None)


@pytest.mark.parametrize("kind", ROWS)
def test_what_held_on_past_days_stays_as_it_was(kind: str) -> None:
    """The last day that held, and the first: neither is told anew."""
    assert judged(kind, (JULY,), ("2026-07-31", "", True))[1] == ["2 valid_from PastEdited"]
    assert judged(kind, (JULY,), ("2026-07-01", "", True))[1] == ["2 valid_from PastEdited"]
    assert judged(kind, (JULY,), ("2026-07-01", "2026-08-31", False))[1] == [
        "2 valid_to EndMovedLater"
    ]
    assert judged(kind, (JULY,), ("2026-07-01", "2026-07-30", False))[1] == [
        "2 valid_to PastEdited"
    ]


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_that_leaves_days_out_is_refused(kind: str) -> None:
    past = judged(kind, (JULY,), ("2026-08-02", "", True))[1]
    coming = judged(kind, (JULY,), ("2026-08-03", "", True))[1]

    is_seamless = KINDS[kind].is_seamless
    assert "2 valid_from PastEdited" in past
    assert coming == (["2 valid_from DaysUncovered"] if is_seamless else [])


@pytest.mark.parametrize("kind", [POSITIVE, "unit"])
@pytest.mark.parametrize(("begins", "eve"), [("2026-08-02", "2026-08-01"), ("2026-09-01", "")])
def test_nothing_is_slipped_in_before_what_is_kept_later(kind: str, begins: str, eve: str) -> None:
    """A gap of a list that something follows was a gap on purpose, and people declared by it."""
    kept = (JULY, (begins, "", True))

    found, wrong = judged(kind, kept, ("2026-08-01", eve or "2026-08-31", False))

    assert (found.changes, wrong) == ((), ["2 valid_from PastEdited"])


@pytest.mark.parametrize("kind", ROWS)
def test_months_that_were_missed_follow_each_other_in_one_file(kind: str) -> None:
    found, wrong = judged(
        kind,
        (("2026-05-01", "2026-05-31", False),),
        ("2026-06-01", "2026-06-30", True),
        ("2026-07-01", "2026-07-31", False),
        ("2026-08-01", "2026-08-31", True),
    )

    assert wrong == []
    assert [(one.act, one.valid_from, one.before is not None) for one in found.changes] == [
        ("changed", date(2026, 6, 1), True),
        ("changed", date(2026, 7, 1), True),
        ("changed", date(2026, 8, 1), True),
    ]


@pytest.mark.parametrize(("today", "is_late"), [(date(2026, 7, 31), False), (TODAY, True)])
def test_on_the_last_day_itself_what_follows_is_no_late_row(today: date, is_late: bool) -> None:
    stored = {
        "EUR": [Stored(1, "EUR", date(2026, 7, 1), date(2026, 7, 31), {"cny": "785.12000"})],
    }
    rows = told(EXCHANGE, ("2026-08-01", "2026-08-31", True))

    found, wrong = judge(KINDS[EXCHANGE], rows, stored, today=today)

    assert wrong == []
    assert found.approve_by == (None if is_late else date(2026, 8, 1))


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


def operator() -> User:
    company = PlatformCompanyFactory.create()
    found: User = MembershipFactory.create(company=company, role=Role.OPERATOR).user
    return found


def propose(by: User, *rows: str, day: date) -> ReferenceProposal:
    return propose_reference(
        kind=EXCHANGE,
        file_name="rates.csv",
        content="\n".join(["currency,per,cny,valid_from,valid_to,source", *rows]).encode(),
        proposed_by=by,
        now=datetime(day.year, day.month, day.day, 2, tzinfo=UTC),
    )


def test_a_rate_that_ran_out_holds_again_once_two_people_agreed(wide: None) -> None:
    maker, checker = operator(), operator()
    july = propose(maker, "EUR,100,785.12,2026-07-01,2026-07-31,公告", day=date(2026, 7, 1))
    approve_reference(proposal=july, decided_by=checker, now=datetime(2026, 7, 1, 3, tzinfo=UTC))
    kept = list(ExchangeRate.objects.values())

    with pytest.raises(faults.ReferenceRefused):
        propose(maker, "EUR,100,786.5,2026-08-02,2026-08-31,公告", day=TODAY)
    with pytest.raises(faults.ReferenceRefused):
        propose(maker, "EUR,100,786.5,2026-07-31,2026-08-31,公告", day=TODAY)
    assert list(ExchangeRate.objects.values()) == kept
    assert ReferenceProposal.objects.count() == 1

    august = propose(maker, "EUR,100,786.5,2026-08-01,2026-08-31,公告", day=TODAY)
    approve_reference(proposal=august, decided_by=checker, now=datetime(2026, 8, 4, 3, tzinfo=UTC))

    assert list(ExchangeRate.objects.filter(pk=kept[0]["id"]).values()) == kept
    assert queries.cny_per_unit("EUR", date(2026, 7, 31)) == Decimal("7.8512")
    assert queries.cny_per_unit("EUR", date(2026, 8, 1)) == Decimal("7.865")
    assert queries.cny_per_unit("EUR", date(2026, 9, 1)) is None
