"""Behind row-level security a search by the beginning of a number still walks along an index."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from core.walls import inside, platform_wide
from tests.factories.accounts import SellerFactory
from warehouse.models import RetailOrder

NOON = datetime(2026, 3, 31, 12, tzinfo=UTC)


def _order(number: str) -> RetailOrder:
    return RetailOrder.objects.create(
        number=f"RO-{number}",
        seller=SellerFactory.create(),
        channel="TMALL",
        channel_order_number=number,
        placed_at=NOON,
        accepted_at=NOON,
    )


def _plan(words: str, lookup: str) -> str:
    with connection.cursor() as cursor:
        # So few rows are read whole; what counts is whether an index may be used at all.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_bitmapscan = off")
    found = RetailOrder.objects.order_by().filter(**{f"channel_order_number__{lookup}": words})
    return str(found.explain())


def test_what_begins_with_some_words_is_found_by_an_index(db: None) -> None:
    with platform_wide():
        wanted, other = _order("T-100%"), _order("T-1001")

        assert list(RetailOrder.objects.filter(channel_order_number__begins="T-100%")) == [wanted]
        assert set(RetailOrder.objects.filter(channel_order_number__begins="T-")) == {wanted, other}
        assert "~>=~" in _plan("T-1", "begins")
        # The reason for a look-up of our own: this one may not go near an index behind a wall.
        assert "~>=~" not in _plan("T-1", "startswith")


@pytest.mark.parametrize("asked", [0, 1])
def test_a_wall_shows_a_company_its_own_and_no_more(db: None, asked: int) -> None:
    with platform_wide():
        orders = [_order("1"), _order("2")]
    seller = orders[asked].seller_id

    with inside(seller), connection.cursor() as cursor:
        cursor.execute("SELECT seller_id FROM warehouse_retailorder")
        assert cursor.fetchall() == [(seller,)]
