"""A seller with orders, and a clock that stands still."""

from __future__ import annotations

from pathlib import Path

import pytest

from accounts.models import Membership, Role
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.jobs.doing import LATER
from warehouse.models import RetailOrder, RetailOrderState
from warehouse.services import accept_orders


@pytest.fixture
def story_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors' clock stands an hour after the jobs were asked for."""
    file = tmp_path / "clock"
    file.write_text(LATER.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))


@pytest.fixture
def seller() -> Membership:
    return MembershipFactory.create(role=Role.SELLER)


@pytest.fixture
def orders(seller: Membership) -> list[RetailOrder]:
    """Two orders that can be cancelled and one whose retail list is drawn."""
    with platform_wide():
        product = ProductFactory.create(sku="MILK")
        received_stock({seller.company: 30}, product=product)
        accept_orders(
            seller=seller.company,
            orders=[
                an_incoming_order("MILK", 2, number=f"T-{n}", price_minor=5_000) for n in range(3)
            ],
            now=SELLS,
        )
        found = list(RetailOrder.objects.order_by("pk"))
        RetailOrder.objects.filter(pk=found[1].pk).update(state=RetailOrderState.LISTED)
    return found
