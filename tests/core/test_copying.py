"""Whole numbers by the million, in and out of the database."""

from __future__ import annotations

import numpy as np
import pytest
from django.db import DataError, connection

from accounts.models import Company
from core.copying import among_keys, array_of, create_many, insert_rows, read_whole, write_whole
from ledger.models import Account
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


@pytest.mark.parametrize(
    "told", ["plain", "", "NULL", 'a "quoted" \\ word', "{1,2}", "两个, 字", "line\nline"]
)
def test_words_arrive_as_they_were_told_and_nothing_stays_nothing(db: None, told: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::text[]", [array_of([told, None, told])])
        assert cursor.fetchone()[0] == [told, None, told]


def test_an_array_is_not_told_of_what_has_no_one_form() -> None:
    with pytest.raises(TypeError, match="float"):
        array_of([1.5])


def test_rows_made_together_get_their_keys_in_their_order(db: None) -> None:
    made = [Account(code=code, kind="asset", currency="CNY") for code in ("b", "c", "a")]

    create_many(made)

    assert [Account.objects.get(code=one.code).pk for one in made] == [one.pk for one in made]
    assert [one.pk for one in made] == sorted(one.pk for one in made)
    assert create_many([]) == []


def test_a_word_too_long_for_its_column_is_refused_not_cut(db: None) -> None:
    with pytest.raises(DataError):
        create_many([Account(code="x" * 65, kind="asset", currency="CNY")])


def test_rows_that_are_there_are_left_where_they_may_be(db: None) -> None:
    columns = {"code": ["c", "c", "d"], "kind": ["asset"] * 3, "currency": ["CNY"] * 3}

    new = insert_rows(Account, columns, returning=["code"], unless_there=True)

    assert new == [("c",), ("d",)]
    assert insert_rows(Account, columns, returning=["code"], unless_there=True) == []


def test_very_many_keys_are_asked_for_in_one_value(db: None) -> None:
    made = SellerFactory.create_batch(3)
    keys = [one.pk for one in made[:2]]

    assert set(Company.objects.filter(among_keys("pk", keys))) == set(made[:2])
    codes = Company.objects.filter(among_keys("code", [made[2].code], "text"))
    assert [one.pk for one in codes] == [made[2].pk]
    assert not Company.objects.filter(among_keys("pk", [])).exists()
