"""A round as its solver takes it, and the plans that were made of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import CompanyKind
from catalog.models import Product, TradingPartner
from core.copying import among_keys
from core.listings import among
from procurement.models import FreightTerms, PoolRound, RoundBill, RoundPlan
from procurement.queries import bearing, credit, forecasts, offers
from procurement.queries.called import by_sku_and_code
from procurement.queries.freight import freight_on
from procurement.queries.solving import Market, market
from procurement.rules import crediting
from procurement.rules.billing import valued
from procurement.rules.offering import BUYER_CARRIES, OfferMissing
from procurement.rules.solving.blocking import Obstacle, obstacles
from procurement.rules.solving.evaluating import Evaluation, Evaluator
from procurement.rules.solving.explaining import Explanation, explain
from procurement.rules.solving.plain import plain
from procurement.rules.solving.terms import Item, Problem, Valuation


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything a round is solved from, and what of the market nobody has entered. ``bare`` is
    the problem before more units than are wished for were valued."""

    bare: Problem
    problem: Problem
    market: Market


def terms(round: PoolRound, demand: pd.DataFrame, before: Terms | None = None) -> Terms:
    """The wishes together and what suppliers ask on the day of the cut-off.

    ``demand`` as :func:`~procurement.queries.counting.demand_frame` gives it. In bond no duty
    is paid when goods enter (mode 1210): the tax arises with each consumer's order, whoever
    imports, so it makes no difference between plans. ``before``, as they were read a moment ago,
    is given back where nothing of it has changed.

    Raises OfferMissing, PlanningRateMissing, or what the solver refuses of the terms; they name
    products by SKU and suppliers by code.
    """
    wished = demand.loc[demand["quantity"] > 0].assign(
        firm=demand["quantity"] - demand["less"], most=demand["quantity"] + demand["more"]
    )
    sums = wished.groupby("product_id", sort=True)[["firm", "quantity", "most"]].sum()
    products = [int(key) for key in sums.index]
    with by_sku_and_code():
        return _terms(round, sums, products, before)


def _terms(
    round: PoolRound, sums: pd.DataFrame, products: list[int], before: Terms | None
) -> Terms:
    there = market(offers.day_of(round), products=products)
    missing = np.setdiff1d(products, [offer.product for offer in there.offers])
    if len(missing):
        named = Product.objects.filter(pk__in=missing.tolist()).order_by("sku")
        raise OfferMissing(products=list(named.values_list("sku", flat=True)[:20]))
    sizes = {
        pk: (weight, volume)
        for pk, weight, volume in Product.objects.filter(among_keys("pk", products)).values_list(
            "pk", "gross_weight_g", "volume_cm3"
        )
    }
    items = tuple(
        Item(product, int(firm), int(wanted), int(most), *sizes[product])
        for product, (firm, wanted, most) in zip(products, sums.to_numpy().tolist(), strict=True)
    )
    bare = Problem(items, there.offers, there.lanes, round.budget_minor)
    if before is not None and bare == before.bare:
        return before
    evaluator = Evaluator(bare)
    problem = valued(bare, evaluator.evaluate(plain(evaluator)), Valuation())
    return Terms(bare, problem, there)


def without_freight(problem: Problem) -> list[int]:
    """The suppliers whose freight the buyer pays and nobody has entered: it was planned as nothing,
    so that they win comparisons they might lose."""
    unknown = {
        lane.supplier
        for lane in problem.lanes
        if lane.incoterm in BUYER_CARRIES and not lane.pays_freight
    }
    return sorted(unknown)


def orders_nothing(plan: RoundPlan) -> bool:
    """Whether a plan leaves out everything that is wished for."""
    if plan.found["plans"][plan.chosen]["packs"]:
        return False
    return any(item.wanted for item in bearing.terms_of(plan).items)


def unfreighted(round: PoolRound) -> QuerySet[TradingPartner]:
    """The same of a round as it stands: of the offers that would be compared."""
    on = offers.day_of(round)
    wished = forecasts.wished_products(round)
    asked = offers.in_force(on).filter(among("product_id", wished), incoterm__in=BUYER_CARRIES)
    newest = freight_on(on).values("pk")
    known = FreightTerms.objects.filter(pk__in=newest).filter(
        Q(lcl_minor__gt=0) | Q(containers__price_minor__gt=0)
    )
    found: QuerySet[TradingPartner] = TradingPartner.objects.filter(
        pk__in=asked.values("supplier")
    ).exclude(pk__in=known.values("supplier"))
    return found.select_related("company").order_by("company__code")


def newest_plan(round: PoolRound) -> RoundPlan | None:
    """The plan that was made last; without its terms."""
    found = RoundPlan.objects.filter(round=round).defer("terms")
    return found.order_by("-number").first()


def plans(round: PoolRound) -> QuerySet[RoundPlan]:
    """A round's plans without their terms, newest first."""
    return RoundPlan.objects.filter(round=round).defer("terms").order_by("-number")


def bills(round: PoolRound) -> QuerySet[RoundBill]:
    """What each owner bears of a round, as it was billed last; for operators."""
    newest = RoundBill.objects.filter(round=round).order_by("-run").values("run")[:1]
    found: QuerySet[RoundBill] = RoundBill.objects.filter(round=round, run=newest)
    return found.select_related("owner", "round")


def borne(round: PoolRound) -> int:
    """What the platform bears because all caps together are below the bill; fen."""
    its_own = bills(round).filter(owner__kinds__contains=[CompanyKind.PLATFORM])
    return int(its_own.aggregate(sum=Sum("added_minor"))["sum"] or 0)


@dataclass(frozen=True, slots=True)
class Explained:
    """A stored plan counted again from its stored terms: what it came to, and why."""

    problem: Problem
    found: Evaluation
    why: Explanation
    obstacles: tuple[Obstacle, ...]


def explained(plan: RoundPlan) -> Explained:
    """Replay a plan. Raises ReplayDiffers when a fen differs from what was stored."""
    problem, found = bearing.made_of(plan)
    evaluator = Evaluator(problem)
    return Explained(problem, found, explain(evaluator, found), obstacles(evaluator, found))


def counted(
    round: PoolRound, demand: pd.DataFrame, *, dropped: Collection[int], now: datetime
) -> pd.DataFrame:
    """The demand as it is ordered: without who dropped out, discounted where the round says so.

    Each line gets its ``entitlement``, what it may claim in a shortage by its seller's credit,
    and ``filed``, which rises with the time of filing; where the round discounts, ``factor`` as
    well, by which its wish was multiplied. Ask ``platform_wide``.
    """
    there = demand
    if dropped:
        there = demand.loc[~demand["seller_id"].isin(list(dropped))].reset_index(drop=True)
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    known, newcomer = credit.credit_on(today)
    entitlement, ordered = crediting.apply(there, known, newcomer)
    there = there.assign(entitlement=entitlement, filed=there["filed_order"])
    if round.is_credit_applied:
        without = crediting.discounted(
            there["quantity"].to_numpy(np.int64), there["less"].to_numpy(np.int64), ordered
        )
        own = {pk: one.factor for pk, one in known.items()}
        factor = there["seller_id"].map(own).fillna(newcomer.factor).astype("int64")
        there = there.assign(quantity=ordered, less=without, factor=factor)
    return there
