"""What a file of reference data may say, and what it changes of what is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customs.models.kinds_named import FIGURES, KIND_CHOICES
from customs.rules.duty import duty_for
from customs.rules.reference import cells, faults
from customs.rules.reference.judging import Act, Change, Judged, Stored, judge
from customs.rules.reference.kinds import KINDS, POSITIVE, TARIFF, kind_named
from customs.rules.reference.reading import Told, first_of_repeated, read_rows
from customs.rules.reference.seed import seed_of

KIND = KINDS[TARIFF]
TODAY = date(2026, 7, 1)
ROW = {
    "hs_code": "1901101010",
    "valid_from": "2026-07-01",
    "duty_rate": "5%",
    "vat_rate": "0.13",
    "legal_unit": "035",
    "source": "税则",
}
CODES = {"unit": {"035", "011", "095"}, "country": {"AUS", "NZL", "IDN"}, "certificate": {"A"}}


def known(table: str, _day: date) -> Collection[str]:
    return CODES.get(table, ())


def read(*rows: dict[str, str]) -> tuple[dict[str, list[Told]], list[str]]:
    told, wrong = read_rows(KIND, list(enumerate(rows, start=2)), known=known)
    return told, [f"{one.row} {one.field} {type(one.error).__name__}" for one in wrong]


def test_a_row_is_read_as_it_is_kept() -> None:
    told, wrong = read(
        ROW
        | {
            "agreement_duties": "AUS=0; 中国-东盟(IDN NZL)=2%",
            "consumption_tax_specific": "0.912",
            "consumption_tax_unit": "095",
            "legal_unit_2": "011",
            "elements": "品牌类型|成分含量",
            "supervision": "A",
        }
    )

    assert wrong == []
    (one,) = told["1901101010"]
    assert (one.valid_from, one.valid_to) == (date(2026, 7, 1), None)
    assert one.figures == {
        "name_zh": "",
        "duty_rate": "0.05000",
        "agreement_duties": [
            {"name": "AUS", "countries": ["AUS"], "rate": "0.00000"},
            {"name": "中国-东盟", "countries": ["IDN", "NZL"], "rate": "0.02000"},
        ],
        "vat_rate": "0.13000",
        "consumption_tax_rate": "0.00000",
        "consumption_tax_specific": "0.91200",
        "consumption_tax_unit": "095",
        "consumption_tax_if": "",
        "legal_unit": "035",
        "legal_unit_2": "011",
        "elements": ["品牌类型", "成分含量"],
        "supervision": ["A"],
    }


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"hs_code": "19011010"}, "2 hs_code NotATariffCode"),
        ({"valid_from": "1.1.2026"}, "2 valid_from NotADay"),
        ({"valid_from": "1026-01-01"}, "2 valid_from NotADay"),
        ({"valid_from": ""}, "2 valid_from NotADay"),
        ({"valid_to": "2026-06-30"}, "2 valid_to EndsBeforeItBegins"),
        ({"duty_rate": "-0.05"}, "2 duty_rate NotARate"),
        ({"duty_rate": ""}, "2 duty_rate NotARate"),
        ({"duty_rate": "6"}, "2 duty_rate PercentMissing"),
        ({"duty_rate": "1"}, "2 duty_rate PercentMissing"),
        ({"duty_rate": "1000%"}, "2 duty_rate NotARate"),
        ({"vat_rate": "9"}, "2 vat_rate PercentMissing"),
        ({"vat_rate": "100%"}, "2 vat_rate NotARate"),
        ({"vat_rate": "NaN"}, "2 vat_rate NotARate"),
        ({"vat_rate": "0.1300001"}, "2 vat_rate NotARate"),
        ({"consumption_tax_rate": "100%"}, "2 consumption_tax_rate NotARate"),
        ({"consumption_tax_specific": "0.9"}, "2 consumption_tax_unit UnitMissing"),
        ({"consumption_tax_unit": "095"}, "2 consumption_tax_unit UnitMissing"),
        ({"consumption_tax_specific": "-1"}, "2 consumption_tax_specific NotAnAmount"),
        ({"consumption_tax_if": "beer"}, "2 consumption_tax_if ConditionUnknown"),
        ({"legal_unit": "35"}, "2 legal_unit NotAUnit"),
        ({"legal_unit": "999"}, "2 legal_unit CodeNotKept"),
        ({"legal_unit_2": "035"}, "2 legal_unit_2 SameUnitTwice"),
        ({"agreement_duties": "AUS"}, "2 agreement_duties NotAnAgreement"),
        ({"agreement_duties": "AUS=0; AUS=1%"}, "2 agreement_duties NotAnAgreement"),
        ({"agreement_duties": "ASEAN=0"}, "2 agreement_duties NotAnAgreement"),
        ({"agreement_duties": "AUS=free"}, "2 agreement_duties NotARate"),
        ({"agreement_duties": "AUS=2"}, "2 agreement_duties PercentMissing"),
        ({"agreement_duties": "XXX=0"}, "2 agreement_duties CodeNotKept"),
        ({"supervision": "Z"}, "2 supervision CodeNotKept"),
        ({"elements": "长" * 121}, "2 elements TextTooLong"),
        ({"source": ""}, "2 source SourceMissing"),
        ({"source": "长" * 201}, "2 source SourceMissing"),
    ],
)
def test_what_is_wrong_is_named_by_row_and_column(changed: dict[str, str], told: str) -> None:
    assert read(ROW | changed)[1] == [told]


def test_a_duty_of_its_whole_value_is_told_with_the_sign() -> None:
    told, wrong = read(ROW | {"duty_rate": "130%", "vat_rate": "9%"})

    assert wrong == []
    (one,) = told["1901101010"]
    assert (one.figures["duty_rate"], one.figures["vat_rate"]) == ("1.30000", "0.09000")


def test_rows_of_one_code_follow_each_other_without_a_gap_and_once() -> None:
    earlier = ROW | {"valid_from": "2026-01-01"}

    followed, wrong = read(earlier, ROW)
    assert wrong == []
    assert followed["1901101010"][0].valid_to == date(2026, 6, 30)
    assert followed["1901101010"][0].is_followed
    assert read(ROW, ROW)[1] == ["3 hs_code RowRepeated"]
    assert read(earlier | {"valid_to": "2026-07-01"}, ROW)[1] == ["3 valid_from RowsOverlap"]
    assert read(earlier | {"valid_to": "2026-06-29"}, ROW)[1] == ["3 valid_from DaysUncovered"]
    assert read(earlier | {"valid_to": "2026-06-30"}, ROW)[1] == []


def test_of_repeated_rows_the_later_ones_are_named() -> None:
    milk = ("1901101010", TODAY)
    undated = {"hs_code": "1901101010"}

    rows = [(2, ROW), (3, ROW | {"vat_rate": "0"}), (4, {}), (5, undated), (6, undated)]
    assert first_of_repeated(KIND, rows) == [(3, *milk)]
    # A row without a day has the one that stands for it.
    assert first_of_repeated(KIND, rows, TODAY) == [(3, *milk), (5, *milk), (6, *milk)]


@pytest.mark.parametrize(
    ("remarks", "kg", "told"),
    [
        ("weight_limit", "2", None),
        ("weight_limit", "", faults.LimitMissing),
        ("", "2", faults.LimitMissing),
        ("限量 仅限", "2", None),
        ("forbidden", "", faults.RemarkUnknown),
        ("weight_limit", "0", faults.NotAnAmount),
        ("weight_limit", "0.0001", faults.NotAnAmount),
    ],
)
def test_the_positive_list_says_how_much_of_what_has_a_limit(
    remarks: str, kg: str, told: type[Exception] | None
) -> None:
    row = {"code": "17019910", "remarks": remarks, "weight_limit_kg": kg}
    found, wrong = read_rows(
        KINDS[POSITIVE], [(2, row)], known=known, valid_from=TODAY, source="清单"
    )

    assert [type(one.error) for one in wrong] == ([told] if told else [])
    if told is None:
        assert found["17019910"][0].figures["limit_g"] == 2_000


def stored(
    *spans: tuple[str, str | None, str], withdrawn: tuple[str, ...] = ()
) -> dict[str, list[Stored]]:
    """Rows of one code: first day, last day, VAT."""
    rows = []
    for number, (begins, ends, vat) in enumerate(spans, start=1):
        told, _wrong = read(ROW | {"vat_rate": vat})
        (one,) = told["1901101010"]
        last = date.fromisoformat(ends) if ends else None
        first = date.fromisoformat(begins)
        if begins in withdrawn:
            last = first - timedelta(days=1)
        rows.append(Stored(number, one.key, first, last, one.figures))
    return {"1901101010": rows}


def judged(
    kept: dict[str, list[Stored]],
    *rows: dict[str, str],
    today: date = TODAY,
    complete_from: date | None = None,
) -> tuple[Judged, list[str]]:
    told, wrong = read(*rows)
    assert wrong == []
    found, wrong_of = judge(KIND, told, kept, today=today, complete_from=complete_from)
    return found, [f"{one.row} {one.field} {type(one.error).__name__}" for one in wrong_of]


def short(one: Change) -> tuple[str, str, int | None, str | None]:
    last = one.last_day.isoformat() if one.last_day else None
    return one.act.value, one.valid_from.isoformat(), one.closes, last


def test_a_first_file_is_all_new_with_its_past() -> None:
    found, wrong = judged({}, ROW | {"valid_from": "2016-04-08", "vat_rate": "0.17"}, ROW)

    assert wrong == []
    assert [short(one)[:2] for one in found.changes] == [
        ("new", "2016-04-08"),
        ("changed", "2026-07-01"),
    ]
    assert found.changes[1].fields == ["vat_rate"]
    assert found.approve_by == TODAY


def test_what_is_kept_already_changes_nothing() -> None:
    kept = stored(("2016-04-08", None, "0.13"))

    for row in (ROW, ROW | {"valid_from": "2016-04-08"}, ROW | {"valid_from": "2026-01-01"}):
        found, wrong = judged(kept, row)
        assert (wrong, found.changes, found.unchanged) == ([], (), 1)


def test_a_change_ends_what_held_on_the_day_before() -> None:
    kept = stored(("2016-04-08", None, "0.17"))

    found, wrong = judged(kept, ROW | {"valid_from": "2026-08-01"})

    assert wrong == []
    assert [short(one) for one in found.changes] == [("changed", "2026-08-01", 1, "2026-07-31")]
    assert found.approve_by == date(2026, 8, 1)


@pytest.mark.parametrize(
    ("kept", "row", "told"),
    [
        # What held yesterday.
        ((("2016-04-08", None, "0.17"),), {"valid_from": "2026-06-30"}, "valid_from PastEdited"),
        ((("2016-04-08", None, "0.17"),), {"valid_from": "2016-04-08"}, "valid_from PastEdited"),
        (
            (("2016-04-08", None, "0.13"),),
            {"valid_from": "2016-04-08", "valid_to": "2026-06-29"},
            "valid_to PastEdited",
        ),
        # A day that nothing holds on, after an end that stands.
        (
            (("2016-04-08", "2026-07-30", "0.17"),),
            {"valid_from": "2026-08-01"},
            "valid_from DaysUncovered",
        ),
        # What begins later stands already.
        (
            (("2016-04-08", "2026-12-31", "0.17"), ("2027-01-01", None, "0.09")),
            {"valid_from": "2026-08-01"},
            "valid_to LaterStands",
        ),
        (
            (("2016-04-08", "2026-12-31", "0.13"),),
            {"valid_from": "2016-04-08", "valid_to": "2027-12-31"},
            "valid_to EndMovedLater",
        ),
    ],
)
def test_what_a_file_cannot_say_is_refused_by_row(
    kept: tuple[tuple[str, str | None, str], ...], row: dict[str, str], told: str
) -> None:
    assert judged(stored(*kept), ROW | row)[1] == [f"2 {told}"]


def test_what_has_not_begun_is_said_anew_and_what_it_replaces_never_holds() -> None:
    kept = stored(("2016-04-08", "2026-12-31", "0.17"), ("2027-01-01", None, "0.09"))

    found, wrong = judged(kept, ROW | {"valid_from": "2027-01-01"})

    assert wrong == []
    assert [short(one) for one in found.changes] == [("changed", "2027-01-01", 2, "2026-12-31")]


def test_a_withdrawn_row_is_as_if_it_had_never_been() -> None:
    kept = stored(
        ("2016-04-08", "2026-12-31", "0.17"),
        ("2027-01-01", None, "0.09"),
        withdrawn=("2027-01-01",),
    )

    found, wrong = judged(kept, ROW | {"valid_from": "2027-01-01", "vat_rate": "0.17"})

    assert wrong == []
    assert [short(one) for one in found.changes] == [("continued", "2027-01-01", None, None)]


def test_a_row_with_an_earlier_end_ends_what_holds() -> None:
    kept = stored(("2016-04-08", None, "0.13"))

    found, wrong = judged(kept, ROW | {"valid_to": "2026-12-31"})

    assert wrong == []
    assert [short(one) for one in found.changes] == [("ended", "2016-04-08", 1, "2026-12-31")]


def test_what_a_complete_file_leaves_out_ends() -> None:
    kept = stored(("2016-04-08", "2026-12-31", "0.17"), ("2027-01-01", None, "0.09"))

    found, wrong = judged(kept, ROW | {"hs_code": "3304990039"}, complete_from=date(2026, 8, 1))

    assert wrong == []
    assert [short(one) for one in found.changes] == [
        ("ended", "2016-04-08", 1, "2026-07-31"),
        ("ended", "2027-01-01", 2, "2026-12-31"),
        ("new", "2026-07-01", None, None),
    ]


days = st.integers(min_value=0, max_value=400).map(lambda n: TODAY + timedelta(days=n))
vats = st.sampled_from(["0", "0.09", "0.13"])


@given(st.lists(st.tuples(days, vats), min_size=1, max_size=6, unique_by=lambda one: one[0]), vats)
def test_whatever_is_changed_one_row_holds_on_every_day(
    rows: list[tuple[date, str]], before: str
) -> None:
    """A kept row without end, and changes laid over it one file after the other."""
    line = stored(("2016-04-08", None, before))["1901101010"]
    expected = {date(2016, 4, 8): before}
    for begins, vat in rows:
        # A file that says everything from a day on.
        later = [one for one in line if one.valid_from > begins and not one.was_withdrawn]
        if later:
            continue
        found, wrong = judged(
            {"1901101010": line}, ROW | {"valid_from": begins.isoformat(), "vat_rate": vat}
        )
        assert wrong == []
        line = _applied(line, found)
        # It is until further notice: what was said of later days without a row goes with it.
        expected = {day: told for day, told in expected.items() if day < begins} | {begins: vat}
    edges = {begins + timedelta(days=n) for begins in expected for n in (-1, 0, 1)}
    for day in edges | {TODAY + timedelta(days=500)}:
        if day < date(2016, 4, 8):
            continue
        (holds,) = [one for one in line if one.holds_on(day)]
        vat = expected[max(begins for begins in expected if begins <= day)]
        assert Decimal(str(holds.figures["vat_rate"])) == Decimal(vat)


def _applied(line: list[Stored], found: Judged) -> list[Stored]:
    ends = {one.closes: one.last_day for one in found.changes if one.closes}
    kept = [
        Stored(one.id, one.key, one.valid_from, ends.get(one.id, one.valid_to), one.figures)
        for one in line
    ]
    added = [
        Stored(len(line) + n, one.key, one.valid_from, one.valid_to, one.figures)
        for n, one in enumerate(found.changes, start=1)
        if one.figures is not None
    ]
    return kept + added


def test_the_lowest_duty_of_an_origin_is_its_own() -> None:
    agreements = cells.agreements("AUS=0; 协定(AUS IDN)=2%; CHE=9%")
    assert isinstance(agreements, list)

    for origin, rate in {"AUS": "0", "IDN": "0.02", "DEU": "0.05", "CHE": "0.05"}.items():
        assert duty_for(Decimal("0.05"), agreements, origin) == Decimal(rate)


def test_a_kind_that_is_not_there_is_refused() -> None:
    with pytest.raises(faults.KindUnknown):
        kind_named("weather")
    assert Act("new") is Act.NEW


def test_the_product_knows_the_codes_it_uses() -> None:
    assert seed_of("country")["AUS"] == ("澳大利亚", "Australia")
    assert {"035", "142"} <= seed_of("unit").keys()
    assert "XXX" not in seed_of("country")
    assert seed_of("ciq-office") == {}


def test_every_figure_of_every_kind_has_a_name() -> None:
    assert {one.kept for kind in KINDS.values() for one in kind.figures} == set(FIGURES)
    assert [name for name, _label in KIND_CHOICES] == list(KINDS)
