"""Between cut-off and the end of a round only changes that fill packs better are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from catalog.models import Product
from core.walls import platform_wide
from procurement.models import PoolRound
from procurement.queries import forecasts, offers
from procurement.rules.disclosing import FEWEST_SELLERS
from procurement.rules.forecasting import FillNotImproved, FillNotJudged, Phase, Want
from procurement.rules.sharing.packs import improves_any_fill, improves_fill

_Figures = tuple[int, int, int]
_Before = Mapping[int, Mapping[int, _Figures]]
_NONE: _Figures = (0, 0, 0)

#: So many products are named in a refusal.
_NAMED = 20


def check_fill(round: PoolRound, filed: Mapping[int, Sequence[Want]], now: datetime) -> None:
    """What ``filed`` changes, by seller, must not make packs emptier once the cut-off is past.

    Each product whose line changed is looked at: the sum over all sellers before and after, in
    the packs of its offer. What a seller would do without may only fall. Of what fewer than
    three sellers want, only what improves any fill is taken: who tries one quantity after another
    would find out what the other wants.

    Raises FillNotJudged or FillNotImproved, naming the products.
    """
    if forecasts.phase(round, now) != Phase.FILLING:
        return
    # The others' wishes count in the sums; of them nothing is told but yes or no.
    with platform_wide():
        before = forecasts.wanted_by(round, filed)
        few, hidden = _refused_of_few(round, filed, before)
        refused = set() if hidden else _refused(round, filed, before, few)
    if hidden:
        raise FillNotJudged(products=_named(hidden), count=len(hidden))
    if refused:
        raise FillNotImproved(products=_named(refused), count=len(refused))


def _named(products: set[int]) -> str:
    skus = Product.objects.filter(pk__in=products).order_by("sku")
    return ", ".join(skus.values_list("sku", flat=True)[:_NAMED])


def _refused_of_few(
    round: PoolRound, filed: Mapping[int, Sequence[Want]], before: _Before
) -> tuple[set[int], set[int]]:
    """The changed products that a filing seller shares with fewer than two others; and of these
    what is not taken whatever the others want."""
    changed: dict[int, list[tuple[_Figures, _Figures]]] = {}
    mine: Counter[int] = Counter()
    for seller, wants in filed.items():
        had = before.get(seller, {})
        has = {w.product_id: (w.quantity, w.less, w.more) for w in wants if w.quantity}
        for product in had.keys() | has.keys():
            was, is_now = had.get(product, _NONE), has.get(product, _NONE)
            if was != is_now:
                changed.setdefault(product, []).append((was, is_now))
                mine[product] += product in had
    sizes = forecasts.pool_sizes(round, changed)
    few = {
        product
        for product in changed
        if sizes.get(product, (0, 0))[1] - mine[product] < FEWEST_SELLERS - 1
    }
    packs = offers.packs(round, few)
    return few, {
        product
        for product in few
        for was, is_now in changed[product]
        if not improves_any_fill(was, is_now, packs.get(product, 1))
    }


def _refused(
    round: PoolRound, filed: Mapping[int, Sequence[Want]], before: _Before, few: set[int]
) -> set[int]:
    change: dict[int, tuple[int, int]] = {}
    refused: set[int] = set()
    for seller, wants in filed.items():
        had = before.get(seller, {})
        has = {w.product_id: (w.quantity, w.less, w.more) for w in wants if w.quantity}
        for product in had.keys() | has.keys():
            was, is_now = had.get(product, (0, 0, 0)), has.get(product, (0, 0, 0))
            if was == is_now or product in few:
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
