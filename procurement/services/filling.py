"""Between cut-off and the end of a round only changes that fill packs better are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.models import Product
from core.walls import platform_wide
from procurement.models import PoolRound
from procurement.queries import forecasts, offers
from procurement.rules.forecasting import FillNotImproved, Phase, Want
from procurement.rules.sharing.packs import improves_fill

#: So many products are named in a refusal.
_NAMED = 20


def check_fill(round: PoolRound, filed: Mapping[int, Sequence[Want]], now: datetime) -> None:
    """What ``filed`` changes, by seller, must not make packs emptier once the cut-off is past.

    Each product whose line changed is looked at: the sum over all sellers before and after, in
    the packs of its offer. What a seller would do without may only fall.

    Raises FillNotImproved, naming the products.
    """
    if forecasts.phase(round, now) != Phase.FILLING:
        return
    # The others' wishes count in the sums; of them nothing is told but yes or no.
    with platform_wide():
        refused = _refused(round, filed)
    if refused:
        skus = Product.objects.filter(pk__in=refused).order_by("sku")
        named = list(skus.values_list("sku", flat=True)[:_NAMED])
        raise FillNotImproved(products=", ".join(named), count=len(refused))


def _refused(round: PoolRound, filed: Mapping[int, Sequence[Want]]) -> set[int]:
    before = forecasts.wanted_by(round, filed)
    change: dict[int, tuple[int, int]] = {}
    refused: set[int] = set()
    for seller, wants in filed.items():
        had = before.get(seller, {})
        has = {w.product_id: (w.quantity, w.less, w.more) for w in wants if w.quantity}
        for product in had.keys() | has.keys():
            was, is_now = had.get(product, (0, 0, 0)), has.get(product, (0, 0, 0))
            if was == is_now:
                continue
            if is_now[1] > was[1]:
                refused.add(product)
            units, more = change.get(product, (0, 0))
            change[product] = (units + is_now[0] - was[0], more + is_now[2] - was[2])
    pooled = forecasts.pooled(round, change)
    packs = offers.packs(round, change)
    for product, (units, more) in change.items():
        wanted = pooled.get(product, (0, 0))
        after = (wanted[0] + units, wanted[1] + more)
        if not improves_fill(wanted, after, packs.get(product, 1)):
            refused.add(product)
    return refused
