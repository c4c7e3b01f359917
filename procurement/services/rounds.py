"""A quarter's round opens, and closes once into combined orders and exact shares."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Company, CompanyKind, User
from catalog.models import Product
from core.copying import among_keys, insert_rows
from core.numbers import next_numbers
from procurement.models import (
    OrderEvent,
    OrderStep,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundCredit,
    RoundResult,
    RoundStanding,
    RoundState,
    SupplierOffer,
)
from procurement.queries import forecasts
from procurement.rules import billing, ordering, quarters
from procurement.rules.allotting import Allotment, laid_on
from procurement.rules.sharing import runs
from procurement.rules.solving.evaluating import Evaluator
from procurement.rules.solving.explaining import Reason, explain
from procurement.services import telling
from procurement.services.bill_queue import ask_first
from procurement.services.expecting import allot, policy_of, without_deposit
from procurement.services.first_bills import Ordered, bill_at_once
from procurement.services.planning import Planned, Solver, plan_and, within
from procurement.services.rows import Progress, insert_columns, write_shares
from procurement.services.sharing_units import keep_packed


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


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing a round wrote; ``ordered``, of which its bills are made, None without orders."""

    orders: list[PurchaseOrder]
    ordered: Ordered | None


def close_round(
    *,
    round: PoolRound,
    buyer: Company,
    platform: Company,
    now: datetime,
    seconds: float | None = None,
    progress: Progress | None = None,
    closed_by: User | None = None,
    solver: Solver | None = None,
) -> list[PurchaseOrder]:
    """Order a round as :func:`order_round` does, and bill it.

    What each owner is expected to bear of the landed cost is billed in a transaction of its own,
    nobody above its cost of going alone. Where that fails the round stays ordered, and a worker
    tries again.
    """
    closed = order_round(
        round=round,
        buyer=buyer,
        platform=platform,
        now=now,
        progress=progress,
        closed_by=closed_by,
        solver=solver or within(seconds),
    )
    bill_at_once(round, closed.ordered, now=now)
    return closed.orders


def order_round(
    *,
    round: PoolRound,
    buyer: Company,
    platform: Company,
    now: datetime,
    progress: Progress | None = None,
    closed_by: User | None = None,
    solver: Solver | None = None,
) -> Closed:
    """Plan what counts, order it, and write down whose how much of each line it is.

    One order per supplier, currency and incoterm, bought by ``buyer``; what nobody takes of
    packs, minimum and price breaks is ``platform``'s. A round without wishes closes without
    orders. ``solver`` is limited by the settings if not given; ``progress`` is told how many
    shares are written. That the round is to be billed stands in the queue.

    Sellers whose deposit was not paid in time drop out, and the round is planned without them.
    While the solver works, nothing is held; what it found is ordered only if nothing has changed.

    Raises CutoffNotReached, RoundAlreadyClosed, NotAnImporter, NotThePlatform, DepositsNotAsked,
    DepositsNotDue, or what planning refuses (OfferMissing, PlanningRateMissing, PoolTooLarge,
    terms that no solver takes); then nothing has been written.
    """

    def drops(held: PoolRound) -> Collection[int]:
        ordering.check_closable(
            quarter=held.code, cutoff_at=held.ends_at, closed_at=held.closed_at, now=now
        )
        if CompanyKind.IMPORTER not in buyer.kinds:
            raise ordering.NotAnImporter(company=buyer.code)
        ordering.check_platform(code=platform.code, kinds=platform.kinds)
        return without_deposit(held, now)

    def order(held: PoolRound, planned: Planned) -> Closed:
        return _order(held, planned, buyer, platform, now, progress, closed_by)

    # Filing holds the same lock as what is done with the plan, so no forecast slips in between.
    closed = plan_and(order, round=round, now=now, drops=drops, solver=solver or within(None))
    round.state, round.closed_at = RoundState.CLOSED, now
    return closed


def _order(
    held: PoolRound,
    planned: Planned,
    buyer: Company,
    platform: Company,
    now: datetime,
    progress: Progress | None,
    closed_by: User | None,
) -> Closed:
    """Everything that is written when a round closes, in the transaction that holds it."""
    made = allot(planned, platform)
    with ThreadPoolExecutor(max_workers=1) as beside:
        orders = _write_orders(held, planned, buyer, now, closed_by)
        lines = _write_lines(planned, made.lines, orders)
        shares = laid_on(made.shares, lines, planned.demand)
        # Pure arithmetic: it needs no database, and so goes on while the shares are stored.
        keeping = beside.submit(_packed, planned, made, held)
        write_shares(held, shares, progress=progress)
        _keep_factors(held, planned.demand)
        _write_down(held, orders, shares, platform)
        content, digest = keeping.result()
    keep_packed(content, round=held, digest=digest, now=now)
    held.state, held.closed_at = RoundState.CLOSED, now
    held.save(update_fields=["state", "closed_at"])
    ask_first(held, now=now)
    sellers = np.setdiff1d(shares["owner_id"].to_numpy(np.int64), [platform.pk])
    telling.tell_pooled(held, orders=len(orders), sellers=len(sellers), now=now)
    if not orders:
        return Closed(orders, None)
    return Closed(
        orders,
        Ordered(
            plan=planned.row,
            problem=planned.problem,
            best=planned.best,
            lines=lines,
            shares=shares,
            platform_id=platform.pk,
            alone=partial(billing.going_alone, planned.problem, made.given.given),
        ),
    )


def _packed(planned: Planned, made: Allotment, round: PoolRound) -> tuple[bytes, str]:
    """The sharing of the round, so that it can be done again."""
    run = runs.told(planned.demand, made.supply, made.given, policy=policy_of(round))
    return runs.packed(run), run.digest


def _keep_factors(round: PoolRound, demand: pd.DataFrame) -> None:
    """By what each seller's wishes were multiplied, where the round discounts them."""
    if round.is_credit_applied and len(demand):
        told = demand.groupby("seller_id")["factor"].first()
        sellers, factors = told.index.tolist(), told.to_numpy(np.int64).tolist()
        insert_columns(
            RoundCredit,
            {"round_id": [round.pk] * len(sellers), "seller_id": sellers, "factor": factors},
        )


def _write_down(
    round: PoolRound, orders: Sequence[PurchaseOrder], shares: pd.DataFrame, platform: Company
) -> None:
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
    mine = shares.loc[shares["owner_id"] != platform.pk]
    of_sellers = mine.groupby("order_id")[["amount_minor", "alone_minor"]].sum()
    keys = [order.pk for order in orders]
    told = of_sellers.reindex(keys, fill_value=0).assign(
        currency=[order.currency for order in orders],
        minor=[order.amount_minor for order in orders],
    )
    RoundResult.objects.bulk_create(
        RoundResult(
            round=round,
            currency=str(currency),
            orders=len(its),
            amount_minor=int(its["minor"].sum()),
            sellers_minor=int(its["amount_minor"].sum()),
            alone_minor=int(its["alone_minor"].sum()),
        )
        for currency, its in told.groupby("currency", sort=True)
    )


_LINE_COLUMNS = (
    "offer_id",
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
    round: PoolRound,
    planned: Planned,
    buyer: Company,
    now: datetime,
    closed_by: User | None,
) -> list[PurchaseOrder]:
    made = planned.best.orders
    year = timezone.localtime(now, timezone.get_default_timezone()).year
    orders = PurchaseOrder.objects.bulk_create(
        PurchaseOrder(
            number=number,
            round=round,
            supplier_id=one.lane.supplier,
            buyer=buyer,
            currency=one.lane.currency,
            incoterm=one.lane.incoterm,
            amount_minor=one.goods_minor,
            created_at=now,
            drafted_by=closed_by,
        )
        for number, one in zip(next_numbers("PO", year, len(made)), made, strict=True)
    )
    OrderEvent.objects.bulk_create(
        OrderEvent(
            order=order,
            buyer=buyer,
            step=OrderStep.DRAFTED,
            happened_at=now,
            by=closed_by,
            document=round.code,
        )
        for order in orders
    )
    return orders


def _write_lines(
    planned: Planned, lines: pd.DataFrame, orders: list[PurchaseOrder]
) -> pd.DataFrame:
    """The plan's lines with their keys: line, line_id, order_id, product_id, in its order."""
    best = planned.best
    of_lane = dict(zip((one.lane for one in best.orders), orders, strict=True))
    of_lines = [of_lane[line.lane] for line in best.lines]
    offers = {offer.id: offer for offer in planned.problem.offers}
    asked = SupplierOffer.objects.filter(among_keys("pk", offers))
    days = dict(asked.values_list("pk", "lead_time_days"))
    why = explain(Evaluator(planned.problem), best).lines
    keys = pd.Series([order.pk for order in of_lines], dtype="int64")
    told = {name: lines[name].to_numpy(np.int64).tolist() for name in _LINE_COLUMNS}
    written = insert_rows(
        PurchaseOrderLine,
        {
            "order_id": keys.tolist(),
            "buyer_id": [order.buyer_id for order in of_lines],
            "position": (keys.groupby(keys).cumcount() + 1).tolist(),
            "pricing": [offers[offer].pricing.value for offer in told["offer_id"]],
            "lead_time_days": [days[offer] for offer in told["offer_id"]],
            "why": [_why(why[offer]) for offer in told["offer_id"]],
            **told,
        },
        returning=["id"],
    )
    return lines[["line", "product_id"]].assign(line_id=[key for (key,) in written], order_id=keys)


def _why(reasons: Sequence[Reason]) -> str:
    told = [{"rule": one.rule, "message": one.message, "facts": one.facts} for one in reasons]
    return json.dumps(told)
