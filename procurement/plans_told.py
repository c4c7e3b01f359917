"""A stored plan as the operator's page shows it: orders, lines, what is left out, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from catalog.models import Product, TradingPartner
from procurement.models import RoundPlan
from procurement.queries import bearing, planning
from procurement.queries.planning import Explained
from procurement.reasons import in_words, sentence
from procurement.rules.solving.blocking import Obstacle
from settlement.rules import HOME
from web.tables import Noted

KINDS: Final = {
    "plain": _("plain rule"),
    "greedy": _("greedy"),
    "optimised": _("optimised"),
}
#: What is told of a plan wherever it is looked at.
FREIGHT_UNKNOWN: Final = gettext_noop(
    "The buyer pays the freight of these suppliers, and nobody has entered it: they are compared "
    "as if it cost nothing, and win where they might lose."
)
NOTHING_ORDERED: Final = gettext_noop(
    "The plan orders nothing, although something is wished for: no order fits the budget and what "
    "suppliers ask at least."
)
#: Lines on one page; the orders list every one once the round is closed.
MOST_LINES: Final = 200
#: What is wrong with one plan is told so often.
MOST_FAULTS: Final = 3


@dataclass(frozen=True, slots=True)
class PlanLine:
    """One line of a planned order, and why it is what it is."""

    product: int
    sku: str
    name: str
    supplier: str
    supplier_code: str
    currency: str
    packs: int
    pack: int
    units: int
    wanted: int
    price_minor: int
    goods_minor: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class PlanOrder:
    """One order: what it carries, how it travels, and what it costs (fen)."""

    supplier: str
    supplier_code: str
    currency: str
    incoterm: str
    goods_minor: int
    landed_minor: int
    freight_minor: int
    containers: str
    boxes: Mapping[str, int]
    cubic_metres: Decimal
    kilograms: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A product of which nothing is ordered."""

    product: int
    sku: str
    name: str
    wanted: int
    why: list[str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One of the three plans that were made."""

    kind: str
    label: Any
    is_chosen: bool
    landed_minor: int
    adjusted_minor: int
    milliseconds: int
    faults: list[str]


@dataclass(frozen=True, slots=True)
class PlanTold:
    """Everything the page shows of a plan."""

    kinds: list[Kind]
    orders: list[PlanOrder]
    lines: list[PlanLine]
    hidden: int
    left_out: list[LeftOut]
    obstacles: list[str]
    without_freight: list[TradingPartner]
    is_empty: bool


def noted(plan: RoundPlan | None) -> Noted | None:
    """What whoever had a round planned must know of the plan, if there is anything."""
    if plan is None:
        return None
    if planning.orders_nothing(plan):
        return Noted(NOTHING_ORDERED)
    unknown = planning.without_freight(bearing.terms_of(plan))
    return Noted(FREIGHT_UNKNOWN, {"suppliers": sorted(_codes(unknown))}) if unknown else None


def _codes(suppliers: Sequence[int]) -> list[str]:
    found = TradingPartner.objects.filter(pk__in=suppliers)
    return list(found.values_list("company__code", flat=True))


def chosen_label(plan: RoundPlan) -> Any:
    """The kind of the plan that was chosen, in words."""
    return KINDS.get(plan.chosen, plan.chosen)


def percent(ppm: int) -> Decimal:
    """Millionths as a percentage with two decimals, rounded up: a gap is not told too small."""
    return Decimal(-(-ppm // 100)).scaleb(-2)


def seconds(plan: RoundPlan) -> Decimal:
    """How long all three plans took together."""
    return Decimal(sum(plan.found["milliseconds"].values())).scaleb(-3)


def kinds(plan: RoundPlan) -> list[Kind]:
    """The plans that were compared."""
    faults = [
        fault for one in plan.found["plans"].values() for fault in one["faults"][:MOST_FAULTS]
    ]
    about = [fault["facts"] for fault in faults]
    products = Product.objects.in_bulk({one["product"] for one in about if "product" in one})
    partners = TradingPartner.objects.select_related("company").in_bulk(
        {one["supplier"] for one in about if "supplier" in one}
    )
    suppliers = {pk: one.company.name for pk, one in partners.items()}
    return [
        Kind(
            kind=kind,
            label=KINDS.get(kind, kind),
            is_chosen=kind == plan.chosen,
            landed_minor=one["landed"],
            adjusted_minor=one["adjusted"],
            milliseconds=plan.found["milliseconds"].get(kind, 0),
            faults=[
                _of(
                    fault["facts"].get("product"),
                    fault["facts"].get("supplier"),
                    sentence(fault["rule"], fault["message"], fault["facts"], HOME),
                    products,
                    suppliers,
                )
                for fault in one["faults"][:MOST_FAULTS]
            ],
        )
        for kind, one in plan.found["plans"].items()
    ]


def told(plan: RoundPlan, explained: Explained, *, most: int = MOST_LINES) -> PlanTold:
    """A plan that was counted again, in the reader's language; of its lines the first ``most``."""
    found, why = explained.found, explained.why
    items = {item.product: item for item in explained.problem.items}
    offers = {offer.id: offer for offer in explained.problem.offers}
    products = Product.objects.in_bulk(list(items))
    keys = {lane.supplier: lane.currency for lane in explained.problem.lanes}
    partners = TradingPartner.objects.select_related("company").in_bulk(list(keys))
    suppliers = {pk: one.company.name for pk, one in partners.items()}
    codes = {pk: one.company.code for pk, one in partners.items()}

    def names(key: int) -> dict[str, Any]:
        return {"product": key, "sku": products[key].sku, "name": products[key].name}

    lines = [
        PlanLine(
            **names(line.product),
            supplier=suppliers[line.lane.supplier],
            supplier_code=codes[line.lane.supplier],
            currency=line.lane.currency,
            packs=line.packs,
            pack=offers[line.offer].pack_quantity,
            units=line.units,
            wanted=items[line.product].wanted,
            price_minor=line.price_minor,
            goods_minor=line.goods_minor,
            why=in_words(why.lines.get(line.offer, ()), line.lane.currency),
        )
        for line in found.lines[:most]
    ]
    orders = [
        PlanOrder(
            supplier=suppliers[order.lane.supplier],
            supplier_code=codes[order.lane.supplier],
            currency=order.lane.currency,
            incoterm=order.lane.incoterm,
            goods_minor=order.goods_minor,
            landed_minor=order.cost.total,
            freight_minor=order.cost.freight,
            containers=load_in_words(order.load.containers, order.load.lcl),
            boxes={code: number for code, number in order.load.containers if number},
            cubic_metres=Decimal(order.cm3 // 1000).scaleb(-3),
            kilograms=order.grams // 1000,
            why=in_words(why.orders.get(order.lane, ()), order.lane.currency),
        )
        for order in found.orders
    ]
    left_out = [
        LeftOut(**names(key), wanted=items[key].wanted, why=in_words(reasons, HOME))
        for key, reasons in why.left_out.items()
    ]
    return PlanTold(
        kinds=kinds(plan),
        orders=orders,
        lines=lines,
        hidden=len(found.lines) - len(lines),
        left_out=left_out,
        obstacles=[_obstacle(one, products, suppliers, keys) for one in explained.obstacles],
        without_freight=[partners[key] for key in planning.without_freight(explained.problem)],
        is_empty=planning.orders_nothing(plan),
    )


def load_in_words(containers: Sequence[tuple[str, int]], lcl: int) -> str:
    """``1 x 40HC + 2.5 m³/t``."""
    told = [f"{number} × {code}" for code, number in containers]
    if lcl:
        told.append(f"{Decimal(lcl // 1000).scaleb(-3)} m³/t")
    return " + ".join(told) or "–"


def _obstacle(
    one: Obstacle,
    products: Mapping[int, Product],
    suppliers: Mapping[int, str],
    currencies: Mapping[int, str],
) -> str:
    """What is in the way, of which product or supplier, and what would remove it."""
    currency = currencies.get(one.supplier or 0, HOME)
    said = sentence(one.rule, one.message, one.facts, currency)
    return _of(one.product, one.supplier, said, products, suppliers)


def _of(
    product: int | None,
    supplier: int | None,
    said: str,
    products: Mapping[int, Product],
    suppliers: Mapping[int, str],
) -> str:
    """A sentence with the product and the supplier it is about before it."""
    of = [products[product].sku] if product is not None and product in products else []
    of += [suppliers[supplier]] if supplier is not None and supplier in suppliers else []
    return f"{' · '.join(of)}: {said}" if of else said
