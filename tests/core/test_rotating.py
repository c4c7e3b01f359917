"""Whatever an older key encrypted goes under the newest one, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.db import connection
from django.utils.translation import override
from pytest_django.fixtures import Settings

from core import rotating
from core.rotating import Rotated, encrypted_columns, rotate_keys
from core.walls import platform_wide
from tests.factories.accounts import SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import Channel, RetailOrder
from warehouse.services import accept_orders, add_channel

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _at in range(3))


@pytest.fixture(autouse=True)
def _wide() -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def orders(settings: Settings) -> list[RetailOrder]:
    """Three orders and a channel, encrypted under the old key; the new one stands in front."""
    settings.BONDPOOL_FIELD_KEYS = [OLD]
    anna = SellerFactory.create()
    received_stock({anna: 10}, product=ProductFactory.create(sku="MILK"))
    told = [an_incoming_order("MILK", number=f"T-{at}") for at in range(3)]
    accept_orders(seller=anna, orders=told, now=SELLS)
    add_channel(seller=anna, name="shop", kind="signed", created_by=None, now=SELLS)
    settings.BONDPOOL_FIELD_KEYS = [NEW, OLD]
    return list(RetailOrder.objects.order_by("pk"))


def _tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT buyer_name FROM warehouse_retailorder ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def _done(found: list[Rotated]) -> dict[str, tuple[int, int]]:
    return {f"{one.table}.{one.column}": (one.seen, one.renewed) for one in found if one.seen}


def test_every_column_with_tokens_is_known() -> None:
    known = {f"{model._meta.db_table}.{column}" for model, column in encrypted_columns()}

    assert known >= {
        *(f"warehouse_retailorder.{one}" for one in ("buyer_name", "buyer_id_number")),
        *(f"warehouse_retailorder.{one}" for one in ("buyer_telephone", "consignee_address")),
        *(f"warehouse_retailorder.consignee_{one}" for one in ("name", "telephone")),
        *("warehouse_retailupload.content", "warehouse_channeldelivery.body"),
        *("warehouse_channel.secret", "notices_webhookendpoint.secret"),
    }


def test_tokens_of_the_old_key_are_renewed_in_steps_and_read_the_same(
    orders: list[RetailOrder], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotating, "STEP", 2)
    steps: list[int] = []

    found = rotate_keys(told=lambda one: steps.append(one.seen))

    assert _done(found) == {
        "warehouse_channel.secret": (1, 1),
        **{
            f"warehouse_retailorder.{one}": (3, 3)
            for one in ("buyer_name", "buyer_id_number", "buyer_telephone", "consignee_address")
        },
    }
    assert steps == [1, *([2, 3] * 4)]
    settings.BONDPOOL_FIELD_KEYS = [NEW]
    again = list(RetailOrder.objects.order_by("pk"))
    assert [one.buyer_id_number for one in again] == [one.buyer_id_number for one in orders]
    assert {one.buyer_name for one in again} == {"张三"}
    assert Channel.objects.get().secret.startswith("whsec_")


def test_a_second_run_changes_nothing(orders: list[RetailOrder]) -> None:
    rotate_keys()
    before = _tokens()

    assert {renewed for _seen, renewed in _done(rotate_keys()).values()} == {0}
    assert _tokens() == before


def test_what_no_key_opens_is_named_and_left_as_it_is(
    orders: list[RetailOrder], settings: Settings
) -> None:
    settings.BONDPOOL_FIELD_KEYS = [OTHER]
    before, out, wrong = _tokens(), StringIO(), StringIO()

    with override("en"), pytest.raises(SystemExit, match="1"):
        call_command("rotate_keys", stdout=out, stderr=wrong)

    assert _tokens() == before
    keys = ", ".join(str(one.pk) for one in orders)
    assert f"warehouse_retailorder.buyer_name: no key opens 3 rows ({keys})" in wrong.getvalue()
    assert "0 of 13 texts" in out.getvalue()


def test_the_history_tells_nothing_of_a_rotation(orders: list[RetailOrder]) -> None:
    def events() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM warehouse_retailorderevent")
            return int(cursor.fetchone()[0])

    before = events()
    rotate_keys()

    assert events() == before
