"""Open matters with the authority: what it was asked, what it asks, and what could not be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from customs.models import (
    BookFiling,
    CreditTier,
    Deadline,
    DeadlineKind,
    Declaration,
    DeclarationState,
    EffectState,
    ExportList,
    MessageKind,
    MessageState,
    OutcomeChoice,
    OutgoingElement,
    ReceiptMatch,
    RetailList,
    RetailParties,
)
from customs.queries.papers import KINDS
from customs.rules.deadlines import Flags
from customs.services import (
    book_due,
    draw_collective,
    draw_retail_lists,
    gather_exports,
    grant,
    make_due_collective_papers,
    make_due_documents,
    order_papers,
    queue_collective,
    release_lists,
)
from tests.customs.collecting import a_shipment_of, accepted, may_collect
from tests.factories.catalog import ProductFactory
from tests.factories.customs import DECLARES, a_queued, a_shipment
from tests.factories.messages import (
    OutgoingElementFactory,
    OutgoingMessageFactory,
    RetailPartiesFactory,
)
from tests.factories.warehouse import BondedWarehouseFactory, an_incoming_order
from tests.walls.matters_of_stock import NOW, Page
from tests.walls.world import SELLS, World
from tests.walls.world_of_declaring import CANARY_GUARANTEE
from tests.walls.world_of_receipts import standing
from tests.walls.world_of_zone import EXPORTED
from warehouse.services import accept_orders

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


def _told(world: World, number: str, state: MessageState) -> OutgoingElement:
    """A new order's list, as far as it was told to customs."""
    accept_orders(seller=world.seller, orders=[an_incoming_order("MILK", number=number)], now=SELLS)
    draw_retail_lists(now=SELLS)
    drawn = RetailList.objects.select_related("order").get(order__channel_order_number=number)
    message = OutgoingMessageFactory.create(
        gateway=world.gateway,
        seller=world.seller,
        kind=MessageKind.RETAIL_LIST,
        state=state,
        sent_at=NOW if state == MessageState.SENT else None,
        queued_at=NOW,
        due_at=NOW,
    )
    return OutgoingElementFactory.create(
        message=message, key=drawn.number, retail_list=drawn, retail_order=drawn.order
    )


def _of_parcels(world: World) -> Iterator[Page]:
    """Customs refused a list and an export list, and a released parcel is on none yet; another
    seller waits for the importer to agree."""
    people = world.people
    RetailParties.objects.filter(seller=world.seller).update(agreed_at=NOW)
    RetailPartiesFactory.create(agent=world.importer, agreed_at=None)
    yield Page("importer", "/customs/clients/")
    leaves, waits = (_told(world, number, MessageState.SENT) for number in ("T-21", "T-22"))
    release_lists(
        numbers=[leaves.key, waits.key],
        reference="CEB622",
        released_at=SELLS,
        recorded_by=people["operator"],
        now=SELLS,
    )
    book_due(now=NOW, everything=True)
    for place, one in enumerate((leaves, waits), 1):
        named = OutgoingElement.objects.filter(pk=one.pk)
        named.update(their_number=f"310520261I{place:08d}")
        if one is leaves:
            (gathered,) = gather_exports(importer=world.importer, by=people["importer"], now=NOW)
    standing(gathered.element, OutcomeChoice.REFUSED, now=NOW)
    yield Page("importer", "/customs/exports/")
    yield Page("importer", f"/customs/exports/{gathered.number}/")
    failed = _told(world, "T-23", MessageState.FAILED)
    yield Page("seller", f"/retail-lists/{failed.key}/")


def _of_lists(world: World) -> Iterator[Page]:
    """Customs has approved lists that no truck has yet: they may be changed, or deleted."""
    told = a_queued(importer=world.importer).declaration
    Declaration.objects.filter(pk=told.pk).update(state=DeclarationState.READY)
    listed = ExportList.objects.get(number=EXPORTED)
    message = OutgoingMessageFactory.create(
        gateway=listed.element.message.gateway,
        seller=None,
        kind=MessageKind.BONDED_LIST,
        queued_at=NOW,
    )
    element = OutgoingElementFactory.create(
        message=message,
        key=told.our_reference,
        declaration=told,
        their_number="QD310526I000007929",
    )
    for one in (element, listed.element):
        standing(one, OutcomeChoice.TAKEN, now=NOW)
    yield Page("importer", f"/customs/declarations/{told.our_reference}/bonded-list/")
    yield Page("importer", f"/customs/exports/{listed.number}/")


def _of_months(world: World) -> Iterator[Page]:
    """A list waits for its month's declaration; another month's is ready to be lodged."""
    may_collect(world.importer, world.people["operator"], since=DECLARES.date())
    first, second = (
        accepted(a_shipment_of(world.importer), serial=serial) for serial in (8001, 8002)
    )
    drawn = draw_collective(importer=world.importer, lists=[first.our_reference], now=NOW)
    queue_collective(collective=drawn, now=NOW)
    make_due_collective_papers(now=lambda: NOW)
    yield Page("importer", f"/customs/collective/{drawn.our_reference}/")
    assert second.state == DeclarationState.RELEASED
    yield Page("importer", "/customs/collective/")


def of_authority(world: World) -> Iterator[Page]:
    """What customs said of the canary's list is against the state of its order; the bonded list of
    another entry was not sent yet; a product waits for its filing, a month for its declaration;
    a set of papers is not released, and a shipment not stated."""
    unstated = a_shipment(importer=world.importer, is_stated=False)
    yield Page("importer", f"/customs/shipments/{unstated.number}/statement/")
    yield from _of_parcels(world)
    yield from _of_lists(world)
    yield from _of_months(world)
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
        kind=DeadlineKind.COMPLETE,
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
