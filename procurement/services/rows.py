"""Many rows in few statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import Model

from core.copying import insert_rows, write_whole
from procurement.models import OrderShare, PoolRound

#: Told after each step how many of how many are done.
Progress = Callable[[int, int], None]

BATCH = 20_000

#: A round with more shares than this has a partition of its own for them.
LARGE_ROUND = 20_000

SHARES = ("line_id", "order_id", "owner_id", "quantity", "amount_minor", "alone_minor", "demand_id")


def insert_columns(
    model: type[Model],
    columns: Mapping[str, Sequence[int]],
    *,
    progress: Progress | None = None,
) -> int:
    """Insert columns of whole numbers, or of yes and no, as rows, a batch a statement. Returns how
    many rows.

    COPY would be faster still, but PostgreSQL has none for tables with row-level security.
    """
    count = len(next(iter(columns.values())))
    for begin in range(0, count, BATCH):
        end = min(begin + BATCH, count)
        insert_rows(model, {name: told[begin:end] for name, told in columns.items()})
        if progress:
            progress(end, count)
    return count


def write_shares(
    round: PoolRound, shares: pd.DataFrame, *, progress: Progress | None = None
) -> int:
    """Write the shares of a round that closes, all at once. Returns how many.

    ``shares``: the columns of :data:`SHARES`, whole numbers; a ``demand_id`` of 0 is none.
    Those of a large round are copied into a partition of their own, which is bare while it is
    filled; its indexes and its keys are made and checked once, as it is attached.
    """
    of_round = {name: shares[name].to_numpy(dtype=np.int64) for name in SHARES}
    of_round["round_id"] = np.full(len(shares), round.pk, dtype=np.int64)
    is_wish = of_round["demand_id"] > 0
    parts = [
        {name: of_round[name][rows] for name in of_round if is_met or name != "demand_id"}
        for is_met, rows in ((True, is_wish), (False, ~is_wish))
    ]
    if len(shares) <= LARGE_ROUND:
        for part in parts:
            insert_columns(OrderShare, {name: told.tolist() for name, told in part.items()})
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT procurement_open_shares(%s)", [round.pk])
            table = str(cursor.fetchone()[0])
            for part in parts:
                write_whole(table, part)
            if progress:
                progress(len(shares) // 2, len(shares))
            cursor.execute("SELECT procurement_attach_shares(%s)", [round.pk])
    if progress:
        progress(len(shares), len(shares))
    return len(shares)
