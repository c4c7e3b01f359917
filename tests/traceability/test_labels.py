"""A code for each item, as many as there are, on labels that a phone reads."""

from __future__ import annotations

import threading
from io import BytesIO

import pytest
import segno
from django.db import connection
from django.test import override_settings
from pypdf import PdfReader
from pypdf.generic import ContentStream

from core.models import WorkState
from core.taking import if_free
from traceability import links, papers, queries, rules, services
from traceability.models import ItemIdentity, LabelSheet, TraceEvent
from traceability.services.labelling import LABELS_PER_SHEET

from ..factories.traceability import NOON, a_traced_lot

pytestmark = pytest.mark.usefixtures("wide")


def test_each_item_gets_a_code_nobody_can_guess(db: None) -> None:
    lot = a_traced_lot(units=10)

    items = services.issue_identities(
        product=lot.product, lot_number=lot.lot_number, count=10, now=NOON
    )

    assert len({item.serial for item in items}) == 10
    assert all(links.typed(item.serial) == item.serial for item in items)
    commissioned = TraceEvent.objects.get(biz_step="commissioning")
    assert commissioned.asserted_by_id == lot.warehouse.pk
    assert commissioned.quantities == [
        {"gtin": rules.gtin14(lot.product.gtin), "quantity": 10, "lot": lot.lot_number}
    ]


def test_codes_of_many_items_are_one_piece_of_work(
    db: None, django_assert_max_num_queries: object
) -> None:
    lot = a_traced_lot(units=20_000)

    with django_assert_max_num_queries(20):  # type: ignore[operator]
        services.issue_identities(
            product=lot.product, lot_number=lot.lot_number, count=20_000, now=NOON
        )

    assert queries.received_lot(lot.product.gtin, lot.lot_number).unlabelled == 0


def test_a_lot_gets_no_more_labels_than_were_received(db: None) -> None:
    lot = a_traced_lot(units=10)
    services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=8, now=NOON)
    events = TraceEvent.objects.count()

    with pytest.raises(rules.MoreLabelsThanGoods) as refused:
        services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=3, now=NOON)

    assert refused.value.facts == {"received": 10, "issued": 8, "wanted": 3}
    assert ItemIdentity.objects.count() == 8
    assert LabelSheet.objects.count() == 1
    assert TraceEvent.objects.count() == events


def test_a_lot_nobody_received_gets_no_labels(db: None) -> None:
    lot = a_traced_lot()

    with pytest.raises(rules.MoreLabelsThanGoods):
        services.issue_labels(product=lot.product, lot_number="LOT-2099-000001", count=1, now=NOON)

    assert not ItemIdentity.objects.exists()
    assert not LabelSheet.objects.exists()


def test_two_people_at_one_lot_do_not_label_the_last_units_twice(transactional_db: None) -> None:
    lot = a_traced_lot(units=10)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def issue() -> None:
        try:
            start.wait(10)
            services.issue_identities(
                product=lot.product, lot_number=lot.lot_number, count=10, now=NOON
            )
            outcomes.append("issued")
        except rules.MoreLabelsThanGoods:
            outcomes.append("refused")
        finally:
            connection.close()

    people = [threading.Thread(target=issue) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join(30)

    assert sorted(outcomes) == ["issued", "refused"]
    assert ItemIdentity.objects.count() == 10


def test_a_large_lot_is_printed_in_several_files(db: None) -> None:
    lot = a_traced_lot(units=1000)

    sheets = services.issue_labels(
        product=lot.product, lot_number=lot.lot_number, count=1000, now=NOON
    )

    assert [len(sheet.serials) for sheet in sheets] == [LABELS_PER_SHEET, LABELS_PER_SHEET, 40]
    assert [sheet.number for sheet in sheets] == [
        "LBL-2026-000001",
        "LBL-2026-000002",
        "LBL-2026-000003",
    ]


def test_a_turn_at_the_printer_is_one_sheet_long(db: None) -> None:
    lot = a_traced_lot(units=2)
    for _sheet in range(2):
        services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=1, now=NOON)

    printed = []
    for _turn in range(3):
        services.print_next_label_sheet(now=lambda: NOON)
        printed.append(LabelSheet.objects.filter(state=WorkState.READY).count())

    assert printed == [1, 2, 2]


def test_nobody_prints_beside_a_worker_that_prints(transactional_db: None) -> None:
    lot = a_traced_lot(units=1)
    services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=1, now=NOON)
    prints, is_told = threading.Event(), threading.Event()

    def another_worker() -> None:
        with if_free("label sheets") as is_free:
            assert is_free
            prints.set()
            is_told.wait(30)
        connection.close()

    other = threading.Thread(target=another_worker)
    other.start()
    assert prints.wait(30)
    beside = services.print_next_label_sheet(now=lambda: NOON)
    is_told.set()
    other.join()

    assert (beside, LabelSheet.objects.get().attempts) == (0, 0)
    assert services.print_next_label_sheet(now=lambda: NOON) == 1


def test_a_worker_prints_the_sheets_that_are_due(db: None) -> None:
    lot = a_traced_lot(units=30)
    services.issue_labels(product=lot.product, lot_number=lot.lot_number, count=30, now=NOON)

    assert services.print_next_label_sheet(now=lambda: NOON) == 1

    sheet = LabelSheet.objects.get()
    assert (sheet.state, sheet.page_count, sheet.media_type) == (
        WorkState.READY,
        2,
        "application/pdf",
    )
    paper = PdfReader(BytesIO(bytes(sheet.content or b"")))
    assert len(paper.pages) == 2
    text = paper.pages[0].extract_text()
    assert lot.product.name_zh[:8] in text
    assert "德国 Germany" in text
    assert "2028-02-29" in text
    assert text.count(lot.lot_number) == 24
    assert links.grouped(sheet.serials[0]) in text
    assert papers.label_sheet(sheet).content == bytes(sheet.content or b"")


@override_settings(BONDPOOL_PUBLIC_URL="https://id.example.test")
def test_the_printed_qr_code_holds_the_digital_link(db: None) -> None:
    lot = a_traced_lot(units=2)
    (sheet,) = services.issue_labels(
        product=lot.product, lot_number=lot.lot_number, count=2, now=NOON
    )

    made = papers.label_sheet(sheet)

    gtin = rules.gtin14(lot.product.gtin)
    wanted = [
        segno.make_qr(
            f"https://id.example.test/01/{gtin}/10/{lot.lot_number}/21/{serial}",
            error="m",
            boost_error=False,
        )
        for serial in sheet.serials
    ]
    assert _printed_codes(made.content) == [
        [[bool(module) for module in row] for row in code.matrix] for code in wanted
    ]
    # 25 mm with a quiet zone: modules of half a millimetre, which any phone reads.
    assert all(len(code.matrix) <= 41 for code in wanted)


def _printed_codes(pdf: bytes) -> list[list[list[bool]]]:
    """The modules of each QR code, read back from the rectangles that draw it."""
    page = PdfReader(BytesIO(pdf)).pages[0]
    codes: list[list[tuple[float, ...]]] = [[]]
    for operands, operator in ContentStream(page.get_contents(), None).operations:
        if operator == b"re":
            codes[-1].append(tuple(float(number) for number in operands))
        elif operator in {b"f", b"f*"} and codes[-1]:
            codes.append([])
    return [_modules(rectangles) for rectangles in codes if rectangles]


def _modules(rectangles: list[tuple[float, ...]]) -> list[list[bool]]:
    side = rectangles[0][3]
    left = min(x for x, _, _, _ in rectangles)
    top = max(y for _, y, _, _ in rectangles)
    size = round(max(x + width - left for x, _, width, _ in rectangles) / side)
    modules = [[False] * size for _ in range(size)]
    for x, y, width, _ in rectangles:
        row, first = round((top - y) / side), round((x - left) / side)
        for column in range(first, first + round(width / side)):
            modules[row][column] = True
    return modules
