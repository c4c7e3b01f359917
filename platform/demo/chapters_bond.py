"""The middle of the story: customs, receipt into bond, labels, consumers' orders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from accounts.models import Company
from core import walls
from core.money import Money
from customs import services as customs
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationState,
    HouseAtCustoms,
    RetailList,
)
from customs.queries import products_of, statement_of
from customs.rules.stating import Answer, Told
from customs.services import parties
from demo import photographs
from demo.calendar import Wave
from demo.elements import file_products, fill_elements, judge_remarks
from demo.merging import merge_one
from demo.shops import once_more, orders_of
from demo.story import Story, wait_for, wait_until_none
from demo.telling import Chapter
from procurement.models import Shipment, ShipmentLine, ShipmentState
from traceability import services as traceability
from traceability.models import ItemIdentity, LabelSheet
from warehouse import services as warehouse
from warehouse.models import (
    Holding,
    Lot,
    Receipt,
    ReceiptLine,
    ReceiptShare,
    RetailOrder,
    RetailOrderState,
    StockStatus,
)
from warehouse.rules.receiving import Found
from warehouse.rules.retail import Outcome

#: Items labelled of each lot; the rest waits on the lot's page.
LABELS_PER_LOT = 12
#: Ports that their suppliers call otherwise than customs' table does.
PORTS = {"Genova": "ITA075"}


def draft(story: Story, shipment: Shipment, *, now: datetime) -> Declaration:
    """Fill in what customs asks of the goods of a shipment, and draft its declaration."""
    goods = list(products_of(shipment).values())
    clerk, house = story.house.people["importer@bondpool.example"], story.house
    fill_elements(goods, made_by=clerk, now=now)
    judge_remarks(goods, judged_by=clerk, judged_for=house.importer, now=now)
    file_products(
        goods,
        warehouse=house.bonded_warehouse,
        importer=house.importer,
        asked_by=clerk,
        answered_by=house.receiver,
        now=now,
    )
    _state(story, shipment, now=now)
    return customs.draft_declaration(
        shipment=shipment, importer=house.importer, warehouse=house.bonded_warehouse, now=now
    )


def _state(story: Story, shipment: Shipment, *, now: datetime) -> None:
    """What the importer states to customs of a supplier's shipments, and the keeper of its port."""
    house = story.house.bonded_warehouse
    if not HouseAtCustoms.objects.filter(warehouse=house).exists():
        parties.tell_house(house=house, port_code="3104", traf_mode="Y", site_code="", now=now)
    if statement_of(shipment) is not None:
        return
    customs.keep_statement(
        shipment=shipment,
        told=Told(
            special_relation=Answer.NO,
            price_influence=Answer.NO,
            royalties=Answer.NO,
            package_kind="22",
            departure_port=PORTS.get(shipment.order.supplier.departure_port, ""),
        ),
        for_supplier=True,
        told_by=story.house.people["importer@bondpool.example"],
        now=now,
    )


def declare_the_goods(story: Story, chapter: Chapter) -> None:
    """One declaration per shipment, its paper made by the worker, lodged and released.

    The authority's answer is typed in by the importer in this version; the demo types
    numbers that are well-formed and made up. The first declaration is sent back once, so
    that a rejection with its reason and the second try can be seen.
    """
    for wave in story.waves:
        for shipment in _shipments(story, wave, ShipmentState.SHIPPED):
            if shipment.declarations.exists():
                continue
            draft(story, shipment, now=story.at(wave.drafted_at))
        _order_the_papers(story)
        story.at(wave.drafted_at + timedelta(minutes=10))
        with story.teller.counting("declarations", DeclarationDocument.objects.count()) as counted:
            wait_for(story, DeclarationDocument, counted)
        _send_one_back(story, wave)
        story.at(wave.lodged_at)
        for declaration in Declaration.objects.filter(state=DeclarationState.READY):
            customs.lodge(declaration=declaration, now=story.at(wave.lodged_at))
        for declaration in Declaration.objects.filter(state=DeclarationState.LODGED):
            customs.record_release(
                declaration=declaration,
                their_reference=_number(story, declaration),
                now=story.at(wave.released_at),
            )
    mine = Declaration.objects.filter(shipment__order__round=story.round)
    counts = Counter(mine.values_list("state", flat=True))
    lines = mine.filter(state=DeclarationState.RELEASED).aggregate(n=Count("lines"))["n"]
    chapter.say(
        _(
            "%(released)s declarations released with %(lines)s goods lines, %(rejected)s rejected "
            "with its reason and drawn again"
        ),
        released=counts[DeclarationState.RELEASED],
        lines=lines,
        rejected=counts[DeclarationState.REJECTED],
    )


def receive_into_bond(story: Story, chapter: Chapter) -> None:
    """Shipments are counted; some lines are a few units short, on purpose."""
    for wave in story.waves:
        for place, shipment in enumerate(_shipments(story, wave, ShipmentState.CLEARED)):
            lines = shipment.lines.select_related("order_line").order_by("pk")
            if place == 0:
                _photograph(story, shipment, _damaged(lines), wave)
            warehouse.receive(
                shipment=shipment,
                warehouse=story.house.bonded_warehouse,
                counts={line.pk: _counted(line) for line in lines},
                found=_damaged(lines) if place == 0 else {},
                received_by=story.house.receiver,
                now=story.at(wave.received_at),
            )
    mine = ReceiptLine.objects.filter(receipt__shipment__order__round=story.round)
    sums = mine.aggregate(announced=Sum("announced"), counted=Sum("counted"), lots=Count("pk"))
    chapter.say(
        _(
            "%(receipts)s receipts, %(lots)s lots: %(announced)s units announced, %(counted)s "
            "counted"
        ),
        receipts=Receipt.objects.filter(shipment__order__round=story.round).count(),
        lots=sums["lots"],
        announced=sums["announced"],
        counted=sums["counted"],
    )
    chapter.say(
        _("%(short)s units short, shared among the owners"),
        short=sums["announced"] - sums["counted"],
    )


def label_the_items(story: Story, chapter: Chapter) -> None:
    """Some items of every lot get a code of their own and a printed label."""
    for lot in _lots(story):
        if not LabelSheet.objects.filter(lot_number=lot.number).exists():
            traceability.issue_labels(
                product=lot.product,
                lot_number=lot.number,
                count=min(LABELS_PER_LOT, lot.receipt_line.counted),
                now=story.at(lot.received_at + timedelta(hours=3)),
                issued_by=story.house.bonded_warehouse.operator,
            )
    with story.teller.counting("label sheets", LabelSheet.objects.count()) as counted:
        sheets = wait_for(story, LabelSheet, counted)
    chapter.say(
        _("%(items)s item codes on %(sheets)s label sheets"),
        items=ItemIdentity.objects.count(),
        sheets=sheets,
    )


def sell_in_the_shops(story: Story, chapter: Chapter) -> None:
    """Consumers' orders take stock from each seller's own share; customs lists are drawn."""
    quarter = story.quarter
    first_day = 22
    outcomes: Counter[Outcome] = Counter()
    shelves: dict[int, dict[str, int]] = {}
    free = Holding.objects.filter(lot__in=_lots(story), status=StockStatus.AVAILABLE)
    # Not who got some from another seller later on.
    ordered = ReceiptShare.objects.filter(receipt__shipment__order__round=story.round)
    stock = free.filter(owner__in=ordered.values("owner")).exclude(owner=story.house.platform)
    for owner, sku, units in stock.values_list("owner_id", "lot__product__sku", "on_hand"):
        shelves.setdefault(owner, {})
        shelves[owner][sku] = shelves[owner].get(sku, 0) + units
    served = set(
        RetailOrder.objects.filter(channel_order_number__startswith=f"{quarter.name}-")
        .values_list("seller_id", flat=True)
        .distinct()
    )
    now = story.at(quarter.settles_at - timedelta(hours=12))
    sellers = Company.objects.filter(pk__in=shelves.keys() - served).order_by("pk")
    with story.teller.counting("shops", len(sellers)) as counted:
        for number, seller in enumerate(sellers, 1):
            orders = list(
                orders_of(
                    seller.code,
                    shelves[seller.pk],
                    story.prices,
                    quarter=quarter,
                    first_day=first_day,
                    most=story.retail_orders_per_seller,
                )
            )
            if number == 1:
                # Its last buyer came again.
                orders += [once_more(one) for one in orders[-1:]]
            with walls.inside(seller.pk):
                results = warehouse.accept_orders(seller=seller, orders=orders, now=now)
            outcomes.update(result.outcome for result in results)
            counted(number)
    wait_for_lists()
    if merge_one(story, chapter, now):
        wait_for_lists()
    mine = RetailOrder.objects.filter(channel_order_number__startswith=f"{quarter.name}-")
    lists = RetailList.objects.filter(order__in=mine, void__isnull=True).aggregate(
        n=Count("pk"), value=Sum("dutiable_minor"), tax=Sum("tax_minor")
    )
    over = [RetailOrderState.CANCELLED, RetailOrderState.MERGED]
    units = mine.exclude(state__in=over).aggregate(n=Sum("lines__quantity"))["n"]
    chapter.say(
        _("%(orders)s consumers' orders, %(units)s units from bond"),
        orders=mine.count(),
        units=units or 0,
    )
    chapter.say(
        _("%(lists)s retail lists: %(value)s of goods, %(tax)s cross-border tax"),
        lists=lists["n"],
        value=Money(lists["value"] or 0, "CNY"),
        tax=Money(lists["tax"] or 0, "CNY"),
    )
    merged = mine.filter(state=RetailOrderState.MERGED).count()
    if mine.count() - merged > lists["n"]:
        chapter.say(
            _("%(orders)s orders over a customs limit: given back to the shelf with the reason"),
            orders=mine.count() - merged - lists["n"],
        )
    if outcomes[Outcome.REFUSED]:
        chapter.say(
            _("%(orders)s orders refused, each with its reason"), orders=outcomes[Outcome.REFUSED]
        )


def _counted(line: ShipmentLine) -> int:
    """What the gate finds: of every order's first and then every fourth line a few are missing."""
    missing = min(7, line.quantity // 8) if line.order_line.position % 4 == 1 else 0
    return line.quantity - missing


def _damaged(lines: Iterable[ShipmentLine]) -> dict[int, Found]:
    """Two units of a shipment's first line were dropped."""
    return {line.pk: Found(damaged=2) for line in list(lines)[:1] if _counted(line) > 2}


def _photograph(story: Story, shipment: Shipment, damaged: Iterable[int], wave: Wave) -> None:
    """While it is counted: the pallet as it came, and what was dropped."""
    lines = shipment.lines.in_bulk(list(damaged))
    drawn = [
        (None, "整托到货，外箱潮湿 Wet cartons on arrival", photographs.of_a_pallet()),
        *((one, "箱角压坏 Corner crushed", photographs.of_damage(pk)) for pk, one in lines.items()),
    ]
    for line, caption, content in drawn:
        warehouse.keep_pictures(
            shipment=shipment,
            keeper=story.house.bonded_warehouse.operator,
            line=line,
            sent=[warehouse.Sent("gate.jpg", content)],
            caption=caption,
            taken_by=story.house.receiver,
            now=story.at(wave.received_at - timedelta(minutes=20)),
        )


def _shipments(story: Story, wave: Wave, state: ShipmentState) -> list[Shipment]:
    mine = Shipment.objects.filter(
        order__round=story.round, departed_at=wave.departs_at, state=state
    )
    return list(mine.order_by("pk"))


def _lots(story: Story) -> list[Lot]:
    mine = Lot.objects.filter(order_line__order__round=story.round)
    return list(mine.select_related("product", "receipt_line").order_by("pk"))


def _send_one_back(story: Story, wave: Wave) -> None:
    if Declaration.objects.filter(state=DeclarationState.REJECTED).exists():
        return
    first = Declaration.objects.filter(state=DeclarationState.READY).order_by("pk").first()
    if first is None:
        return
    customs.lodge(declaration=first, now=story.at(wave.lodged_at - timedelta(hours=20)))
    customs.record_rejection(
        declaration=first,
        reason="规格型号申报要素不完整，请补充后重新申报",
        now=story.at(wave.lodged_at - timedelta(hours=4)),
    )
    _order_the_papers(story)
    wait_for(story, DeclarationDocument)


def _order_the_papers(story: Story) -> None:
    """Rejected declarations are drafted anew and drafts get their papers, those too that a
    telling before this one left behind."""
    mine = Declaration.objects.filter(shipment__order__round=story.round)
    left = mine.filter(state=DeclarationState.REJECTED, replaced_by__isnull=True)
    for rejected in left.order_by("pk"):
        again = (rejected.decided_at or rejected.drafted_at) + timedelta(hours=1)
        customs.redraft(declaration=rejected, now=story.at(again))
    for draft in mine.filter(state=DeclarationState.DRAFT).order_by("pk"):
        customs.queue_document(declaration=draft, now=draft.drafted_at + timedelta(minutes=5))


def _number(story: Story, declaration: Declaration) -> str:
    """Eighteen places as customs writes them: district, year, 1 for import, nine digits."""
    district = story.house.bonded_warehouse.customs_district
    year = story.quarter.first_day.year
    return f"{district}{year}1{declaration.pk:09d}"


def wait_for_lists() -> None:
    wait_until_none(RetailOrder.objects.filter(state=RetailOrderState.ALLOCATED).count)
