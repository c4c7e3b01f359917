"""Numbers that people quote have no gaps and no doubles."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from core.models import NumberBlock
from core.numbers import BLOCK, next_number, next_numbers, next_numbers_apart


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


@pytest.mark.django_db
def test_who_takes_apart_counts_on_in_its_block_and_takes_another_when_it_is_used_up() -> None:
    assert next_numbers_apart("RO", 2026, 2) == ["RO-2026-000001", "RO-2026-000002"]
    with transaction.atomic():
        next_numbers_apart("RO", 2026, 5)
        transaction.set_rollback(True)
    assert next_numbers_apart("RO", 2026, 1) == ["RO-2026-000003"]
    assert next_numbers_apart("RO", 2026, 0) == []
    assert next_numbers_apart("RO", 2027, 1) == ["RO-2027-000001"]

    NumberBlock.objects.filter(year=2026).update(next=BLOCK)

    # What is left is kept for who needs no more than that.
    assert next_numbers_apart("RO", 2026, 2) == [
        f"RO-2026-{BLOCK + 1:06d}",
        f"RO-2026-{BLOCK + 2:06d}",
    ]
    assert next_numbers_apart("RO", 2026, 1) == [f"RO-2026-{BLOCK:06d}"]
    assert next_numbers_apart("RO", 2026, BLOCK + 7)[-1] == f"RO-2026-{3 * BLOCK + 7:06d}"


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_who_takes_apart() -> None:
    with transaction.atomic():
        assert next_numbers_apart("RO", 2026, 1) == ["RO-2026-000001"]
        NumberBlock.objects.create(prefix="RO", year=2026, next=50_001, last=60_000)
    with transaction.atomic():
        assert next_numbers_apart("RO", 2026, 1) == ["RO-2026-000002"]
        with ThreadPoolExecutor(1) as other:
            taken = other.submit(_take_apart).result(timeout=20)
    assert taken == ["RO-2026-050001"]
    assert next_numbers_apart("RO", 2026, 1) == ["RO-2026-000003"]


def _take_apart() -> list[str]:
    try:
        return next_numbers_apart("RO", 2026, 1)
    finally:
        connection.close()
