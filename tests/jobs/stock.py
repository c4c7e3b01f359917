"""Goods in a warehouse, fit for a bulk action or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from accounts.models import Membership, Role
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.warehouse import received_stock
from warehouse.models import BondedWarehouse, Holding, Location, StockChange
from warehouse.rules.posting import Status
from warehouse.services import change_stock, make_places

_LATE = (date(2028, 1, 1), date(2028, 1, 1))
#: In which status two rows lie, in which the third that is refused, and the last day of each.
SCENES: dict[str, tuple[Status, Status, tuple[date, date]]] = {
    "quarantine": (Status.AVAILABLE, Status.EXPIRED, (date(2026, 9, 1), date(2026, 9, 1))),
    "free": (Status.QUARANTINE, Status.DAMAGED, _LATE),
    "damage": (Status.AVAILABLE, Status.RECALLED, _LATE),
    "recall": (Status.AVAILABLE, Status.DAMAGED, _LATE),
    "expire": (Status.AVAILABLE, Status.AVAILABLE, (date(2026, 10, 30), date(2026, 10, 31))),
    "destroy": (Status.DAMAGED, Status.AVAILABLE, _LATE),
}


def scene(step: str, *, now: datetime) -> tuple[Membership, list[int], Callable[[], int]]:
    """Who acts, on which holdings (the last is refused), and how many were done so far."""
    fit, unfit, days = SCENES[step]
    seller = SellerFactory.create()
    for at in range(3):
        received_stock({seller: 2}, expires_on=days[at // 2])
    keeper = BondedWarehouse.objects.get().operator
    actor = MembershipFactory.create(company=keeper, role=Role.WAREHOUSE)
    for holding, status in zip(Holding.objects.order_by("pk"), (fit, fit, unfit), strict=True):
        if status != Status.AVAILABLE:
            change_stock(
                holding=holding, keeper=keeper, after=status, changed_by=actor.user, now=now
            )
    rows = Holding.objects.filter(on_hand=2).order_by("lot_id")
    before = StockChange.objects.count()
    return actor, [one.pk for one in rows], lambda: StockChange.objects.count() - before


def places() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two empty shelves, and the gate, where goods lie."""
    received_stock({SellerFactory.create(): 2})
    house = BondedWarehouse.objects.get()
    shelves = make_places(house=house, first="A-1", last="A-2", zone="storage")
    gate = Location.objects.get(code="GATE")
    actor = MembershipFactory.create(company=house.operator, role=Role.WAREHOUSE)
    rows = [*(one.pk for one in shelves), gate.pk]
    return actor, rows, lambda: Location.objects.filter(closed_at__isnull=False).count()
