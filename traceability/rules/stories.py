"""Which events are part of one item's story, and what of them strangers may read."""

from __future__ import annotations

from dataclasses import dataclass

from traceability.rules.identities import DECLARATION, GTIN, ITEM, LOT, ORDER, RETAIL, SHIPMENT


@dataclass(frozen=True, slots=True)
class Told:
    """What the chain rule needs of a stored event: its identities and who told it."""

    keys: frozenset[str]
    by_seller: bool = False

    def named(self, kind: str) -> frozenset[str]:
        """Its identities of one kind."""
        return frozenset(key for key in self.keys if key.startswith(f"{kind}:"))


#: What leads from a lot back to where it came from.
UPSTREAM = (SHIPMENT, DECLARATION, ORDER)


def is_own_story(told: Told, known: frozenset[str]) -> bool:
    """Whether an event is part of the story of one item, of which ``known`` are identities.

    Events that name the item are. Events that name its lot are, unless they tell of other
    items or of a consumer's order. Further back (shipment, declaration, order) an event is,
    when it concerns the same GTIN and the nearest paper it names is one of ours. What a
    seller says belongs to the seller's own items only, so that nobody learns who else
    bought in the pool.
    """
    if told.named(ITEM):
        return bool(told.named(ITEM) & known)
    if told.by_seller or told.named(RETAIL):
        return False
    if told.named(LOT):
        return bool(told.named(LOT) & known)
    if not told.named(GTIN) & known:
        return False
    for kind in UPSTREAM:
        if papers := told.named(kind):
            return bool(papers & known)
    return False


def papers_of(told: Told) -> frozenset[str]:
    """The identities of an event in a story that lead further back."""
    return frozenset[str]().union(*(told.named(kind) for kind in UPSTREAM))


def masked(number: str) -> str:
    """A paper's number as strangers see it: enough to compare, too little to look up."""
    keep = 4 if len(number) >= 12 else 2 if len(number) >= 6 else 0
    hidden = "*" * max(4, len(number) - 2 * keep)
    return f"{number[:keep]}{hidden}{number[len(number) - keep :]}" if keep else hidden
