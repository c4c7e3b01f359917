"""Less than was expected is shared by the round's rule, and each sharing is kept."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd
from django.utils import timezone

from accounts.models import Company, CompanyKind
from core.money import shared
from procurement.models import PoolRound, PurchaseOrderLine, SharingRun
from procurement.queries import credit, forecasts
from procurement.rules import crediting
from procurement.rules.sharing import runs
from procurement.rules.sharing.quantities import DEMAND, Policy
from procurement.rules.sharing.shortage import Shortage

#: Of a sharing: the round was closed.
CLOSED: Final = "closed"


def share_less(
    *,
    round: PoolRound,
    line: PurchaseOrderLine,
    had: Mapping[int, int],
    units: int,
    what: str,
    document: str,
    now: datetime,
) -> dict[int, int]:
    """Whose how much of ``units`` is, of which owners ``had`` more before.

    The platform's surplus goes short first, because it exists only by rounding; then what
    sellers said they would do without; then the round's rule decides, by what each may claim
    with its credit. Nobody gets more than it had. The sharing is kept with its inputs. Ask
    ``platform_wide``.
    """
    if units == sum(had.values()):
        return dict(had)
    platform = sorted(
        Company.objects.filter(pk__in=had, kinds__contains=[CompanyKind.PLATFORM]).values_list(
            "pk", flat=True
        )
    )
    demand = _demand(round, line, {one: many for one, many in had.items() if one not in platform})
    demand = demand.assign(entitlement=_entitled(demand, now))
    made = runs.run(
        demand[list(DEMAND)],
        pd.DataFrame(
            {"product_id": [line.product_id], "units": [units], "pack": [line.pack_quantity]},
            dtype="int64",
        ),
        policy=Policy(shortage=Shortage(round.shortage_rule)),
    )
    keep(made, round=round, line=line, what=what, document=document, now=now)
    sellers, given = (made.shares.given[name].tolist() for name in ("seller_id", "units"))
    got = dict(zip(sellers, given, strict=True))
    rest = units - sum(given)
    parts = shared(rest, [had[owner] for owner in platform]) if rest else [0] * len(platform)
    return {
        **{owner: int(got.get(owner, 0)) for owner in had if owner not in platform},
        **dict(zip(platform, parts, strict=True)),
    }


def keep_packed(content: bytes, *, round: PoolRound, digest: str, now: datetime) -> SharingRun:
    """Store the sharing of a round that closes."""
    return SharingRun.objects.create(
        round=round,
        what=CLOSED,
        document=round.code[:64],
        made_at=now,
        content=content,
        digest=digest,
    )


def keep(
    made: runs.Run,
    *,
    round: PoolRound,
    line: PurchaseOrderLine | None = None,
    what: str,
    document: str,
    now: datetime,
) -> SharingRun:
    """Store a sharing so that it can be done again."""
    return SharingRun.objects.create(
        round=round,
        order_line=line,
        what=what,
        document=document,
        made_at=now,
        content=zlib.compress(runs.to_json(made).encode(), 6),
        digest=made.digest,
    )


def _demand(round: PoolRound, line: PurchaseOrderLine, had: Mapping[int, int]) -> pd.DataFrame:
    """What each seller had of the line as its wish, and what of that it would do without."""
    sellers = sorted(had)
    filed: dict[int, int] = {}
    wished: dict[int, tuple[int, int]] = {}
    asked = forecasts.counting(round).filter(seller__in=sellers).order_by("filed_at", "seller_id")
    for at, (seller, _key) in enumerate(asked.values_list("seller_id", "pk")):
        filed[seller] = at
    told = asked.filter(lines__product=line.product_id).order_by("seller_id")
    for seller, quantity, less in told.values_list("seller_id", "lines__quantity", "lines__less"):
        wished[seller] = (quantity, less)
    # Whoever filed nothing (an order that was entered otherwise) comes last, by id.
    last = len(filed)
    rows = []
    for seller in sellers:
        quantity, less = wished.get(seller, (had[seller], 0))
        without = min(had[seller], max(0, had[seller] - (quantity - less)))
        rows.append((line.product_id, seller, had[seller], without, 0, filed.get(seller, last)))
    columns = ["product_id", "seller_id", "quantity", "less", "more", "filed"]
    return pd.DataFrame(rows, columns=columns, dtype="int64")


def _entitled(demand: pd.DataFrame, now: datetime) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    known, newcomer = credit.credit_on(today, sellers=demand["seller_id"].tolist())
    entitlement, _ordered = crediting.apply(demand, known, newcomer)
    return entitlement


def replay(round: PoolRound) -> list[tuple[SharingRun, str]]:
    """Do every sharing of a round again: each, and what differs ("" where it comes to the same).

    Ask ``platform_wide``.
    """
    found = []
    for kept in SharingRun.objects.filter(round=round).order_by("pk"):
        try:
            again = runs.replay_stored(bytes(kept.content))
        except (runs.RunDiffers, runs.RunNotReadable) as problem:
            found.append((kept, f"{problem.rule()} {problem.facts}"))
        else:
            found.append((kept, "" if again.digest == kept.digest else again.digest))
    return found
