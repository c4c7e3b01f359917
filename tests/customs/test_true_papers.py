"""What stands on official papers is so: terms, numbers, what is attached, what was replaced."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from core import pdf
from customs.bench import STAMP, sample_set
from customs.papers import declared, paper_file
from customs.papers.form import Form
from customs.papers.taxes import estimated
from customs.papers.trade import terms_of
from customs.rules.agreeing import disagreements
from customs.rules.import_set import ImportSet, Party, Permit, Statement

#: So many lines are read once.
LONG = sample_set(500)
BROKER = Party("", "宁波某报关有限公司", "", "91330200MA2AGBCD5X", "3302980001")


def text_of(kind: str, data: ImportSet, language: str = "zh-hans") -> str:
    made, _ = paper_file(kind, data, replace(STAMP, language=language))
    return "".join(
        "".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(made.content)).pages
    )


def with_broker(data: ImportSet) -> ImportSet:
    return replace(data, statement=replace(data.statement, broker=BROKER))


@pytest.mark.parametrize(
    ("became", "told", "in_english"),
    [
        ("rejected", "替代被退回的DEC-2026-000000", "replacestherejectedDEC-2026-000000"),
        (
            *("amended", "经海关准予修改，替代DEC-2026-000000"),
            "amendedwithcustoms'leave,replacesDEC-2026-000000",
        ),
        ("withdrawn", "替代已撤销的DEC-2026-000000", "replacesthewithdrawnDEC-2026-000000"),
    ],
)
def test_a_version_says_what_became_of_the_one_before(
    became: str, told: str, in_english: str
) -> None:
    data = replace(sample_set(1), replaces="DEC-2026-000000", replaced_as=became)

    assert told in text_of("declaration", data)
    assert in_english in text_of("declaration", data, "en")


def test_the_form_has_our_number_under_its_own_name() -> None:
    text = text_of("declaration", sample_set(1))

    # The system gives 18 places; until then the box is empty.
    assert "预录入编号：海关编号：" in text
    assert "企业内部编号：DEC-2026-000001" in text
    assert "仅供" not in text


def test_an_agreement_with_a_broker_is_attached_only_where_one_declares() -> None:
    data = sample_set(1)
    assert data.statement.broker is None

    assert "代理报关委托协议" not in text_of("declaration", data)
    assert "powerofattorney" not in text_of("declaration", data, "en")
    assert "代理报关委托协议" in text_of("declaration", with_broker(data))
    assert "powerofattorney" in text_of("declaration", with_broker(data), "en")


def test_the_form_has_the_telephone_of_who_declares() -> None:
    data = sample_set(1)

    assert "电话：+8657487654321" in text_of("declaration", data)
    # Nobody told the broker's.
    assert "+8657487654321" not in text_of("declaration", with_broker(data))


@pytest.mark.parametrize(
    ("incoterm", "chinese", "english"),
    [
        ("EXW", "EXW Hamburg", "EXW Hamburg"),
        ("FOB", "FOB Hamburg", "FOB Hamburg"),
        ("FCA", "FCA Hamburg", "FCA Hamburg"),
        ("CFR", "CFR 宁波梅山保税港区", "CFR Ningbo Meishan"),
        ("CIF", "CIF 宁波梅山保税港区", "CIF Ningbo Meishan"),
        ("DAP", "DAP 宁波梅山保税港区", "DAP Ningbo Meishan"),
    ],
)
def test_terms_name_the_place_that_they_are_about(
    incoterm: str, chinese: str, english: str
) -> None:
    data = sample_set(1)
    data = replace(
        data,
        order=replace(data.order, incoterm=incoterm),
        warehouse=replace(data.warehouse, entry_port="380901"),
    )

    assert terms_of(data, chinese=True) == chinese
    assert terms_of(data, chinese=False) == english


def test_terms_name_the_port_that_was_stated_before_the_suppliers_usual_one() -> None:
    data = sample_set(1)
    stated = replace(data.statement.departure, name_en="Rotterdam, Netherlands")
    data = replace(data, statement=replace(data.statement, departure=stated))

    assert terms_of(data, chinese=False) == "FOB Rotterdam"
    untold = replace(data, statement=Statement())
    assert terms_of(untold, chinese=False) == "FOB Hamburg"


def test_a_licence_is_ticked_where_permits_are_told() -> None:
    data = with_broker(sample_set(1))
    told = replace(data, permits=(Permit("SKU-00001", "7", "LIC-1"),))

    assert "[]许可证件" in text_of("attorney", data)
    assert "[×]许可证件" in text_of("attorney", told)


def rated(data: ImportSet, **changed: Any) -> ImportSet:
    return replace(data, tariff=tuple(replace(one, **changed) for one in data.tariff))


def test_the_duty_of_an_agreement_takes_a_proof_of_each_article() -> None:
    data = rated(sample_set(2), duty=Decimal("0.05"), treaty=Decimal(0))
    proved = replace(data, permits=(Permit("SKU-00001", "Y", "EUR.1-4711"),))

    duties = [one.tax.duty if one.tax else None for one in estimated(data)]
    with_one = [one.tax.duty if one.tax else None for one in estimated(proved)]

    assert duties == [32_514, 32_514]
    assert with_one == [0, 32_514]
    # Another permit proves no origin.
    other = replace(data, permits=(Permit("SKU-00001", "7", "LIC-1"),))
    assert [one.tax.duty if one.tax else None for one in estimated(other)] == duties


@pytest.mark.parametrize(
    ("unit", "specification", "tax"),
    [
        # CNY 250 for a unit: 54 kg are 0.054 tonne, 60 cans of 330 ml are 19.8 litres.
        ("035", "", 1_350_000),
        ("070", "", 1_350),
        ("122", "", 1_500_000),
        ("095", "330毫升/罐", 495_000),
    ],
)
def test_consumption_tax_by_quantity_is_converted(unit: str, specification: str, tax: int) -> None:
    data = rated(sample_set(1), specific=Decimal(250), specific_unit=unit)
    goods = tuple(replace(one, specification=specification) for one in data.goods)

    (line,) = estimated(replace(data, goods=goods))

    assert line.tax is not None
    assert line.tax.consumption_tax == tax


def test_what_cannot_be_converted_is_a_dash_and_a_note_and_no_zero() -> None:
    data = rated(sample_set(1), specific=Decimal(250), specific_unit="095")
    goods = tuple(replace(one, specification="无容量") for one in data.goods)
    data = replace(data, goods=goods)

    (line,) = estimated(data)

    assert line.tax is None
    text = text_of("tax_estimate", data)
    assert "从量消费税的计税单位无法" in text
    assert "当日税则没有该编码" not in text
    assert "325.14" not in text


def in_batches(first: int, second: int, packages: int) -> ImportSet:
    """One article in packs of six, of two batches."""
    data = sample_set(1)
    (sent,) = data.shipment.lines
    parts = tuple(
        replace(
            sent,
            batch=f"B{quantity}",
            quantity=quantity,
            amount=sent.amount * quantity // 60,
            net_weight=900 * quantity,
            gross_weight=1_100 * quantity,
        )
        for quantity in (first, second)
    )
    shipment = replace(data.shipment, lines=parts, packages=packages)
    return replace(data, shipment=shipment, packages=packages)


@pytest.mark.parametrize(
    ("packages", "says"), [(9, "10-11"), (10, None), (11, None), (12, "10-11")]
)
def test_batches_of_an_article_may_share_a_carton(packages: int, says: str | None) -> None:
    found = [one for one in disagreements(in_batches(31, 29, packages)) if one.what == "cartons"]

    assert [dict(one.says)["packing_list"] for one in found] == ([says] if says else [])


def test_a_packing_list_sums_to_the_packages_of_its_head() -> None:
    text = text_of("packing_list", in_batches(31, 29, 10), "en")

    assert "Total1060" in text
    assert "batchesofanarticlesharesome" in text
    apart = text_of("packing_list", in_batches(31, 29, 11), "en")
    assert "Total1160" in apart
    assert "sharesome" not in apart


def with_permits(count: int) -> ImportSet:
    told = tuple(Permit("SKU-00001", "7", f"LIC-2026-{at:05d}") for at in range(count))
    return replace(sample_set(2), permits=told)


@pytest.mark.parametrize(("count", "pages"), [(1, 1), (40, 1), (1_000, 5)])
def test_many_permits_are_all_printed_and_none_too_small_to_read(count: int, pages: int) -> None:
    data = with_permits(count)
    form = Form(declared(data, STAMP), pdf.page_size(landscape=True))

    made, _ = paper_file("declaration", data, STAMP)

    drawn = [form.fixed, form.top, *form.goods()]
    assert min(text[1] for page in drawn for text in page.texts) >= 5.5
    text = text_of("declaration", data)
    assert all(f"LIC-2026-{at:05d}" in text for at in range(count))
    assert ("全文见附页" in text) == (pages > 1)
    assert made.page_count == pages


def test_a_contract_is_the_whole_order_with_what_is_on_board_beside() -> None:
    data = sample_set(2)
    first, second = data.shipment.lines
    whole = (replace(first, quantity=90, amount=90_000), second)
    data = replace(data, agreed=whole, shipment=replace(data.shipment, lines=(first,)))

    text = text_of("contract", data, "en")

    # 90 ordered of the first, 60 of them on board; of the second nothing; EUR 900.00 and 600.02.
    for told in ("90can6010.0000900.00", "60can010.0003600.02", "Total150601,500.02"):
        assert told in text, told
    # Of which year the terms are nobody told.
    assert "FOBHamburg(Incoterms)." in text
    assert "SAYEURONETHOUSANDFIVEHUNDREDAND02/100" in text


def test_two_shipments_of_an_order_show_one_contract() -> None:
    data = sample_set(2)
    first, second = data.shipment.lines
    data = replace(data, agreed=(first, second))
    texts = [
        text_of("contract", replace(data, shipment=replace(data.shipment, lines=(one,))), "en")
        for one in (first, second)
    ]

    assert texts[0] != texts[1]
    assert all("Total120601,200.03" in text for text in texts)


#: Each paper at its full length takes seconds: all of them in `make slow`.
SOME = None if os.environ.get("BONDPOOL_EVERY_LOOK") else 1


@pytest.mark.parametrize(
    ("kind", "pages", "last"),
    [
        ("contract", 32, "301,252.50"),
        ("bonded_list", 42, "合计500项"),
        ("invoice", 29, "301,252.50"),
        ("packing_list", 29, "30,000"),
        ("attorney", 2, "一式三份"),
        ("tax_estimate", 32, "一般贸易应缴合计"),
        ("share_sheet", 20, ""),
        ("declaration", 63, "共500项"),
    ][:SOME],
)
def test_five_hundred_lines_of_each_paper_end_with_their_total(
    kind: str, pages: int, last: str
) -> None:
    made, _ = paper_file(kind, LONG, STAMP, "SELLER-A")

    reader = PdfReader(io.BytesIO(made.content))
    assert made.page_count == len(reader.pages) == pages
    ending = "".join(reader.pages[-1].extract_text().split())
    assert f"{pages}/{pages}" in ending
    assert last in ending
