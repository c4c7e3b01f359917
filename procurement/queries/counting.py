"""What a round that ended is planned and shared from: every line that counts, as columns."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from core.copying import read_whole
from core.listings import among
from procurement.models import ForecastLine, PoolRound
from procurement.queries import forecasts

Keys = npt.NDArray[np.int64]

#: What a line says, its own key, and how early its forecast was filed: 0 is the oldest.
DEMAND_COLUMNS = (
    "product_id",
    "seller_id",
    "quantity",
    "less",
    "more",
    "line_id",
    "filed_order",
)
_WISHES = ("product_id", "quantity", "less", "more", "pk", "forecast_id")


def counting_keys(round: PoolRound) -> Keys:
    """The versions that count, the oldest filing first."""
    return _in_turn(round)[0]


def _in_turn(round: PoolRound) -> tuple[Keys, Keys]:
    """The same with their sellers."""
    # Put in order here: joined to itself, a table that was just filled is read once a row.
    rows = sorted(forecasts.counting_versions(round).values_list("filed_at", "seller_id", "pk"))
    told = np.array([(pk, seller) for _at, seller, pk in rows], dtype=np.int64).reshape(-1, 2)
    return told[:, 0].copy(), told[:, 1].copy()


def demand_frame(round: PoolRound) -> pd.DataFrame:
    """Every line that counts, as the rules of pooling and sharing want it."""
    forecast, seller = _in_turn(round)
    lines = ForecastLine.objects.filter(among("forecast_id", forecasts.counting_versions(round)))
    rows = lines.values_list(*_WISHES)
    told = read_whole(rows, ("product_id", "quantity", "less", "more", "line_id", "forecast_id"))
    # Whose a line is stands in its forecast; there are few of those to look it up in.
    by_key = np.argsort(forecast)
    order = by_key[np.searchsorted(forecast, told.pop("forecast_id"), sorter=by_key)]
    columns = {**told, "seller_id": seller[order], "filed_order": order}
    return pd.DataFrame({name: columns[name] for name in DEMAND_COLUMNS}, copy=False)
