"""Which product of the catalogue a seller's own name for it is likely to mean."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import NamedTuple

from core.errors import DomainError, InputError

#: Below this likeness a name is no proposal.
LEAST = 0.4


class OwnSkuTaken(DomainError):
    """This own SKU is mapped already; remove the mapping first."""

    code = "procurement.own_sku_taken"


class OwnSkuIsAnothers(InputError):
    """The catalogue calls another product so; an own SKU must not mean two products."""

    code = "procurement.own_sku_is_anothers"


class OwnSkuNotKnown(InputError):
    """No GTIN and no supplier's code is written so; choose the product that is meant."""

    code = "procurement.own_sku_not_known"


class Named(NamedTuple):
    """A product by its key and all its names."""

    product_id: int
    names: tuple[str, ...]


class Proposal(NamedTuple):
    """A product that a name may mean, and how alike they are in percent."""

    product_id: int
    likeness: int


def proposals(text: str, products: Iterable[Named], *, most: int = 5) -> list[Proposal]:
    """The products whose names are most like ``text``, best first, ties by key.

    Only a proposal: a person says whether it is so.
    """
    asked = " ".join(text.casefold().split())
    if not asked:
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(asked)
    found = []
    for product in products:
        best = 0.0
        for name in product.names:
            matcher.set_seq1(name.casefold())
            # The cheap bounds first: most names are nothing alike.
            if matcher.real_quick_ratio() > best and matcher.quick_ratio() > max(best, LEAST):
                best = max(best, matcher.ratio())
        if best >= LEAST:
            found.append(Proposal(product.product_id, int(best * 100)))
    return sorted(found, key=lambda one: (-one.likeness, one.product_id))[:most]
