"""Numbers that people quote have no gaps and no doubles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.numbers import next_number, next_numbers


def _take(_nth: int) -> list[str]:
    try:
        return next_numbers("PO", 2026, 3)
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_series_counts_per_prefix_and_year() -> None:
    assert next_number("PO", 2026) == "PO-2026-000001"
    assert next_numbers("PO", 2026, 2) == ["PO-2026-000002", "PO-2026-000003"]
    assert next_number("PO", 2027) == "PO-2027-000001"
    assert next_number("DEC", 2026) == "DEC-2026-000001"
    assert next_numbers("PO", 2026, 0) == []


@pytest.mark.django_db
def test_a_refused_use_case_gives_its_number_back() -> None:
    with transaction.atomic():
        next_number("PO", 2026)
        transaction.set_rollback(True)

    assert next_number("PO", 2026) == "PO-2026-000001"


@pytest.mark.django_db(transaction=True)
def test_ten_clerks_at_once_never_share_a_number() -> None:
    with ThreadPoolExecutor(10) as clerks:
        taken = [number for part in clerks.map(_take, range(40)) for number in part]

    assert sorted(taken) == [f"PO-2026-{n:06d}" for n in range(1, 121)]
