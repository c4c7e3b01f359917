"""Papers are held against each other: each figure, broken once, is found once and by its rule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from customs.bench import sample_set
from customs.rules import agreeing as rules
from customs.rules.import_set import (
    Bill,
    Charge,
    Coded,
    ImportSet,
    Pass,
)
from customs.rules.sent_list import SentLine, SentList

BILL = Bill("RE-26-10377", "PO-2026-000001", "SUP01", "IMP01", "EUR", 180_006)
DATA = sample_set(3)
SENT = SentList(
    ledger=DATA.warehouse.ledger_number,
    district=DATA.warehouse.customs_district,
    departure="DEU",
    form="X",
    currency="EUR",
    lines=tuple(
        SentLine(
            sku=one.sku,
            hs_code=one.hs_code,
            name=one.name_zh,
            specification=one.specification,
            origin=one.origin,
            quantity=one.quantity,
            total=one.total,
            net_weight=one.net_weight,
            gross_weight=one.gross_weight,
        )
        for one in DATA.listed
    ),
)
WHOLE = replace(
    DATA, bill=BILL, passes=(Pass(gross_weight=198_000, net_weight=162_000),), sent=SENT
)


def of(name: str, **changed: Any) -> Callable[[ImportSet], ImportSet]:
    """One part of the set with other values."""
    return lambda data: replace(data, **{name: replace(getattr(data, name), **changed)})


def head(**changed: Any) -> Callable[[ImportSet], ImportSet]:
    return lambda data: replace(data, **changed)


def second(name: str, part: str = "", /, **changed: Any) -> Callable[[ImportSet], ImportSet]:
    """The second line of ``name`` (of ``part``) with other values."""

    def change(data: ImportSet) -> ImportSet:
        holder: Any = getattr(data, part) if part else data
        lines = list(getattr(holder, name))
        lines[1] = replace(lines[1], **changed)
        made = replace(holder, **{name: tuple(lines)})
        return replace(data, **{part: made}) if part else made

    return change


def test_a_set_that_agrees_has_no_finding() -> None:
    assert rules.disagreements(WHOLE) == []
    assert rules.disagreements(sample_set(1)) == []


@pytest.mark.parametrize(
    ("broken", "rule", "what", "of_what"),
    [
        (of("order", number="PO-2"), rules.NumbersDiffer, "contract", ""),
        (of("bill", contract="PO-3"), rules.NumbersDiffer, "contract", ""),
        (of("bill", number="RE-2"), rules.NumbersDiffer, "invoice", ""),
        (of("order", seller="SUP02"), rules.PartiesDiffer, "seller", ""),
        (of("supplier", code="SUP02"), rules.PartiesDiffer, "seller", ""),
        (of("bill", seller="SUP02"), rules.PartiesDiffer, "seller", ""),
        (of("order", buyer="IMP02"), rules.PartiesDiffer, "buyer", ""),
        (of("importer", code="IMP02"), rules.PartiesDiffer, "buyer", ""),
        (of("order", currency="USD"), rules.CurrenciesDiffer, "currency", ""),
        (head(currency="USD"), rules.CurrenciesDiffer, "currency", ""),
        (of("bill", currency="USD"), rules.CurrenciesDiffer, "currency", ""),
        (of("order", incoterm="CIF"), rules.TermsDiffer, "terms", ""),
        (head(incoterm="CIF"), rules.TermsDiffer, "terms", ""),
        (of("shipment", freight=45_001), rules.ChargesDiffer, "freight", ""),
        (of("shipment", insurance=1_201), rules.ChargesDiffer, "insurance", ""),
        (of("sent", ledger="L3117B26A002"), rules.OfficesDiffer, "ledger", ""),
        (of("sent", district="3105"), rules.OfficesDiffer, "district", ""),
        (of("sent", departure="NLD"), rules.OfficesDiffer, "departure", ""),
        (of("sent", form="Y"), rules.FormsDiffer, "form", ""),
        (of("sent", form="3"), rules.FormsDiffer, "form", ""),
        (of("sent", currency="USD"), rules.CurrenciesDiffer, "currency", ""),
        (second("lines", "sent", gross_weight=66_001), rules.WeightsDiffer, "gross", ""),
        (second("lines", "sent", net_weight=53_999), rules.WeightsDiffer, "net", ""),
        (second("lines", "sent", hs_code="2106909090"), rules.CodesDiffer, "hs_code", "SKU-00002"),
        (second("lines", "sent", origin="FRA"), rules.OriginsDiffer, "origin", "SKU-00002"),
        (second("lines", "sent", name="奶粉"), rules.NamesDiffer, "name", "SKU-00002"),
        (
            second("lines", "sent", specification="2 段"),
            *(rules.NamesDiffer, "specification", "SKU-00002"),
        ),
        (second("lines", "sent", quantity=59), rules.QuantitiesDiffer, "quantity", "SKU-00002"),
        (second("lines", "shipment", pack_quantity=7), rules.PackagesDiffer, "cartons", ""),
        (of("shipment", packages=31), rules.PackagesDiffer, "packages", ""),
        (head(packages=29), rules.PackagesDiffer, "packages", ""),
        (of("shipment", gross_weight=198_001), rules.WeightsDiffer, "gross", ""),
        (head(gross_weight=197_999), rules.WeightsDiffer, "gross", ""),
        (of("shipment", net_weight=162_001), rules.WeightsDiffer, "net", ""),
        (head(net_weight=161_000), rules.WeightsDiffer, "net", ""),
        (head(passes=(Pass(198_001, 162_000),)), rules.WeightsDiffer, "gross", ""),
        (head(passes=(Pass(198_000, 162_001),)), rules.WeightsDiffer, "net", ""),
        (second("listed", gross_weight=66_001), rules.WeightsDiffer, "gross", ""),
        (head(total=180_007), rules.TotalsDiffer, "total", ""),
        (of("bill", amount=180_005), rules.TotalsDiffer, "total", ""),
        (second("lines", "order", hs_code="2106909090"), rules.CodesDiffer, "hs_code", "SKU-00002"),
        (second("goods", hs_code="2106909090"), rules.CodesDiffer, "hs_code", "2"),
        (second("lines", "order", origin="FRA"), rules.OriginsDiffer, "origin", "SKU-00002"),
        (second("goods", origin="FRA"), rules.OriginsDiffer, "origin", "2"),
        (second("goods", quantity=61), rules.QuantitiesDiffer, "quantity", "2"),
        (second("goods", total=60_003), rules.AmountsDiffer, "amount", "2"),
        (second("lines", "order", quantity=59), rules.MoreThanOrdered, "quantity", "SKU-00002"),
    ],
)
def test_each_figure_that_differs_is_found_once(
    broken: Callable[[ImportSet], ImportSet], rule: type, what: str, of_what: str
) -> None:
    (found,) = rules.disagreements(broken(WHOLE))

    assert (found.rule, found.what, found.of) == (rule, what, of_what)
    assert len({value for _paper, value in found.says}) == 2


def test_an_article_of_two_order_lines_is_summed() -> None:
    first, *others = WHOLE.listed
    parts = [
        replace(first, quantity=one, total=total, gross_weight=gross, net_weight=net)
        for one, total, gross, net in (
            (1, 1, 1, 1),
            (
                first.quantity - 1,
                first.total - 1,
                first.gross_weight - 1,
                first.net_weight - 1,
            ),
        )
    ]

    assert rules.disagreements(replace(WHOLE, listed=(*parts, *others))) == []


def test_what_each_paper_says_stands_in_the_finding() -> None:
    (found,) = rules.disagreements(replace(WHOLE, gross_weight=197_500))

    assert found.says == (
        ("packing_list", "198 kg"),
        ("bonded_list", "198 kg"),
        ("declaration", "197.5 kg"),
        ("sent_list", "198 kg"),
        ("pass", "198 kg"),
    )


def test_a_line_on_the_list_alone_differs_in_all_that_hangs_on_it() -> None:
    found = rules.disagreements(second("listed", quantity=61)(WHOLE))

    assert {(one.rule, one.of) for one in found} == {
        (rules.QuantitiesDiffer, "2"),
        (rules.QuantitiesDiffer, "SKU-00002"),
    }


def test_blanks_between_words_are_no_difference() -> None:
    first, *others = SENT.lines
    wider = replace(first, name=f" {first.name} ".replace(" ", "  "))

    assert rules.disagreements(replace(WHOLE, sent=replace(SENT, lines=(wider, *others)))) == []


def test_pallets_are_no_cartons_and_a_rate_of_freight_is_no_sum() -> None:
    pallets = of("statement", packing=Coded("93", "天然木托", "pallets"))
    rate = head(charges=(Charge("freight", "1", Decimal(5), ""), *WHOLE.charges[1:]))

    assert rules.disagreements(pallets(second("lines", "shipment", pack_quantity=7)(WHOLE))) == []
    assert rules.disagreements(rate(of("shipment", freight=1)(WHOLE))) == []


def test_less_on_board_than_ordered_is_no_finding() -> None:
    assert rules.disagreements(second("lines", "order", quantity=600)(WHOLE)) == []
