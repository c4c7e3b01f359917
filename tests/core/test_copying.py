"""Whole numbers by the million, in and out of the database."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import connection

from accounts.models import Company
from core.copying import read_whole, write_whole
from tests.factories.accounts import SellerFactory


@pytest.fixture
def scratch(db: None) -> str:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scratch (a bigint, b integer, c smallint)")
    return "scratch"


def rows(table: str) -> list[tuple[int, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT a, b, c FROM {table} ORDER BY a")  # noqa: S608 - ours
        return list(cursor.fetchall())


def test_numbers_arrive_in_columns_of_every_width(scratch: str) -> None:
    written = write_whole(
        scratch,
        {"a": np.array([-5, 2**62]), "b": np.array([2**31 - 1, -7]), "c": np.array([0, -32768])},
    )

    assert written == 2
    assert rows(scratch) == [(-5, 2147483647, 0), (4611686018427387904, -7, -32768)]


def test_more_rows_than_are_sent_at_once_arrive_in_their_order(scratch: str) -> None:
    numbers = np.arange(100_001)

    write_whole(scratch, {"a": numbers, "b": numbers * 2, "c": numbers % 100})

    told = rows(scratch)
    assert (len(told), told[0], told[-1]) == (100_001, (0, 0, 0), (100_000, 200_000, 0))


def test_a_number_too_large_for_its_column_is_refused_and_nothing_is_written(scratch: str) -> None:
    with pytest.raises(OverflowError, match="b is too large"):
        write_whole(scratch, {"a": np.array([1]), "b": np.array([2**31]), "c": np.array([1])})

    assert rows(scratch) == []


def test_a_query_is_read_as_columns(db: None) -> None:
    first, second = SellerFactory.create(), SellerFactory.create()
    found = Company.objects.filter(pk__in=[first.pk, second.pk]).order_by("-pk")

    told = read_whole(found.values_list("pk", "pk"), ["key", "again"])

    assert told["key"].tolist() == [second.pk, first.pk]
    assert told["again"].dtype == np.int64
    assert read_whole(Company.objects.none().values_list("pk"), ["key"])["key"].tolist() == []


def test_a_column_with_gaps_is_refused(db: None) -> None:
    SellerFactory.create()

    with pytest.raises(ValueError, match="gaps"):
        read_whole(Company.objects.values_list("pk", "partner"), ["key", "partner"])
