"""A story that was cut short anywhere goes on where it stopped, and adds up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F

from catalog.models import Product
from core.models import WorkState
from core.queue import claim
from customs import services as customs
from customs.models import Declaration, DeclarationDocument, DeclarationState
from demo import chapters_bond as bond
from demo import chapters_buying as buying
from demo import chapters_paying as paying
from demo import story as stories
from demo.management.commands.demo import CHAPTERS
from demo.story import Story
from procurement.models import OrderState, PurchaseOrder, PurchaseOrderLine, Shipment, ShipmentState
from tests.demo.conftest import forecast_rows


def _tell(story: Story, *names: Callable[..., None]) -> None:
    for title, chapter in CHAPTERS:
        if not names or chapter in names:
            with story.teller.chapter(title) as told:
                chapter(story, told)


@pytest.mark.usefixtures("at_work")
def test_a_story_cut_short_in_the_middle_of_its_chapters_goes_on(
    tellable: Callable[[list[dict[str, str]]], Story], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stories, "NUDGE_SECONDS", 1)
    story = tellable(forecast_rows())
    _tell(
        story,
        *(buying.stock_the_catalogue, buying.file_forecasts, buying.close_the_round),
        buying.place_the_orders,
    )
    # Ended after the first of an order's shipments.
    order = max(story.orders, key=lambda one: one.lines.count())
    lines = list(order.lines.select_related("product").order_by("position"))
    assert len(lines) > 1
    buying._ship(story, order, lines[:1], 0)

    _tell(story, buying.ship_the_goods)

    assert not PurchaseOrderLine.objects.filter(shipment_lines=None).exists()
    assert set(PurchaseOrder.objects.values_list("state", flat=True)) == {OrderState.SHIPPED}

    # Ended between a draft and its paper, and with a paper in the hands of a dead worker.
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

    _tell(story, bond.declare_the_goods)

    living = Declaration.objects.exclude(state=DeclarationState.REJECTED)
    assert set(living.values_list("state", flat=True)) == {DeclarationState.RELEASED}
    assert living.count() == Shipment.objects.count()
    assert DeclarationDocument.objects.exclude(state=WorkState.READY).count() == 0

    _tell(story)

    # The last chapter leaves one part of an order on its way.
    states = Counter(Shipment.objects.values_list("state", flat=True))
    assert states.pop(ShipmentState.SHIPPED) == 1
    assert states.keys() == {ShipmentState.RECEIVED}
    with story.teller.chapter("again") as told:
        paying.count_everything_again(story, told)

    Product.objects.update(volume_cm3=F("volume_cm3") * 100)
    with pytest.raises(paying.Uneven), story.teller.chapter("too large") as told:
        paying.count_everything_again(story, told)
