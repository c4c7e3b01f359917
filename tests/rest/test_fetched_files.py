"""What a file of customs is called when it is fetched, and the day that a statement says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from customs.models import ReceiptFile, TaxBill
from customs.tables_guarantees import _row
from customs.tables_receipts import fetched_name


@pytest.mark.parametrize(
    ("content", "ending"),
    [(b"<CEB622Message/>", "xml"), (b"PK\x03\x04", "zip")],
)
def test_a_file_that_came_as_a_zip_is_fetched_as_one(content: bytes, ending: str) -> None:
    assert fetched_name(ReceiptFile(sha256="a1" * 32), content) == f"{'a1' * 8}.{ending}"


def test_a_bill_of_the_first_hours_of_a_month_is_of_that_month() -> None:
    bill = TaxBill(
        number="T-1",
        list_number="L-1",
        status="1",
        made_at=datetime(2026, 7, 31, 16, 30, tzinfo=UTC),
    )
    assert _row(bill)[3] == "2026-08-01"
