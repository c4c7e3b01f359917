"""The statements of a round: what they are made of, and how they were told."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd
from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from accounts.models import Company, CompanyKind
from catalog.models import Product, TradingPartner
from core.copying import read_whole
from core.walls import platform_wide
from procurement.models import (
    BillCorrection,
    BillRun,
    BillWork,
    BillWorkState,
    Forecast,
    ForecastLine,
    OrderShare,
    PoolRound,
    PurchaseOrderLine,
    RoundBill,
    RoundCharge,
    RoundCredit,
    RoundStatement,
)
from procurement.queries import bearing, planning
from procurement.rules import crediting, rebilling
from procurement.rules.sharing.costs import WHOLE_SHIPMENT
from procurement.rules.sharing.parts import (
    CorrectionPart,
    ProductPart,
    RoundTold,
    RunTold,
    SellerTold,
)
from procurement.rules.solving.terms import Problem

_BILLED = ("owner_id", "units", "shared_minor", "alone_minor", "paid_minor")


@dataclass(frozen=True, slots=True)
class Stated:
    """What a seller of a round bears and beside whom, as the rules of statements take it.

    ``charges`` are those of its orders and of its lines; ``shares`` everybody's of these orders
    as they stood for the run, ``lines`` their line_id, order_id and product_id; ``bills``
    everybody's but the platform's.
    """

    round: RoundTold
    run: RunTold
    seller: SellerTold
    products: list[ProductPart]
    corrections: list[CorrectionPart]
    charges: pd.DataFrame
    shares: pd.DataFrame
    lines: pd.DataFrame
    bills: pd.DataFrame
    platform_id: int
    factor: int | None = None


def newest_run(round: PoolRound, owner: Company) -> int | None:
    """The number of the last bill of an owner; None where it bears nothing."""
    runs = RoundBill.objects.filter(round=round, owner=owner).order_by("-run")
    return runs.values_list("run", flat=True).first()


def statement(round: PoolRound, owner: Company, run: int | None = None) -> RoundStatement | None:
    """The one of a run, or the newest that was made."""
    found = RoundStatement.objects.filter(round=round, owner=owner)
    if run is not None:
        found = found.filter(run=run)
    return found.order_by("-run").first()


@dataclass(frozen=True, slots=True)
class RunOf:
    """One run of a round's bills as an owner is told it."""

    number: int
    made_at: datetime
    causes: list[dict[str, str]]
    paid_minor: int
    units: int
    #: The causes in words, where a page wants them.
    told: tuple[str, ...] = ()


def runs_of(round: PoolRound, owner: Company) -> list[RunOf]:
    """Every run by which an owner was billed, the newest first."""
    bills = {
        bill.run: bill
        for bill in RoundBill.objects.filter(round=round, owner=owner).only(
            *("run", "paid_minor", "units", "owner_id", "round_id")
        )
    }
    orders = numbers_of(round, owner)
    return [
        RunOf(one.number, one.made_at, causes_of(one, orders), bill.paid_minor, bill.units)
        for one in bearing.runs(round)
        if (bill := bills.get(one.number)) is not None
    ]


def numbers_of(round: PoolRound, owner: Company) -> set[str]:
    """The numbers of the orders in which an owner has a part."""
    mine = OrderShare.objects.filter(round=round, owner=owner)
    return set(mine.values_list("order__number", flat=True).distinct())


def causes_of(run: BillRun, orders: Collection[str]) -> list[dict[str, str]]:
    """What changed before a run, of these orders alone: others' are not told."""
    return [one for one in run.causes if one.get("order") in orders]


def is_waiting(round: PoolRound) -> bool:
    """Has something changed that is not billed yet?"""
    with platform_wide():
        asked = BillWork.objects.filter(round=round)
        return asked.exclude(state=BillWorkState.DONE).exists()


def gather(round: PoolRound, seller: Company, run: int) -> Stated:
    """Read everything one seller's statement of a run is made of. Call it platform-wide.

    Raises BillRun.DoesNotExist for bills that no run wrote.
    """
    made = BillRun.objects.get(round=round, number=run)
    stood = bearing.stood_of(made)
    mine = OrderShare.objects.filter(round=round, owner=seller)
    orders = sorted(set(mine.values_list("order_id", flat=True)))
    of_orders = PurchaseOrderLine.objects.filter(order__in=orders).order_by("order_id", "position")
    names = ["line_id", "order_id", "product_id"]
    lines = pd.DataFrame(
        list(of_orders.values_list("pk", "order_id", "product_id")), columns=names, dtype="int64"
    )
    billed = RoundBill.objects.filter(round=round, run=run)
    platform_id = bearing.platform_of(round)
    held = bearing.held(round, stood, platform_id, only={"order__in": orders})
    there = held.loc[held["quantity"] > 0]
    own = there.loc[there["owner_id"] == seller.pk]
    charges = _charges(round, run, orders, set(own["line_id"].tolist()))
    factor = _factor(round, seller)
    bills = billed.exclude(owner=platform_id).order_by("owner_id").values_list(*_BILLED)
    return Stated(
        round=RoundTold(
            code=round.code,
            quarter=round.quarter,
            category=round.category,
            cutoff_at=round.cutoff_at.isoformat(),
            shortage_rule=round.shortage_rule,
        ),
        run=RunTold(
            made.number,
            made.made_at.isoformat(),
            tuple(causes_of(made, numbers_of(round, seller))),
        ),
        seller=SellerTold(seller.code, seller.name_zh, seller.name_en),
        products=_products(round, seller, own, factor),
        corrections=_corrections(made, seller),
        charges=charges,
        shares=rebilling.with_bearers(there, lines, charges, platform_id),
        lines=lines,
        bills=pd.DataFrame(read_whole(bills, _BILLED)),
        platform_id=platform_id,
        factor=factor,
    )


def _factor(round: PoolRound, seller: Company) -> int | None:
    """By what a seller's wishes were multiplied; None in a round that does not discount."""
    kept = RoundCredit.objects.filter(round=round, seller=seller)
    return kept.values_list("factor", flat=True).first()


def _corrections(run: BillRun, seller: Company) -> list[CorrectionPart]:
    """What the run changed on what the seller had sold and had in stock, by line."""
    rows = BillCorrection.objects.filter(run=run, owner=seller).order_by(
        "order_line__product__sku", "order_line_id"
    )
    numbers = ("units", "sold", "difference_minor", "sold_minor", "stock_minor")
    return [
        CorrectionPart(sku, *told)
        for sku, *told in rows.values_list("order_line__product__sku", *numbers)
    ]


@dataclass(frozen=True, slots=True)
class Why:
    """One order line a seller has a part of: the plan's reasons, and how many sellers share it."""

    product: int
    currency: str
    reasons: list[dict[str, Any]]
    sellers: int


def whys(round: PoolRound, seller: Company) -> list[Why]:
    """Why the order lines of a seller are what they are, as it was stored with them."""
    mine = OrderShare.objects.filter(round=round, owner=seller).order_by("line_id")
    rows = list(mine.values_list("line_id", "line__product_id", "order__currency", "line__why"))
    # How many share a line is no secret of theirs, but their rows are: they are counted alone.
    with platform_wide():
        held = OrderShare.objects.filter(round=round, line__in=[row[0] for row in rows])
        sellers = held.exclude(owner__kinds__contains=[CompanyKind.PLATFORM]).order_by()
        many = dict(sellers.values_list("line_id").annotate(many=Count("pk")))
    return [Why(product, currency, why, many[line]) for line, product, currency, why in rows]


def why_left_out(round: PoolRound, products: Collection[int]) -> dict[int, list[str]]:
    """Of products that the plan does not order, by which rules; without any number."""
    if not products:
        return {}
    # A plan tells what everybody wishes together; of it only the rules go on.
    with platform_wide():
        plan = bearing.plan_of(round)
        if plan is None:
            return {}
        found = planning.explained(plan).why.left_out
    return {key: [one.rule for one in found.get(key, ())] for key in products}


def suppliers_of(problem: Problem) -> dict[int, str]:
    """The names of the suppliers whose terms stand in a problem."""
    keys = {lane.supplier for lane in problem.lanes}
    found = TradingPartner.objects.filter(pk__in=keys).values_list("pk", "company__name_en")
    return dict(found.order_by("pk"))


def only(problem: Problem, products: set[int]) -> Problem:
    """The terms of some products alone."""
    offers = tuple(offer for offer in problem.offers if offer.product in products)
    lanes = {offer.lane for offer in offers}
    return replace(
        problem,
        items=tuple(item for item in problem.items if item.product in products),
        offers=offers,
        lanes=tuple(lane for lane in problem.lanes if lane.key in lanes),
    )


def _charges(round: PoolRound, run: int, orders: list[int], own_lines: set[int]) -> pd.DataFrame:
    """The charges this seller bears a part of, with what each is of in words."""
    rows = RoundCharge.objects.filter(round=round, run=run, order__in=orders)
    mine = rows.filter(Q(line__in=own_lines) | Q(line__isnull=True)).annotate(
        only=Coalesce(F("line_id"), Value(WHOLE_SHIPMENT)),
        of=Coalesce(F("line__product__sku"), F("order__number")),
    )
    kept = list(
        mine.order_by("pk").values_list(
            *("pk", "order_id", "only", "kind", "driver", "amount_minor", "is_private", "of")
        )
    )
    columns = ["charge_id", *rebilling.CHARGE, "is_private", "of"]
    frame = pd.DataFrame(kept, columns=columns)
    whole = ["charge_id", "shipment_id", "line_id", "amount_minor"]
    return frame.astype(dict.fromkeys(whole, "int64") | {"is_private": bool})


def _products(
    round: PoolRound, seller: Company, own: pd.DataFrame, factor: int | None
) -> list[ProductPart]:
    """Every product of the forecast that was frozen or that counted, and what came of it."""
    filed = Forecast.objects.filter(round=round, seller=seller).order_by("-version")
    frozen = filed.filter(filed_at__lt=round.cutoff_at).first()
    counts = filed.filter(filed_at__lt=round.ends_at).first()
    forecast = dict(_lines(frozen).values_list("product_id", "quantity"))
    wished = {
        product: numbers
        for product, *numbers in _lines(counts).values_list(
            "product_id", "quantity", "less", "more"
        )
    }
    ordered: dict[int, int] = {}
    shares = OrderShare.objects.filter(round=round, owner=seller)
    for key, units in shares.values_list("line__product_id", "quantity"):
        ordered[key] = ordered.get(key, 0) + units
    got = own.groupby("product_id")["quantity"].sum()
    known = Product.objects.in_bulk(forecast.keys() | wished.keys() | ordered.keys())
    parts = []
    for key, product in sorted(known.items()):
        quantity, less, more = wished.get(key, (0, 0, 0))
        counted: tuple[int | None, int | None] = (quantity, less)
        if factor is not None:
            counted = crediting.counted(quantity=quantity, less=less, factor=factor)
        elif round.is_credit_applied:
            # Ordered before factors were kept: what counted is not known any more.
            counted = (None, None)
        parts.append(
            ProductPart(
                product=key,
                sku=product.sku,
                name_zh=product.name_zh,
                name_en=product.name_en,
                forecast=forecast.get(key, 0),
                wished=quantity,
                less=less,
                more=more,
                ordered=ordered.get(key, 0),
                got=int(got.get(key, 0)),
                counted=counted[0],
                counted_less=counted[1],
            )
        )
    return parts


def _lines(forecast: Forecast | None) -> QuerySet[ForecastLine]:
    if forecast is None:
        return ForecastLine.objects.none()
    return ForecastLine.objects.filter(forecast=forecast)
