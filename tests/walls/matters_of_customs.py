"""Open matters with the authority: what it was asked, what it asks, and what could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from customs.models import (
    BookFiling,
    CreditTier,
    Deadline,
    DeadlineKind,
    EffectState,
    ReceiptMatch,
)
from customs.queries.papers import KINDS
from customs.rules.deadlines import Flags
from customs.services import grant, make_due_documents, order_papers
from tests.factories.catalog import ProductFactory
from tests.factories.customs import a_queued, a_shipment
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.matters_of_stock import NOW, Page
from tests.walls.world import World
from tests.walls.world_of_declaring import CANARY_GUARANTEE

#: Somebody's warehouse whose book is filed before.
FILED = "FILED"


def _first_in(world: World) -> str:
    """The number of a shipment that may go in before it is declared."""
    shipment = a_shipment(importer=world.importer)
    grant(
        importer=world.importer,
        valid_from=NOW.date(),
        tier=CreditTier.CERTIFIED,
        flags=Flags(first_in=True),
        evidence="AEOCN3302960009",
        set_by=world.people["operator"],
        now=NOW,
    )
    return shipment.number


def of_authority(world: World) -> Iterator[Page]:
    """What customs said of the canary's list is against the state of its order; the bonded list of
    another entry was not sent yet; a product waits for its filing, a month for its declaration;
    and a set of papers is not released."""
    untold = a_queued(importer=world.importer).declaration
    yield Page("importer", f"/customs/declarations/{untold.our_reference}/bonded-list/")
    match = ReceiptMatch.objects.order_by("pk")[0]
    ReceiptMatch.objects.filter(pk=match.pk).update(
        effect=EffectState.REFUSED, refusal="customs.retail_list_voided"
    )
    yield Page("importer", f"/customs/receipts/{match.receipt_id}/")
    BondedWarehouseFactory.create(code=FILED, ledger_number="L3104B26A080")
    product = ProductFactory.create()
    BookFiling.objects.create(
        number="FIL-2026-000099",
        book_number="L3104B26A079",
        keeper=world.lot.warehouse.operator,
        importer=world.importer,
        product=product,
        hs_code=product.hs_code,
        unit=product.declared_unit,
        asked_at=NOW,
        asked_by=world.people["importer"],
    )
    yield Page("warehouse", "/customs/filings/")
    Deadline.objects.create(
        importer=world.importer,
        shipment=world.shipment,
        kind=DeadlineKind.COLLECT,
        due_on=NOW.date() + timedelta(days=9),
        computed_at=NOW,
    )
    yield Page("importer", "/customs/deadlines/")
    yield Page("importer", f"/customs/shipments/{_first_in(world)}/way/")
    yield Page("importer", f"/customs/guarantees/{CANARY_GUARANTEE}/2026-10/")
    declaration = a_queued(importer=world.importer).declaration
    order_papers(declaration=declaration, kinds=KINDS, language="zh-hans", now=NOW)
    make_due_documents(now=lambda: NOW)
    yield Page("importer", f"/customs/declarations/{declaration.our_reference}/papers/")
