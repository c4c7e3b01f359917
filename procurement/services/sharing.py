"""What each owner bears of a round, and what it may claim of it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from accounts.models import Company
from procurement.models import PoolRound, RoundBill, RoundCharge
from procurement.rules import billing
from procurement.rules.sharing.costs import WHOLE_SHIPMENT
from procurement.services.planning import Planned

#: The run of what is expected when a round is ordered.
EXPECTED = 1


def entitled(demand: pd.DataFrame) -> pd.DataFrame:
    """The demand as units are shared among it: with what each may claim in a shortage."""
    return demand.assign(entitlement=demand["quantity"], filed=demand["filed_order"])


def bill_round(
    *,
    round: PoolRound,
    planned: Planned,
    lines: pd.DataFrame,
    shares: pd.DataFrame,
    platform: Company,
) -> billing.Bills | None:
    """Write down what a round is expected to cost, and what of it each owner bears.

    ``lines``: line_id, order_id, product_id in the plan's order; ``shares``: line_id, order_id,
    product_id, owner_id, quantity, amount_minor. None where nothing was ordered.
    """
    best = planned.solution.best
    if not best.lines:
        return None
    of_orders = lines.drop_duplicates("order_id")["order_id"]
    charges = billing.expected(best, of_orders, lines)
    RoundCharge.objects.bulk_create(
        (
            RoundCharge(
                round=round,
                run=EXPECTED,
                order_id=row["shipment_id"],
                line_id=row["line_id"] if row["line_id"] != WHOLE_SHIPMENT else None,
                kind=row["kind"],
                driver=row["driver"],
                amount_minor=row["amount_minor"],
            )
            for row in charges.to_dict("records")
        ),
        batch_size=5_000,
    )
    held = billing.holdings(planned.problem, shares, lines)
    mine = shares.loc[shares["owner_id"] != platform.pk]
    given = mine.rename(columns={"owner_id": "seller_id", "quantity": "units"})
    alone = billing.going_alone(planned.problem, given)
    bills = billing.bill(charges, held, alone, platform_id=platform.pk)
    names = list(bills.rows.columns)
    RoundBill.objects.bulk_create(
        (
            RoundBill(round=round, run=EXPECTED, **dict(zip(names, row, strict=True)))
            for row in bills.rows.to_numpy(np.int64).tolist()
        ),
        batch_size=5_000,
    )
    return bills
