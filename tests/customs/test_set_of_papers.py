"""The papers of an entry: what they say, however long they are, from one reading of the data."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pypdf import PdfReader

from core.queue import MadeFile
from customs.bench import STAMP, sample_set
from customs.papers import SHEETS, fingerprint_of, paper_file
from customs.papers.taxes import estimated
from customs.rules.retail_tax import Tax
from customs.rules.rounding import Basis, Mode, Rounding
from customs.rules.sent_list import ListHead

KINDS = ("declaration", *SHEETS, "share_sheet")
SELLER = "SELLER-A"


def read(made: MadeFile) -> list[str]:
    return ["".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(made.content)).pages]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_page_says_which_document_it_is_of_how_many_pages(kind: str, language: str) -> None:
    stamp = replace(STAMP, language=language, version=3)

    made, fingerprint = paper_file(kind, sample_set(50), stamp, SELLER)

    pages = read(made)
    assert made.page_count == len(pages) > 1
    assert len(fingerprint) == 64
    for at, page in enumerate(pages, 1):
        assert "DOC-2026-000001" in page
        assert fingerprint in page
        assert ("第3版" if language == "zh-hans" else "version3") in page
        assert page.count(f"{at}/{len(pages)}") >= 1
    whole = "".join(pages)
    # Names and numbers of goods are printed once a line; two papers do not list them.
    times = {"attorney": 0, "tax_estimate": 0, "bonded_list": 2}.get(kind, 1)
    assert all(whole.count(f"SKU-{at:05d}") == times for at in range(1, 51))


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_tells_its_title_and_language_and_embeds_its_typefaces(kind: str) -> None:
    made, _ = paper_file(kind, sample_set(1), STAMP, SELLER)

    reader = PdfReader(io.BytesIO(made.content))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "zh-CN"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title
    assert reader.metadata.get("/Keywords") == "DOC-2026-000001"
    fonts = _fonts(reader)
    assert fonts
    assert all("+NotoSansSC" in name and is_inside for name, is_inside in fonts)


def _fonts(reader: PdfReader) -> set[tuple[str, bool]]:
    found = set()
    for page in reader.pages:
        held: Any = page
        for font in held["/Resources"]["/Font"].values():
            told = font.get_object()
            file = told["/FontDescriptor"].get("/FontFile2") if "/FontDescriptor" in told else None
            length = int(file.get_object().get("/Length1", 0)) if file is not None else 0
            # A subset: the whole typeface has ten million bytes.
            found.add((str(told["/BaseFont"]), 0 < length < 200_000))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_data_make_the_same_bytes_and_other_data_another_fingerprint(kind: str) -> None:
    first, told = paper_file(kind, sample_set(7), STAMP, SELLER)
    again, _ = paper_file(kind, sample_set(7), STAMP, SELLER)
    renamed = replace(sample_set(7), importer=replace(sample_set(7).importer, name_zh="另一公司"))

    assert first.content == again.content
    assert fingerprint_of(kind, sample_set(7), STAMP, SELLER) == told
    # Another number, version or time is no other content.
    other = replace(STAMP, number="DOC-2026-000002", version=2)
    assert fingerprint_of(kind, sample_set(7), other, SELLER) == told
    assert fingerprint_of(kind, renamed, STAMP, SELLER) != told


def test_an_invoice_states_its_total_in_figures_and_in_words() -> None:
    made, _ = paper_file("invoice", sample_set(2), STAMP)

    text = "".join(read(made))
    for told in (
        "商业发票",
        "RE-26-10377",
        "FOBHamburg",
        "SonnenhofNahrungGmbH",
        "1,200.03",
        "欧元壹仟贰佰元零叁分",
        "SAYEURONETHOUSANDTWOHUNDREDAND03/100",
        "USD450.00",
    ):
        assert told in text, told


def test_an_invoice_without_a_suppliers_number_takes_the_ship_notices() -> None:
    data = sample_set(1)
    data = replace(data, shipment=replace(data.shipment, invoice_number=""))

    assert "CI-ASN-2026-000001" in "".join(read(paper_file("invoice", data, STAMP)[0]))


def test_terms_that_include_the_freight_do_not_ask_for_it_again() -> None:
    data = sample_set(1)
    order = replace(data.order, incoterm="CIF")
    data = replace(data, incoterm="CIF", order=order, charges=())

    assert "450.00" not in "".join(read(paper_file("invoice", data, STAMP)[0]))
    assert "450.00" not in "".join(read(paper_file("declaration", data, STAMP)[0]))


def test_a_packing_list_sums_packages_and_weights() -> None:
    made, _ = paper_file("packing_list", sample_set(3), replace(STAMP, language="en"))

    text = "".join(read(made))
    for told in ("Packinglist", "198/162kg", "L000012028-03-31", "Total30180162198"):
        assert told in text, told


def test_a_contract_names_terms_and_both_who_sign() -> None:
    made, _ = paper_file("contract", sample_set(1), STAMP)

    text = "".join(read(made))
    for told in (
        "购销合同",
        "PO-2026-000001",
        "2026-06-02",
        "签字盖章",
        "宁波保税供应链管理有限公司",
    ):
        assert told in text, told


def test_the_form_has_the_customs_number_once_there_is_one() -> None:
    data = replace(sample_set(1), customs_number="310520261000000017")

    text = "".join(read(paper_file("declaration", data, STAMP)[0]))

    assert "海关编号：310520261000000017" in text
    assert "尚无海关编号" not in text


def test_a_share_sheet_names_its_seller_and_nobody_else() -> None:
    data = sample_set(2)

    text = "".join(read(paper_file("share_sheet", data, STAMP, "SELLER-B")[0]))

    assert "深圳海淘优品科技有限公司" in text
    assert "杭州晨光" not in text
    # A third of 600.01 and 600.02, and their weights: 18 and 22 kg each.
    for told in ("200.00", "400.00", "3644"):
        assert told in text, told


def test_what_general_trade_would_cost_stands_line_by_line() -> None:
    lines = estimated(sample_set(2))

    # Half of USD 462.00 at 7.0510/8.1230 beside EUR 600.01.
    (first, second) = lines
    assert (first.value.freight, first.value.insurance, first.value.cif) == (19_531, 521, 80_053)
    assert first.value.cny == 650_271
    assert first.tax == Tax(duty=32_514, consumption_tax=0, vat=88_762)
    assert (second.value.freight, second.value.cif) == (19_530, 80_053)
    text = "".join(read(paper_file("tax_estimate", sample_set(2), STAMP)[0]))
    for told in ("325.14", "887.62", "5%", "13%", "1EUR=8.123CNY"):
        assert told in text, told


@pytest.mark.parametrize(
    ("how", "taxes", "told"),
    [
        # 325.1355 and 887.6199...: exact parts before they are rounded.
        (Rounding(), (32_514, 88_762), "每一税种按行四舍五入到分"),
        (Rounding(Mode.DOWN), (32_513, 88_761), "每一税种按行舍去尾数到分"),
        (Rounding(Mode.UP, places=1), (32_520, 88_770), "每一税种按行进位到角"),
        (Rounding(Mode.HALF_UP, places=0), (32_500, 88_800), "每一税种按行四舍五入到元"),
    ],
)
def test_the_paper_rounds_by_the_policy_of_its_day(
    how: Rounding, taxes: tuple[int, int], told: str
) -> None:
    data = replace(sample_set(2), rounding=how)

    tax = estimated(data)[0].tax

    assert tax is not None
    assert (tax.duty, tax.vat) == taxes
    assert told in "".join(read(paper_file("tax_estimate", data, STAMP)[0]))
    assert data.digest == sample_set(2).digest


def test_a_whole_that_is_rounded_once_is_shared_to_its_lines() -> None:
    data = replace(sample_set(3), rounding=Rounding(Mode.DOWN, Basis.LIST, 0))

    taxes = [one.tax for one in estimated(data) if one.tax is not None]

    exact = [one.tax for one in estimated(sample_set(3)) if one.tax is not None]
    for name in ("duty", "vat"):
        whole = sum(getattr(one, name) for one in taxes)
        assert whole % 100 == 0
        assert 0 <= sum(getattr(one, name) for one in exact) - whole < 103


def test_without_customs_rate_the_estimate_says_so_and_guesses_nothing() -> None:
    data = replace(sample_set(1), exchange=(("USD", Decimal("7.05")),))

    text = "".join(read(paper_file("tax_estimate", data, STAMP)[0]))

    assert "海关当日没有EUR的汇率" in text
    assert "325.14" not in text


def test_a_code_that_the_tariff_has_not_is_left_out_and_named() -> None:
    data = replace(sample_set(1), tariff=())

    text = "".join(read(paper_file("tax_estimate", data, STAMP)[0]))

    assert "未计入合计" in text


def test_a_bonded_list_has_its_items_and_the_lines_of_the_form() -> None:
    data = sample_set(2)
    data = replace(data, listed=(replace(data.listed[0], ledger_item="2255"), *data.listed[1:]))

    text = "".join(read(paper_file("bonded_list", data, replace(STAMP, language="en"))[0]))

    for told in ("INV101", "L3117B26A001", "2255", "SKU-00002", "Totalof2lines", "1,200.03"):
        assert told in text, told


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (ListHead(), ("DEC-2026-000001", "—", "0普通", "1进口报关单", "2026-07-14")),
        (
            ListHead("DEC-2026-000001-2", "QD311126I000067647", "3", "1", date(2026, 7, 20)),
            ("DEC-2026-000001-2", "QD311126I000067647", "3先入区后报关", "2026-07-20"),
        ),
        (ListHead("DEC-2026-000001", "", "0", "X", None), ("X两步申报报关单",)),
        (ListHead("DEC-2026-000001", "", "1", "1", None), ("1集报",)),
    ],
)
def test_a_bonded_list_on_paper_is_headed_as_the_list_that_was_sent(
    head: ListHead, told: tuple[str, ...]
) -> None:
    data = replace(sample_set(1), list_head=head)

    text = "".join(read(paper_file("bonded_list", data, STAMP)[0]))

    assert all(one in text for one in told)
    assert data.digest == sample_set(1).digest


def test_a_power_of_attorney_is_filled_in_on_the_principals_side() -> None:
    made, _ = paper_file("attorney", sample_set(3), STAMP)

    text = "".join(read(made))
    assert made.page_count == 2
    for told in ("委托报关协议", "[×]A填单申报", "等3项", "EGLV142600123456", "EUR1,800.06"):
        assert told in text, told
