"""What the warehouse did with goods that lay in it."""

from __future__ import annotations

from accounts.models import Company, User
from core.walls import platform_wide
from tests.factories.warehouse import SELLS
from warehouse.models import Holding, Location, Lot, StockChange
from warehouse.rules.posting import Status
from warehouse.services import change_stock

RETAIL_HEAD = (
    "channel,order_number,placed_at,buyer_name,buyer_id_number,consignee_address,"
    "product,quantity,unit_price\n"
)


class Stocked:
    """What of the world's warehouse is found by what lies there."""

    lot: Lot

    @property
    def place(self) -> Location:
        """Where the canary's lot lies."""
        with platform_wide():
            found: Location = Location.objects.get(warehouse=self.lot.warehouse_id, code="GATE")
            return found


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
