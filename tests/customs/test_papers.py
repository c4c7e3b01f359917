"""The printed declaration: what the rows say stands on the form, however long the list."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from pypdf import PdfReader

from core.queue import MadeFile
from core.walls import platform_wide
from customs import queries
from customs.models import Declaration, DeclarationDocument
from customs.papers import declaration_paper
from customs.services import queue_document
from tests.factories.customs import DECLARES, a_draft, a_lodged, a_queued

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def texts(made: MadeFile) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(made.content)).pages]


def squeezed(text: str) -> str:
    """Without the blanks and breaks that columns make."""
    return "".join(text.split())


def printed(document: DeclarationDocument) -> tuple[MadeFile, str]:
    made = declaration_paper(queries.paper_of(document))
    return made, squeezed("".join(texts(made)))


def test_the_form_says_what_the_rows_say() -> None:
    document = a_queued(2, apart=True)
    declaration = document.declaration
    shipment = declaration.shipment

    made, text = printed(document)

    for told in (
        "中华人民共和国海关进口货物报关单",
        "尚无海关编号",
        declaration.our_reference,
        document.number,
        declaration.importer.name_zh,
        declaration.importer.uscc,
        shipment.order.supplier.company.name_en,
        shipment.bill_of_lading,
        f"{shipment.vessel}/{shipment.voyage}",
        declaration.warehouse.ledger_number,
        shipment.order.number,
        shipment.number,
        "保税电商",
        "(1210)",
        "甬保税区",
        "水路运输",
        "汉堡",
        "USD/450.00/3",
        "USD/12.00/3",
        "FOB",
        "1901101010",
        "54千克",
        "60罐",
        "10.0000",
        "600.00",
        "欧元",
        "德国",
        "共2项总价EUR1,200.00净重108千克",
        "页码/页数：1/1",
    ):
        assert squeezed(told) in text, told
    assert made.page_count == 1
    # There is no customs number before customs gives one.
    assert "海关编号：页码" in text


def test_the_record_list_has_its_own_title() -> None:
    document = a_queued()
    Declaration.objects.update(form="3")

    assert "中华人民共和国海关进境货物备案清单" in printed(document)[1]


def test_there_is_an_english_paper() -> None:
    document = queue_document(declaration=a_draft(), language="en", now=DECLARES)

    _made, text = printed(document)

    assert "Customsdeclarationforimportedgoods" in text
    assert "nocustomsnumberyet" in text


@pytest.mark.parametrize(
    "name",
    [
        "茶 <绿> & 更多 </para><br/>",
        "<b>粗?</b> &lt;已转义&gt;",
        "Brand \"quoted\" 'twice' 100 %",
        "很长的品名" * 50,
    ],
)
def test_a_name_is_printed_literally_and_whole(name: str) -> None:
    document = queue_document(declaration=a_draft(name_zh=name), now=DECLARES)

    made, text = printed(document)

    assert squeezed(name) in text
    assert made.page_count == 1


@pytest.mark.parametrize(("lines", "pages"), [(1, 1), (7, 1), (50, 7)])
def test_a_long_list_continues_with_the_same_head(lines: int, pages: int) -> None:
    document = a_queued(lines, apart=True)

    made = declaration_paper(queries.paper_of(document))
    read = texts(made)

    assert made.page_count == len(read) == pages
    for page, text in enumerate(read, 1):
        assert f"{page}/{pages}" in text
        assert document.declaration.our_reference in text
        assert document.declaration.importer.name_zh in text
        assert "商品名称及规格型号" in text
    assert sum(text.count("1901101010") for text in read) == lines
    assert [f"共 {lines} 项" in text for text in read] == [False] * (pages - 1) + [True]


def test_five_hundred_lines_are_all_there() -> None:
    paper = queries.paper_of(a_queued())
    many = replace(
        paper,
        lines=tuple(
            replace(paper.lines[0], position=i, specification=f"料号 X-{i:03d}")
            for i in range(1, 501)
        ),
    )

    made = declaration_paper(many)

    text = "".join(texts(made))
    assert made.page_count == 63
    assert all(f"X-{i:03d}" in text for i in range(1, 501))
    assert "页码/页数：63/63" in squeezed(text)


def test_the_same_row_makes_the_same_bytes() -> None:
    document = a_queued(7)

    first, again = (declaration_paper(queries.paper_of(document)) for _ in range(2))

    assert first.content == again.content


def test_the_paper_made_before_lodging_stays_as_it_was() -> None:
    lodged = a_lodged()

    stored = lodged.document
    assert stored is not None
    assert bytes(stored.content or b"") == declaration_paper(queries.paper_of(stored)).content


def test_figures_of_the_form_agree_with_each_other() -> None:
    document = a_queued(3)
    lines = list(document.declaration.lines.all())

    assert sum(line.total_minor for line in lines) == document.declaration.total_minor
    assert sum(line.net_weight_g for line in lines) == document.declaration.net_weight_g
    assert sum(line.gross_weight_g for line in lines) == document.declaration.gross_weight_g
    for line in lines:
        difference = abs(line.unit_price * line.quantity - Decimal(line.total_minor) / 100)
        assert difference <= Decimal("0.00005") * line.quantity
