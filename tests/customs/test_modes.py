"""Mode 1239 outside the cities of the pilot: on declarations, lists and papers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from core.walls import platform_wide
from customs import queries
from customs.models import HouseMode, RetailRefusal
from customs.rules import modes
from customs.rules.cautions import FirstImportPapers
from customs.services import DrawnLists, draw_retail_lists
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import DECLARES, PositiveEntryFactory, TariffRateFactory, a_draft
from tests.factories.warehouse import an_incoming_order, received_stock
from warehouse.models import BondedWarehouse
from warehouse.services import accept_orders

DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("mode", "district", "outside", "is_allowed"),
    [
        ("1210", "5321", ("53",), True),
        ("1239", "5321", ("53",), True),
        ("1239", "5321", ("5321",), True),
        ("1239", "3105", ("53",), False),
        ("1239", "5321", (), False),
        ("9610", "5321", ("53",), False),
    ],
)
def test_1239_is_for_the_districts_that_are_named(
    mode: str, district: str, outside: tuple[str, ...], is_allowed: bool
) -> None:
    assert modes.is_allowed(mode, district, outside) is is_allowed


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


def in_1239() -> None:
    for house in BondedWarehouse.objects.all():
        HouseMode.objects.create(
            warehouse=house,
            keeper=house.operator,
            mode="1239",
            valid_from=DECLARES.date(),
            told_at=DECLARES,
            told_by=UserFactory.create(),
        )


@pytest.mark.usefixtures("wide")
def test_a_draft_has_the_mode_of_its_house_and_keeps_it(settings: Any) -> None:
    first = a_draft()
    in_1239()
    district = first.warehouse.customs_district
    settings.BONDPOOL_1239_DISTRICTS = (district,)

    draft = a_draft()

    first.refresh_from_db()
    assert (first.supervision_mode, draft.supervision_mode) == ("1210", "1239")
    assert queries.import_set(draft.pk).supervision_mode == "1239"
    findings, cautions = queries.looked_at(draft, now=DECLARES)
    assert (findings, [type(one.error) for one in cautions]) == ([], [FirstImportPapers])
    settings.BONDPOOL_1239_DISTRICTS = ()
    assert [type(one.error) for one in queries.looked_at(draft, now=DECLARES)[0]] == [
        modes.ModeNotHere
    ]


@pytest.mark.usefixtures("wide")
def test_goods_from_bond_only_do_not_leave_in_1239_unless_it_counts(settings: Any) -> None:
    seller, product = SellerFactory.create(), ProductFactory.create()
    PositiveEntryFactory.create(remarks=["bonded_only"], remark="仅限网购保税商品")
    TariffRateFactory.create()
    received_stock({seller: 10}, product=product)
    in_1239()
    for place, outcome in enumerate((DrawnLists(refused=1), DrawnLists(drawn=1)), 1):
        order = an_incoming_order(product.sku, number=f"TB-{place}")
        accept_orders(seller=seller, orders=[order], now=DRAWS)
        assert draw_retail_lists(now=DRAWS) == outcome
        settings.BONDPOOL_BONDED_ONLY_MODES = ("1210", "1239")

    assert RetailRefusal.objects.get().rule == "customs.goods_from_bond_only"
