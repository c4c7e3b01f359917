"""The start page tells each role what is to be done, and nobody another's business."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.html import strip_tags
from django.utils.translation import override

from accounts.models import Company, Membership, Role
from config.home import build
from core.walls import inside, platform_wide
from procurement.models import RoundState
from tests.factories import customs as papers
from tests.factories import settlement as money
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
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
    SupplierOfferFactory,
)
from tests.factories.warehouse import a_cleared_shipment, received_stock
from web.pages import Home

pytestmark = pytest.mark.django_db


def seen(company: Company, role: Role, *, now: datetime) -> Home:
    """The page in English, inside the walls that such a member's request has."""
    one = Membership.objects.filter(company=company, role=role).first()
    one = one or MembershipFactory.create(user__password=None, company=company, role=role)
    walls = inside(company.pk) if role in {Role.SELLER, Role.IMPORTER} else platform_wide()
    with override("en"), walls:
        return build(one, now=now)


def titles(page: Home) -> list[str]:
    return [str(task.title) for task in page.tasks]


def figures(page: Home) -> dict[str, str]:
    return {
        str(one.label): strip_tags(str(one.value)).replace("\u00a0", " ") for one in page.figures
    }


def table(page: Home, key: str) -> Sequence[tuple[str, list[int | str]]]:
    return next(chart for chart in page.charts if chart.key == key).rows


def test_a_seller_is_asked_for_its_forecast_until_the_cutoff() -> None:
    seller = SellerFactory.create()
    PoolRoundFactory.create()

    during, after = (seen(seller, Role.SELLER, now=now) for now in (DURING, AFTER))

    assert titles(during) == ["File your forecast for 2026-Q3"]
    assert during.tasks[0].detail == "Until 2026-06-01 08:00."
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

    page = seen(seller, Role.SELLER, now=datetime(2026, 8, 1, tzinfo=UTC))

    assert figures(page) == {
        "In bond for you": "40",
        "Your part of the last pool": "EUR 300.00",
        "Less than ordering alone": "EUR 30.00",
    }
    assert table(page, "stock") == [("Acacia honey", [40])]
    assert table(page, "saved") == [("Acacia honey", ["9.1"])]
    assert titles(page) == ["Stock is about to expire"]
    assert page.tasks[0].detail == "40 units within 60 days; the first on 2026-09-01."


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
        waiting = a_cleared_shipment({seller: 60}).shipment

    page = seen(receipt.warehouse.operator, Role.WAREHOUSE, now=receipt.received_at)

    assert titles(page) == [f"Count {waiting.number} at the gate"]
    assert figures(page) == {
        "On the shelves": "38",
        "Lots": "1",
        "At the gate": "1",
        "Short at the gate": "2",
    }


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

    assert titles(approved) == ["Write the payment file (1)"]
    assert figures(approved)["Owed to suppliers"] == "0"
    assert len(table(approved, "saved")) == 1


def test_the_operator_is_asked_to_close_after_the_cutoff_and_sees_demand_and_minimum() -> None:
    platform = PlatformCompanyFactory.create()
    with platform_wide():
        product = ProductFactory.create(name_en="Acacia honey")
        SupplierOfferFactory.create(product=product, minimum_quantity=60)
        forecast = ForecastFactory.create()
        ForecastLineFactory.create(forecast=forecast, product=product, quantity=45)

    before = seen(platform, Role.OPERATOR, now=DURING)
    after = seen(platform, Role.OPERATOR, now=CUTOFF)

    assert titles(before) == []
    assert before.lead == "Forecasts for 2026-Q3 are taken until 2026-06-01 08:00."
    assert figures(before) == {"Sellers who filed": "1", "Units wanted": "45"}
    assert table(before, "demand") == [("Acacia honey", [45, 60])]
    assert titles(after) == ["Close the round 2026-Q3"]
