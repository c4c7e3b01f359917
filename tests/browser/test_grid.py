"""The grid of a forecast in a browser: rows pasted from a spreadsheet, cells by the keyboard."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.visitor import Visit

_PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const told = { clipboardData: data, bubbles: true, cancelable: true };
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", told));
}"""


def _cells(page: Page, row: int = 0) -> list[str]:
    columns = (page.locator(f"input[data-grid-col='{at}']").nth(row) for at in range(3))
    return [cell.input_value() for cell in columns]


def test_rows_are_pasted_by_sku_or_from_the_cell_on(visit: Visit, site: Site) -> None:
    work = site.town.work["en"]
    page = visit(f"seller {work.quarter}", "en").go(f"/forecasts/{work.quarter}/edit/")
    first = page.locator("input[data-grid-col='0']").first
    sku = first.get_attribute("data-grid-sku")

    first.focus()
    page.evaluate(_PASTE, f"SKU\tunits\tless\tmore\nNO-SUCH\t7\n{sku}\t24\t6\t2\n")

    assert _cells(page) == ["24", "6", "2"]
    told = page.locator("[data-grid-told]").inner_text()
    assert told == "3 cells filled. 1 rows are not on this page; upload them as a file."

    page.locator("input[data-grid-col='1']").first.focus()
    page.evaluate(_PASTE, "3\t9")

    assert _cells(page) == ["24", "3", "9"]


def test_the_arrows_lead_from_cell_to_cell(visit: Visit, site: Site) -> None:
    work = site.town.work["en"]
    page = visit(f"seller {work.quarter}", "en").go(f"/forecasts/{work.quarter}/edit/")
    column = "document.activeElement.dataset.gridCol"

    page.locator("input[data-grid-col='0']").first.focus()
    page.keyboard.type("12")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(column) == "1"
    page.keyboard.type("5")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(column) == "2"
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(column) == "1"

    assert _cells(page)[:2] == ["12", "5"]
