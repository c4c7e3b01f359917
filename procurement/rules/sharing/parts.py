"""What a statement is made of, one seller at a time out of a round's shares, caps and terms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

import numpy as np
import pandas as pd

from procurement.rules.sharing.capping import Capped
from procurement.rules.sharing.costs import WHOLE_SHIPMENT
from procurement.rules.sharing.splitting import Whole
from procurement.rules.solving.terms import LaneKey, Problem

#: A total over fewer sellers would tell one of them what another does.
FEWEST_SELLERS: Final = 3
#: The sellers of a charge whose totals would tell, by subtraction, what few of them ordered.
UNCOUNTED: Final = 0


@dataclass(frozen=True, slots=True)
class RoundTold:
    """The round: its code and quarter, category ("" = all), ISO time of the cut-off, policy."""

    code: str
    quarter: str
    category: str
    cutoff_at: str
    shortage_rule: str


@dataclass(frozen=True, slots=True)
class RunTold:
    """Which working out of the round's bills this is: 1 is what was expected when it was ordered.

    ``causes`` are what had changed since the run before: ``what``, ``order``, ``document``.
    """

    number: int
    made_at: str
    causes: tuple[Mapping[str, str], ...] = ()


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
    ``got`` of what stands of that: agreed, not cancelled, and not missing when it was counted.
    ``counted`` units of the wish stood in the plan, of which the seller would do without
    ``counted_less``: the wish itself, or in a round that orders by credit less than that. None
    where it was not kept.
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
    counted: int | None = None
    counted_less: int | None = None


@dataclass(frozen=True, slots=True)
class CostPart:
    """One charge and the seller's part of it: a row of :func:`~.costs.spread` in words.

    ``kind`` is a key of ``wording.KINDS``; ``of`` names what is billed (an SKU, an order, a
    shipment); ``sellers`` counts the sellers who bear it, the platform not among them, and is
    :data:`UNCOUNTED` where that would tell too much.
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
    """The seller's numbers out of a :class:`~.capping.Capped`.

    ``sellers`` took part in the last turn; ``borne_minor`` is what the platform bears of the
    round because all caps together are below the bill.
    """

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
    borne_minor: int = 0


@dataclass(frozen=True, slots=True)
class CorrectionPart:
    """What a later bill changed on one product: a row of :func:`~.costs.corrections` in words.

    ``units`` the seller held, of which ``sold`` were sold already; ``sold_minor`` of the
    difference falls on those. The seller's share of the later bill itself is a cost like
    others; this tells how it splits.
    """

    sku: str
    units: int
    sold: int
    difference_minor: int
    sold_minor: int
    stock_minor: int


class Bills:
    """All charges of a round, asked for one seller after the other."""

    def __init__(
        self,
        charges: pd.DataFrame,
        shares: pd.DataFrame,
        *,
        platform_id: int | None = None,
        shown: Collection[int] | None = None,
    ) -> None:
        """``charges`` as for :func:`~.costs.spread` with the columns kind and of; ``shares`` is
        what it answered, ``told``. Of shipments that are not ``shown`` the totals are not told
        (no seller is counted), whoever shares them; None: of all they may be.
        """
        told = charges[["charge_id", "kind", "of", "line_id", "amount_minor"]].rename(
            columns={"amount_minor": "bill_minor"}
        )
        sellers = shares.loc[shares["owner_id"] != platform_id].groupby("charge_id").size()
        told = told.assign(sellers=told["charge_id"].map(sellers).fillna(0).astype("int64"))
        if shown is not None:
            of_hidden = (charges["line_id"] == WHOLE_SHIPMENT) & ~charges["shipment_id"].isin(shown)
            is_many = told["sellers"] >= FEWEST_SELLERS
            told["sellers"] = told["sellers"].where(~(of_hidden & is_many), UNCOUNTED)
        rows = shares.merge(told, on="charge_id")
        rows = rows.sort_values(["owner_id", "charge_id"], ignore_index=True)
        self._owners = rows["owner_id"].to_numpy()
        rows = rows.assign(is_attributed=rows["line_id"] != WHOLE_SHIPMENT).rename(
            columns={"basis": "own_basis", "amount_minor": "share_minor"}
        )
        # Asked for thousands of sellers: columns are cut quicker than rows of a frame.
        self._columns = [rows[field.name].to_numpy() for field in fields(CostPart)]

    def of(self, seller: int) -> list[CostPart]:
        """The seller's parts, by charge."""
        first, last = np.searchsorted(self._owners, [seller, seller + 1])
        mine = (column[first:last].tolist() for column in self._columns)
        return [CostPart(*row) for row in zip(*mine, strict=True)]


class Terms:
    """The supply side of a problem as plain data, asked for one seller's products after another."""

    def __init__(self, problem: Problem) -> None:
        self._items = {
            item.product: {
                "product": item.product,
                "gross_weight_g": item.gross_weight_g,
                "volume_cm3": item.volume_cm3,
                "duty_ppm": item.duty_ppm,
            }
            for item in problem.items
        }
        self._offers: dict[int, list[tuple[LaneKey, dict[str, Any]]]] = {}
        for offer in problem.offers:
            told = asdict(offer) | {
                "pricing": str(offer.pricing),
                "breaks": [list(step) for step in offer.breaks],
            }
            # What an offer finds out by itself is not told.
            for known in ("lane", "least_packs", "most_packs"):
                del told[known]
            self._offers.setdefault(offer.product, []).append((offer.lane, told))
        self._lanes = {
            lane.key: asdict(lane) | {"containers": [asdict(one) for one in lane.containers]}
            for lane in problem.lanes
        }

    def of(self, products: Iterable[int]) -> dict[str, Any]:
        """Items, offers and lanes of these products; what others wish is left out."""
        asked = sorted(products)
        offers = [pair for product in asked for pair in self._offers.get(product, ())]
        offers.sort(key=lambda pair: pair[1]["id"])
        return {
            "items": [self._items[product] for product in asked],
            "offers": [told for _, told in offers],
            "lanes": [self._lanes[key] for key in sorted({key for key, _ in offers})],
        }


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
        borne_minor=capped.borne,
    )
