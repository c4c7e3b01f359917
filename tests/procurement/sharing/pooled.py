"""A small pool from terms to statements, for the tests: units got, bills, caps, statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from procurement.rules.sharing.capping import Capped, cap
from procurement.rules.sharing.costs import WHOLE_SHIPMENT, spread
from procurement.rules.sharing.parts import (
    Bills,
    CorrectionPart,
    ProductPart,
    RoundTold,
    SellerTold,
    Terms,
    cap_part,
)
from procurement.rules.sharing.statements import build_statement
from procurement.rules.solving.alone import Alone, alone
from procurement.rules.solving.evaluating import Plan, evaluate
from procurement.rules.solving.terms import Break, Container, Item, Lane, Offer, Problem

PLATFORM = 99
SKU = {1: "MASK-10", 2: "SERUM-30"}
Wishes = Mapping[tuple[int, int], int]

#: Seller 1 is big, 2 and 3 are small, 4 buys one product alone.
WISHES: Wishes = {(1, 1): 700, (1, 2): 90, (2, 1): 31, (2, 2): 10, (3, 1): 47, (3, 2): 3, (4, 1): 5}


def problem(wishes: Wishes) -> Problem:
    wanted = {product: sum(n for (_, p), n in wishes.items() if p == product) for product in SKU}
    sizes = {1: (120, 900, 65_000), 2: (310, 450, 100_000)}
    return Problem(
        items=tuple(
            Item(
                product=product,
                firm=wanted[product],
                wanted=wanted[product],
                most=wanted[product],
                gross_weight_g=sizes[product][0],
                volume_cm3=sizes[product][1],
                duty_ppm=sizes[product][2],
            )
            for product in SKU
        ),
        offers=(
            Offer(
                id=11,
                product=1,
                supplier=7,
                currency="EUR",
                incoterm="FOB",
                pack_quantity=12,
                minimum_quantity=24,
                breaks=(Break(1, 6000), Break(50, 5400)),
            ),
            Offer(
                id=12,
                product=2,
                supplier=7,
                currency="EUR",
                incoterm="FOB",
                pack_quantity=6,
                breaks=(Break(1, 9000), Break(10, 8800)),
            ),
        ),
        lanes=(
            Lane(
                supplier=7,
                currency="EUR",
                incoterm="FOB",
                rate_ppb=7_812_345_678,
                containers=(Container("20GP", 1_500_000, 28_000_000, 21_000_000),),
                lcl_price=90_000,
                lcl_minimum=45_000,
                wire_fee=20_000,
                declaration_fee=60_000,
                line_fee=1_500,
                insurance_ppm=3_300,
                pays_freight=True,
            ),
        ),
    )


class Pooled:
    """What a pool of these wishes comes to."""

    def __init__(
        self, wishes: Wishes = WISHES, *, freight_by: str = "chargeable", gain: int = 0
    ) -> None:
        self.wishes = {key: units for key, units in wishes.items() if units}
        self.problem = problem(self.wishes)
        offers = {offer.product: offer for offer in self.problem.offers}
        packs = {
            offers[item.product].id: offers[item.product].packs_for(item.wanted)
            for item in self.problem.items
            if item.wanted
        }
        counted = evaluate(self.problem, Plan("plain", packs))
        order, part = counted.orders[0], counted.orders[0].cost
        bills = [("goods", "units", line.product, line.goods) for line in counted.lines]
        bills += [("duty", "value", line.product, line.duty) for line in counted.lines]
        bills += [
            ("freight", freight_by, WHOLE_SHIPMENT, part.freight),
            ("insurance", "value", WHOLE_SHIPMENT, part.insurance),
            ("wire", "equal", WHOLE_SHIPMENT, part.wire),
            ("declaration", "equal", WHOLE_SHIPMENT, part.declaration),
            ("handling", "lines", WHOLE_SHIPMENT, part.handling),
        ]
        bills += [("fx", "equal", WHOLE_SHIPMENT, -gain)] if gain else []
        self.charges = pd.DataFrame(
            bills, columns=["kind", "driver", "line_id", "amount_minor"]
        ).assign(shipment_id=1, charge_id=range(len(bills)))
        self.charges["of"] = [SKU.get(line, "PO-1") for line in self.charges["line_id"]]
        self.holdings = self._holdings(counted.lines)
        self.shares = spread(self.charges, self.holdings)
        self.alone: Alone = alone(
            self.problem,
            sellers=np.array([seller for seller, _ in self.wishes], dtype=np.int64),
            products=np.array([product for _, product in self.wishes], dtype=np.int64),
            quantities=np.array(list(self.wishes.values()), dtype=np.int64),
        )
        self.sellers = self.alone.sellers
        owed = self.shares.groupby("owner_id")["amount_minor"].sum()
        self.shared = np.maximum(owed.reindex(self.sellers).to_numpy(np.int64), 0)
        self.capped: Capped = cap(self.sellers, self.shared, self.alone.totals)
        self.bill = order.cost.total
        self.terms = Terms(self.problem)
        self.bills = Bills(self.charges, self.shares, platform_id=PLATFORM)

    def _holdings(self, lines: Any) -> pd.DataFrame:
        rows = []
        items = {item.product: item for item in self.problem.items}
        for line in lines:
            item = items[line.product]
            held = {s: n for (s, p), n in self.wishes.items() if p == line.product}
            held[PLATFORM] = line.units - sum(held.values())
            rows += [
                (1, line.product, owner, n, n * line.goods // line.units,
                 n * item.gross_weight_g, n * item.volume_cm3)
                for owner, n in held.items() if n
            ]  # fmt: skip
        columns = ["shipment_id", "line_id", "owner_id", "units"]
        return pd.DataFrame(rows, columns=[*columns, "value_minor", "weight_g", "volume_cm3"])

    def statement(self, seller: int, corrections: Sequence[CorrectionPart] = ()) -> dict[str, Any]:
        at = int(np.searchsorted(self.sellers, seller))
        products = [
            ProductPart(
                product=product,
                sku=SKU[product],
                name_zh="面膜",
                name_en="Mask",
                forecast=units + 2,
                wished=units,
                less=units // 10,
                more=3,
                ordered=units,
                got=units,
            )
            for (who, product), units in self.wishes.items()
            if who == seller
        ]
        return build_statement(
            round=RoundTold("2026-Q3", "2026-Q3", "", "2026-06-01T00:00:00+00:00", "uniform"),
            seller=SellerTold(f"S-{seller}", "卖家", "Seller"),
            sellers_in_round=len(self.sellers),
            products=products,
            costs=self.bills.of(seller),
            cap=cap_part(self.capped, self.alone.totals, at),
            terms=self.terms,
            corrections=corrections,
            alone=self.alone.of(seller),
            suppliers={7: "Laboratoire du Lac"},
        )
