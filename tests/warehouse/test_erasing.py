"""A buyer is forgotten when the law lets, and the record says no word of him."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product
from core.fields import EncryptedTextField
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, confirm
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import BuyerErasure, RetailOrder, WhyErased
from warehouse.rules.erasing import (
    COLUMNS,
    ENDED,
    LEGAL_DAYS,
    ErasedBefore,
    KeptByLaw,
    NoReasonGiven,
    NoSuchOrder,
    NotEndedYet,
    check_erasable,
    kept_until,
)
from warehouse.services import accept_orders, cancel_order, erase_buyer, erase_old_buyers, erasing

#: The history has the database's own clock: what these tests do happens today.
TODAY = datetime.now(UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
LATER = TODAY + timedelta(days=LEGAL_DAYS + 1)


def check(stage: str, *, was_listed: bool = True, now: datetime) -> None:
    check_erasable(
        stage, was_listed=was_listed, ended_at=SELLS, order="RO-1", zone=SHANGHAI, now=now
    )


def test_the_law_keeps_what_was_traded_for_three_years_after_its_end() -> None:
    over = SELLS + timedelta(days=LEGAL_DAYS)

    for stage in ("delivered", "returned", "cancelled"):
        with pytest.raises(KeptByLaw) as refused:
            check(stage, now=over - timedelta(seconds=1))
        assert refused.value.facts["until"] == date(2029, 8, 1)
        check(stage, now=over)


def test_the_day_until_then_is_the_houses() -> None:
    late = datetime(2026, 8, 1, 16, 30, tzinfo=UTC)

    with pytest.raises(KeptByLaw) as refused:
        check_erasable(
            "delivered", was_listed=True, ended_at=late, order="RO-1", zone=SHANGHAI, now=late
        )
    assert refused.value.facts["until"] == date(2029, 8, 2)


def test_where_no_trade_came_about_nothing_is_kept() -> None:
    check("cancelled", was_listed=False, now=SELLS)


@pytest.mark.parametrize("stage", ["allocated", "listed", "released", "packed", "handed_over"])
def test_an_order_on_its_way_needs_its_buyer(stage: str) -> None:
    with pytest.raises(NotEndedYet):
        check(stage, was_listed=False, now=LATER)


def test_no_setting_erases_earlier_than_the_law() -> None:
    assert kept_until(SELLS, 30) == SELLS - timedelta(days=LEGAL_DAYS)
    assert kept_until(SELLS, 2_000) == SELLS - timedelta(days=2_000)


@pytest.fixture
def _wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def orders(_wide: None, anna: Company, milk: Product) -> list[RetailOrder]:
    received_stock({anna: 10}, product=milk)
    told = [
        replace(
            an_incoming_order("MILK", number=f"T-{at}"),
            consignee_name="李四",
            consignee_telephone="13900000000",
        )
        for at in range(4)
    ]
    accept_orders(seller=anna, orders=told, now=SELLS)
    return list(RetailOrder.objects.order_by("pk"))


@pytest.fixture
def operator_of_the_platform(_wide: None) -> User:
    platform = PlatformCompanyFactory.create()
    return MembershipFactory.create(company=platform, role=Role.OPERATOR).user


def at(order: RetailOrder, stage: str) -> None:
    RetailOrder.objects.filter(pk=order.pk).update(state=stage)


def stored(column: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT "{column}" FROM warehouse_retailorder ORDER BY id')  # noqa: S608
        return [row[0] for row in cursor.fetchall()]


def test_whatever_is_encrypted_of_an_order_is_erased() -> None:
    encrypted = {
        one.column for one in RetailOrder._meta.fields if isinstance(one, EncryptedTextField)
    }

    assert encrypted | {"buyer_id_digest"} == set(COLUMNS)
    assert {"delivered", "returned", "cancelled", "merged"} == ENDED


def test_old_orders_that_ended_are_emptied_and_each_has_its_record(
    orders: list[RetailOrder], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "STEP", 2)
    delivered, returned, cancelled, open_still = orders
    for order, stage in (
        (delivered, "delivered"),
        (returned, "returned"),
        (cancelled, "cancelled"),
    ):
        at(order, stage)

    assert erase_old_buyers(now=TODAY + timedelta(days=LEGAL_DAYS - 1)) == 0
    assert erase_old_buyers(now=LATER) == 3
    assert erase_old_buyers(now=LATER) == 0

    for column in COLUMNS:
        assert [bool(text) for text in stored(column)] == [False, False, False, True]
    told = BuyerErasure.objects.order_by("pk").values_list("order", "order_number", "why", "reason")
    assert list(told) == [(one.pk, one.number, "time", "") for one in orders[:3]]
    assert RetailOrder.objects.get(buyer_erased_at=None) == open_still


def test_an_order_that_changed_lately_is_not_old(orders: list[RetailOrder]) -> None:
    """It was accepted long ago, and cancelled today."""
    at(orders[0], "cancelled")

    assert erase_old_buyers(now=SELLS + timedelta(days=LEGAL_DAYS + 1)) == 0


def test_a_buyer_who_asks_is_forgotten_where_no_trade_came_about(
    orders: list[RetailOrder], operator_of_the_platform: User
) -> None:
    cancel_order(order=orders[0], now=SELLS)

    done = erase_buyer(
        number=f" {orders[0].number} ", reason="letter 7", by=operator_of_the_platform, now=TODAY
    )

    assert (done.why, done.reason, done.erased_by) == (
        WhyErased.ASKED,
        "letter 7",
        operator_of_the_platform,
    )
    orders[0].refresh_from_db()
    assert [getattr(orders[0], column) for column in COLUMNS] == [""] * len(COLUMNS)
    with pytest.raises(ErasedBefore):
        erase_buyer(number=orders[0].number, reason="again", by=operator_of_the_platform, now=TODAY)


def test_what_the_law_keeps_is_not_erased_on_request_and_nothing_is_written(
    orders: list[RetailOrder], operator_of_the_platform: User
) -> None:
    at(orders[1], "listed")
    at(orders[1], "cancelled")
    by = operator_of_the_platform

    for number, reason, refusal in (
        (orders[0].number, "letter", NotEndedYet),
        (orders[1].number, "letter", KeptByLaw),
        ("RO-2026-999999", "letter", NoSuchOrder),
        (orders[0].number, "  ", NoReasonGiven),
        (orders[0].number, "x" * 101, NoReasonGiven),
    ):
        with pytest.raises(refusal):
            erase_buyer(number=number, reason=reason, by=by, now=TODAY)

    assert not BuyerErasure.objects.exists()
    assert all(stored("buyer_name"))


def test_an_operator_erases_by_the_number_alone(
    orders: list[RetailOrder], operator_of_the_platform: User
) -> None:
    cancel_order(order=orders[0], now=SELLS)
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(operator_of_the_platform)
    confirm(browser)

    refused = browser.post("/buyers/erase/", {"number": orders[1].number, "reason": "letter 8"})
    done = browser.post("/buyers/erase/", {"number": orders[0].number, "reason": "letter 7"})

    assert refused.status_code == 422
    assert "needed until it is delivered" in refused.content.decode()
    assert (done.status_code, done["Location"]) == (302, "/buyers/erase/")
    assert BuyerErasure.objects.get().erased_by == operator_of_the_platform
    assert "张三" not in browser.get("/buyers/erase/").content.decode()
