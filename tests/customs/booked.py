"""Goods that were released, counted, sold and handed over, for the account book."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.translation import override

from accounts.models import Company, User
from catalog.models import Product
from core.walls import platform_wide
from customs.models import BookRow, Declaration, RetailList
from customs.queries.book import beside
from customs.queries.book_proof import prove_books
from customs.rules.book import Style, style_of
from customs.services import (
    answer_filing,
    ask_filing,
    draft_declaration,
    draw_retail_lists,
    lodge,
    record_release,
    release_lists,
)
from tests.factories.accounts import (
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import DECLARES, a_shipment, a_warehouse
from tests.factories.procurement import (
    OrderShareFactory,
    PurchaseOrderLineFactory,
    ShipmentLineFactory,
)
from tests.factories.warehouse import SELLS, an_incoming_order
from warehouse.models import RetailOrder
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind as Moves
from warehouse.services import accept_orders, receive
from warehouse.services.advancing import advance, locked

ARRIVES = DECLARES + timedelta(days=1)


@pytest.fixture
def wide() -> Iterator[None]:
    with platform_wide(), override("en"):
        PlatformCompanyFactory.create()
        yield


@pytest.fixture
def anna() -> Company:
    return SellerFactory.create()


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def released(
    anna: Company,
    number: str = "310520261000000017",
    product: Product | None = None,
    item: int = 1,
) -> Declaration:
    """Sixty tins of hers at EUR 10.00, let into bond; ``item`` is that of a filed book."""
    shipment = a_shipment(0)
    line = PurchaseOrderLineFactory.create(
        order=shipment.order, position=1, product=product or ProductFactory.create()
    )
    ShipmentLineFactory.create(shipment=shipment, order_line=line)
    OrderShareFactory.create(line=line, owner=anna, quantity=60)
    warehouse, importer = a_warehouse(), shipment.order.buyer
    if style_of(warehouse.ledger_number) == Style.FILED:
        clerk = UserFactory.create()
        asked = ask_filing(
            product=line.product,
            warehouse=warehouse,
            importer=importer,
            asked_by=clerk,
            now=DECLARES,
        )
        answer_filing(filing=asked, filed=True, item=item, recorded_by=clerk, now=DECLARES)
    draft = draft_declaration(
        shipment=shipment, importer=importer, warehouse=warehouse, now=DECLARES
    )
    Declaration.objects.filter(pk=draft.pk).update(state="ready")
    lodged = lodge(declaration=Declaration.objects.get(pk=draft.pk), now=DECLARES)
    return record_release(declaration=lodged, their_reference=number, now=DECLARES)


def counted(declaration: Declaration, clerk: User, units: int = 60) -> None:
    shipment = declaration.shipment
    shipment.refresh_from_db()
    (line,) = shipment.lines.all()
    receive(
        shipment=shipment,
        warehouse=declaration.warehouse,
        counts={line.pk: units},
        received_by=clerk,
        now=ARRIVES,
    )


def sold(anna: Company, *units: int) -> list[RetailOrder]:
    sku = BookRow.objects.earliest("pk").product.sku
    orders = [replace(an_incoming_order(sku, n), order_number=f"T-{n}") for n in units]
    told = accept_orders(seller=anna, orders=orders, now=SELLS)
    assert [one.refusal for one in told] == [None] * len(units)
    draw_retail_lists(now=SELLS)
    return list(RetailOrder.objects.order_by("pk"))


def columns() -> tuple[int, int, int, int]:
    row = BookRow.objects.get()
    return (row.prevd_inc, row.prevd_redc, row.actl_inc, row.actl_redc)


def handed_over(order: RetailOrder, clerk: User) -> None:
    release_lists(
        numbers=list(RetailList.objects.filter(order=order).values_list("number", flat=True)),
        released_at=SELLS,
        recorded_by=clerk,
        now=SELLS,
    )
    for stage, kind in (
        (Stage.PICKED, Moves.CHANGED),
        (Stage.PACKED, Moves.CHANGED),
        (Stage.HANDED_OVER, Moves.SHIPPED),
    ):
        advance(locked([order.pk]), stage, key=stage.value, kind=kind, now=SELLS)


def agree() -> None:
    """Book, ledger and owners say the same of every item."""
    assert prove_books(now=SELLS) == []
    rows = {row.pk: row.on_hand for row in BookRow.objects.all()}
    told = beside(list(rows))
    assert {pk: (one.stock, one.owned) for pk, one in told.items()} == {
        pk: (units, units) for pk, units in rows.items()
    }
