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
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from procurement.rules.sharing import wording
from procurement.rules.sharing.capping import Capped
from procurement.rules.sharing.splitting import Whole
from procurement.rules.solving.evaluating import Cost
from procurement.rules.solving.terms import Problem

FORMAT: Final = "bondpool.statement/1"
#: A total over fewer sellers would tell one of them what another does.
FEWEST_SELLERS: Final = 3
#: Decimals of a unit rate, in minor units for one unit of the basis.
RATE_DECIMALS: Final = 18


@dataclass(frozen=True, slots=True)
class RoundTold:
    """The round: its code and quarter, category ("" = all), ISO time of the cut-off, policy."""

    code: str
    quarter: str
    category: str
    cutoff_at: str
    shortage_rule: str


@dataclass(frozen=True, slots=True)
class SellerTold:
    """Whose statement it is."""

    code: str
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class ProductPart:
    """One product: the frozen forecast, the wish that counted, and what came of it, in units.

    ``product`` is its id, as in the terms of going alone. ``wished`` with ``less`` and ``more``
    is the version that counted for ordering; ``ordered`` the seller's part of what was ordered,
    ``got`` of what arrived.
    """

    product: int
    sku: str
    name_zh: str
    name_en: str
    forecast: int
    wished: int
    less: int
    more: int
    ordered: int
    got: int


@dataclass(frozen=True, slots=True)
class CostPart:
    """One charge and the seller's part of it: a row of :func:`~.costs.spread` in words.

    ``kind`` is a key of ``wording.KINDS``; ``of`` names what is billed (an SKU, an order, a
    shipment); ``sellers`` counts the sellers who bear it, the platform not among them.
    """

    kind: str
    of: str
    is_attributed: bool
    driver: str
    sellers: int
    bill_minor: int
    own_basis: int
    pool_basis: int
    share_minor: int
    remainder: int
    cut: int
    taken: int
    place: int


@dataclass(frozen=True, slots=True)
class CapPart:
    """The seller's numbers out of a :class:`~.capping.Capped`; ``sellers`` took part at the end."""

    alone_minor: int
    cut_minor: int
    added_minor: int
    paid_minor: int
    is_in_last: bool
    sellers: int
    left_minor: int
    own_basis: int
    pool_basis: int
    remainder: int
    cut: int
    taken: int
    place: int


class Bills:
    """All charges of a round, asked for one seller after the other."""

    def __init__(
        self, charges: pd.DataFrame, shares: pd.DataFrame, *, platform_id: int | None = None
    ) -> None:
        """``charges`` as for :func:`~.costs.spread` with the columns kind and of; ``shares`` is
        what it answered, ``told``.
        """
        told = charges[["charge_id", "kind", "of", "line_id", "amount_minor"]].rename(
            columns={"amount_minor": "bill_minor"}
        )
        sellers = shares.loc[shares["owner_id"] != platform_id].groupby("charge_id").size()
        told = told.assign(sellers=told["charge_id"].map(sellers).fillna(0).astype("int64"))
        rows = shares.merge(told, on="charge_id")
        self._rows = rows.sort_values(["owner_id", "charge_id"], ignore_index=True)
        self._owners = self._rows["owner_id"].to_numpy()

    def of(self, seller: int) -> list[CostPart]:
        """The seller's parts, by charge."""
        first, last = np.searchsorted(self._owners, [seller, seller + 1])
        return [
            CostPart(
                kind=str(row["kind"]),
                of=str(row["of"]),
                is_attributed=row["line_id"] >= 0,
                driver=str(row["driver"]),
                sellers=row["sellers"],
                bill_minor=row["bill_minor"],
                own_basis=row["basis"],
                pool_basis=row["pool_basis"],
                share_minor=row["amount_minor"],
                **{key: row[key] for key in ("remainder", "cut", "taken", "place")},
            )
            for row in self._rows.iloc[first:last].to_dict("records")
        ]


def cap_part(capped: Capped, alone: Whole, at: int) -> CapPart:
    """The numbers of the seller at a place of the arrays that :func:`~.capping.cap` was given."""
    return CapPart(
        alone_minor=int(alone[at]),
        cut_minor=int(capped.cut[at]),
        added_minor=int(capped.added[at]),
        paid_minor=int(capped.paid[at]),
        is_in_last=bool(capped.in_last[at]),
        sellers=int(capped.in_last.sum()),
        left_minor=capped.left,
        own_basis=int(capped.basis[at]),
        pool_basis=capped.basis_sum,
        remainder=int(capped.remainder[at]),
        cut=capped.cut_at,
        taken=capped.taken,
        place=int(capped.place[at]),
    )


def build_statement(
    *,
    round: RoundTold,
    seller: SellerTold,
    sellers_in_round: int,
    products: Sequence[ProductPart],
    costs: Sequence[CostPart],
    cap: CapPart,
    terms: Problem,
    alone: Cost,
    alone_quantities: Mapping[int, int] | None = None,
    suppliers: Mapping[int, str] | None = None,
    currency: str = "CNY",
) -> dict[str, Any]:
    """One seller's statement as plain data (dicts, lists, whole numbers, text), with its digest.

    ``costs`` from :class:`Bills`, ``cap`` from :func:`cap_part`, whose shares are the sums of
    each seller's costs. ``terms`` is the problem the round was planned with: of it the items,
    offers and lanes of this seller's products are told, and no demand of anybody. ``alone`` is
    what ``solving.alone(...).of(seller)`` said for ``alone_quantities`` (product: units; if not
    given, the units got). ``suppliers`` names the suppliers of the terms.

    The statement is not checked here: ``verifying.recompute`` says whether it holds.
    """
    asked = alone_quantities
    if asked is None:
        asked = {part.product: part.got for part in products}
    shared = sum(part.share_minor for part in costs)
    saving = cap.alone_minor - cap.paid_minor
    statement: dict[str, Any] = {
        "format": FORMAT,
        "currency": currency,
        "round": asdict(round),
        "seller": asdict(seller),
        "sellers_in_round": _if_shown(sellers_in_round, sellers_in_round),
        "products": [asdict(part) for part in sorted(products, key=lambda part: part.product)],
        "costs": [_cost(part) for part in costs],
        "cap": _cap(cap, shared),
        "alone": {
            "minor": cap.alone_minor,
            "parts": asdict(alone),
            "quantities": [
                {"product": product, "units": units}
                for product, units in sorted(asked.items())
                if units
            ],
            "terms": _terms(terms, {product for product, units in asked.items() if units}),
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
    return seal(statement)


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


def rate(amount: int, basis: int) -> str:
    """Minor units for one unit of the basis, as text, rounded half up at the last decimal."""
    scaled = (2 * abs(amount) * 10**RATE_DECIMALS + basis) // (2 * basis)
    whole, part = divmod(scaled, 10**RATE_DECIMALS)
    return f"{'-' if amount < 0 else ''}{whole}.{part:0{RATE_DECIMALS}d}"


def _cost(part: CostPart) -> dict[str, Any]:
    is_shown = part.sellers >= FEWEST_SELLERS
    told: dict[str, Any] = {
        "kind": part.kind,
        "of": part.of,
        "is_attributed": part.is_attributed,
        "driver": part.driver,
        "basis_unit": wording.BASES[part.driver],
        "own_basis": part.own_basis,
        "rate": rate(part.bill_minor, part.pool_basis),
        "share_minor": part.share_minor,
        "pool": None,
        "formula": wording.BY_RATE,
    }
    if not is_shown:
        return told | {"not_shown": wording.NOT_SHOWN}
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
    spread: dict[str, Any] = {
        "own_basis": part.own_basis,
        "rate": rate(part.left_minor, part.pool_basis),
        "pool": None,
    }
    if part.sellers < FEWEST_SELLERS:
        spread["not_shown"] = wording.NOT_SHOWN
    else:
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


def _terms(terms: Problem, products: set[int]) -> dict[str, Any]:
    """The supply side of the seller's products; what others wish is left out."""
    offers = [asdict(offer) for offer in terms.offers if offer.product in products]
    lanes = {offer.lane for offer in terms.offers if offer.product in products}
    for offer in offers:
        offer["pricing"] = str(offer["pricing"])
        offer["breaks"] = [[start, price] for start, price in offer["breaks"]]
    told = [asdict(lane) for lane in terms.lanes if lane.key in lanes]
    for lane in told:
        lane["containers"] = list(lane["containers"])
    return {
        "items": [
            {
                "product": item.product,
                "gross_weight_g": item.gross_weight_g,
                "volume_cm3": item.volume_cm3,
                "duty_ppm": item.duty_ppm,
            }
            for item in terms.items
            if item.product in products
        ],
        "offers": offers,
        "lanes": told,
    }


def _if_shown(number: int, sellers: int) -> int | None:
    return number if sellers >= FEWEST_SELLERS else None
