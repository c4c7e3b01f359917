"""The start page tells each role what is to be done, and nobody another's business."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override
from pytest_django import DjangoAssertNumQueries

from accounts.models import Company, Role
from config.home import build
from core.money import Money
from core.walls import platform_wide
from procurement.models import RoundState
from settlement import queries as rates
from settlement import services
from tests.config.start_page import figures, seen, table, titles
from tests.factories import customs as papers
from tests.factories import settlement as money
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    WarehouseOperatorFactory,
)
from tests.factories.catalog import ProductFactory, TradingPartnerFactory
from tests.factories.procurement import (
    AFTER,
    CUTOFF,
    DURING,
    ForecastFactory,
    ForecastLineFactory,
    OrderShareFactory,
    PoolRoundFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    RoundBillFactory,
    SupplierOfferFactory,
)
from tests.factories.warehouse import ARRIVES, a_cleared_shipment, received_stock

pytestmark = pytest.mark.django_db


def test_a_seller_is_asked_for_its_forecast_until_the_cutoff() -> None:
    seller = SellerFactory.create()
    PoolRoundFactory.create()

    during, after = (seen(seller, Role.SELLER, now=now) for now in (DURING, AFTER))

    assert titles(during) == ["File your forecast for 2026-Q3"]
    assert during.tasks[0].detail == "The round closes in 30 days, on 1 Jun 2026 08:00."
    assert titles(after) == []
    assert after.lead == "No round takes forecasts at the moment."


def test_a_seller_that_has_filed_is_told_what_counts() -> None:
    seller, other = SellerFactory.create(), SellerFactory.create()
    with platform_wide():
        mine = ForecastFactory.create(seller=seller)
        ForecastLineFactory.create(forecast=mine, quantity=10)
        ForecastLineFactory.create(forecast=mine, quantity=5)
        ForecastLineFactory.create(
            forecast=ForecastFactory.create(seller=other, round=mine.round), quantity=700
        )

    page = seen(seller, Role.SELLER, now=DURING)

    assert titles(page) == ["Your forecast for 2026-Q3 is in"]
    assert str(page.tasks[0].detail).startswith("2 products, 15 units;")


def test_a_seller_sees_its_own_stock_and_share_only() -> None:
    seller, other = SellerFactory.create(), SellerFactory.create()
    with platform_wide():
        product = ProductFactory.create(name_en="Acacia honey")
        received_stock({seller: 40, other: 900}, product=product, expires_on=date(2026, 9, 1))
        order = PurchaseOrderFactory.create(
            round=PoolRoundFactory.create(
                quarter="2026-Q2", state=RoundState.CLOSED, closed_at=AFTER
            )
        )
        line = PurchaseOrderLineFactory.create(order=order, product=product)
        OrderShareFactory.create(line=line, owner=seller)
        OrderShareFactory.create(line=line, owner=other, amount_minor=77, alone_minor=99)
        RoundBillFactory.create(round=order.round, owner=seller, alone_minor=35_000)
        RoundBillFactory.create(round=order.round, owner=other, alone_minor=99_000)

    page = seen(seller, Role.SELLER, now=datetime(2026, 8, 1, tzinfo=UTC))

    assert figures(page) == {
        "In bond for you": "40",
        "Your part of the last pool": "CNY 300.00",
        "Less than going alone": "CNY 50.00",
    }
    assert table(page, "stock") == [("Acacia honey", [40, 0, 0, 0])]
    assert table(page, "saved") == [("Acacia honey", ["9.1"])]
    assert titles(page) == ["Stock is about to expire"]
    assert page.tasks[0].detail == "40 units within 60 days; the first on 1 Sep 2026."


def test_an_importer_is_asked_to_declare_and_to_lodge_its_own() -> None:
    importer, other = ImporterFactory.create(), ImporterFactory.create()
    with platform_wide():
        papers.a_shipment(importer=importer)
        papers.a_ready(importer=importer)
        papers.a_draft(importer=other)

    page = seen(importer, Role.IMPORTER, now=papers.DECLARES)

    assert titles(page) == [
        "The papers of 1 declaration are ready",
        "1 shipment is not declared yet",
    ]
    assert figures(page)["Ready to lodge"] == "1"
    assert titles(seen(other, Role.IMPORTER, now=papers.DECLARES)) == [
        "1 draft waits for its papers"
    ]


def test_the_warehouse_is_asked_to_count_what_stands_at_the_gate() -> None:
    seller = SellerFactory.create()
    with platform_wide():
        receipt = received_stock({seller: 40}, counted=38)
        keeper = receipt.warehouse.operator
        waiting = a_cleared_shipment({seller: 60}, bound_for=keeper).shipment

    page = seen(receipt.warehouse.operator, Role.WAREHOUSE, now=receipt.received_at)

    assert titles(page) == [f"Count {waiting.number} at the gate"]
    assert figures(page) == {
        "On the shelves": "38",
        "Lots": "1",
        "At the gate": "1",
        "Short at the gate": "2",
    }


def test_a_warehouse_is_not_asked_to_count_what_was_cleared_for_another() -> None:
    seller = SellerFactory.create()
    with platform_wide():
        theirs = received_stock({seller: 40}).warehouse.operator
        mine = WarehouseOperatorFactory.create()
        for operator in (theirs, mine):
            shipment = a_cleared_shipment({seller: 60}).shipment
            shipment.bound_for = operator
            shipment.save()
        # Nobody has said yet into which warehouse this one goes.
        a_cleared_shipment({seller: 60})

    pages = [seen(one, Role.WAREHOUSE, now=ARRIVES) for one in (mine, theirs)]

    assert titles(pages[0]) == [f"Count {shipment.number} at the gate"]
    assert [figures(page)["At the gate"] for page in pages] == ["1", "1"]


def test_finance_is_asked_to_pay_what_is_due_and_to_approve() -> None:
    seller, platform = SellerFactory.create(), PlatformCompanyFactory.create()
    with platform_wide():
        supplier, debtor = TradingPartnerFactory.create(), money.importer()
        payable = money.book(supplier, debtor, {seller.pk: 123_456})
    noon = datetime.combine(payable.due_on, money.NOON.timetz())
    early, late = noon - timedelta(days=15), noon + timedelta(days=1)

    before, due = (seen(platform, Role.FINANCE, now=now) for now in (early, late))

    assert titles(before) == []
    assert titles(due) == ["1 invoice is due soon"]
    assert due.tasks[0].tone == "red"
    assert figures(due)["Owed to suppliers"] == "EUR 1,234.56"

    with platform_wide():
        money.approved(debtor, money.finance_person(), money.finance_person())

    approved = seen(platform, Role.FINANCE, now=late)

    assert titles(approved) == ["1 approved batch goes to the bank"]
    assert figures(approved)["Owed to suppliers"] == "0"
    assert len(table(approved, "saved")) == 1
    with platform_wide():
        saved = Money(rates.saved_minor(), "CNY").amount
    assert figures(approved)["Saved by paying together"] == f"CNY {saved}"


def test_the_operator_is_asked_to_close_after_the_cutoff_and_sees_demand_and_minimum() -> None:
    platform = PlatformCompanyFactory.create()
    with platform_wide():
        product = ProductFactory.create(name_en="Acacia honey")
        SupplierOfferFactory.create(product=product, minimum_quantity=60)
        forecast = ForecastFactory.create()
        ForecastLineFactory.create(forecast=forecast, product=product, quantity=45)

    before = seen(platform, Role.OPERATOR, now=DURING)
    after = seen(platform, Role.OPERATOR, now=CUTOFF)

    assert titles(before) == ["Round 2026-Q3 closes in 30 days"]
    assert before.lead == "Forecasts for 2026-Q3 are taken until 1 Jun 2026 08:00."
    assert figures(before) == {"Sellers who filed": "1", "Units wanted": "45"}
    assert table(before, "demand") == [("Acacia honey", [45, 60])]
    assert titles(after) == ["Close the round 2026-Q3"]


def test_what_is_wrong_or_due_comes_before_what_can_be_done() -> None:
    seller, importer = SellerFactory.create(), ImporterFactory.create()
    PoolRoundFactory.create()
    with platform_wide():
        received_stock({seller: 40}, expires_on=date(2026, 5, 20))
        papers.a_draft(importer=importer)
        papers.a_ready(importer=importer)

    hours_before = seen(seller, Role.SELLER, now=CUTOFF - timedelta(hours=5))
    at_importers = seen(importer, Role.IMPORTER, now=papers.DECLARES)

    assert [task.tone for task in hours_before.tasks] == ["red", "orange"]
    assert hours_before.tasks[0].detail == "The round closes in 5 hours, on 1 Jun 2026 08:00."
    assert [task.tone for task in at_importers.tasks] == ["orange", "primary"]


def test_whoever_made_a_batch_is_not_asked_to_approve_it() -> None:
    seller, platform = SellerFactory.create(), PlatformCompanyFactory.create()
    maker, checker = (
        MembershipFactory.create(user__password=None, company=platform, role=Role.FINANCE)
        for _ in range(2)
    )
    with platform_wide():
        debtor = money.importer()
        money.book(TradingPartnerFactory.create(), debtor, {seller.pk: 123_456})
        (batch,) = services.open_batches(
            debtor=debtor,
            period_start=money.Q3[0],
            period_end=money.Q3[1],
            created_by=maker.user,
            now=money.NOON,
        )
        services.price_batch(batch=batch, priced_by=maker.user, now=money.NOON)
        with override("en"):
            makers, checkers = (build(one, now=money.NOON) for one in (maker, checker))

    assert titles(makers) == ["1 batch of yours waits for a second person"]
    assert titles(checkers) == ["1 payout to approve"]


@pytest.mark.parametrize("role", list(Role))
def test_a_start_page_asks_no_more_with_more_rows(
    role: Role, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    company = {
        Role.SELLER: SellerFactory,
        Role.IMPORTER: ImporterFactory,
        Role.WAREHOUSE: WarehouseOperatorFactory,
    }.get(role, PlatformCompanyFactory).create()
    owner = company if role == Role.SELLER else SellerFactory.create()

    def a_lot_more() -> None:
        with platform_wide():
            importer = company if role == Role.IMPORTER else ImporterFactory.create()
            papers.a_ready(importer=importer)
            papers.a_shipment(importer=importer)
            received_stock({owner: 7})
            ForecastLineFactory.create(
                forecast=ForecastFactory.create(
                    seller=owner, round=PoolRoundFactory.create(), version=next(versions)
                )
            )

    versions = itertools.count(1)
    a_lot_more()
    with CaptureQueriesContext(connection) as first:
        seen(company, role, now=DURING)
    for _ in range(5):
        a_lot_more()

    with django_assert_max_num_queries(len(first)):
        seen(company, role, now=DURING)


def test_a_suspended_company_is_told_why_and_asked_for_nothing() -> None:
    seller = SellerFactory.create()
    PoolRoundFactory.create()
    assert [task.url for task in seen(seller, Role.SELLER, now=DURING).tasks] != ["/admission/"]

    Company.objects.filter(pk=seller.pk).update(status="suspended")
    seller.refresh_from_db()

    (task,) = seen(seller, Role.SELLER, now=DURING).tasks
    with override("en"):
        assert str(task.title) == "Your company is suspended"
    assert (task.url, task.tone) == ("/admission/", "red")
