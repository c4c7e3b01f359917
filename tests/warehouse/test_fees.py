"""What a day in bond costs, and what a month comes to on a seller's account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils.translation import override

from accounts.models import Company, User
from catalog.models import Product
from core.walls import inside, platform_wide
from ledger.queries import balance
from notices.models import Notice
from procurement.models import SellerEntry
from procurement.queries.proving import prove_accounts
from tests.factories.accounts import PlatformCompanyFactory, SellerFactory, UserFactory
from tests.factories.fees import a_tariff, hand_over, rates
from tests.factories.warehouse import BondedWarehouseFactory, received_stock
from warehouse import services
from warehouse.models import (
    BondedWarehouse,
    Lot,
    StorageBill,
    StorageBillLine,
    StorageCharge,
    StorageRun,
    StorageTariff,
)
from warehouse.queries.proving_fees import prove_storage
from warehouse.rules import fees as rules

pytestmark = pytest.mark.django_db

JULY = date(2026, 7, 1)


def at(day: date, hour: int = 10) -> datetime:
    """An hour of a day in the house, whose day begins at 16:00 UTC of the one before."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


def after(days: int) -> date:
    return JULY + timedelta(days=days)


@pytest.fixture(autouse=True)
def _platform() -> Iterator[None]:
    with platform_wide(), override("en"):
        PlatformCompanyFactory.create()
        UserFactory.create()
        yield


@pytest.fixture
def house() -> BondedWarehouse:
    return BondedWarehouseFactory.create()


@pytest.fixture
def tin(milk: Product) -> Product:
    """Two litres a unit."""
    Product.objects.filter(pk=milk.pk).update(volume_cm3=2_000)
    milk.refresh_from_db()
    return milk


def came(house: BondedWarehouse, tin: Product, owner: Company, units: int, day: date) -> Lot:
    shares = {owner: units}
    receipt = received_stock(shares, product=tin, warehouse=house, now=at(day))
    return receipt.lines.get().lot


def charge(house: BondedWarehouse, day: date, now: datetime | None = None) -> StorageRun:
    return services.charge_day(warehouse=house, day=day, now=now or at(day + timedelta(days=1), 2))


def told(day: date, **more: object) -> list[tuple[object, ...]]:
    rows = StorageCharge.objects.filter(day=day, **more).order_by("pk")
    return list(
        rows.values_list("kind", "lot__number", "after_days", "units", "quantity", "amount")
    )


def test_a_day_costs_volume_times_rate_of_its_age_to_the_last_decimal(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY), rates=(Decimal("150.01"), Decimal(200), Decimal(300)))
    lot = came(house, tin, anna, 7, JULY)

    for days in (0, 29, 30, 90):
        charge(house, after(days))

    # 7 units of 2,000 cm³ are 0.014 m³.
    volume = Decimal("0.014")
    assert told(JULY) == [("volume", lot.number, 0, 7, volume, Decimal("2.10014"))]
    assert told(after(29)) == [("volume", lot.number, 0, 7, volume, Decimal("2.10014"))]
    assert told(after(30)) == [("volume", lot.number, 30, 7, volume, Decimal("2.8"))]
    assert told(after(90)) == [("volume", lot.number, 90, 7, volume, Decimal("4.2"))]


def test_the_day_of_arrival_counts_and_that_of_departure_does_not(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY), order_rate=Decimal(250), order_line_rate=Decimal(80))
    lot = came(house, tin, anna, 5, after(1))
    hand_over(lot, anna, 5, at=at(after(3), 23))

    runs = [charge(house, after(days)) for days in range(4)]

    assert [run.charges for run in runs] == [0, 1, 1, 2]
    assert [row[0] for row in told(after(1)) + told(after(2))] == ["volume", "volume"]
    assert told(after(3)) == [
        ("order", None, None, 1, Decimal(1), Decimal(250)),
        ("order_line", None, None, 1, Decimal(1), Decimal(80)),
    ]


def test_what_leaves_is_the_oldest_whichever_lot_was_shipped(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY))
    old = came(house, tin, anna, 10, JULY)
    new = came(house, tin, anna, 10, after(40))
    hand_over(new, anna, 8, at=at(after(41)))
    hand_over(old, anna, 1, at=at(after(41)))

    charge(house, after(41))

    assert [(lot, band, units) for _k, lot, band, units, *_rest in told(after(41))] == [
        (old.number, 30, 1),
        (new.number, 0, 10),
    ]


def test_days_are_free_and_pallets_and_units_in_cost_what_the_tariff_says(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(
        house,
        now=at(JULY),
        free_days=2,
        pallet_rate=Decimal(300),
        pallet_cm3=9_000,
        unit_in_rate=Decimal("12.5"),
    )
    lot = came(house, tin, anna, 5, JULY)

    for days in range(3):
        charge(house, after(days))

    arrived = ("unit_in", lot.number, None, 5, Decimal(5), Decimal("62.5"))
    assert told(JULY) == [arrived]
    assert told(after(1)) == []
    # 10,000 cm³ are two pallets of 9,000, the second begun.
    assert told(after(2)) == [
        ("pallet", lot.number, None, 5, Decimal(2), Decimal(600)),
        ("volume", lot.number, 0, 5, Decimal("0.01"), Decimal("1.5")),
    ]


def test_a_day_is_charged_once(house: BondedWarehouse, tin: Product, anna: Company) -> None:
    a_tariff(house, now=at(JULY))
    came(house, tin, anna, 5, JULY)

    assert charge(house, JULY) == charge(house, JULY)
    assert StorageCharge.objects.count() == 1
    with pytest.raises(rules.DaysOutOfTurn):
        charge(house, JULY - timedelta(days=1), at(after(5)))


def test_a_day_that_is_not_over_or_has_no_tariff_is_not_charged(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    came(house, tin, anna, 5, JULY)

    with pytest.raises(rules.DayWithoutTariff):
        charge(house, JULY)
    a_tariff(house, now=at(JULY))
    with pytest.raises(rules.DayNotOver):
        charge(house, JULY, at(JULY, 23))
    assert not StorageRun.objects.exists()
    assert not StorageCharge.objects.exists()


def test_what_is_told_late_is_corrected_by_the_next_run_and_nothing_is_rewritten(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY))
    lot = came(house, tin, anna, 10, JULY)
    for days in range(3):
        charge(house, after(days))
    first = list(StorageCharge.objects.order_by("pk").values())
    # Handed over on the second day, which is told after the third was charged.
    hand_over(lot, anna, 4, at=at(after(1)), booked=at(after(4), 3))
    assert prove_storage() == [], "what waits for the next run is no fault"

    run = charge(house, after(3), at(after(4), 4))

    assert (run.charges, run.corrections) == (1, 2)
    less = ("volume", lot.number, 0, -4, Decimal("-0.008"), Decimal("-1.2"))
    assert told(after(1), run_day=after(3)) == told(after(2), run_day=after(3)) == [less]
    assert list(StorageCharge.objects.order_by("pk").values())[:3] == first
    assert prove_storage() == []
    assert charge(house, after(4)).corrections == 0


def test_a_unit_that_is_measured_anew_costs_the_new_volume_from_then_on(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY))
    came(house, tin, anna, 10, JULY)
    charge(house, JULY)
    Product.objects.filter(pk=tin.pk).update(volume_cm3=3_000)

    charge(house, after(1))

    assert [row[4] for row in told(JULY) + told(after(1))] == [Decimal("0.02"), Decimal("0.03")]
    assert prove_storage() == []


def test_one_tariff_holds_on_a_day_and_the_next_ends_the_open_one(house: BondedWarehouse) -> None:
    first = a_tariff(house, now=at(JULY))

    second = a_tariff(house, now=at(JULY), begins=after(10), valid_to=after(20))

    first.refresh_from_db()
    assert (first.valid_to, second.valid_to) == (after(9), after(20))
    with pytest.raises(rules.TariffsOverlap):
        a_tariff(house, now=at(JULY), begins=after(20))
    with pytest.raises(rules.TariffBeginsTooEarly):
        a_tariff(house, now=at(after(1)), begins=JULY)
    assert StorageTariff.objects.count() == 2


def test_the_database_itself_refuses_a_second_tariff_for_a_day_and_a_second_end(
    house: BondedWarehouse, anna: Company
) -> None:
    tariff = a_tariff(house, now=at(JULY), valid_to=after(9))
    tariff.pk, tariff.number = None, "ST-2"

    with pytest.raises(IntegrityError, match="one_tariff_holds_on_a_day"), transaction.atomic():
        tariff.save()
    with pytest.raises(IntegrityError, match="storage tariff"), transaction.atomic():
        StorageTariff.objects.update(valid_to=after(5))


def test_a_month_is_billed_once_to_whole_fen_and_stands_on_the_account(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY), unit_in_rate=Decimal("10.3"))
    came(house, tin, anna, 7, JULY)

    assert services.charge_due(now=at(after(31))) == 31
    assert services.charge_due(now=at(after(31))) == 0

    # 30 days at 2.1 fen, one at 2.8; 72.1 for the units handled in: 137.9 fen.
    bill = StorageBill.objects.get()
    assert (bill.month, bill.exact, bill.total_minor) == (JULY, Decimal("137.9"), 138)
    lines = StorageBillLine.objects.order_by("position")
    assert list(lines.values_list("kind", "after_days", "exact", "amount_minor")) == [
        ("unit_in", None, Decimal("72.1"), 72),
        ("volume", 0, Decimal(63), 63),
        ("volume", 30, Decimal("2.8"), 3),
    ]
    entry = SellerEntry.objects.get()
    assert (entry.seller, entry.kind, entry.amount_minor) == (anna, "storage", 138)
    assert (entry.reference, entry.due_on) == (bill.number, date(2026, 8, 16))
    assert balance(f"storage:{entry.holder_id}:{house.operator_id}:CNY") == -138
    assert Notice.objects.get(event="storage.billed").facts["number"] == bill.number
    assert prove_storage() == prove_accounts().faults == []


def test_a_month_that_is_not_over_is_not_billed(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY))
    came(house, tin, anna, 7, JULY)
    charge(house, JULY)

    with pytest.raises(rules.DayNotOver):
        services.bill_month(warehouse=house, month=JULY, now=at(after(30)))
    assert not StorageBill.objects.exists()
    assert not SellerEntry.objects.exists()


def test_what_the_platform_keeps_is_its_own_cost(house: BondedWarehouse, tin: Product) -> None:
    platform = Company.objects.get(kinds__contains=["platform"])
    a_tariff(house, now=at(JULY), rates=(Decimal(500_000),) * 3)
    came(house, tin, platform, 1, JULY)
    charge(house, JULY)

    services.bill_month(warehouse=house, month=JULY, now=at(after(40)))

    assert StorageBill.objects.get().total_minor == 1_000
    assert not SellerEntry.objects.exists()
    assert balance(f"storage_cost:{platform.pk}:CNY") == 1_000
    assert prove_storage() == []


def test_the_proof_finds_a_charge_that_nothing_accounts_for(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    a_tariff(house, now=at(JULY))
    lot = came(house, tin, anna, 7, JULY)
    charge(house, JULY)
    out = StringIO()
    call_command("prove_storage", stdout=out)
    assert "agree" in out.getvalue()

    row = StorageCharge.objects.get()
    row.pk = None
    row.save()

    fault = (
        f"{house.code}, 2026-07-01, {anna.code}, volume {lot.number}: charged -2.1 fen too little."
    )
    assert prove_storage() == [fault]
    with pytest.raises(SystemExit):
        call_command("prove_storage", stdout=StringIO(), stderr=StringIO())
    assert services.report_storage(now=at(after(1))) == 1
    assert Notice.objects.get(event="storage.differs").facts["first"] == fault


def test_each_owner_sees_its_own_charges_and_nobody_elses(
    house: BondedWarehouse, tin: Product, anna: Company
) -> None:
    bert = SellerFactory.create()
    a_tariff(house, now=at(JULY))
    came(house, tin, anna, 7, JULY)
    charge(house, JULY)

    with inside(bert.pk):
        assert not StorageCharge.objects.exists()
    with inside(anna.pk):
        assert StorageCharge.objects.count() == 1
        assert not StorageTariff.objects.exists()
    with inside(house.operator_id, keeper=True):
        assert StorageCharge.objects.count() == StorageTariff.objects.count() == 1


def test_a_refused_tariff_leaves_nothing_behind(house: BondedWarehouse) -> None:
    a_tariff(house, now=at(JULY))

    with pytest.raises(rules.WrongRate):
        services.enter_tariff(
            warehouse=house,
            told=rates(after(5), order_rate=Decimal(-1)),
            entered_by=User.objects.earliest("pk"),
            now=at(JULY),
        )

    assert StorageTariff.objects.get().valid_to is None
