"""How far the canary's order is on its way to its buyer."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import User
from customs.models import RetailList
from customs.services import draw_retail_lists, release_lists
from tests.factories.warehouse import SELLS
from tests.warehouse.leaving import packed, picked
from warehouse.models import PickWave, RetailOrder


@dataclass(frozen=True)
class Sent:
    """What the warehouse left behind of it."""

    wave: PickWave


def sent_on(operator: User, keeper: User) -> Sent:
    """The list of the one order is drawn and released; it is picked and packed."""
    draw_retail_lists(now=SELLS)
    drawn = RetailList.objects.get()
    release_lists(
        numbers=[drawn.number],
        reference="CANARY-CEB622-1",
        released_at=SELLS,
        recorded_by=operator,
        now=SELLS,
    )
    (order,) = RetailOrder.objects.all()
    wave = picked([order], keeper)
    packed([order], keeper)
    return Sent(wave)
