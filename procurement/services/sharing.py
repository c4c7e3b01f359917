"""What each owner bears of a round."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procurement.models import PoolRound, RoundBill, RoundCharge
from procurement.rules.billing import Bills
from procurement.rules.sharing.costs import WHOLE_SHIPMENT
from procurement.services.rows import insert_columns

#: The run of what is expected when a round is ordered.
EXPECTED = 1


def write_bills(*, round: PoolRound, charges: pd.DataFrame, bills: Bills) -> None:
    """Write down what a round is expected to cost, and what of it each owner bears."""
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
    told = {name: bills.rows[name].to_numpy(np.int64).tolist() for name in bills.rows.columns}
    count = len(bills.rows)
    insert_columns(RoundBill, {"round_id": [round.pk] * count, "run": [EXPECTED] * count, **told})
