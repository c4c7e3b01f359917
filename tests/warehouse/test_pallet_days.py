"""What stands on a pallet is charged by that pallet, shared among those who have goods on it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import Company, User
from catalog.models import Product
from core.walls import platform_wide
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.fees import a_tariff
from tests.factories.warehouse import BondedWarehouseFactory, received_stock
from warehouse import services
from warehouse.models import (
    BondedWarehouse,
    Holding,
    Lot,
    Pallet,
    StorageBill,
    StorageBillLine,
    StorageCharge,
)
from warehouse.queries.proving_fees import prove_storage
from warehouse.rules.posting import Account, Kind, Leg, Posting, Status
from warehouse.services.posting import post

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 1)


def at(days: int, hour: int = 10) -> datetime:
    """An hour of a day in the house, so many days after the first."""
    return datetime(2026, 7, 1, hour, tzinfo=UTC) + timedelta(days=days, hours=-8)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide(), override("en"):
        PlatformCompanyFactory.create()
        UserFactory.create()
        yield


@pytest.fixture
def house() -> BondedWarehouse:
    made: BondedWarehouse = BondedWarehouseFactory.create()
    a_tariff(
        made,
        now=at(0),
        rates=(Decimal(0),) * 3,
        pallet_rate=Decimal(300),
        pallet_cm3=9_000,
    )
    return made


@pytest.fixture
def bert() -> Company:
    return SellerFactory.create(code="BERT")


@pytest.fixture
def tin(milk: Product) -> Product:
    return measured(milk, 2_000)


def measured(product: Product, cm3: int) -> Product:
    Product.objects.filter(pk=product.pk).update(volume_cm3=cm3)
    product.refresh_from_db()
    return product


def came(
    house: BondedWarehouse, product: Product, shares: dict[Company, int], days: int = 0
) -> Lot:
    return received_stock(shares, product=product, warehouse=house, now=at(days)).lines.get().lot


def stacked(*lots: Lot, units: int, days: int = 0) -> Pallet:
    """A new pallet with so many units of each lot, from the gate."""
    return services.make_pallet(
        house=lots[0].warehouse,
        place="GATE",
        goods=[services.Move(lot.number, Status.AVAILABLE, "GATE", "", units) for lot in lots],
        made_by=User.objects.earliest("pk"),
        now=at(days, 11),
    )


def left(pallet: Pallet, lot: Lot, owner: Company, *, moved: datetime, booked: datetime) -> None:
    """All that an owner has of a lot on a pallet is handed over."""
    held = Holding.objects.get(location=pallet.location_id, lot=lot, owner=owner)
    leaves = Leg(Account.STOCK, lot.pk, -held.on_hand, held.location_id, Status(held.status))
    one = Posting(
        key=f"left:{held.pk}",
        kind=Kind.SHIPPED,
        document="RO-1",
        owner=owner.pk,
        keeper=held.keeper_id,
        moved_at=moved,
        legs=(leaves, Leg(Account.CONSUMER, lot.pk, held.on_hand)),
    )
    post(postings=[one], now=booked)


def charge(house: BondedWarehouse, *days: int) -> None:
    for day in days:
        services.charge_day(warehouse=house, day=JULY + timedelta(days=day), now=at(day + 1, 1))


def told(days: int, **more: object) -> list[tuple[str, str, int, Decimal]]:
    """Owner, pallet (empty: loose), units and pallets charged, of one day."""
    rows = StorageCharge.objects.filter(day=JULY + timedelta(days=days), kind="pallet", **more)
    return sorted(rows.values_list("owner__code", "pallet", "units", "quantity"))


def test_a_pallet_is_one_pallet_and_what_is_loose_is_reckoned_by_volume(
    house: BondedWarehouse, tin: Product, anna: Company, bert: Company
) -> None:
    pallet = stacked(came(house, tin, {anna: 20, bert: 10}), units=15)

    charge(house, 0)

    assert told(0) == sorted(
        [
            # 20,000 and 10,000 cm³ loose are three and two pallets of 9,000 that are begun.
            (anna.code, "", 10, Decimal(3)),
            ("BERT", "", 5, Decimal(2)),
            (anna.code, pallet.sscc, 10, Decimal("0.666667")),
            ("BERT", pallet.sscc, 5, Decimal("0.333333")),
        ]
    )
    assert prove_storage() == []


def test_products_share_a_pallet_by_volume_and_equal_parts_go_to_the_lower_owner(
    house: BondedWarehouse, tin: Product, anna: Company, bert: Company
) -> None:
    big = measured(ProductFactory.create(), 6_000)
    third = SellerFactory.create(code="CARL")
    shares = {anna: 1, bert: 1, third: 1}
    pallet = stacked(came(house, tin, shares), came(house, big, shares), units=3)

    charge(house, 0)

    # 2,000 and 6,000 of 24,000 cm³ each: twelfths, and three millionths go to the first owners.
    of_owner = {
        code: sorted(q for owner, on, _units, q in told(0) if owner == code and on == pallet.sscc)
        for code in (anna.code, "BERT", "CARL")
    }
    assert sum(sum(parts) for parts in of_owner.values()) == 1
    lower = [Decimal("0.083333"), Decimal("0.250000")]
    more = [Decimal("0.083334"), Decimal("0.250000")]
    codes = [one.code for one in sorted(shares, key=lambda one: one.pk)]
    assert [of_owner[code] for code in codes] == [more, lower, lower]


def test_a_pallet_costs_from_the_day_it_is_filled_to_the_day_before_it_is_empty(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    lot = came(house, tin, {anna: 4})
    pallet = stacked(lot, units=4, days=1)
    left(pallet, lot, anna, moved=at(3), booked=at(3))

    charge(house, 0, 1, 2, 3)

    assert [told(day) for day in range(4)] == [
        [(anna.code, "", 4, Decimal(1))],
        [(anna.code, pallet.sscc, 4, Decimal(1))],
        [(anna.code, pallet.sscc, 4, Decimal(1))],
        [],
    ]
    assert prove_storage() == []


def test_what_left_a_pallet_and_is_told_late_is_put_right_for_all_who_share_it(
    house: BondedWarehouse, tin: Product, anna: Company, bert: Company
) -> None:
    lot = came(house, tin, {anna: 10, bert: 5})
    pallet = stacked(lot, units=15)
    charge(house, 0, 1, 2)
    left(pallet, lot, bert, moved=at(1), booked=at(3, 2))
    assert prove_storage() == [], "what waits for the next run is no fault"

    charge(house, 3)

    later = JULY + timedelta(days=3)
    for day in (1, 2):
        assert told(day, run_day=later) == sorted(
            [
                (anna.code, pallet.sscc, 0, Decimal("0.333333")),
                ("BERT", pallet.sscc, -5, Decimal("-0.333333")),
            ]
        )
    assert told(0, run_day=later) == []
    assert told(3) == [(anna.code, pallet.sscc, 10, Decimal(1))]
    assert prove_storage() == []


def test_free_days_are_free_on_a_pallet_and_nothing_is_billed_for_them(
    house: BondedWarehouse, tin: Product, anna: Company, bert: Company
) -> None:
    a_tariff(
        house,
        now=at(0),
        begins=JULY + timedelta(days=1),
        rates=(Decimal(0),) * 3,
        pallet_rate=Decimal(300),
        pallet_cm3=9_000,
        free_days=10,
    )
    old, new = came(house, tin, {anna: 3}), came(house, tin, {bert: 1}, days=9)
    pallet = stacked(old, units=3, days=9)
    goods = services.Move(new.number, Status.AVAILABLE, "GATE", pallet.sscc, 1)
    clerk = User.objects.earliest("pk")
    services.move_stock(house=house, moves=[goods], moved_by=clerk, now=at(9, 12))

    services.charge_due(now=at(14, 1))
    measured(tin, 5_000)

    # The eleventh day of the old one: its three quarters cost, the new one's quarter does not.
    assert told(10) == [
        ("BERT", pallet.sscc, 1, Decimal(0)),
        (anna.code, pallet.sscc, 3, Decimal("0.75")),
    ]
    assert prove_storage() == [], "each day keeps the volume by which it was shared"
    services.charge_due(now=at(31, 1))
    line = StorageBillLine.objects.filter(bill__owner=bert).get()
    # Only the days from the 19th on, when its own ten were over.
    assert (line.quantity, line.amount_minor) == (Decimal(12) / 4, 900)
    assert StorageBill.objects.filter(owner=bert).get().total_minor == 900
    assert prove_storage() == []


def test_what_nobody_measured_bears_nothing_beside_what_is_measured(
    house: BondedWarehouse, tin: Product, anna: Company, bert: Company
) -> None:
    odd = measured(ProductFactory.create(), 0)
    mixed = stacked(came(house, tin, {anna: 1}), came(house, odd, {bert: 1}), units=1)
    apart = stacked(came(house, odd, {anna: 1, bert: 3}), units=4)

    charge(house, 0)

    assert told(0, pallet=mixed.sscc) == sorted(
        [(anna.code, mixed.sscc, 1, Decimal(1)), ("BERT", mixed.sscc, 1, Decimal(0))]
    )
    assert told(0, pallet=apart.sscc) == sorted(
        [(anna.code, apart.sscc, 1, Decimal("0.25")), ("BERT", apart.sscc, 3, Decimal("0.75"))]
    )
    assert told(0, pallet="") == []
    measured(odd, 2_000)
    assert prove_storage() == []


def test_the_proof_names_the_pallet_and_the_database_lets_nothing_else_have_one(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    lot = came(house, tin, {anna: 4})
    pallet = stacked(lot, units=4)
    charge(house, 0)
    row = StorageCharge.objects.get()
    row.pk, row.kind = None, "volume"

    with pytest.raises(IntegrityError, match="a_pallet_is_charged"), transaction.atomic():
        row.save()
    row.kind = "pallet"
    row.save()

    assert prove_storage() == [
        f"{house.code}, 2026-07-01, {anna.code}, pallet {lot.number} {pallet.sscc}: "
        "charged -3E+2 fen too little."
    ]
