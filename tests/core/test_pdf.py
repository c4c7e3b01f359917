"""Papers: what is written stands in them literally, and the same row makes the same bytes."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm

from core import pdf
from core.queue import MadeFile

MADE = datetime(2026, 7, 1, 9, 0, tzinfo=UTC)
NASTY = [
    "Tea <green> & more </para>",
    "<b>bold?</b>",
    "&lt;already escaped&gt;",
    "\"quoted\" 'twice'",
    "100 % <br/> <font color=red>",
    "<img src='file:///etc/passwd'/>",
]


def paper(lines: int = 1, name: str = "示例奶粉", **changes: object) -> MadeFile:
    rows = [[i, name, f"{i * 12:,}", "1,234.50"] for i in range(1, lines + 1)]
    told: dict[str, object] = {
        "title": "采购订单",
        "number": "PO-2026-000017",
        "made_at": MADE,
        "language": "en",
        "story": [
            pdf.para("采购订单", "title"),
            pdf.table(
                ["序号", "品名", "数量", "金额"],
                rows,
                [12 * mm, 100 * mm, 25 * mm, 35 * mm],
                align="rlrr",
                total=["", "合计", "12", "9"],
            ),
        ],
    }
    return pdf.render(**(told | changes))  # type: ignore[arg-type]


def texts(made: MadeFile) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages]


def flat(text: str) -> str:
    """Without the line breaks that a narrow cell makes."""
    return text.replace("\n", "")


@pytest.mark.parametrize("text", NASTY)
def test_text_is_printed_and_never_obeyed(text: str) -> None:
    assert text.replace(" ", "") in flat(texts(paper(name=text))[0]).replace(" ", "")


def test_control_characters_and_lone_surrogates_are_left_out() -> None:
    assert pdf.plain("a\x00b\x1b[31mc\ud800d\r\ne\rf") == "ab[31mcd\ne\nf"


def test_a_line_break_stays_a_line_break() -> None:
    assert (
        "甲\n乙"
        in texts(
            pdf.render(title="x", number="N-1", made_at=MADE, story=[pdf.para("甲\n乙", "body")])
        )[0]
    )


@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (7, 1), (50, 2), (500, 12)])
def test_a_long_table_runs_over_pages_with_its_head_on_each(lines: int, pages: int) -> None:
    made = paper(lines)
    read = texts(made)

    assert made.page_count == len(read) == pages
    for page, text in enumerate(read, 1):
        assert f"Page {page}/{pages}" in text
        assert "PO-2026-000017" in text
        assert "品名" in text
    assert sum(text.count("示例奶粉") for text in read) == lines
    assert f" {lines * 12:,}\n" in read[-1]
    # The total is not left alone on the last page.
    assert "示例奶粉" in read[-1]
    assert "合计" in read[-1]


def test_a_cell_longer_than_a_page_is_split_and_nothing_is_lost() -> None:
    name = "".join(chr(0x4E00 + i % 2000) for i in range(9_000))

    read = "".join(texts(paper(name=name)))

    assert len([c for c in read if 0x4E00 <= ord(c) < 0x4E00 + 2000]) >= 9_000


def test_chinese_wraps_between_characters_and_latin_words_stay_whole() -> None:
    name = "爱他美幼儿配方奶粉 Growing-up formula " * 6

    read = texts(paper(name=name))[0]

    assert all("formula" in line or "form" not in line for line in read.splitlines())


def test_the_same_row_makes_the_same_bytes() -> None:
    assert paper(7).content == paper(7).content
    assert paper(7).content != paper(7, name="别的").content


def test_metadata_names_the_paper_and_its_time_is_the_rows() -> None:
    about = PdfReader(io.BytesIO(paper(author="示例公司", subject="合并订单").content)).metadata

    assert about is not None
    assert (about.title, about.author, about.subject) == ("采购订单", "示例公司", "合并订单")
    assert about.creation_date == MADE


def test_the_typeface_is_embedded_as_a_subset() -> None:
    made = paper()
    page: Any = PdfReader(io.BytesIO(made.content)).pages[0]
    fonts = page["/Resources"]["/Font"]
    embedded = [
        font.get_object()["/FontDescriptor"]["/FontFile2"]
        for font in fonts.values()
        if "NotoSansSC" in font.get_object()["/BaseFont"]
    ]

    assert len(embedded) >= 2
    assert len(made.content) < 60_000


def test_a_barcode_is_drawn_and_kept_inside_its_room() -> None:
    assert pdf.barcode("DEC-2026-000001", width=150).width <= 150
    assert len(paper(barcode="PO-2026-000017").content) > len(paper().content)


def test_a_missing_typeface_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf.load_fonts.cache_clear()

    with pytest.raises(pdf.FontMissing, match="make setup"):
        paper()
