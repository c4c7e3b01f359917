"""What the warehouse did with goods that lay in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from accounts.models import Company, Role, User
from core.walls import platform_wide
from customs.models import AccountBook
from customs.services import Booked, book_due
from procurement.models import ShipmentLine
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.fees import rates
from tests.factories.pictures import drawn
from tests.factories.warehouse import SELLS
from tests.walls.world_of_credit import Owed
from tests.walls.world_of_declaring import printed_with_its_month
from warehouse.days import day_of
from warehouse.models import (
    ClaimPart,
    ClaimSettlement,
    CountLine,
    GatePicture,
    Holding,
    Location,
    Lot,
    Pallet,
    PalletMove,
    Parcel,
    ReceiptLine,
    ReceiptShare,
    SerialChange,
    SerialStep,
    SerialUnit,
    StockChange,
    StockCount,
    StockTransfer,
    StorageBill,
    SupplierClaim,
    SupplierClaimLine,
)
from warehouse.rules.counting import Terms
from warehouse.rules.pallets import sscc
from warehouse.rules.posting import Status
from warehouse.rules.transferring import Offer
from warehouse.services import (
    Sent,
    bill_month,
    change_stock,
    charge_day,
    decide_count,
    enter_count,
    enter_tariff,
    keep_pictures,
    offer_stock,
    set_bond_limit,
    set_count_terms,
    set_minimum,
    start_count,
    withdraw_picture,
)

RETAIL_HEAD = (
    "channel,order_number,placed_at,buyer_name,buyer_id_number,consignee_address,"
    "product,quantity,unit_price\n"
)


@dataclass
class Stocked(Owed):
    """What happened to goods in bond, beside what is owed."""

    lot: Lot
    stock_change: StockChange
    transfer: StockTransfer
    stock_count: StockCount
    storage_bill: StorageBill
    book: AccountBook
    pallet: Pallet

    @property
    def place(self) -> Location:
        """Where the canary's lot lies."""
        with platform_wide():
            found: Location = Location.objects.get(warehouse=self.lot.warehouse_id, code="GATE")
            return found

    @property
    def claim(self) -> SupplierClaim:
        """What is claimed of the canary's supplier."""
        with platform_wide():
            found: SupplierClaim = SupplierClaim.objects.get(receipt=self.lot.receipt_line.receipt)
            return found

    @property
    def picture(self) -> GatePicture:
        """Of what came damaged; another was withdrawn."""
        with platform_wide():
            found: GatePicture = GatePicture.objects.get(withdrawal__isnull=True)
            return found


def claimed(lot: Lot, owner: Company, keeper: User) -> None:
    """As if one more had come than announced, for this owner, and damaged; with pictures of it."""
    receipt = lot.receipt_line.receipt
    order = receipt.shipment.order
    shipped = ShipmentLine.objects.create(
        shipment=receipt.shipment, order_line=lot.order_line, quantity=0
    )
    line = ReceiptLine.objects.create(
        receipt=receipt,
        shipment_line=shipped,
        keeper_id=lot.warehouse.operator_id,
        announced=0,
        counted=1,
        damaged=1,
        over=1,
    )
    ReceiptShare.objects.create(
        receipt_line=line, owner=owner, entitled=0, received=1, damaged=1, over=1
    )
    photographed(shipped, lot.warehouse.operator, keeper)
    claim = SupplierClaim.objects.create(
        number="CL-CANARY",
        receipt=receipt,
        receipt_number=receipt.number,
        shipment=receipt.shipment,
        buyer=order.buyer,
        supplier=order.supplier,
        currency=order.currency,
        amount_minor=7919,
        opened_at=SELLS,
    )
    SupplierClaimLine.objects.create(
        claim=claim,
        buyer=order.buyer,
        position=1,
        receipt_line=line,
        product=lot.product,
        counted=line.counted,
        quantity=1,
        amount_minor=7919,
    )
    paid = ClaimSettlement.objects.create(
        number="CS-CANARY",
        claim=claim,
        buyer=order.buyer,
        version=1,
        currency=order.currency,
        amount_minor=7919,
        settled_on=day_of(SELLS),
        rate=1,
        rate_source="canary",
        home_minor=7919,
        entered_at=SELLS,
        entered_by=keeper,
    )
    ClaimPart.objects.create(
        settlement=paid, owner=owner, units=1, amount_minor=7919, home_minor=7919
    )


def photographed(line: ShipmentLine, keeper: Company, clerk: User) -> None:
    """Two pictures, of which one was a wrong one."""
    for color in ("red", "blue"):
        (kept,) = keep_pictures(
            shipment=line.shipment,
            keeper=keeper,
            line=line,
            sent=[Sent("canary.jpg", drawn(color=color))],
            caption=f"CANARY {color}",
            taken_by=clerk,
            now=SELLS,
        )
    withdraw_picture(picture=kept, reason="CANARY wrong", withdrawn_by=clerk, now=SELLS)


def happened(
    lot: Lot, owner: Company, other: Company, people: dict[str, User], *, now: datetime
) -> dict[str, Any]:
    """One of each; ``now`` is when the walk begins."""
    return {
        "book": booked(lot, now=now),
        "stock_change": set_aside_and_freed(lot, owner, other, people["warehouse"]),
        "stock_count": counted(lot, people, now=now),
        "pallet": stacked(lot, people["warehouse"]),
        "storage_bill": stored(lot, owner, people["warehouse"]),
        "transfer": offered(lot, owner, people, now=now),
    }


def booked(lot: Lot, *, now: datetime) -> AccountBook:
    """All that was released, counted, listed and handed over, in the account book."""
    assert book_due(now=now, everything=True) == Booked(posted=4, refused=())
    book: AccountBook = AccountBook.objects.get(number=lot.warehouse.ledger_number)
    printed_with_its_month(now=now)
    return book


def set_aside_and_freed(lot: Lot, mine: Company, owner: Company, keeper: User) -> StockChange:
    """One unit in quarantine, and out of it again: all lies there as before."""
    claimed(lot, mine, keeper)
    for before, after in (
        (Status.AVAILABLE, Status.QUARANTINE),
        (Status.QUARANTINE, Status.AVAILABLE),
    ):
        held = Holding.objects.get(lot=lot, owner=owner, status=before)
        change = change_stock(
            holding=held,
            keeper=lot.warehouse.operator,
            after=after,
            changed_by=keeper,
            units=1,
            now=SELLS,
        )
    return change


def offered(lot: Lot, owner: Company, people: dict[str, User], *, now: datetime) -> StockTransfer:
    """Three units that a third seller may take; nobody else hears of it."""
    partner = SellerFactory.create(code="PARTNER-S")
    for days in (9, None):
        set_minimum(seller=owner, channel="canary", days=days, set_by=people["seller"], now=now)
    people["partner"] = MembershipFactory.create(company=partner, role=Role.SELLER).user
    return offer_stock(
        giver=owner,
        taker=partner.code,
        lot=lot.number,
        offer=Offer(3, 4_200, date(2026, 11, 20), remark="CANARY remark"),
        offered_by=people["seller"],
        now=now,
    )


def counted(lot: Lot, people: dict[str, User], *, now: datetime) -> StockCount:
    """One count that found less than the books say and was refused; one to be counted."""
    house = lot.warehouse
    # Another, and back to the usual one.
    for days in (365, 730):
        set_bond_limit(
            house=house, days=days, reason="CANARY limit", set_by=people["warehouse"], now=now
        )
    set_count_terms(
        house=house, terms=Terms(tolerance_bp=1000), set_by=people["warehouse"], now=now
    )

    def started() -> StockCount:
        return start_count(
            house=house,
            keeper=house.operator,
            subject=lot.number,
            freezes=False,
            started_by=people["warehouse"],
            now=now,
        )

    refused = started()
    there = sum(Holding.objects.filter(lot=lot).values_list("on_hand", flat=True))
    enter_count(
        count=refused,
        keeper=house.operator,
        units={one.pk: there - 7 for one in CountLine.objects.filter(count=refused)},
        counted_by=people["warehouse"],
        now=now,
    )
    decide_count(count=refused, approves=False, remark="", decided_by=people["operator"], now=now)
    return started()


def stored(lot: Lot, owner: Company, keeper: User) -> StorageBill:
    """Three days in the warehouse, charged and billed with their month; the owner's bill."""
    day = day_of(SELLS)
    enter_tariff(warehouse=lot.warehouse, told=rates(day), entered_by=keeper, now=SELLS)
    for days in range(1, 4):
        now = SELLS + timedelta(days=days)
        charge_day(warehouse=lot.warehouse, day=day_of(now) - timedelta(days=1), now=now)
    now = SELLS + timedelta(days=40)
    bills = bill_month(warehouse=lot.warehouse, month=day.replace(day=1), now=now)
    return next(bill for bill in bills if bill.owner_id == owner.pk)


def stacked(lot: Lot, keeper: User) -> Pallet:
    """A pallet that came from another place to the gate; what lay on it lies there. And units of
    the lot with numbers of their own, of which one left."""
    parcel = Parcel.objects.filter(keeper=lot.warehouse.operator_id).order_by("pk")[0]
    SerialStep.objects.create(
        unit=SerialUnit.objects.create(
            product=lot.product,
            serial="CANARY-7919",
            receipt_line=lot.receipt_line,
            keeper_id=parcel.keeper_id,
        ),
        step=1,
        parcel=parcel,
        keeper_id=parcel.keeper_id,
    )
    SerialUnit.objects.bulk_create(
        SerialUnit(
            product=lot.product,
            serial=f"CANARY-{number}",
            receipt_line=lot.receipt_line,
            keeper_id=parcel.keeper_id,
        )
        for number in range(7920, 7930)
    )
    mistyped = SerialUnit.objects.get(serial="CANARY-7920")
    SerialChange.objects.create(
        number="SN-2026-007919",
        unit=mistyped,
        act="corrected",
        before="CANARY-792O",
        after=mistyped.serial,
        reason="CANARY",
        keeper_id=parcel.keeper_id,
        changed_at=SELLS,
        changed_by=keeper,
    )
    house = lot.warehouse
    gate = Location.objects.get(warehouse=house, code="GATE")
    stood = Location.objects.create(warehouse=house, code="CANARY-9", zone="storage")
    code = sscc("9520000", 7919)
    pallet: Pallet = Pallet.objects.create(
        sscc=code,
        location=Location.objects.create(
            warehouse=house, code=code, zone=gate.zone, stands_at=gate
        ),
        keeper_id=house.operator_id,
        made_at=SELLS,
        made_by=keeper,
    )
    PalletMove.objects.create(
        number="MV-CANARY",
        pallet=pallet,
        keeper_id=house.operator_id,
        origin=stood,
        destination=gate,
        moved_at=SELLS,
        moved_by=keeper,
    )
    return pallet
