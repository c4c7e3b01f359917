"""A quarter's round opens, and closes once into combined orders and exact shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

import pandas as pd
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Company, CompanyKind
from catalog.models import Product
from core.numbers import next_numbers
from procurement.models import (
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundResult,
    RoundStanding,
    RoundState,
)
from procurement.queries import forecasts, offers
from procurement.queries import orders as orders_told
from procurement.rules import ordering, pooling, quarters
from procurement.services import telling
from procurement.services.rows import Progress, insert_columns, write_shares


@transaction.atomic
def open_round(
    *,
    quarter: str,
    opens_at: datetime,
    cutoff_at: datetime,
    category: str = "",
    policy: ordering.RoundPolicy | None = None,
) -> PoolRound:
    """Announce a quarter's round: forecasts are taken from ``opens_at`` until ``cutoff_at``.

    A round of a ``category`` takes only its products; the quarter's round of all categories then
    takes the others only. ``policy`` says how it is run.

    Raises NotAQuarter, CutoffBeforeOpening, PhasesOutOfOrder, DepositIncomplete,
    PolicyOutOfRange, CategoryNotKnown, CategoryFiledAlready or RoundExists; then nothing has
    been written.
    """
    quarters.check_quarter(quarter)
    policy = policy or ordering.RoundPolicy()
    ordering.check_round(opens_at=opens_at, cutoff_at=cutoff_at, policy=policy)
    if category:
        _check_category(quarter, category)
    code = quarters.round_code(quarter, category)
    try:
        with transaction.atomic():
            return PoolRound.objects.create(
                code=code,
                quarter=quarter,
                category=category,
                opens_at=opens_at,
                cutoff_at=cutoff_at,
                **asdict(policy),
            )
    except IntegrityError as error:
        raise ordering.RoundExists(round=code) from error


@transaction.atomic
def open_rounds(*, categories: Sequence[str], **told: Any) -> list[PoolRound]:
    """Announce a round for each of these categories, all or none.

    Raises what :func:`open_round` raises; then nothing has been written.
    """
    return [open_round(category=category, **told) for category in categories]


def _check_category(quarter: str, category: str) -> None:
    """Raises CategoryNotKnown or CategoryFiledAlready."""
    if not Product.objects.filter(category=category).exists():
        raise ordering.CategoryNotKnown(category=category)
    # Filing holds the same lock: nobody files such goods there while this one is announced.
    whole = PoolRound.objects.select_for_update().filter(quarter=quarter, category="").first()
    if whole is not None and forecasts.is_filed(whole, category):
        raise ordering.CategoryFiledAlready(round=whole.code, category=category)


@transaction.atomic
def close_round(
    *,
    round: PoolRound,
    buyer: Company,
    platform: Company,
    now: datetime,
    progress: Progress | None = None,
) -> list[PurchaseOrder]:
    """Pool what counts, order it, and write down whose how much of each line it is.

    One order per supplier, currency and incoterm, bought by ``buyer``; what packs, minimum
    and price breaks add is ``platform``'s. A round without wishes closes without orders.
    ``progress`` is told how many shares are written.

    Raises CutoffNotReached, RoundAlreadyClosed, NotAnImporter, NotThePlatform, or what
    pooling refuses (OfferMissing, OfferNotUsable, PoolTooLarge); then nothing has been
    written.
    """
    # Filing holds the same lock, so no forecast slips in between reading and closing.
    held = PoolRound.objects.select_for_update().get(pk=round.pk)
    ordering.check_closable(
        quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now
    )
    if CompanyKind.IMPORTER not in buyer.kinds:
        raise ordering.NotAnImporter(company=buyer.code)
    if CompanyKind.PLATFORM not in platform.kinds:
        raise ordering.NotThePlatform(company=platform.code)

    demand = forecasts.demand_frame(held)
    pool = pooling.pool(
        demand,
        *offers.frames(offers.day_of(held)),
        platform_id=platform.pk,
    )
    orders = _write_orders(held, pool, buyer, now)
    lines = _write_lines(pool, orders)
    shares = _of_lines(pool.shares, lines, demand)
    write_shares(held, shares, progress=progress)
    write_down(round=held, platform=platform)
    held.state, held.closed_at = RoundState.CLOSED, now
    held.save(update_fields=["state", "closed_at"])
    round.state, round.closed_at = held.state, held.closed_at
    telling.tell_pooled(held, shares, orders=len(orders), platform=platform, now=now)
    return orders


def write_down(*, round: PoolRound, platform: Company) -> None:
    """What pages tell of a closed round; the facts it is added up from do not change again."""
    stood = forecasts.count_standings([round])[round.pk]
    RoundStanding.objects.create(
        round=round,
        sellers=stood.sellers,
        lines=stood.lines,
        units=stood.units,
        less=stood.less,
        more=stood.more,
        last_filed_at=stood.last_filed_at,
    )
    RoundResult.objects.bulk_create(
        RoundResult(
            round=round,
            currency=one.currency,
            orders=one.orders,
            amount_minor=one.amount_minor,
            sellers_minor=one.sellers_minor,
            alone_minor=one.alone_minor,
        )
        for one in orders_told.count_pooled(round, platform)
    )


_LINE_COLUMNS = (
    "position",
    "product_id",
    "wanted",
    "packs",
    "pack_quantity",
    "quantity",
    "pack_price_minor",
    "base_pack_price_minor",
    "amount_minor",
)


def _write_orders(
    round: PoolRound, pool: pooling.Pool, buyer: Company, now: datetime
) -> list[PurchaseOrder]:
    rows = pool.orders.to_dict("records")
    year = timezone.localtime(now, timezone.get_default_timezone()).year
    return PurchaseOrder.objects.bulk_create(
        PurchaseOrder(
            number=number,
            round=round,
            supplier_id=int(row["supplier_id"]),
            buyer=buyer,
            currency=row["currency"],
            incoterm=row["incoterm"],
            amount_minor=int(row["amount_minor"]),
            created_at=now,
        )
        for number, row in zip(next_numbers("PO", year, len(rows)), rows, strict=True)
    )


def _of_lines(shares: pd.DataFrame, lines: pd.DataFrame, demand: pd.DataFrame) -> pd.DataFrame:
    """The shares with the order lines they are of and the forecast lines they meet, 0 for none."""
    told = shares.merge(lines, on="product_id", how="left", validate="many_to_one")
    met = demand.rename(columns={"seller_id": "owner_id", "line_id": "demand_id"})
    told = told.merge(
        met[["product_id", "owner_id", "demand_id"]], on=["product_id", "owner_id"], how="left"
    )
    told["demand_id"] = told["demand_id"].fillna(0).astype("int64")
    # In the order of the unique key: an index that grows at its end is the cheapest.
    return told.sort_values(["line_id", "owner_id"], ignore_index=True)


def _write_lines(pool: pooling.Pool, orders: list[PurchaseOrder]) -> pd.DataFrame:
    """The keys of line and order by product: a product stands in one order of a round."""
    columns = {name: pool.lines[name].tolist() for name in _LINE_COLUMNS}
    of_lines = [orders[at] for at in pool.lines["order"].tolist()]
    columns["order_id"] = [order.pk for order in of_lines]
    columns["buyer_id"] = [order.buyer_id for order in of_lines]
    insert_columns(PurchaseOrderLine, columns)
    written = PurchaseOrderLine.objects.filter(order__in=orders)
    names = ("product_id", "line_id", "order_id")
    return pd.DataFrame(
        list(written.values_list("product_id", "pk", "order_id")),
        columns=list(names),
        dtype="int64",
    )
