"""Every rule that customs would send a declaration back for, each broken alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from core.errors import DomainError
from customs.rules import declared as rules
from customs.rules.cautions import FirstImportPapers, RemarkJudged, cautions
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.declared import Declared, Figures, Goods, Law
from customs.rules.declared_checks import findings
from customs.rules.import_set import UNTOLD, Coded, Statement
from customs.rules.modes import ModeNotHere, ModeUnknown
from customs.rules.positive_list import (
    Article,
    FromBondOnly,
    Judged,
    NamedGoodsOnly,
    Remark,
    SomeGoodsExcluded,
)

FREIGHT = Charge(Kind.FREIGHT, Mark.TOTAL, Decimal(450), "USD")
INSURANCE = Charge(Kind.INSURANCE, Mark.TOTAL, Decimal(12), "USD")
SIXTY = Figures(quantity=60, total=60_000, net_weight=54_000, gross_weight=66_000)


def line(**changes: Any) -> Goods:
    """Sixty tins of 900 g at EUR 10.00, in kilograms and pieces."""
    figures = changes.get("figures", SIXTY)
    told: dict[str, Any] = {
        "position": 1,
        "hs_code": "1901101010",
        "name_zh": "示例奶粉",
        "specification": "境外品牌|不享惠|900克/罐",
        "origin": "DEU",
        "unit": "122",
        "figures": figures,
        "legal_quantity": Decimal("54"),
        "legal_unit": "035",
        "second_quantity": Decimal("60"),
        "second_unit": "007",
        "unit_price": Decimal("10.0000"),
        "listed": figures,
        "owned": figures,
    }
    return Goods(**(told | changes))


HAMBURG = Coded("DEU063", "汉堡", "Hamburg")
SAID = Statement("0", "0", "9", HAMBURG, HAMBURG, Coded("22", "纸箱", "cartons"))
LAW = Law("035", "007", ("品牌类型", "出口享惠情况", "规格"))
GOOD = Declared(
    form="3",
    form_wanted="3",
    mode="1210",
    currency="EUR",
    incoterm="FOB",
    total=60_000,
    net_weight=54_000,
    gross_weight=66_000,
    packages=10,
    charges=(FREIGHT, INSURANCE),
    ledger_number="T3104W000001",
    codes={"importer_customs_code": ("3302960009", 10), "entry_port": ("380005", 6)},
    words={"vessel": "EXAMPLE STAR"},
    statement=SAID,
    goods=(line(),),
    laws={"1901101010": LAW},
    most_lines=50,
    countries={"DEU"},
    currencies={"EUR"},
    units={"122", "035", "007"},
    terms={"FOB", "CFR", "CIF"},
)


def found(declared: Declared) -> list[tuple[type[DomainError], int, str]]:
    return [(type(one.error), one.line, one.field) for one in findings(declared)]


def test_a_declaration_that_keeps_every_rule_has_no_finding() -> None:
    assert found(GOOD) == []


@pytest.mark.parametrize(
    ("rule", "field", "changes"),
    [
        (rules.LedgerMissing, "ledger_number", {"ledger_number": ""}),
        (rules.LedgerMissing, "ledger_number", {"ledger_number": "T3104W00000"}),
        (ModeUnknown, "supervision_mode", {"mode": "0110"}),
        (ModeNotHere, "supervision_mode", {"mode": "1239"}),
        (rules.FormDiffers, "form", {"form": "1"}),
        (rules.CodeIncomplete, "entry_port", {"codes": {"entry_port": ("38000", 6)}}),
        (rules.CodeUnheld, "customs_district", {"unheld": {"customs_district": "9999"}}),
        (rules.HeadSaysNothing, "vessel", {"words": {"vessel": " / "}}),
        (rules.NotStated, "special_relation", {"statement": replace(SAID, special_relation="")}),
        (rules.NotStated, "price_influence", {"statement": replace(SAID, price_influence="2")}),
        (rules.NotStated, "royalties", {"statement": replace(SAID, royalties="")}),
        (rules.PortUnknown, "departure_port", {"statement": replace(SAID, departure=UNTOLD)}),
        (rules.PortUnknown, "call_port", {"statement": replace(SAID, call=UNTOLD)}),
        (rules.PackingUnknown, "package_kind", {"statement": replace(SAID, packing=UNTOLD)}),
        (rules.NoPackages, "packages", {"packages": 0}),
        (rules.TotalsDiffer, "total", {"total": 60_001}),
        (rules.TotalsDiffer, "net_weight", {"net_weight": 53_999}),
        (rules.TotalsDiffer, "gross_weight", {"gross_weight": 66_001}),
        (rules.CurrencyUnknown, "currency", {"currencies": set()}),
        (rules.TermsUnknown, "incoterm", {"incoterm": "XYZ"}),
        (rules.ChargeMissing, "freight", {"charges": [INSURANCE]}),
        (rules.ChargeMissing, "insurance", {"charges": [FREIGHT]}),
        (rules.ChargeMissing, "insurance", {"charges": [], "incoterm": "CFR"}),
        (rules.ChargeTooMuch, "freight", {"incoterm": "CFR"}),
        (rules.ChargeTooMuch, "insurance", {"incoterm": "CIF", "charges": [INSURANCE]}),
        (rules.TooManyLines, "lines", {"most_lines": 0}),
        (rules.LinesNotNumbered, "lines", {"goods": (line(position=2),)}),
    ],
)
def test_each_rule_of_the_head_is_found_alone(
    rule: type[DomainError], field: str, changes: dict[str, Any]
) -> None:
    assert found(replace(GOOD, **changes)) == [(rule, 0, field)]


def test_goods_heavier_net_than_gross_are_found_at_the_head_and_the_line() -> None:
    heavy = replace(SIXTY, gross_weight=53_999)

    assert found(replace(GOOD, gross_weight=53_999, goods=(line(figures=heavy),))) == [
        (rules.NetAboveGross, 0, "net_weight"),
        (rules.NetAboveGross, 1, "net_weight"),
    ]


def test_two_lines_of_one_number_are_found() -> None:
    twice = replace(
        GOOD, goods=(line(), line()), total=120_000, net_weight=108_000, gross_weight=132_000
    )

    assert found(twice) == [(rules.LinesNotNumbered, 0, "lines")]


@pytest.mark.parametrize(
    ("rule", "field", "changes"),
    [
        (rules.CodeUnknown, "hs_code", {"hs_code": "1901101090"}),
        (rules.CodeUnknown, "hs_code", {"hs_code": "19011010"}),
        (rules.SaysNothing, "name_zh", {"name_zh": "无"}),
        (rules.ElementsIncomplete, "specification", {"specification": "境外品牌|不享惠"}),
        (rules.ElementsIncomplete, "specification", {"specification": "境外品牌||900克/罐"}),
        (rules.ElementsIncomplete, "specification", {"specification": "Almwiese|不享惠|900克/罐"}),
        (rules.ElementsIncomplete, "specification", {"specification": "5|3|900克/罐"}),
        (rules.ElementsIncomplete, "specification", {"specification": "4|900克/罐|不享惠"}),
        (rules.OriginUnknown, "origin", {"origin": "XXX"}),
        (rules.UnitUnknown, "unit", {"unit": "999"}),
        (rules.LegalUnitsDiffer, "legal_unit", {"second_unit": "", "second_quantity": None}),
        (rules.NotPositive, "legal_quantity", {"legal_quantity": Decimal(0)}),
        (rules.SecondIncomplete, "second_unit", {"second_quantity": None}),
        (rules.QuantitiesDiffer, "legal_quantity", {"legal_quantity": Decimal("54.00001")}),
        (rules.LineTotalDiffers, "total", {"unit_price": Decimal("10.0001")}),
        (rules.ListDiffers, "quantity", {"listed": replace(SIXTY, quantity=59)}),
        (rules.PartsDiffer, "quantity", {"owned": replace(SIXTY, total=59_999)}),
        (rules.NotFiled, "specification", {"unfiled": ("MILK-001",)}),
    ],
)
def test_each_rule_of_a_line_is_found_alone(
    rule: type[DomainError], field: str, changes: dict[str, Any]
) -> None:
    declared = replace(GOOD, goods=(line(**changes),))

    told = [one for one in found(declared) if one[0] is not rules.NotPositive or rule is one[0]]
    # A quantity that is none is no weight either.
    told = [one for one in told if one[0] is not rules.QuantitiesDiffer or rule is one[0]]
    assert told == [(rule, 1, field)]


@pytest.mark.parametrize(
    "begins", ["4|3", "0|0", "境外品牌（其他）|不适用于进口报关单", "无品牌|不享受优惠关税"]
)
def test_brand_type_and_preference_are_said_by_digit_or_in_words(begins: str) -> None:
    assert found(replace(GOOD, goods=(line(specification=f"{begins}|900克/罐"),))) == []


def test_a_catalogue_that_begins_otherwise_is_followed() -> None:
    law = replace(LAW, elements=("规格", "用途"))
    told = replace(GOOD, laws={"1901101010": law}, goods=(line(specification="900克/罐|食用"),))

    assert found(told) == []


def test_what_a_person_judged_is_shown_with_its_reason_and_stops_nothing() -> None:
    remark = Remark(("named_only",), "仅限婴幼儿配方")
    laws = {"1901101010": replace(LAW, remarks=("named_only", "bonded_only"), remark=remark)}
    fits = Judged("1901101010", remark, "fits", "婴幼儿配方", "2026-07-14")
    goods = line(articles=(Article("MILK-1", fits),))

    (one,) = cautions("1210", [goods], laws)

    assert (type(one.error), one.line) == (RemarkJudged, 1)
    told = {"product": "MILK-1", "remark": "仅限婴幼儿配方", "reason": "婴幼儿配方"}
    assert one.error.facts == told | {"on": "2026-07-14"}
    assert found(replace(GOOD, goods=(goods,), laws=laws)) == []
    assert cautions("1210", [line()], {"1901101010": LAW}) == []


def test_goods_that_a_remark_does_not_let_in_are_found() -> None:
    remark = Remark(("excluded", "named_only"), "注射用除外")
    laws = {"1901101010": replace(LAW, remarks=remark.kinds, remark=remark)}
    declared = replace(GOOD, goods=(line(articles=(Article("MILK-1"),)),), laws=laws)

    assert found(declared) == [
        (SomeGoodsExcluded, 1, "hs_code"),
        (NamedGoodsOnly, 1, "hs_code"),
    ]


def test_mode_1239_is_for_districts_outside_the_pilot_and_asks_to_look_at_first_imports() -> None:
    codes = {**GOOD.codes, "customs_district": ("5321", 4)}
    declared = replace(GOOD, mode="1239", codes=codes, outside=("53",))

    assert found(declared) == []
    assert found(replace(declared, outside=("5322",))) == [(ModeNotHere, 0, "supervision_mode")]
    bonded = {"1901101010": replace(LAW, remarks=("bonded_only",))}
    assert found(replace(declared, laws=bonded)) == [(FromBondOnly, 1, "hs_code")]
    assert [(type(one.error), one.line) for one in cautions("1239", (), {})] == [
        (FirstImportPapers, 0)
    ]


def test_goods_that_are_not_on_the_list_are_found() -> None:
    law = replace(LAW, is_on_list=False)

    assert found(replace(GOOD, laws={"1901101010": law})) == [(rules.NotOnList, 1, "hs_code")]


def test_what_was_drafted_before_parts_were_kept_has_none_to_compare() -> None:
    assert found(replace(GOOD, goods=(line(owned=None),))) == []


def test_a_price_may_miss_its_own_rounding() -> None:
    thirds = Figures(quantity=3, total=1_000, net_weight=54_000, gross_weight=66_000)
    declared = replace(
        GOOD,
        total=1_000,
        goods=(line(figures=thirds, second_quantity=Decimal(3), unit_price=Decimal("3.3333")),),
    )

    assert found(declared) == []
    over = line(figures=thirds, second_quantity=Decimal(3), unit_price=Decimal("3.3334"))
    assert found(replace(declared, goods=(over,))) == [(rules.LineTotalDiffers, 1, "total")]


def test_every_rule_has_a_sentence_and_a_code_of_its_own() -> None:
    known = [
        rule
        for rule in vars(rules).values()
        if isinstance(rule, type)
        and issubclass(rule, DomainError)
        and rule.__module__ == rules.__name__
    ]

    assert len({rule.code for rule in known}) == len(known) == 33
    assert all(rule.__doc__ for rule in known)
