"""Units of a product that keeps serial numbers: in at the gate, out in a parcel, back again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from procurement.models import ShipmentLine
from tests.factories.accounts import UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import ARRIVES, BondedWarehouseFactory, a_cleared_shipment
from tests.walls.rows import all_rows
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.leaving import LEAVES, a_carrier, picked, released
from warehouse.models import (
    BondedWarehouse,
    Lot,
    Parcel,
    Receipt,
    Reservation,
    RetailOrder,
    RetailReturn,
    SerialStep,
    SerialUnit,
)
from warehouse.queries.proving import prove_stock
from warehouse.queries.serials import serials_of, units_of
from warehouse.rules.receiving import Found
from warehouse.rules.serials import (
    SerialDidNotLeave,
    SerialNotHere,
    SerialSeenTwice,
    SerialsMissing,
    WrongSerial,
)
from warehouse.services import (
    Packed,
    announce_return,
    cancel_orders,
    hand_over,
    pack_order,
    receive,
    receive_return,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]

NUMBERS = ("S-1", "S-2", "S-3")


@pytest.fixture(autouse=True)
def house(operator: Company) -> Iterator[BondedWarehouse]:
    with platform_wide():
        yield BondedWarehouseFactory.create(operator=operator)


@pytest.fixture
def phone() -> Product:
    return ProductFactory.create(sku="PHONE", keeps_serials=True)


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def line(house: BondedWarehouse, phone: Product, anna: Company) -> ShipmentLine:
    return a_cleared_shipment({anna: 3}, product=phone, bound_for=house.operator)


def came(line: ShipmentLine, clerk: User, serials: tuple[str, ...], counted: int = 3) -> Receipt:
    return receive(
        shipment=line.shipment,
        warehouse=BondedWarehouse.objects.get(operator=line.shipment.bound_for),
        counts={line.pk: counted},
        received_by=clerk,
        now=ARRIVES,
        found={line.pk: Found(serials=serials)},
    )


def out_of(order: RetailOrder, clerk: User, *parcels: tuple[str, ...]) -> list[Parcel]:
    line = order.lines.get()
    grams = line.quantity * line.product.gross_weight_g // len(parcels)
    return pack_order(
        house=BondedWarehouse.objects.get(),
        order=order.number,
        parcels=[Packed(grams, serials=one) for one in parcels],
        packed_by=clerk,
        now=LEAVES,
    )


def test_each_unit_is_kept_once_at_the_gate(
    line: ShipmentLine, house: BondedWarehouse, phone: Product, anna: Company, clerk: User
) -> None:
    came(line, clerk, NUMBERS)

    assert serials_of(Lot.objects.get()) == [("S-1", True), ("S-2", True), ("S-3", True)]
    again = a_cleared_shipment({anna: 2}, product=phone, bound_for=house.operator)
    before = all_rows()
    with pytest.raises(SerialSeenTwice) as refused, transaction.atomic():
        came(again, clerk, ("S-9", "S-2"), 2)
    assert refused.value.facts == {"line": again.pk, "row": 2, "serial": "S-2"}
    assert all_rows() == before


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [
        (("S-1", "S-2"), SerialsMissing),
        ((), SerialsMissing),
        (("S-1", "S-2", "S-2"), SerialSeenTwice),
        (("S-1", "S-2", "号"), WrongSerial),
    ],
)
def test_a_count_without_right_serial_numbers_is_not_booked(
    line: ShipmentLine, clerk: User, serials: tuple[str, ...], refusal: type[DomainError]
) -> None:
    before = all_rows()

    with pytest.raises(refusal) as refused, transaction.atomic():
        came(line, clerk, serials)

    assert refused.value.facts["line"] == line.pk
    assert all_rows() == before


def test_another_product_keeps_none(
    house: BondedWarehouse, milk: Product, anna: Company, clerk: User
) -> None:
    came(a_cleared_shipment({anna: 3}, product=milk, bound_for=house.operator), clerk, ("S-1",))

    assert not SerialUnit.objects.exists()


def test_units_leave_in_parcels_and_come_back(
    line: ShipmentLine, phone: Product, anna: Company, clerk: User
) -> None:
    came(line, clerk, NUMBERS)
    (order,) = released(anna, phone, [2])
    picked([order], clerk)

    first, second = out_of(order, clerk, ("S-3",), ("S-1",))

    assert [one.unit.serial for one in first.serials.all()] == ["S-3"]
    assert [one.unit.serial for one in second.serials.all()] == ["S-1"]
    lot = Lot.objects.get()
    assert serials_of(lot) == [("S-1", False), ("S-2", True), ("S-3", False)]
    assert prove_stock() == []

    hand_over(carrier=a_carrier(), house=lot.warehouse, handed_by=clerk, now=LEAVES)
    back = announce_return(
        order=order,
        released_at=LEAVES,
        units={1: 1},
        reason="Broken",
        announced_by=clerk,
        now=LEAVES,
    )
    for serials, refusal in (
        ((), SerialsMissing),
        (("S-2",), SerialDidNotLeave),
        (("S-1", "S-3"), SerialsMissing),
    ):
        before = all_rows()
        with pytest.raises(refusal), transaction.atomic():
            returned(back, clerk, serials)
        assert all_rows() == before
    returned(back, clerk, ("S-1",))
    assert serials_of(lot) == [("S-1", True), ("S-2", True), ("S-3", False)]
    assert prove_stock() == []


def test_what_was_packed_for_a_cancelled_order_leaves_with_another(
    line: ShipmentLine, phone: Product, anna: Company, clerk: User
) -> None:
    came(line, clerk, NUMBERS)
    first, second = released(anna, phone, [1, 1])
    picked([first, second], clerk)
    out_of(first, clerk, ("S-1",))

    with pytest.raises(SerialNotHere), transaction.atomic():
        out_of(second, clerk, ("S-1",))
    cancel_orders(orders=[first], now=LEAVES, voided={first.pk})

    lot = Lot.objects.get()
    assert serials_of(lot) == [("S-1", True), ("S-2", True), ("S-3", True)]
    out_of(second, clerk, ("S-1",))
    assert serials_of(lot) == [("S-1", False), ("S-2", True), ("S-3", True)]
    assert list(SerialStep.objects.order_by("pk").values_list("step", flat=True)) == [1, 3]
    assert (units_of(first), [one.serial for one in units_of(second)]) == ([], ["S-1"])


def returned(back: RetailReturn, clerk: User, serials: tuple[str, ...]) -> None:
    (reserved,) = Reservation.objects.filter(line__order=back.order)
    receive_return(
        back=back,
        keeper=back.keeper,
        counted={reserved.pk: 1},
        received_by=clerk,
        now=LEAVES,
        serials=serials,
    )


@pytest.mark.parametrize(
    ("serials", "refusal"),
    [
        ((), SerialsMissing),
        (("S-1",), SerialsMissing),
        (("S-1", "S-9"), SerialNotHere),
        (("S-1", "S-1"), SerialSeenTwice),
    ],
)
def test_a_parcel_without_its_serial_numbers_is_not_packed(
    line: ShipmentLine,
    phone: Product,
    anna: Company,
    clerk: User,
    serials: tuple[str, ...],
    refusal: type[DomainError],
) -> None:
    came(line, clerk, NUMBERS)
    (order,) = released(anna, phone, [2])
    picked([order], clerk)
    before = all_rows()

    with pytest.raises(refusal), transaction.atomic():
        out_of(order, clerk, serials)

    assert all_rows() == before


def test_the_database_itself_lets_a_unit_leave_once(
    line: ShipmentLine, phone: Product, anna: Company, clerk: User
) -> None:
    came(line, clerk, NUMBERS)
    (order,) = released(anna, phone, [1])
    picked([order], clerk)
    (parcel,) = out_of(order, clerk, ("S-1",))
    (step,) = SerialStep.objects.all()

    for wrong in (1, 2):
        with pytest.raises(IntegrityError), transaction.atomic():
            SerialStep.objects.create(
                unit=step.unit, step=wrong, parcel=parcel, keeper_id=parcel.keeper_id
            )


def test_the_count_takes_them_by_scan_paste_and_file(
    line: ShipmentLine, house: BondedWarehouse, phone: Product, tmp_path: object
) -> None:
    keeper: Client = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/shipments/{line.shipment.number}/count/"
    code = f"(01){phone.gtin.zfill(14)}(21)S-1"

    scanned = text_of(keeper.post(address, {"step": "scan", "scan": code}))
    assert "S-1</textarea>" in scanned
    assert f'name="line_{line.pk}" value="1"' in scanned
    told = {"warehouse": house.pk, f"line_{line.pk}": "1", f"serials_{line.pk}": "S-1"}
    twice = text_of(keeper.post(address, told | {"step": "scan", "scan": code}))
    assert "is there already" in twice
    assert f'name="line_{line.pk}" value="1"' in twice

    short = text_of(keeper.post(address, told | {f"line_{line.pk}": "3", "step": "review"}))
    assert "one for each of its units" in short
    # With each scan the file is sent again, and what it says stands there already.
    for there in ("S-1", "S-1 S-2 S-3"):
        file = SimpleUploadedFile("serials.csv", b"\xef\xbb\xbfS-2\r\nS-3\r\n", "text/csv")
        whole = told | {f"line_{line.pk}": "3", "step": "review", f"file_{line.pk}": file}
        compared = text_of(keeper.post(address, whole | {f"serials_{line.pk}": there}))
        assert 'value="S-1\nS-2\nS-3"' in compared
    booked = told | {f"line_{line.pk}": "3", f"serials_{line.pk}": "S-1 S-2 S-3", "step": "book"}
    assert keeper.post(address, booked).status_code == 302
    assert SerialUnit.objects.count() == 3

    lot = text_of(keeper.get(f"/warehouse/lots/{Lot.objects.get().number}/"))
    assert "S-2" in lot


def test_the_packer_names_them_parcel_by_parcel(
    line: ShipmentLine, house: BondedWarehouse, phone: Product, anna: Company, clerk: User
) -> None:
    came(line, clerk, NUMBERS)
    (order,) = released(anna, phone, [2])
    picked([order], clerk)
    keeper = signed_in(house.operator, Role.WAREHOUSE)
    grams = phone.gross_weight_g
    told = {"house": house.pk, "order": order.number, "weights": f"{grams} {grams}"}
    told["package"] = "box"

    refused = keeper.post("/warehouse/packing/", told | {"serials": "S-1 S-2"})
    assert refused.status_code == 422
    assert "on a line of its own" in text_of(refused)
    assert not Parcel.objects.exists()
    missing = keeper.post("/warehouse/packing/", told)
    assert "one for each of its units" in text_of(missing)
    assert keeper.post("/warehouse/packing/", told | {"serials": "S-1\nS-2"}).status_code == 302
    assert [one.serials.get().unit.serial for one in Parcel.objects.order_by("pk")] == [
        "S-1",
        "S-2",
    ]
