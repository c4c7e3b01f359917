"""The plain rule of the house, as a plan: what is compared with, and what a plan never loses to.

Each product by itself: the wish rounded up to packs and multiples, at least the minimum, a
higher break where more packs cost less in all, from the offer whose goods then cost least
(of two alike the older one). What one supplier cannot deliver comes from the next. An order
below its supplier's minimum is raised in its dearest line. Tolerance, freight and budget are
not looked at.
"""

from __future__ import annotations

from procurement.rules.solving.evaluating import Evaluator, Plan
from procurement.rules.solving.freighting import half_up
from procurement.rules.solving.terms import BILLION, LaneKey, Offer, Pricing


def plain(evaluator: Evaluator) -> Plan:
    """The plan of the plain rule; empty when nobody wants anything."""
    packs: dict[int, int] = {}
    for item in evaluator.problem.items:
        left = item.wanted
        offers = list(evaluator.by_product[item.product])
        while left > 0 and offers:
            choices = [
                (_goods(evaluator, o, n), o.id, o, n) for o in offers if (n := _fit(o, left))
            ]
            if not choices:
                break
            # Who can deliver all of it comes first.
            whole = [one for one in choices if one[3] * one[2].pack_quantity >= left]
            chosen = min(whole) if whole else max(choices, key=lambda c: c[3] * c[2].pack_quantity)
            packs[chosen[1]] = chosen[3]
            left -= chosen[3] * chosen[2].pack_quantity
            offers.remove(chosen[2])
    raise_to_minimums(evaluator, packs)
    return Plan("plain", packs)


def cheapest_packs(offer: Offer, units: int) -> int:
    """The packs that hold ``units``, or those of a higher break that cost less in all."""
    needed = offer.packs_for(units)
    if offer.pricing is Pricing.INCREMENTAL:
        return needed
    tried = {max(needed, offer.round_up(step.from_packs)) for step in offer.breaks}
    return min(tried | {needed}, key=lambda packs: (offer.goods_minor(packs), packs))


def _fit(offer: Offer, units: int) -> int:
    """The packs for ``units``, or as many as the supplier can deliver."""
    packs = cheapest_packs(offer, units)
    return packs if packs <= offer.most_packs else min(offer.packs_for(units), offer.most_packs)


def _goods(evaluator: Evaluator, offer: Offer, packs: int) -> int:
    return half_up(offer.goods_minor(packs) * evaluator.lanes[offer.lane].rate_ppb, BILLION)


def raise_to_minimums(evaluator: Evaluator, packs: dict[int, int]) -> None:
    """Raise the dearest line of each order below its supplier's minimum, as far as it goes."""
    by_lane: dict[LaneKey, list[Offer]] = {}
    for number in sorted(packs):
        offer = evaluator.offers[number]
        by_lane.setdefault(offer.lane, []).append(offer)
    for key, offers in by_lane.items():
        minimum = evaluator.lanes[key].minimum_minor
        short = minimum - sum(offer.goods_minor(packs[offer.id]) for offer in offers)
        offers.sort(key=lambda o: (-o.goods_minor(packs[o.id]), o.id))
        for offer in offers:
            if short <= 0:
                break
            before = offer.goods_minor(packs[offer.id])
            packs[offer.id] = packs_for_amount(offer, packs[offer.id], before + short)
            short -= offer.goods_minor(packs[offer.id]) - before


def packs_for_amount(offer: Offer, packs: int, amount_minor: int) -> int:
    """At least ``packs`` that cost at least ``amount_minor``, as far as capacity allows."""
    # Every break passed lowers the price; behind the last one the price is the last one.
    for _step in range(len(offer.breaks) + 1):
        lacks = amount_minor - offer.goods_minor(packs)
        if lacks <= 0:
            break
        packs += offer.round_up(-(-lacks // offer.price_at(packs)))
    lacks = amount_minor - offer.goods_minor(packs)
    if lacks > 0:
        packs += offer.round_up(-(-lacks // offer.breaks[-1].pack_price_minor))
    return max(min(packs, offer.most_packs), 0)
