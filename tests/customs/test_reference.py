"""Reference data is proposed by one person from a file, approved by another, and never edited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from openpyxl import Workbook

from accounts.models import Role, User
from core.walls import platform_wide
from customs import queries
from customs.differences import difference_csv, left_out, told_changes
from customs.models import (
    ExchangeRate,
    PositiveEntry,
    ReferenceChange,
    ReferenceDecision,
    ReferenceProposal,
    TariffRate,
)
from customs.rules.reference import faults
from customs.services import approve_reference, propose_reference, refuse_reference
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory
from tests.factories.customs import TariffRateFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
TODAY = date(2026, 7, 1)
HEAD = "hs_code,valid_from,valid_to,duty_rate,agreement_duties,vat_rate,legal_unit,source"
MILK = "1901101010,2026-07-01,,5%,AUS=0,13%,035,税则2026"
SERUM = "3304990039,2026-07-01,,1%,,13%,035,税则2026"


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def maker() -> User:
    return operator()


@pytest.fixture
def checker(maker: User) -> User:
    return operator()


def operator() -> User:
    company = PlatformCompanyFactory.create()
    found: User = MembershipFactory.create(company=company, role=Role.OPERATOR).user
    return found


def propose(by: User, *rows: str, head: str = HEAD, kind: str = "tariff") -> ReferenceProposal:
    return propose_reference(
        kind=kind,
        file_name="file.csv",
        content="\n".join([head, *rows]).encode(),
        proposed_by=by,
        now=NOW,
    )


def nothing_kept() -> bool:
    return not (ReferenceProposal.objects.exists() or ReferenceChange.objects.exists())


def test_a_file_holds_once_another_person_approves_it(maker: User, checker: User) -> None:
    TariffRateFactory.create(hs_code="1901101010", vat_rate=Decimal("0.17"))

    proposal = propose(maker, MILK, SERUM)

    assert (proposal.number, proposal.rows) == ("RD-2026-000001", 2)
    assert (proposal.added, proposal.changed, proposal.ended, proposal.unchanged) == (1, 1, 0, 0)
    assert TariffRate.objects.count() == 1
    assert told_changes(proposal) == [
        "changed 1901101010 from 2026-07-01 (agreement_duties:  -> AUS=0, vat_rate: 0.17 -> 0.13)",
        "new 3304990039 from 2026-07-01 (duty_rate: 0.01, vat_rate: 0.13, legal_unit: 035)",
    ]

    approve_reference(proposal=proposal, decided_by=checker, now=NOW)

    before, after = queries.tariff_rates("1901").order_by("valid_from")
    assert (before.valid_to, before.closed_by_id) == (date(2026, 6, 30), proposal.pk)
    assert (after.proposal_id, after.vat_rate, after.source) == (
        proposal.pk,
        Decimal("0.13"),
        "税则2026",
    )
    assert queries.tariff_on(["1901101010"], date(2026, 6, 30))["1901101010"] == before
    held = queries.tariff_on(["1901101010", "3304990039"], TODAY)
    assert held["1901101010"].duty_of("AUS") == 0
    assert held["1901101010"].duty_of("DEU") == Decimal("0.05")
    assert queries.tariff_on(["3304990039"], date(2026, 6, 30)) == {}


def test_the_differences_are_a_file_with_before_and_after(maker: User) -> None:
    TariffRateFactory.create(hs_code="1901101010", vat_rate=Decimal("0.17"))

    lines = difference_csv(propose(maker, MILK)).decode("utf-8-sig").splitlines()

    assert lines == [
        "act,key,valid_from,valid_to,field,before,after,ends_on,row,source",
        "changed,1901101010,2026-07-01,,agreement_duties,,AUS=0,2026-06-30,2,税则2026",
        "changed,1901101010,2026-07-01,,vat_rate,0.17,0.13,2026-06-30,2,税则2026",
    ]


def test_who_proposed_does_not_approve(maker: User) -> None:
    proposal = propose(maker, MILK)

    with pytest.raises(faults.ProposerApprovesAlone):
        approve_reference(proposal=proposal, decided_by=maker, now=NOW)

    assert not TariffRate.objects.exists()
    assert not ReferenceDecision.objects.exists()


def test_only_operators_propose_and_decide(maker: User) -> None:
    seller = MembershipFactory.create(role=Role.SELLER).user

    with pytest.raises(faults.NotAnOperator):
        propose(seller, MILK)
    assert nothing_kept()
    proposal = propose(maker, MILK)
    with pytest.raises(faults.NotAnOperator):
        approve_reference(proposal=proposal, decided_by=seller, now=NOW)
    with pytest.raises(faults.NotAnOperator):
        refuse_reference(proposal=proposal, decided_by=seller, reason="no", now=NOW)
    assert not ReferenceDecision.objects.exists()


def test_a_proposal_is_decided_once_and_refused_with_a_reason(maker: User, checker: User) -> None:
    proposal = propose(maker, MILK)

    with pytest.raises(faults.RefusalUnexplained):
        refuse_reference(proposal=proposal, decided_by=checker, reason=" ", now=NOW)
    assert not ReferenceDecision.objects.exists()
    refused = refuse_reference(proposal=proposal, decided_by=maker, reason="wrong year", now=NOW)
    assert (refused.approved, refused.reason) == (False, "wrong year")
    with pytest.raises(faults.ProposalDecided):
        approve_reference(proposal=proposal, decided_by=checker, now=NOW)
    with pytest.raises(faults.ProposalDecided):
        refuse_reference(proposal=proposal, decided_by=checker, reason="x", now=NOW)
    assert not TariffRate.objects.exists()


def test_what_was_judged_against_an_older_state_is_stale(maker: User, checker: User) -> None:
    first, second = propose(maker, MILK), propose(maker, SERUM)
    approve_reference(proposal=first, decided_by=checker, now=NOW)

    with pytest.raises(faults.ProposalStale):
        approve_reference(proposal=second, decided_by=checker, now=NOW)

    assert TariffRate.objects.count() == 1
    again = propose(maker, SERUM)
    with pytest.raises(faults.ProposalStale):
        approve_reference(proposal=again, decided_by=checker, now=NOW + timedelta(days=1))
    assert TariffRate.objects.count() == 1


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([MILK, MILK], "row 3, hs_code: An earlier row of the file"),
        ([MILK.replace("2026-07-01,,", "2026-07-01,2026-08-30,"), MILK.replace("07-01", "09-01")],
         "row 3, valid_from: Between two validities"),
        ([MILK.replace("035", "999")], "row 2, legal_unit: The code tables have no such code"),
    ],
)  # fmt: skip
def test_a_file_with_a_gap_a_repetition_or_a_strange_code_is_refused_whole(
    maker: User, rows: list[str], told: str
) -> None:
    with pytest.raises(faults.ReferenceRefused) as refused:
        propose(maker, SERUM.replace("2026-07-01", "2026-07-02"), *rows[1:], rows[0])

    assert any(
        told.split(": ")[1] in str(one.error)
        for one in refused.value.facts["rows"]  # type: ignore[attr-defined]
    )
    assert nothing_kept()


def test_the_past_is_not_edited_and_nothing_new_is_no_proposal(maker: User) -> None:
    TariffRateFactory.create(vat_rate=Decimal("0.13"), duty_rate=Decimal("0.05"))

    with pytest.raises(faults.ReferenceRefused) as refused:
        propose(maker, MILK.replace("2026-07-01", "2026-06-30"))
    assert [str(one) for one in refused.value.facts["rows"]] == [  # type: ignore[attr-defined]
        "row 2, valid_from: What held on past days is not edited: a change begins today or later,"
        " or on the very day after the last row of its code ran out."
        " (value=1901101010, today=2026-07-01)"
    ]
    with pytest.raises(faults.NothingChanges):
        propose(maker, MILK.replace("AUS=0", ""))
    with pytest.raises(faults.PastEdited):
        propose_reference(
            kind="tariff",
            file_name="file.csv",
            content=f"{HEAD}\n{MILK}".encode(),
            proposed_by=maker,
            now=NOW,
            complete_from=date(2026, 6, 30),
        )
    assert nothing_kept()


def test_a_complete_list_ends_what_it_leaves_out(maker: User, checker: User) -> None:
    TariffRateFactory.create()
    proposal = propose_reference(
        kind="positive",
        file_name="list.csv",
        content="code,remarks,remark,weight_limit_kg\n17019910,weight_limit,限2千克,2\n".encode(),
        proposed_by=maker,
        now=NOW,
        source="清单",
        valid_from=TODAY,
        complete_from=TODAY,
    )
    approve_reference(proposal=proposal, decided_by=checker, now=NOW)

    assert queries.positive_on(["1901101010"], TODAY) == {}
    assert "1901101010" in queries.positive_on(["1901101010"], date(2026, 6, 30))
    sugar = queries.positive_on(["1701991090"], TODAY)["1701991090"]
    assert (sugar.limit_g, sugar.remarks, sugar.remark) == (2_000, ["weight_limit"], "限2千克")


def test_customs_rates_follow_each_other_month_by_month(maker: User, checker: User) -> None:
    head = "currency,per,cny,valid_from,valid_to,source"
    months = [
        "EUR,100,785.12,2026-07-01,2026-07-31,总署公告",
        "EUR,100,786.5,2026-08-01,2026-08-31,总署公告",
        "JPY,100,4.87,2026-07-01,2026-07-31,总署公告",
    ]

    with pytest.raises(faults.ReferenceRefused):
        propose(maker, months[0], months[1].replace("08-01", "08-02"), head=head, kind="exchange")
    approve_reference(
        proposal=propose(maker, *months, head=head, kind="exchange"),
        decided_by=checker,
        now=NOW,
    )

    assert ExchangeRate.objects.count() == 3
    assert queries.cny_per_unit("EUR", date(2026, 8, 31)) == Decimal("7.865")
    assert queries.cny_per_unit("JPY", TODAY) == Decimal("0.0487")
    assert queries.cny_per_unit("EUR", date(2026, 9, 1)) is None
    assert queries.cny_per_unit("CNY", TODAY) == 1
    with pytest.raises(faults.ReferenceRefused):
        propose(maker, months[0].replace("EUR", "XXX"), head=head, kind="exchange")


def test_code_tables_are_asked_as_of_a_day_and_then_say_what_codes_there_are(
    maker: User, checker: User
) -> None:
    head = "code,name_zh,valid_from,valid_to,source"
    units = [
        "035,千克,2018-08-01,,参数表",
        "007,个,2018-08-01,2026-12-31,参数表",
        "007,枚,2027-02-01,,参数表",
    ]
    approve_reference(
        proposal=propose(maker, *units, head=head, kind="unit"), decided_by=checker, now=NOW
    )

    assert queries.codes_on("unit", TODAY)["007"].name_zh == "个"
    assert queries.codes_on("unit", date(2027, 1, 15)).keys() == {"035"}
    # The product's own codes stand for a table that was never loaded, and for no other.
    with pytest.raises(faults.ReferenceRefused):
        propose(maker, MILK.replace("035", "142"))
    propose(maker, MILK.replace("035", "007"))


def test_the_database_keeps_one_row_a_day_and_moves_ends_to_earlier_days_only() -> None:
    row = TariffRateFactory.create()

    def fails(statement: str, error: type[Exception] = IntegrityError) -> None:
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    with pytest.raises(IntegrityError), transaction.atomic():
        TariffRate.objects.create(
            hs_code=row.hs_code, valid_from=TODAY, duty_rate=0, vat_rate=0, source="x"
        )
    fails("UPDATE customs_tariffrate SET vat_rate = 0", ProgrammingError)
    fails("UPDATE customs_tariffrate SET valid_to = valid_from - 2")
    TariffRate.objects.update(valid_to=date(2026, 8, 1))
    fails("UPDATE customs_tariffrate SET valid_to = '2026-08-02'")
    fails("UPDATE customs_tariffrate SET valid_to = NULL")
    fails("DELETE FROM customs_positiveentry", ProgrammingError)
    fails("UPDATE customs_referencechange SET key = 'x'", ProgrammingError)
    assert PositiveEntry.objects.count() == 1


def test_a_workbook_with_chinese_heads_is_read_as_well(maker: User) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["商品编码", "最惠国税率", "增值税率", "第一法定单位"])
    sheet.append(["1901101010", "5%", "13%", "035"])
    out = BytesIO()
    book.save(out)

    proposal = propose_reference(
        kind="tariff",
        file_name="税则.xlsx",
        content=out.getvalue(),
        proposed_by=maker,
        now=NOW,
        source="税则",
        valid_from=TODAY,
    )

    assert proposal.changes.get().figures["vat_rate"] == "0.13000"  # type: ignore[index]


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "customs" / "codes"
FILES = {
    "country.csv": ("country", 264),
    "currency.csv": ("currency", 22),
    "unit.csv": ("unit", 123),
    "transport_mode.csv": ("transport", 18),
    "supervision_mode.csv": ("supervision-mode", 98),
    "package_type.csv": ("package", 13),
    "container_spec.csv": ("container", 8),
    "levy_nature.csv": ("levy-nature", 45),
    "deal_term.csv": ("deal-term", 7),
    "supervision_certificate.csv": ("certificate", 37),
    "customs_district.csv": ("customs-district", 1_044),
    "ciq_office.csv": ("ciq-office", 1_032),
    "port_domestic.csv": ("port-domestic", 997),
    "port_foreign.csv": ("port-foreign", 4_332),
}


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"the public code tables are not at {SHARED}")
@pytest.mark.parametrize(("name", "kind", "rows"), [(n, *told) for n, told in FILES.items()])
def test_the_published_code_tables_are_loaded_as_they_are(
    maker: User, checker: User, name: str, kind: str, rows: int
) -> None:
    proposal = propose_reference(
        kind=kind,
        file_name=name,
        content=(SHARED / name).read_bytes(),
        proposed_by=maker,
        now=NOW,
        source="关检融合部分通关参数 2018",
        valid_from=date(2018, 8, 1),
        # The published table of countries has two rows of South Africa.
        takes_first=True,
    )
    approve_reference(proposal=proposal, decided_by=checker, now=NOW)

    assert len(queries.codes_on(kind, TODAY)) == rows
    told = (SHARED / name).read_bytes().decode("utf-8-sig").count("\n") - 1
    dropped = proposal.changes.filter(act="left_out")
    assert len(dropped) == told - rows == (proposal.changes.count() - proposal.added)
    if kind == "country":
        assert left_out(proposal) == [
            "left_out ZAF from 2018-08-01 (row 252 of the file repeats an earlier one)"
        ]
