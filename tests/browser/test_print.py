"""A document on paper: its number on top, black on white, and nothing that only a screen needs."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser.conftest import Site
from tests.browser.visitor import Visit

DOCUMENTS = {
    "order": ("operator", "orders/<str:number>/"),
    "declaration": ("importer", "customs/declarations/<str:reference>/"),
    "retail list": ("seller", "retail-lists/<str:number>/"),
    "batch": ("finance", "settlement/batches/<str:number>/"),
    "share": ("seller", "forecasts/<str:code>/share/"),
}
#: Luminance of what is seen as text, and of the paper; from a dark screen on purpose.
COLOURS = """() => {
  const isText = (node) => node.nodeType === 3 && node.data.trim();
  const words = (one) => [...one.childNodes].some(isText);
  const seen = [...document.querySelectorAll("main *")].filter(
    (one) => one.checkVisibility() && words(one));
  const light = (colour) => {
    const [r, g, b, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    return alpha === 0 ? null : 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const start = (one) => one.outerHTML.slice(0, 120);
  const pale = seen.filter((one) => light(getComputedStyle(one).color) > 110);
  const sheets = [...document.querySelectorAll("body, .page, .page-wrapper, main *")];
  const shaded = sheets.filter((one) => {
    const shade = one.checkVisibility() ? light(getComputedStyle(one).backgroundColor) : null;
    return shade !== null && shade < 200;
  });
  return {ink: pale.map(start), paper: shaded.map(start), words: seen.length};
}"""


@pytest.mark.parametrize("document", DOCUMENTS)
@pytest.mark.skipif(
    shutil.which("pdftotext") is None,
    reason="no pdftotext on this machine: on Debian, `apt-get install poppler-utils` installs it",
)
def test_a_document_prints_black_on_white_with_its_number_and_no_menus(
    site: Site, visit: Visit, document: str, tmp_path: Path
) -> None:
    who, route = DOCUMENTS[document]
    path = site.town.paths[route]
    number = path.strip("/").removesuffix("/share").rpartition("/")[2]
    reader = visit(who, "en", dark=True)
    page = reader.go(path)
    assert page.get_by_role("button", name=reader.word("Print"), exact=True).is_visible()
    page.emulate_media(media="print", color_scheme="dark")

    colours = page.evaluate(COLOURS)
    paper = tmp_path / "paper.pdf"
    page.pdf(path=paper, format="A4", prefer_css_page_size=True)
    told = subprocess.run(["pdftotext", "-layout", paper, "-"], capture_output=True, check=True)
    words = told.stdout.decode()

    assert colours["words"] > 10
    assert colours["ink"] == []
    assert colours["paper"] == []
    first_line = next(line for line in words.splitlines() if line.strip())
    assert "Bondpool" in first_line
    assert number in first_line
    for menu in ("Sign out", "Products", "Print", "Skip to the content"):
        assert menu not in words.split()
    assert page.locator(".navbar-vertical, .topbar").first.is_hidden()
