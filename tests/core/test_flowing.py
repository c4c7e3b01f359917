"""Tables over pages: the head is repeated, rows stay whole, no total stands alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import pdf
from core.breaking import broken, width_of
from core.drawn import Page
from core.flowing import Column, Grid, Place, Sides, Words, flowed

PLACE = Place(left=40, right=540, top=700, bottom=60)


@pytest.fixture(autouse=True, scope="module")
def _fonts() -> None:
    pdf.load_fonts()


def a_grid(lines: int, *, after: tuple[Words | Sides, ...] = ()) -> Grid:
    return Grid(
        (Column("HEAD", 1), Column("名称", 3), Column("数", 1, "r")),
        tuple((f"R{at}", f"名称 {at}\n第二行 {at}", str(at)) for at in range(1, lines + 1)),
        total=("TOTAL", "", "9"),
        after=after,
    )


def said(page: Page) -> list[str]:
    return [text for _font, _size, _x, _y, text, _grey in page.texts]


@pytest.mark.parametrize("lines", [1, 7, 22, 23, 24, 50, 500])
def test_each_page_has_the_head_and_whole_rows_and_the_total_has_company(lines: int) -> None:
    pages = flowed([a_grid(lines)], PLACE)

    told = [said(page) for page in pages]
    assert [text for page in told for text in page if text.startswith("R")] == [
        f"R{at}" for at in range(1, lines + 1)
    ]
    for page in told:
        assert page[0] == "HEAD"
        for text in page:
            if text.startswith("名称 "):
                assert text.replace("名称", "第二行") in page
    assert [text for page in told for text in page].count("TOTAL") == 1
    assert f"R{lines}" in told[-1]
    assert "TOTAL" in told[-1]
    for drawn in pages:
        assert all(PLACE.bottom <= y <= PLACE.top for _, _, _, y, _, _ in drawn.texts)


@given(st.integers(1, 60), st.integers(0, 12))
def test_what_follows_a_table_never_leaves_its_last_row(lines: int, more: int) -> None:
    after = tuple(Words(f"W{at}") for at in range(more))

    told = [said(page) for page in flowed([a_grid(lines, after=after)], PLACE)]

    assert {f"R{lines}", "TOTAL", *(f"W{at}" for at in range(more))} <= set(told[-1])


def test_a_row_that_no_page_can_hold_goes_on_over_pages_and_loses_nothing() -> None:
    long = "\n".join(f"L{at}" for at in range(200))

    pages = flowed([Grid((Column("HEAD", 1),), ((long,),))], PLACE)

    texts = [text for page in pages for text in said(page) if text != "HEAD"]
    assert texts == [f"L{at}" for at in range(200)]
    assert len(pages) == 4


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=80))
def test_breaking_loses_no_sign_and_keeps_to_the_width(text: str) -> None:
    lines = broken(text, pdf.REGULAR, 8, 60)

    assert "".join(lines) == text
    assert all(width_of(line, pdf.REGULAR, 8) <= 60 for line in lines)


def test_a_line_begins_with_no_closing_sign_and_words_stay_whole() -> None:
    text = "婴儿配方奶粉，适用于六至十二月龄。 Infant formula"

    lines = broken(text, pdf.REGULAR, 8, 52)

    assert all(line[0] not in "，。" for line in lines)
    assert {"Infant", "formula"} <= {word for line in lines for word in line.split()}
