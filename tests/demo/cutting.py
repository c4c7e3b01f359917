"""A story that was cut short in the middle of its chapters, as by a machine that went down."""

from __future__ import annotations

from datetime import timedelta

from core.models import WorkState
from core.queue import claim
from customs import services as customs
from customs.models import Declaration, DeclarationDocument, DeclarationState
from demo import chapters_bond as bond
from demo import chapters_buying as buying
from demo.management.commands.demo import CHAPTERS
from demo.story import Story
from procurement.models import OrderState, PurchaseOrder, PurchaseOrderLine, Shipment


def tell(story: Story, *chapters: object) -> None:
    """Those chapters, in the story's order; without one, all of them."""
    for title, chapter in CHAPTERS:
        if not chapters or chapter in chapters:
            with story.teller.chapter(title) as told:
                chapter(story, told)


def cut_short(story: Story) -> None:
    """Ended after the first of an order's shipments; between a draft and its paper; and with a
    paper in the hands of a worker that died. Each time the chapter is told once more."""
    tell(story, buying.stock_the_catalogue, buying.file_forecasts, buying.close_the_round)
    tell(story, buying.place_the_orders)
    order = max(story.orders, key=lambda one: one.lines.count())
    lines = list(order.lines.select_related("product").order_by("position"))
    assert len(lines) > 1
    buying._ship(story, order, lines[:1], 0)

    tell(story, buying.ship_the_goods)

    assert not PurchaseOrderLine.objects.filter(shipment_lines=None).exists()
    assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {OrderState.SHIPPED}

    first, *others = Shipment.objects.order_by("departed_at", "pk")
    drafts = [
        bond.draft(story, shipment, now=story.waves[0].drafted_at)
        for shipment in (first, *others[:1])
    ]
    # Due before the worker's clock, so only the test itself takes it.
    story.at(story.waves[0].drafted_at - timedelta(days=1))
    customs.queue_document(declaration=drafts[1], now=story.waves[0].drafted_at)
    (taken,) = claim(DeclarationDocument, now=story.waves[0].drafted_at)
    assert taken.state == WorkState.GENERATING

    tell(story, bond.declare_the_goods)

    living = Declaration.objects.exclude(state=DeclarationState.REJECTED)
    assert set(living.values_list("state", flat=True)) == {DeclarationState.RELEASED}
    assert living.count() == Shipment.objects.count()
    assert DeclarationDocument.objects.exclude(state=WorkState.READY).count() == 0
