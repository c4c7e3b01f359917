"""A retail list measures goods in the tariff's legal units, each in its place; what cannot be
measured is said, and nothing is queued."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from accounts.models import Company, User
from catalog.models import Product
from customs.gap_words import in_words
from customs.models import MissingPaper, OutgoingMessage, RetailParties
from customs.rules.ceb.legal_units import unit_faults
from customs.rules.ceb.messages import Business
from customs.rules.legal_units import in_legal_unit
from customs.services import book_due, keep_elements
from customs.services.telling_parcels import AGAIN, TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, counted, released, sold, wide
from tests.customs.test_telling_parcels import tell_all, written
from tests.customs.ways import a_gateway, gateways
from tests.factories.customs import TariffRateFactory
from tests.factories.messages import RetailPartiesFactory, at_customs
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse

__all__ = ["anna", "clerk", "gateways", "wide"]

WINE, CREAM, FLASK = "2204210000", "3304990029", "9617001900"


@pytest.mark.parametrize(
    ("unit", "told"),
    [
        ("035", "1.80000"),
        ("036", "1800.00000"),
        ("095", "1.50000"),
        ("096", "1500.00000"),
        ("007", "2.00000"),
        ("011", "2.00000"),
        ("142", "2.00000"),
        ("122", None),
        ("", None),
    ],
)
def test_a_legal_quantity_is_weighed_measured_or_counted(unit: str, told: str | None) -> None:
    """Two bottles of 750 ml that weigh 900 g each."""
    found = in_legal_unit(unit, quantity=2, net=1_800, declared_unit="142", content_ml=750)

    assert found == (None if told is None else Decimal(told))


def test_litres_of_what_nobody_measured_cannot_be_told() -> None:
    for unit in ("095", "096"):
        assert in_legal_unit(unit, quantity=2, net=1_800, declared_unit="142", content_ml=0) is None


def _faults(line: dict[str, str], *units: str) -> list[tuple[int, str, str]]:
    found = unit_faults(Business({}, (line,)), [units])
    return [(place, field, error.code) for place, field, error in found]


def test_units_are_held_against_the_tariff_in_its_order() -> None:
    line = {"qty1": "1.5", "unit1": "095", "qty2": "1.8", "unit2": "035"}
    differ, unknown = "customs.ceb_legal_units_differ", "customs.ceb_legal_quantity_unknown"

    assert _faults(line, "095", "035") == []
    assert _faults(line, "035", "095") == [(1, "unit1", differ), (1, "unit2", differ)]
    assert _faults(line, "095") == [(1, "unit2", differ)]
    assert _faults({"qty1": "1.5", "unit1": "095"}, "095", "035") == [(1, "unit2", differ)]
    assert _faults(line | {"qty1": ""}, "095", "035") == [(1, "qty1", unknown)]
    assert _faults(line | {"qty2": ""}, "095", "035") == [(1, "qty2", unknown)]
    assert _faults(line) == [], "the tariff has no row of this day"


@pytest.fixture
def parties(anna: Company, clerk: User) -> RetailParties:
    """Hers, with sixty units in bond."""
    declaration = released(anna)
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    at_customs(BondedWarehouse.objects.get())
    made: RetailParties = RetailPartiesFactory.create(seller=anna)
    a_gateway(company=made.agent)
    return made


def _as(code: str, units: tuple[str, str], unit: str = "142") -> Product:
    TariffRateFactory.create(
        hs_code=code,
        valid_from=date(2026, 1, 1),
        legal_unit=units[0],
        legal_unit_2=units[1],
        elements=["品牌类型", "规格"],
    )
    Product.objects.update(hs_code=code, declared_unit=unit)
    return Product.objects.get()


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
@pytest.mark.parametrize(
    ("code", "units", "told"),
    [
        (WINE, ("095", "035"), ("1.5", "095", "1.8", "035")),
        (CREAM, ("035", "011"), ("1.8", "035", "2", "011")),
        (FLASK, ("007", "035"), ("2", "007", "1.8", "035")),
    ],
)
def test_wine_cosmetics_and_a_flask_are_told_as_the_tariff_has_them(
    parties: RetailParties,
    clerk: User,
    code: str,
    units: tuple[str, str],
    told: tuple[str, ...],
) -> None:
    product = _as(code, units)
    keep_elements(
        product=product,
        values={"品牌类型": "境外品牌", "规格": "750毫升/瓶"},
        content_ml=750,
        made_by=clerk,
        now=SELLS,
    )
    sold(parties.seller, 2)

    tell_all()

    (line,) = written("CEB621").elements[0].lines
    assert (line["qty1"], line["unit1"], line["qty2"], line["unit2"]) == told
    assert line["gmodel"] == "境外品牌|750毫升/瓶"
    assert written("CEB311").elements[0].lines[0]["gmodel"] == line["gmodel"]


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_a_list_whose_elements_are_of_another_catalogue_waits(
    parties: RetailParties, clerk: User
) -> None:
    product = _as(CREAM, ("035", "011"))
    values = {"品牌类型": "境外品牌", "规格": "750毫升/瓶"}
    keep_elements(product=product, values=values, made_by=clerk, now=SELLS)
    TariffRateFactory.create(
        hs_code=CREAM,
        legal_unit="035",
        legal_unit_2="011",
        elements=["规格", "品牌类型"],
        valid_from=SELLS.date(),
    )
    sold(parties.seller, 2)

    assert tell_parcels(now=SELLS) == TellingDone(missing=1)

    gaps = MissingPaper.objects.get().gaps
    assert {(one["kind"], one["field"], one["line"]) for one in gaps} == {
        ("CEB311", "gmodel", 1),
        ("CEB621", "gmodel", 1),
    }
    keep_elements(product=product, values=values, made_by=clerk, now=SELLS)
    assert tell_parcels(now=SELLS + AGAIN) == TellingDone(told=1)


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
@pytest.mark.parametrize(
    ("units", "field", "what"),
    [
        (("095", "035"), "qty1", "Quantity in the legal unit"),
        (("035", "095"), "qty2", "Quantity in the second legal unit"),
    ],
)
def test_wine_whose_contents_nobody_told_waits_and_says_so(
    parties: RetailParties, units: tuple[str, str], field: str, what: str
) -> None:
    _as(WINE, units)
    sold(parties.seller, 2)

    assert tell_parcels(now=SELLS) == TellingDone(missing=1)

    gaps = MissingPaper.objects.get().gaps
    assert gaps == [
        {"field": field, "code": "customs.ceb_legal_quantity_unknown", "kind": "CEB621", "line": 1}
    ]
    (words,) = in_words(gaps)
    assert (words.what, words.line) == (what, 1)
    assert words.whose.startswith("weights in the catalogue")
    assert not OutgoingMessage.objects.exists()
