"""The code tables that come with the product, loaded once, and what asks them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries
from customs.models import CustomsCode, ReferenceDecision, ReferenceProposal
from customs.queries.zone import at_zone
from customs.rules import declared as rules
from customs.rules.reference import faults
from customs.services import draft_declaration, keep_shipped
from customs.services.seeding import SINCE, SOURCE
from tests.customs.test_reference import MILK, NOW, TODAY, operator, propose
from tests.factories.customs import DECLARES, a_draft, a_ready, a_shipment, a_warehouse
from tests.factories.messages import load_shipped

pytestmark = pytest.mark.django_db
DAY = DECLARES.date()
ONE_DAY = timedelta(days=1)


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


def test_one_command_loads_the_tables_of_a_fresh_house_and_leaves_others_alone(
    maker: User, checker: User, capsys: pytest.CaptureFixture[str]
) -> None:
    CustomsCode.objects.create(
        table="unit", code="007", name_zh="个", valid_from=date(2020, 1, 1), source="own"
    )

    call_command("seed_reference", by=maker.email, approve_by=checker.email)
    first = capsys.readouterr().out.splitlines()
    call_command("seed_reference", by=maker.email, approve_by=checker.email)
    again = capsys.readouterr().out.splitlines()

    year = ReferenceProposal.objects.order_by("pk").values_list("number", flat=True)
    assert first == [
        f"country: 264 codes ({year[0]})",
        f"currency: 22 codes ({year[1]})",
        "unit: kept already, left as it is",
    ]
    assert again == [
        f"{table}: kept already, left as it is" for table in ("country", "currency", "unit")
    ]
    assert CustomsCode.objects.filter(table="unit").count() == 1
    assert list(ReferenceDecision.objects.values_list("decided_by", flat=True)) == [checker.pk] * 2
    row = CustomsCode.objects.get(table="country", code="DEU")
    assert (row.iso_code, row.old_code, row.name_zh, row.name_en) == (
        "DEU",
        "304",
        "德国",
        "Germany",
    )
    assert (row.valid_from, row.valid_to, row.source) == (SINCE, None, SOURCE)


def test_two_people_load_them_or_nothing_is_written(maker: User) -> None:
    with pytest.raises(faults.ProposerApprovesAlone):
        keep_shipped(proposed_by=maker, approved_by=maker, now=NOW)
    with pytest.raises(CommandError, match="another person does"):
        call_command("seed_reference", by=maker.email, approve_by=maker.email)

    assert not CustomsCode.objects.exists()
    assert not ReferenceProposal.objects.exists()


def test_messages_find_customs_older_codes_by_iso_code(maker: User, checker: User) -> None:
    keep_shipped(proposed_by=maker, approved_by=checker, now=NOW)

    assert queries.old_codes("country", TODAY, ["CHN", "ZAF", "ROU", "XXX"]) == {
        "CHN": "142",
        "ZAF": "244",
        "ROU": "328",
    }
    assert queries.old_codes("currency", TODAY, ["EUR", "CNY"]) == {"EUR": "300", "CNY": "142"}
    assert queries.old_codes("country", date(2018, 7, 31)) == {}
    assert len(queries.codes_on("unit", TODAY)) == 123


def test_a_history_older_than_the_tables_is_held_to_what_they_began_with(
    maker: User, checker: User
) -> None:
    keep_shipped(proposed_by=maker, approved_by=checker, now=NOW)
    old = MILK.replace("2026-07-01", "2016-04-08")

    assert propose(maker, old).added == 1
    for strange in (old.replace("AUS=0", "XXX=0"), old.replace("035", "999")):
        with pytest.raises(faults.ReferenceRefused):
            propose(maker, strange)


@pytest.mark.parametrize(
    ("code", "iso_code", "old_code", "found"),
    [
        ("CHF", "", "331", {"CHF": "331"}),
        ("CHF", "CHF", "331", {"CHF": "331"}),
        # A table that is kept by customs' own number.
        ("331", "CHF", "", {"CHF": "331"}),
        ("CHF", "CHF", "", {}),
        ("331", "", "", {}),
    ],
)
def test_a_row_is_found_by_its_iso_code(
    code: str, iso_code: str, old_code: str, found: dict[str, str]
) -> None:
    CustomsCode.objects.create(
        table="currency",
        code=code,
        iso_code=iso_code,
        old_code=old_code,
        name_zh="瑞士法郎",
        valid_from=SINCE,
        source="own",
    )

    assert queries.old_codes("currency", TODAY, ["CHF"]) == found


def test_a_bonded_list_lacks_no_code_once_they_are_loaded() -> None:
    declaration = a_ready()

    def lacking() -> set[str]:
        return {one.field for one in at_zone(declaration).absent} & {
            "country_code",
            "currency_code",
        }

    assert lacking() == {"country_code", "currency_code"}
    load_shipped()
    assert lacking() == set()


ASKED = {
    *(rules.OriginUnknown, rules.CurrencyUnknown, rules.UnitUnknown),
    *(rules.TermsUnknown, rules.CodeUnheld),
}


def test_rules_ask_the_tables_that_were_loaded() -> None:
    draft = a_draft()
    (line,) = draft.goods.all()

    def found() -> list[tuple[type[DomainError], str, object]]:
        findings = queries.findings_of(draft, day=DAY)
        return [
            (type(one.error), one.field, one.error.facts["value"])
            for one in findings
            if type(one.error) in ASKED
        ]

    def load(table: str, *codes: str) -> None:
        CustomsCode.objects.bulk_create(
            CustomsCode(table=table, code=code, name_zh="例", valid_from=SINCE, source="own")
            for code in codes
        )

    # The product's own codes stand for tables that nobody loaded.
    assert found() == []
    load_shipped()
    assert found() == []
    CustomsCode.objects.filter(table="unit", code=line.unit).update(valid_to=DAY - ONE_DAY)
    CustomsCode.objects.filter(table="country", code=line.origin).update(valid_to=DAY - ONE_DAY)
    CustomsCode.objects.filter(table="currency", code="EUR").update(valid_to=DAY - ONE_DAY)
    load("deal-term", "1", "2")
    load("supervision-mode", "0110")
    load("transport", draft.shipment.transport_mode)
    load("customs-district", "9999")
    load("port-domestic", "999999")
    assert draft.incoterm == "FOB"
    assert found() == [
        (rules.CodeUnheld, "supervision_mode", "1210"),
        (rules.CodeUnheld, "customs_district", draft.warehouse.customs_district),
        (rules.CodeUnheld, "entry_port", draft.warehouse.entry_port),
        (rules.CurrencyUnknown, "currency", "EUR"),
        (rules.TermsUnknown, "incoterm", "FOB"),
        (rules.OriginUnknown, "origin", line.origin),
        (rules.UnitUnknown, "unit", line.unit),
    ]
    load("deal-term", "3")
    load("supervision-mode", "1210")
    load("customs-district", draft.warehouse.customs_district)
    load("port-domestic", draft.warehouse.entry_port)
    assert [one for _rule, one, _value in found()] == ["currency", "origin", "unit"]


def test_a_unit_that_no_table_has_is_found() -> None:
    """Three digits alone are no unit."""
    shipment = a_shipment()
    Product.objects.update(declared_unit="999")
    draft = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    findings = queries.findings_of(draft, day=DAY)

    told = [(one.line, one.field) for one in findings if isinstance(one.error, rules.UnitUnknown)]
    assert told == [(1, "unit")]
