"""Lists that customs accepted of one importer on the way of collective declaration."""

from __future__ import annotations

from datetime import UTC, date, datetime

from accounts.models import Company, User
from catalog.models import TradingPartner
from customs.models import CreditTier, Declaration
from customs.rules.deadlines import Flags
from customs.services import (
    draft_declaration,
    grant,
    lodge,
    make_due_documents,
    queue_document,
    record_release,
)
from procurement.models import PoolRound, Shipment
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, EntryStatementFactory, a_shipment, a_warehouse
from tests.factories.procurement import OrderShareFactory, PoolRoundFactory

#: The month of the lists is over.
AUGUST = datetime(2026, 8, 5, 2, tzinfo=UTC)


def may_collect(
    importer: Company, person: User | None = None, *, since: date = date(2026, 7, 1)
) -> None:
    """Customs lets the importer declare its lists by month."""
    grant(
        importer=importer,
        valid_from=since,
        tier=CreditTier.CERTIFIED,
        flags=Flags(collective=True),
        evidence="AEOCN3302960009",
        set_by=person or UserFactory.create(),
        now=DECLARES,
    )


def a_shipment_of(
    importer: Company | None = None,
    supplier: TradingPartner | None = None,
    *,
    lines: int = 1,
    apart: bool = False,
    arrives: date = date(2026, 7, 14),
    owners: tuple[tuple[Company, int], ...] = (),
) -> Shipment:
    """From one supplier; ``owners`` have so many units of its first line."""
    shipment = a_shipment(lines, importer=importer, apart=apart, arrives=arrives, is_stated=False)
    if supplier is not None:
        # Of a round there is one order to a supplier.
        shipment.order.round = PoolRoundFactory.create(category=f"C{PoolRound.objects.count()}")
        shipment.order.supplier = supplier
        shipment.order.save()
    EntryStatementFactory.create(shipment=shipment)
    for owner, units in owners:
        line = shipment.order.lines.order_by("position")[0]
        OrderShareFactory.create(line=line, owner=owner, quantity=units)
    return shipment


def handed_in(shipment: Shipment) -> Declaration:
    """Its list is with customs."""
    draft = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )
    queue_document(declaration=draft, now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    draft.refresh_from_db()
    return lodge(declaration=draft, now=DECLARES)


def accepted(shipment: Shipment, serial: int = 1) -> Declaration:
    """Its list was accepted under the customs number with this serial."""
    number = f"31052026100000{serial:04d}"
    return record_release(declaration=handed_in(shipment), their_reference=number, now=DECLARES)


def a_month(count: int = 2, *, lines: int = 1, apart: bool = False) -> list[Declaration]:
    """So many accepted lists of one importer, which may declare them together."""
    first = a_shipment_of(lines=lines, apart=apart)
    importer, supplier = first.order.buyer, first.order.supplier
    may_collect(importer)
    more = [a_shipment_of(importer, supplier, lines=lines, apart=apart) for _ in range(count - 1)]
    return [accepted(one, serial) for serial, one in enumerate([first, *more], 1)]
