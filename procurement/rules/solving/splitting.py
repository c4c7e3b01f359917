"""A round in parts that do not know of each other: suppliers linked by products both offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from procurement.rules.solving.terms import LaneKey, Problem


def parts(problem: Problem) -> list[Problem]:
    """The connected parts, without budget; what nobody offers or wants is in none of them.

    Small parts first, then by their lowest offer, whatever order the terms came in.
    """
    wanted = {item.product for item in problem.items if item.wanted}
    offers = [offer for offer in problem.offers if offer.product in wanted and offer.most_packs]
    parent: dict[LaneKey, LaneKey] = {offer.lane: offer.lane for offer in offers}

    def root(key: LaneKey) -> LaneKey:
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    first: dict[int, LaneKey] = {}
    for offer in offers:
        other = first.setdefault(offer.product, offer.lane)
        one, two = sorted((root(offer.lane), root(other)))
        parent[two] = one
    roots = sorted({root(key) for key in parent})
    found = []
    items = {item.product: item for item in problem.items}
    members: dict[LaneKey, list[int]] = {key: [] for key in roots}
    for place, offer in enumerate(offers):
        members[root(offer.lane)].append(place)
    for key in roots:
        own = [offers[place] for place in members[key]]
        products = {offer.product for offer in own}
        found.append(
            replace(
                problem,
                items=tuple(items[product] for product in sorted(products)),
                offers=tuple(own),
                lanes=tuple(lane for lane in problem.lanes if lane.key in {o.lane for o in own}),
                budget=None,
            )
        )
    return sorted(found, key=lambda part: (len(part.offers), part.offers[0].id))


def assigned(problem: Problem, packs: Mapping[int, int]) -> Problem:
    """The terms with every product left to the suppliers that a plan orders it from.

    A product that the plan leaves out stays with its first offer.
    """
    used = {number for number, count in packs.items() if count}
    taken = {offer.product for offer in problem.offers if offer.id in used}
    kept = []
    for offer in problem.offers:
        if offer.id in used or offer.product not in taken:
            kept.append(offer)
            taken.add(offer.product)
    return replace(problem, offers=tuple(kept))
