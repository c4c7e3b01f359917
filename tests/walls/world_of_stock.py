"""What the warehouse did with goods that lay in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from accounts.models import Company, Role, User
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.warehouse import SELLS
from tests.walls.world_of_credit import Owed
from warehouse.models import Holding, Location, Lot, StockChange, StockTransfer
from warehouse.rules.posting import Status
from warehouse.rules.transferring import Offer
from warehouse.services import change_stock, offer_stock

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

    @property
    def place(self) -> Location:
        """Where the canary's lot lies."""
        with platform_wide():
            found: Location = Location.objects.get(warehouse=self.lot.warehouse_id, code="GATE")
            return found


def happened(
    lot: Lot, owner: Company, other: Company, people: dict[str, User], *, now: datetime
) -> dict[str, Any]:
    """One of each; ``now`` is when the walk begins."""
    return {
        "stock_change": set_aside_and_freed(lot, other, people["warehouse"]),
        "transfer": offered(lot, owner, people, now=now),
    }


def set_aside_and_freed(lot: Lot, owner: Company, keeper: User) -> StockChange:
    """One unit in quarantine, and out of it again: all lies there as before."""
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
    people["partner"] = MembershipFactory.create(company=partner, role=Role.SELLER).user
    return offer_stock(
        giver=owner,
        taker=partner.code,
        lot=lot.number,
        offer=Offer(3, 4_200, date(2026, 11, 20), remark="CANARY remark"),
        offered_by=people["seller"],
        now=now,
    )
