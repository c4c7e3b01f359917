"""Between cut-off and the end of a round only changes that fill packs better are taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Count

from catalog.models import Product
from core.walls import platform_wide
from procurement.models import FillTry, PoolRound
from procurement.queries import forecasts, offers
from procurement.rules.disclosing import FEWEST_SELLERS
from procurement.rules.forecasting import (
    FillNotImproved,
    FillNotJudged,
    FillTriesUsedUp,
    Phase,
    Want,
)
from procurement.rules.sharing.packs import improves_any_fill, improves_fill

_Figures = tuple[int, int, int]
_Before = Mapping[int, Mapping[int, _Figures]]
_NONE: _Figures = (0, 0, 0)

#: So many products are named in a refusal.
_NAMED = 20
#: So often a seller's change of one product is judged in a round by what all want. Each answer is
#: one bit of the others' sum: three tell eight cases apart, and a case or a layer has more rests
#: than that as a rule (twelve, twenty-four). Who fills a pack needs one, and two for a mistake.
FILL_TRIES: Final = 3


def check_fill(round: PoolRound, filed: Mapping[int, Sequence[Want]], now: datetime) -> None:
    """What ``filed`` changes, by seller, must not make packs emptier once the cut-off is past.

    Each product whose line changed is looked at: the sum over all sellers before and after, in
    the packs of its offer. What a seller would do without may only fall. Of what fewer than
    three sellers want, only what improves any fill is taken: who tries one quantity after another
    would find out what the other wants. Of the others each seller has :data:`FILL_TRIES`, which
    count whether they are taken or refused.

    Raises FillNotJudged, FillTriesUsedUp or FillNotImproved, naming the products.
    """
    if forecasts.phase(round, now) != Phase.FILLING:
        return
    # The others' wishes count in the sums; of them nothing is told but yes or no.
    with platform_wide():
        before = forecasts.wanted_by(round, filed)
        few, hidden = _refused_of_few(round, filed, before)
        judged = set() if hidden else _judged(filed, before, few)
        spent = _spent(round, judged)
        refused: set[int] = set()
        if judged and not spent:
            _note(round, judged, now)
            refused = _refused(round, filed, before, few)
    if hidden:
        raise FillNotJudged(products=_named(hidden), count=len(hidden))
    if spent:
        raise FillTriesUsedUp(products=_named(spent), count=len(spent), most=FILL_TRIES)
    if refused:
        raise FillNotImproved(products=_named(refused), count=len(refused))


def _named(products: set[int]) -> str:
    skus = Product.objects.filter(pk__in=products).order_by("sku")
    return ", ".join(skus.values_list("sku", flat=True)[:_NAMED])


def _judged(
    filed: Mapping[int, Sequence[Want]], before: _Before, few: Collection[int]
) -> set[tuple[int, int]]:
    """Whose change of which product is judged by what all want: seller and product."""
    found = set()
    for seller, wants in filed.items():
        had = before.get(seller, {})
        has = {w.product_id: (w.quantity, w.less, w.more) for w in wants if w.quantity}
        found |= {
            (seller, product)
            for product in had.keys() | has.keys()
            if product not in few and had.get(product, _NONE) != has.get(product, _NONE)
        }
    return found


def _spent(round: PoolRound, judged: Collection[tuple[int, int]]) -> set[int]:
    """The products of which one of these sellers has no try left."""
    if not judged:
        return set()
    tries = FillTry.objects.filter(
        round=round,
        seller__in={seller for seller, _product in judged},
        product__in={product for _seller, product in judged},
    )
    counts = tries.order_by().values_list("seller_id", "product_id").annotate(n=Count("pk"))
    used = {(seller, product): n for seller, product, n in counts}
    return {pair[1] for pair in judged if used.get(pair, 0) >= FILL_TRIES}


def _note(round: PoolRound, judged: Collection[tuple[int, int]], now: datetime) -> None:
    """Write down that a seller tried, before it hears yes or no.

    A refusal takes back all that was written with it, and a program's whole request; so this is
    written over a connection of its own. Whoever tries at the same moment waits for the round.
    """
    rows = [
        FillTry(round_id=round.pk, seller_id=seller, product_id=product, tried_at=now)
        for seller, product in sorted(judged)
    ]

    def write() -> None:
        try:
            with platform_wide():
                FillTry.objects.bulk_create(rows, batch_size=5_000)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=1) as beside:
        beside.submit(write).result()


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
