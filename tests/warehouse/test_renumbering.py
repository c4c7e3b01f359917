"""Serial numbers that were mistyped are put right; units that are gone or found are named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Company, Role, User
from catalog.models import Product
from core.errors import DomainError
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import ARRIVES, BondedWarehouseFactory, a_cleared_shipment
from tests.walls.rows import all_rows
from tests.warehouse.browsing import signed_in, text_of
from tests.warehouse.leaving import LEAVES, picked, released
from warehouse.models import (
    BondedWarehouse,
    CountLine,
    Holding,
    Lot,
    RetailOrder,
    SerialChange,
    SerialStep,
    SerialUnit,
)
from warehouse.queries.proving import prove_stock
from warehouse.queries.serials import changes_of, gone_unnamed, serials_of
from warehouse.rules.posting import Status
from warehouse.rules.receiving import Found
from warehouse.rules.renumbering import (
    Act,
    FewerUnitsGone,
    SerialNotGone,
    SerialNotInHouse,
    SerialUnchanged,
    SerialUnknown,
    SerialWithoutReason,
)
from warehouse.rules.serials import SerialNotHere, SerialSeenTwice, WrongSerial
from warehouse.services import (
    Packed,
    change_serial,
    change_stock,
    decide_count,
    enter_count,
    pack_order,
    receive,
    start_count,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


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
def lot(house: BondedWarehouse, phone: Product, anna: Company, clerk: User) -> Lot:
    came(house, phone, anna, clerk, "S-12", "S-2", "S-3")
    return Lot.objects.get()


def came(house: BondedWarehouse, phone: Product, anna: Company, clerk: User, *serials: str) -> None:
    line = a_cleared_shipment({anna: len(serials)}, product=phone, bound_for=house.operator)
    receive(
        shipment=line.shipment,
        warehouse=house,
        counts={line.pk: len(serials)},
        received_by=clerk,
        now=ARRIVES,
        found={line.pk: Found(serials=serials)},
    )


def put_right(lot: Lot, clerk: User, serial: str, act: Act, right: str = "") -> SerialChange:
    return change_serial(
        lot=lot,
        serial=serial,
        act=act,
        right=right,
        reason="  Seen  at the count ",
        changed_by=clerk,
        now=LEAVES,
    )


def destroyed(lot: Lot, clerk: User, units: int) -> None:
    held = Holding.objects.get(lot=lot, status=Status.AVAILABLE)
    keeper = lot.warehouse.operator
    for after in (Status.DAMAGED, None):
        change_stock(
            holding=held, keeper=keeper, after=after, changed_by=clerk, now=LEAVES, units=units
        )
        held = Holding.objects.get(lot=lot, status=Status.DAMAGED)


def packed(phone: Product, anna: Company, clerk: User, serial: str) -> RetailOrder:
    (order,) = released(anna, phone, [1])
    picked([order], clerk)
    line = order.lines.get()
    pack_order(
        house=BondedWarehouse.objects.get(),
        order=order.number,
        parcels=[Packed(line.product.gross_weight_g, serials=(serial,))],
        packed_by=clerk,
        now=LEAVES,
    )
    return order


def test_a_mistyped_number_is_corrected_and_free_again(
    lot: Lot, house: BondedWarehouse, phone: Product, anna: Company, clerk: User
) -> None:
    change = put_right(lot, clerk, "S-12", Act.CORRECTED, "S-21")

    assert serials_of(lot) == [("S-2", True), ("S-21", True), ("S-3", True)]
    assert (change.before, change.after, change.reason) == ("S-12", "S-21", "Seen at the count")
    assert changes_of(lot) == [change]
    with pytest.raises(SerialUnknown):
        put_right(lot, clerk, "S-12", Act.CORRECTED, "S-4")
    came(house, phone, anna, clerk, "S-12")
    assert SerialUnit.objects.filter(serial="S-12").count() == 1
    assert prove_stock() == []


@pytest.mark.parametrize(
    ("serial", "act", "right", "refusal"),
    [
        ("S-9", Act.CORRECTED, "S-8", SerialUnknown),
        ("S-12", Act.CORRECTED, "S-12", SerialUnchanged),
        ("S-12", Act.CORRECTED, "S-3", SerialSeenTwice),
        ("S-12", Act.CORRECTED, "", WrongSerial),
        ("S-12", Act.CORRECTED, "号", WrongSerial),
        ("S-12", Act.DESTROYED, "", FewerUnitsGone),
        ("S-12", Act.LOST, "", FewerUnitsGone),
        ("S-12", Act.FOUND, "", SerialNotGone),
    ],
)
def test_what_does_not_follow_is_refused_and_nothing_is_written(
    lot: Lot, clerk: User, serial: str, act: Act, right: str, refusal: type[DomainError]
) -> None:
    before = all_rows()

    with pytest.raises(refusal), transaction.atomic():
        put_right(lot, clerk, serial, act, right)
    with pytest.raises(SerialWithoutReason), transaction.atomic():
        change_serial(
            lot=lot, serial="S-2", act=Act.LOST, reason=" \u202e", changed_by=clerk, now=LEAVES
        )

    assert all_rows() == before


def test_units_that_were_destroyed_are_named_and_no_more_than_were(
    lot: Lot, phone: Product, anna: Company, clerk: User
) -> None:
    destroyed(lot, clerk, 1)
    assert (gone_unnamed(lot), serials_of(lot)[1]) == (1, ("S-2", True))

    put_right(lot, clerk, "S-2", Act.DESTROYED)

    assert serials_of(lot) == [("S-12", True), ("S-2", False), ("S-3", True)]
    assert gone_unnamed(lot) == 0
    for serial, act, refusal in (
        ("S-2", Act.DESTROYED, SerialNotInHouse),
        ("S-2", Act.CORRECTED, SerialNotInHouse),
        ("S-3", Act.DESTROYED, FewerUnitsGone),
    ):
        before = all_rows()
        with pytest.raises(refusal), transaction.atomic():
            put_right(lot, clerk, serial, act, "S-7")
        assert all_rows() == before
    with pytest.raises(SerialNotHere), transaction.atomic():
        packed(phone, anna, clerk, "S-2")
    assert prove_stock() == []


def test_a_unit_that_is_found_comes_back_and_leaves_with_an_order(
    lot: Lot, phone: Product, anna: Company, clerk: User
) -> None:
    destroyed(lot, clerk, 1)
    put_right(lot, clerk, "S-2", Act.DESTROYED)

    # It was another one.
    put_right(lot, clerk, "S-2", Act.FOUND)
    put_right(lot, clerk, "S-12", Act.WRITTEN_OFF)
    packed(phone, anna, clerk, "S-2")

    assert serials_of(lot) == [("S-12", False), ("S-2", False), ("S-3", True)]
    steps = SerialStep.objects.filter(unit__serial="S-2").order_by("step")
    assert list(steps.values_list("step", flat=True)) == [1, 2, 3]
    for act, refusal in ((Act.FOUND, SerialNotGone), (Act.CORRECTED, SerialNotInHouse)):
        with pytest.raises(refusal), transaction.atomic():
            put_right(lot, clerk, "S-2", act, "S-7")
    assert prove_stock() == []


def test_a_unit_that_a_count_finds_may_be_named_as_found_later(
    lot: Lot, house: BondedWarehouse, clerk: User
) -> None:
    MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    counted(house, 2)
    put_right(lot, clerk, "S-2", Act.LOST)
    assert (gone_unnamed(lot), prove_stock()) == (0, [])

    counted(house, 3)

    # Nobody has said yet which one it is; until then no other is named as gone.
    assert Holding.objects.get(lot=lot).on_hand == 3
    assert (gone_unnamed(lot), prove_stock()) == (-1, [])
    with pytest.raises(FewerUnitsGone), transaction.atomic():
        put_right(lot, clerk, "S-3", Act.LOST)
    put_right(lot, clerk, "S-2", Act.FOUND)
    assert (gone_unnamed(lot), prove_stock()) == (0, [])
    assert serials_of(lot) == [("S-12", True), ("S-2", True), ("S-3", True)]


def counted(house: BondedWarehouse, units: int) -> None:
    """Two people find so many units of the only lot, and a third approves it."""
    first, second, third = (UserFactory.create() for _ in range(3))
    keeper = house.operator
    count = start_count(
        house=house, keeper=keeper, subject="PHONE", freezes=False, started_by=first, now=LEAVES
    )
    line = CountLine.objects.get(count=count)
    for who in (first, second):
        enter_count(count=count, keeper=keeper, units={line.pk: units}, counted_by=who, now=LEAVES)
    decide_count(count=count, approves=True, remark="INV-1", decided_by=third, now=LEAVES)


def test_the_proof_finds_more_named_than_were_written_off(lot: Lot, clerk: User) -> None:
    destroyed(lot, clerk, 1)
    change = put_right(lot, clerk, "S-2", Act.DESTROYED)
    other = SerialUnit.objects.get(serial="S-3")
    more = SerialChange.objects.create(
        number="SN-1",
        unit=other,
        act="lost",
        before="S-3",
        reason="x",
        keeper_id=change.keeper_id,
        changed_at=LEAVES,
        changed_by=clerk,
    )
    SerialStep.objects.create(unit=other, step=1, change=more, keeper_id=change.keeper_id)

    (found,) = prove_stock()

    assert found.proof == "named as gone = no more than was destroyed or written off"
    assert (found.subject, found.booked, found.stands) == (
        f"serial numbers of lot {lot.number}",
        2,
        1,
    )


def test_the_database_itself_refuses_a_step_by_two_ways(lot: Lot, clerk: User) -> None:
    destroyed(lot, clerk, 1)
    change = put_right(lot, clerk, "S-2", Act.DESTROYED)

    with pytest.raises(IntegrityError, match="by_turns"), transaction.atomic():
        SerialStep.objects.create(unit=change.unit, step=2, keeper_id=change.keeper_id)
    with pytest.raises(IntegrityError, match="another_one"), transaction.atomic():
        SerialChange.objects.create(
            number="SN-1",
            unit=change.unit,
            act="corrected",
            before="S-2",
            after="S-2",
            reason="x",
            keeper_id=change.keeper_id,
            changed_at=LEAVES,
            changed_by=clerk,
        )


def test_the_page_puts_them_right_and_shows_what_was(lot: Lot, house: BondedWarehouse) -> None:
    keeper = signed_in(house.operator, Role.WAREHOUSE)
    address = f"/warehouse/lots/{lot.number}/serials/"
    told = {"serial": "S-12", "act": "corrected", "right": "S-3", "reason": "Digits swapped"}

    refused = keeper.post(address, told)
    assert refused.status_code == 422
    assert "is there already" in text_of(refused)
    refused = keeper.post(address, told | {"act": "lost"})
    assert refused.status_code == 422
    assert "No more units of this lot" in text_of(refused)
    assert not SerialChange.objects.exists()

    assert keeper.post(address, told | {"right": "S-21"}).status_code == 302
    shown = text_of(keeper.get(address))
    assert "S-12 → S-21" in shown
    assert "Digits swapped" in shown
