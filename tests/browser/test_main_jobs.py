"""The main job of everyone, from signing in to the result, in a real browser.

`make slow` does each of them in both languages, `make test` one in Chinese and the next in English.
"""

from __future__ import annotations

import io
import os
from datetime import timedelta
from pathlib import Path

import pytest
from lxml import etree
from pypdf import PdfReader

from tests.browser.conftest import Site
from tests.browser.town import LANGUAGES, NOW
from tests.browser.visitor import Visit, Visitor

EVERY_LOOK = bool(os.environ.get("BONDPOOL_EVERY_LOOK"))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    jobs = [name for name in vars(metafunc.module) if name.startswith("test_")]
    turn = jobs.index(metafunc.function.__name__) % len(LANGUAGES)
    metafunc.parametrize("language", LANGUAGES if EVERY_LOOK else LANGUAGES[turn:][:1])


def a_file(folder: Path, content: str) -> Path:
    path = folder / "forecast.csv"
    path.write_text(content, "utf-8")
    return path


def downloaded(visitor: Visitor, english: str, *, kind: str = "link") -> bytes:
    with visitor.page.expect_download() as waiting:
        visitor.press(english, kind=kind)
    return Path(waiting.value.path()).read_bytes()


def test_a_seller_mends_a_wrong_file_and_sees_its_share_of_the_pool(
    site: Site, visit: Visit, worker: None, language: str, tmp_path: Path
) -> None:
    work, sku = site.town.work[language], site.town.sku
    site.clock(NOW)
    seller = visit(f"seller {work.quarter}", language, by_form=True)
    page = seller.page
    seller.press("File a forecast", kind="link")
    seller.go(f"/forecasts/{work.quarter}/upload/")

    wrong = f"quarter,sku,forecast_units\n{work.quarter},{sku},a dozen\n"
    page.set_input_files("input[type=file]", a_file(tmp_path, wrong))
    seller.press("Check the file")
    assert seller.reads(seller.word("What is wrong"))
    assert page.get_by_role("button", name=seller.word("File this forecast")).count() == 0

    mended = f"quarter,sku,forecast_units\n{work.quarter},{sku},1240\n"
    page.set_input_files("input[type=file]", a_file(tmp_path, mended))
    seller.press("Check the mended file")
    seller.press("File this forecast")
    assert seller.reads("1,240")
    assert page.url.endswith(f"/forecasts/{work.quarter}/")

    site.clock(work.cutoff_at + timedelta(hours=1))
    operator = visit("operator", language)
    operator.go(f"/rounds/{work.quarter}/close/")
    operator.page.locator("select[name=buyer]").select_option(label=_importers_label(operator))
    operator.press("Close the round")
    operator.page.locator("#job [data-state=done]").wait_for(timeout=60_000)
    operator.page.get_by_role("link", name=operator.word("Back to where it was asked for")).click()
    operator.page.wait_for_url(f"**/rounds/{work.quarter}/")
    assert operator.reads(operator.word("Combined orders"))

    seller.go(f"/forecasts/{work.quarter}/share/")
    assert seller.reads("1,240")
    assert seller.reads(seller.word("Saved on the goods"))
    site.clock(NOW)


def _importers_label(operator: Visitor) -> str:
    labels = operator.page.locator("select[name=buyer] option").all_inner_texts()
    return next(label for label in labels if label.startswith("CANARY-I"))


def test_an_importer_drafts_a_declaration_gets_its_paper_and_sees_it_released(
    site: Site, visit: Visit, worker: None, language: str
) -> None:
    work = site.town.work[language]
    importer = visit("importer", language, by_form=True)
    page = importer.go("/customs/declarations/")
    page.locator(f"a[href='/customs/shipments/{work.undeclared}/declare/']").click()
    importer.press("Draft the declaration")
    reference = page.locator("h1").inner_text().strip()

    importer.press("Make the PDF")
    # The page looks again by itself until the worker has made the paper.
    download = page.get_by_role("link", name=importer.word("Download the PDF"))
    download.wait_for(timeout=60_000)
    paper = downloaded(importer, "Download the PDF")
    assert paper.startswith(b"%PDF-")
    assert reference in PdfReader(io.BytesIO(paper)).pages[0].extract_text()

    importer.press("I have lodged it with customs")
    page.locator("input[name=their_reference]").fill("31")
    importer.press("Record the release")
    assert page.locator("input[name=their_reference].is-invalid, .trouble-sentence").count() == 1
    importer.go(f"/customs/declarations/{reference}/")
    page.locator("input[name=their_reference]").fill(work.entry_number)
    importer.press("Record the release")
    assert importer.reads(work.entry_number)
    assert page.locator("[data-state=released]").count() == 1


def test_finance_pays_a_period_with_four_eyes(site: Site, visit: Visit, language: str) -> None:
    work = site.town.work[language]
    maker, checker = visit("finance", language, by_form=True), visit("checker", language)
    page = maker.go("/settlement/batches/")
    page.locator("select[name=debtor]").select_option(str(work.debtor))
    maker.press("Open the batches")
    page.locator("h1 [data-state=draft]").wait_for()
    number = page.locator("h1 .number, h1.number").first.inner_text().split()[0]
    maker.press("Price the batch")
    page.locator("[data-state=priced]").first.wait_for()
    assert maker.reads(maker.word("A second person approves this payment"))

    checker.go(f"/settlement/batches/{number}/")
    checker.page.locator("form[action$='/approve/'] button").click()
    checker.page.locator("[data-state=approved]").first.wait_for()

    maker.go(f"/settlement/batches/{number}/")
    maker.press("Make the payment file")
    with page.expect_download() as waiting:
        page.locator("a[href$='.xml']").first.click()
    document = etree.fromstring(Path(waiting.value.path()).read_bytes())
    assert etree.QName(document[0]).localname == "CstmrCdtTrfInitn"
    assert work.invoice in etree.tostring(document, encoding="unicode")


def test_a_consumer_types_a_code_and_sees_where_the_item_comes_from(
    site: Site, visit: Visit, language: str
) -> None:
    code = site.town.work[language].item_code
    consumer = visit("", language, phone=True)
    page = consumer.go("/verify/")
    page.locator("input[name=code]").fill(code)
    consumer.press("Check")
    page.locator(".stamp-name").wait_for()

    assert consumer.reads(consumer.word("First check of this code"))
    assert page.locator(".stop").count() >= 5
    assert (
        page.locator(".stamp-name").inner_text() == {"en": "Germany", "zh-hans": "德国"}[language]
    )


def test_the_warehouse_counts_a_shipment_short_and_books_it(
    site: Site, visit: Visit, language: str
) -> None:
    work = site.town.work[language]
    keeper = visit("warehouse", language, by_form=True)
    page = keeper.go(f"/warehouse/shipments/{work.at_gate}/count/")
    page.locator("input[inputmode=numeric]:not(#scan), input[type=number]").first.fill("88")
    keeper.press("Compare with the ship notice")
    assert keeper.reads("88")
    keeper.press("Book the receipt")
    page.locator("h1").wait_for()

    assert "/warehouse/receipts/" in page.url
    assert keeper.reads("88")


def test_the_operator_announces_a_round(site: Site, visit: Visit, language: str) -> None:
    operator = visit("operator", language, by_form=True)
    quarter = {"zh-hans": "2028-Q1", "en": "2028-Q2"}[language]
    page = operator.go("/rounds/")
    operator.press("Announce a round", kind="link")
    page.locator("input[name=quarter]").fill(quarter)
    page.locator("input[name=opens_at]").fill("2027-11-01T09:00")
    page.locator("input[name=cutoff_at]").fill("2027-11-20T18:00")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(lambda url: not url.endswith("/new/"))

    assert quarter in page.locator(".page-wrapper").inner_text()
