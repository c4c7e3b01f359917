"""Many rows in few statements."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
from django.db import connection
from django.db.models import BooleanField, Model

from core.copying import write_whole
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
    names = list(columns)
    count = len(columns[names[0]])
    quote = connection.ops.quote_name
    yes_or_no = {f.column for f in model._meta.fields if isinstance(f, BooleanField)}
    kinds = ("boolean" if name in yes_or_no else "bigint" for name in names)
    places = ", ".join(f"%s::{kind}[]" for kind in kinds)
    # Names of our own model only; the values are parameters.
    statement = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(map(quote, names))}) "  # noqa: S608
        f"SELECT * FROM unnest({places})"
    )
    with connection.cursor() as cursor:
        for begin in range(0, count, BATCH):
            end = min(begin + BATCH, count)
            cursor.execute(statement, [_literal(columns[name][begin:end]) for name in names])
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


def _literal(numbers: Sequence[int]) -> str:
    """An array as PostgreSQL writes it: three times as fast to send as a list of parameters."""
    return f"{{{','.join(map(str, numbers))}}}"
