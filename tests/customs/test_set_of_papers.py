"""The papers of an entry: what they say, however long they are, from one reading of the data."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from pypdf import PdfReader

from core.queue import MadeFile
from customs.bench import STAMP, sample_set
from customs.papers import SHEETS, fingerprint_of, paper_file

KINDS = ("declaration", *SHEETS)


def read(made: MadeFile) -> list[str]:
    return ["".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(made.content)).pages]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_page_says_which_document_it_is_of_how_many_pages(kind: str, language: str) -> None:
    stamp = replace(STAMP, language=language, version=3)

    made, fingerprint = paper_file(kind, sample_set(50), stamp)

    pages = read(made)
    assert made.page_count == len(pages) > 1
    assert len(fingerprint) == 64
    for at, page in enumerate(pages, 1):
        assert "DOC-2026-000001" in page
        assert fingerprint in page
        assert ("第3版" if language == "zh-hans" else "version3") in page
        assert page.count(f"{at}/{len(pages)}") >= 1
    whole = "".join(pages)
    assert all(whole.count(f"SKU-{at:05d}") == 1 for at in range(1, 51))


@pytest.mark.parametrize("kind", KINDS)
def test_the_file_tells_its_title_and_language_and_embeds_its_typefaces(kind: str) -> None:
    made, _ = paper_file(kind, sample_set(1), STAMP)

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
    first, told = paper_file(kind, sample_set(7), STAMP)
    again, _ = paper_file(kind, sample_set(7), STAMP)
    renamed = replace(sample_set(7), importer=replace(sample_set(7).importer, name_zh="另一公司"))

    assert first.content == again.content
    assert fingerprint_of(kind, sample_set(7), STAMP) == told
    # Another number, version or time is no other content.
    other = replace(STAMP, number="DOC-2026-000002", version=2)
    assert fingerprint_of(kind, sample_set(7), other) == told
    assert fingerprint_of(kind, renamed, STAMP) != told


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
    assert "待申报" not in text
