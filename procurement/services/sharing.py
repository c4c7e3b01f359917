"""What each owner bears of a round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import numpy as np
import pandas as pd

from procurement.models import BillRun, PoolRound, RoundBill, RoundCharge, RoundPlan
from procurement.rules import rebilling
from procurement.rules.billing import Bills
from procurement.rules.sharing.costs import WHOLE_SHIPMENT
from procurement.services.rows import insert_columns

#: The run of what is expected when a round is ordered.
EXPECTED = 1


def write_bills(
    *,
    round: PoolRound,
    charges: pd.DataFrame,
    bills: Bills,
    plan: RoundPlan | None,
    now: datetime,
    number: int = EXPECTED,
    stood: Mapping[str, object] | None = None,
    causes: Sequence[Mapping[str, str]] = (),
    digest: str = "",
) -> BillRun:
    """Write down one run: what a round costs, and what of it each owner bears.

    The first is what is expected by ``plan`` as the round is ordered.
    """
    run = BillRun.objects.create(
        round=round,
        number=number,
        plan=plan,
        made_at=now,
        stood=stood or {},
        causes=list(causes),
        digest=digest or rebilling.digest(charges, bills),
    )
    RoundCharge.objects.bulk_create(
        (
            RoundCharge(
                round=round,
                run=number,
                order_id=row["shipment_id"],
                line_id=row["line_id"] if row["line_id"] != WHOLE_SHIPMENT else None,
                kind=row["kind"],
                driver=row["driver"],
                is_private=row["is_private"],
                amount_minor=row["amount_minor"],
            )
            for row in charges.to_dict("records")
        ),
        batch_size=5_000,
    )
    told = {name: bills.rows[name].to_numpy(np.int64).tolist() for name in bills.rows.columns}
    count = len(bills.rows)
    insert_columns(RoundBill, {"round_id": [round.pk] * count, "run": [number] * count, **told})
    return run
