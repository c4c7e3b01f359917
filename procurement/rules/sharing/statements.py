"""A seller's statement of a round, as plain data that a stranger can recompute from itself.

``bondpool.statement/1``: whole numbers and text only, money in minor units of ``currency``.
Its digest is SHA-256 of the canonical JSON (keys sorted, no spaces, UTF-8) of all the rest. A
total over several sellers stands in it only where at least three sellers are in it; elsewhere
it says so and gives the unit rate. :mod:`~procurement.rules.sharing.verifying` recomputes it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from procurement.rules.billing import ALONE_TOO, BY_GOODS
from procurement.rules.sharing import wording
from procurement.rules.sharing.parts import (
    FEWEST_SELLERS,
    UNCOUNTED,
    CapPart,
    CorrectionPart,
    CostPart,
    ProductPart,
    RoundTold,
    RunTold,
    SellerTold,
    Terms,
)
from procurement.rules.solving.evaluating import Cost

FORMAT: Final = "bondpool.statement/1"
#: Decimals of a unit rate whose pool is shown, in minor units for one unit of the basis.
RATE_DECIMALS: Final = 18


def build_statement(
    *,
    round: RoundTold,
    seller: SellerTold,
    sellers_in_round: int,
    products: Sequence[ProductPart],
    costs: Sequence[CostPart],
    cap: CapPart,
    terms: Terms,
    alone: Cost,
    alone_quantities: Mapping[int, int] | None = None,
    corrections: Sequence[CorrectionPart] = (),
    suppliers: Mapping[int, str] | None = None,
    currency: str = "CNY",
    run: RunTold | None = None,
    factor: int | None = None,
) -> dict[str, Any]:
    """One seller's statement as plain data (dicts, lists, whole numbers, text), with its digest.

    ``costs`` from :class:`~.parts.Bills`, ``cap`` from :func:`~.parts.cap_part`, whose shares
    are the sums of each seller's costs, never below 0. ``terms`` are those of the problem the
    round was planned with, made once for all sellers: the items, offers and lanes of this
    seller's products are told, and no demand of anybody. ``alone`` is what
    ``alone(...).of(seller)`` of the solver said for ``alone_quantities`` (product: units; if
    not given, the units got). ``suppliers`` names the suppliers of the terms, ``run`` says which
    working out it is. ``factor``: by how many ten-thousandths wishes were multiplied
    in a round that orders by credit.

    The statement is not checked here: ``verifying.recompute`` says whether it holds.
    """
    asked = alone_quantities
    if asked is None:
        asked = {part.product: part.got for part in products}
    told_costs = [_cost(part) for part in costs]
    supply = terms.of(product for product, units in asked.items() if units)
    # Nobody is paid for buying: what a credit is beyond all one bears, the platform keeps.
    shared = max(0, sum(part.share_minor for part in costs))
    saving = cap.alone_minor - cap.paid_minor
    statement: dict[str, Any] = {
        "format": FORMAT,
        "currency": currency,
        "round": asdict(round),
        "seller": asdict(seller),
        "sellers_in_round": _if_shown(sellers_in_round, sellers_in_round),
        "products": [_product(part) for part in sorted(products, key=lambda part: part.product)],
        "costs": told_costs,
        "corrections": [asdict(part) for part in corrections],
        "cap": _cap(cap, shared)
        | {"platform_bears_minor": _if_shown(cap.borne_minor, sellers_in_round)},
        "alone": {
            "minor": cap.alone_minor,
            "parts": asdict(alone),
            "quantities": [
                {"product": product, "units": units}
                for product, units in sorted(asked.items())
                if units
            ],
            "attributed": alone_too(told_costs, products_of(products), supply["items"]),
            "terms": supply,
            "suppliers": {
                str(supplier): name for supplier, name in sorted((suppliers or {}).items())
            },
        },
        "totals": {
            "shared_minor": shared,
            "paid_minor": cap.paid_minor,
            "alone_minor": cap.alone_minor,
            "saving_minor": saving,
            "saving_hundredths_percent": saving_percent(saving, cap.alone_minor),
        },
    }
    if factor is not None:
        statement["credit"] = {"factor_ten_thousandths": factor, "formula": wording.COUNTED}
    if run is not None:
        statement["run"] = asdict(run) | {"causes": [dict(one) for one in run.causes]}
    return seal(statement)


def products_of(products: Sequence[ProductPart]) -> dict[str, int]:
    return {part.sku: part.product for part in products}


def alone_too(
    costs: Sequence[Mapping[str, Any]],
    product_of: Mapping[str, int],
    items: Sequence[Mapping[str, Any]],
) -> list[dict[str, Any]]:
    """The parts of a statement's costs that would have been paid alone as well: duty and
    inspection of a line, and duty of an order that is shared by the goods, but for duty that the
    terms of going alone count already."""
    counted = {item["product"] for item in items if item["duty_ppm"]}

    def is_too(cost: Mapping[str, Any]) -> bool:
        if cost["kind"] not in ALONE_TOO:
            return False
        if not cost["is_attributed"]:
            return cost["driver"] in BY_GOODS and not counted
        return cost["kind"] != "duty" or product_of.get(cost["of"]) not in counted

    return [
        {"kind": cost["kind"], "of": cost["of"], "minor": cost["share_minor"]}
        for cost in costs
        if is_too(cost)
    ]


def _product(part: ProductPart) -> dict[str, Any]:
    """What is not known is not told."""
    return {name: value for name, value in asdict(part).items() if value is not None}


def canonical(statement: Mapping[str, Any]) -> str:
    """The one text of a statement: what is stored, hashed and handed out."""
    return json.dumps(statement, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def seal(statement: Mapping[str, Any]) -> dict[str, Any]:
    """The statement with its digest."""
    bare = {key: value for key, value in statement.items() if key != "digest"}
    return bare | {"digest": hashlib.sha256(canonical(bare).encode()).hexdigest()}


def saving_percent(saving: int, alone: int) -> int:
    """In hundredths of a percent of the cost of going alone, a half away from nothing."""
    if not alone:
        return 0
    size = (2 * abs(saving) * 10_000 + alone) // (2 * alone)
    return size if saving >= 0 else -size


def rate(amount: int, basis: int, decimals: int = RATE_DECIMALS) -> str:
    """Minor units for one unit of the basis, as text, rounded half up at the last decimal."""
    scaled = (2 * abs(amount) * 10**decimals + basis) // (2 * basis)
    whole, part = divmod(scaled, 10**decimals)
    return f"{'-' if amount < 0 else ''}{whole}.{part:0{decimals}d}"


def coarse(own_basis: int) -> int:
    """Decimals of a unit rate whose pool is not shown: as many as tell the part to a minor unit."""
    return len(str(own_basis))


def _rate(part: CostPart) -> str | None:
    """The unit rate; of what few sellers bear only where it tells a price, and nobody's quantity.

    Whoever knows a bill (fees and freight stand in the terms) finds the pool in its unit rate. So
    it is what a unit costs this seller: even how a bill was rounded would tell a small pool.
    """
    if part.sellers >= FEWEST_SELLERS:
        return rate(part.bill_minor, part.pool_basis)
    if part.kind not in wording.PRICED or not part.own_basis:
        return None
    return rate(part.share_minor, part.own_basis, coarse(part.own_basis))


def _cost(part: CostPart) -> dict[str, Any]:
    is_shown = part.sellers >= FEWEST_SELLERS
    told: dict[str, Any] = {
        "kind": part.kind,
        "of": part.of,
        "is_attributed": part.is_attributed,
        "driver": part.driver,
        "basis_unit": wording.BASES[part.driver],
        "own_basis": part.own_basis,
        "rate": _rate(part),
        "share_minor": part.share_minor,
        "pool": None,
        "formula": wording.BY_RATE,
    }
    if not is_shown:
        why, not_shown = wording.BETWEEN_FEW, wording.NOT_SHOWN
        if part.sellers == UNCOUNTED:
            why, not_shown = wording.SUBTRACTED, wording.NOT_TOLD
        return told | {"formula": wording.BY_RATE if told["rate"] else why, "not_shown": not_shown}
    return told | {
        "formula": wording.ATTRIBUTED if part.is_attributed else wording.SHARED,
        "pool": {
            "sellers": part.sellers,
            "bill_minor": part.bill_minor,
            "basis": part.pool_basis,
            **_last_units(part),
        },
    }


def _cap(part: CapPart, shared: int) -> dict[str, Any]:
    told: dict[str, Any] = {
        "shared_minor": shared,
        "alone_minor": part.alone_minor,
        "cut_minor": part.cut_minor,
        "added_minor": part.added_minor,
        "paid_minor": part.paid_minor,
        "spread": None,
    }
    if part.cut_minor:
        return told | {"formula": wording.CUT}
    if not part.is_in_last:
        return told | {"formula": wording.FILLED if part.added_minor else wording.UNCHANGED}
    spread: dict[str, Any] = {"own_basis": part.own_basis, "pool": None}
    if part.sellers < FEWEST_SELLERS:
        spread["rate"] = rate(part.added_minor, part.own_basis, coarse(part.own_basis))
        spread["not_shown"] = wording.NOT_SHOWN
    else:
        spread["rate"] = rate(part.left_minor, part.pool_basis)
        spread["pool"] = {
            "sellers": part.sellers,
            "left_minor": part.left_minor,
            "basis": part.pool_basis,
            **_last_units(part),
        }
    return told | {"formula": wording.SPREAD, "spread": spread}


def _last_units(part: CostPart | CapPart) -> dict[str, int]:
    """How the last minor units were handed out, and where this seller stood."""
    return {
        "remainder": part.remainder,
        "rounded_up_above": part.cut,
        "rounded_up_at": part.taken,
        "place": part.place,
    }


def _if_shown(number: int, sellers: int) -> int | None:
    return number if sellers >= FEWEST_SELLERS else None
