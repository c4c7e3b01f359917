"""What the start page's figures and charts tell of savings, costs and stock is exact."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import Role
from core.money import Money
from core.walls import platform_wide
from procurement.models import RoundState
from settlement import queries as rates
from settlement.models import SettlementBatch
from tests.config.start_page import figures, seen, table
from tests.factories import settlement as money
from tests.factories.accounts import ImporterFactory, PlatformCompanyFactory, SellerFactory
from tests.factories.catalog import ProductFactory, TradingPartnerFactory
from tests.factories.procurement import (
    AFTER,
    BillRunFactory,
    PoolRoundFactory,
    RoundBillFactory,
    ShipmentFactory,
)
from tests.factories.warehouse import ARRIVES, received_stock

pytestmark = pytest.mark.django_db


def test_only_what_is_approved_was_saved() -> None:
    seller, platform = SellerFactory.create(), PlatformCompanyFactory.create()
    with platform_wide():
        debtor = money.importer()
        money.book(TradingPartnerFactory.create(), debtor, {seller.pk: 123_456})
        money.approved(debtor, money.finance_person(), money.finance_person())
        SettlementBatch.objects.update(state="priced", approved_by=None, approved_at=None)

    page = seen(platform, Role.FINANCE, now=money.NOON)

    assert figures(page)["Saved by paying together"] == "CNY 0.00"


def test_landed_cost_and_exposure_are_exact() -> None:
    seller, platform = SellerFactory.create(), PlatformCompanyFactory.create()
    with platform_wide():
        supplier, debtor = TradingPartnerFactory.create(), money.importer()
        payable = money.book(supplier, debtor, {seller.pk: 123_456})
        shipped = ShipmentFactory.create(
            order__number="PO-2026-000001",
            invoice_number="INV-1",
            order__supplier=supplier,
            order__buyer=debtor,
        )
        assert (shipped.freight_minor, shipped.insurance_minor) == (45_000, 1_200)
        before = seen(platform, Role.FINANCE, now=money.NOON)
        money.approved(debtor, money.finance_person(), money.finance_person())
        (batch,) = SettlementBatch.objects.all()
        euro, dollar = (rates.home_rate(code, on=money.NOON.date()) for code in ("EUR", "USD"))

    assert euro is not None
    assert dollar is not None
    goods = Money(123_456, "EUR").converted(euro, "CNY").minor
    worth = Money(123_456, "EUR").converted(payable.rate.value, "CNY")
    assert table(before, "exposure")[0][1][0] == str(worth.amount)
    after = seen(platform, Role.FINANCE, now=money.NOON)
    ((_name, parts),) = table(after, "landed")
    assert parts == [
        str(Money(minor, "CNY").amount)
        for minor in (
            goods,
            Money(45_000, "USD").converted(dollar, "CNY").minor,
            Money(1_200, "USD").converted(dollar, "CNY").minor,
            (batch.cny_minor or 0) - goods,
            batch.fee_minor or 0,
        )
    ]
    importers = seen(debtor, Role.IMPORTER, now=money.NOON)
    assert table(importers, "landed") == table(after, "landed")
    assert seen(ImporterFactory.create(), Role.IMPORTER, now=money.NOON).charts == []


def test_savings_are_told_round_by_round_and_each_seller_its_own() -> None:
    seller, other, platform = (
        SellerFactory.create(),
        SellerFactory.create(),
        PlatformCompanyFactory.create(),
    )
    with platform_wide():
        for quarter, alone in (("2026-Q1", 40_000), ("2026-Q2", 33_000)):
            round = PoolRoundFactory.create(
                quarter=quarter, state=RoundState.CLOSED, closed_at=AFTER
            )
            BillRunFactory.create(round=round, number=1)
            BillRunFactory.create(round=round, number=2)
            # What an earlier run came to counts no more.
            RoundBillFactory.create(round=round, owner=seller, alone_minor=99_000)
            for owner, would in ((seller, alone), (other, 60_000), (platform, 30_000)):
                RoundBillFactory.create(round=round, run=2, owner=owner, alone_minor=would)

    mine = seen(seller, Role.SELLER, now=AFTER)
    all_sellers = seen(platform, Role.OPERATOR, now=AFTER)

    assert table(mine, "rounds") == [("2026-Q1", ["25.0"]), ("2026-Q2", ["9.1"])]
    assert table(all_sellers, "rounds") == [("2026-Q1", ["40.0"]), ("2026-Q2", ["35.5"])]


def test_stock_is_told_by_its_age() -> None:
    seller = SellerFactory.create()
    with platform_wide():
        product = ProductFactory.create(name_en="Acacia honey")
        for days, units in ((10, 1), (30, 2), (31, 4), (90, 8), (91, 16), (180, 32), (181, 64)):
            received_stock({seller: units}, product=product, now=ARRIVES - timedelta(days=days))

    page = seen(seller, Role.SELLER, now=ARRIVES)

    # Of 30 days is "up to 30 days", as in the report of ages.
    assert table(page, "stock") == [("Acacia honey", [3, 12, 48, 64])]
