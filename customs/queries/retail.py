"""Retail lists, their tax, and what a buyer has used of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.http import Http404

from customs.models import (
    PriceThreshold,
    RetailGiveBack,
    RetailList,
    RetailRefusal,
    RetailTaxRule,
    TaxRounding,
    holding_on,
)
from customs.queries.reference import positive_on, tariff_on
from customs.rules.reference.cells import COSMETICS as COSMETICS_NAME
from customs.rules.retail_law import COSMETICS, COSMETICS_SINCE
from customs.rules.retail_tax import Limits, Rates, Threshold
from customs.rules.rounding import USUAL, Basis, Mode, Rounding
from warehouse.models import RetailOrder, RetailOrderLine, RetailOrderState
from warehouse.queries.retail import BUYER_FIELDS, TO_BE_LISTED

#: Customs' lists show nothing of the buyers; each would be deciphered.
_BUYERS = tuple(f"order__{name}" for name in BUYER_FIELDS)


def tax_rule_on(day: date) -> RetailTaxRule | None:
    """The retail rule in force on a day; None before the first."""
    return RetailTaxRule.objects.filter(valid_from__lte=day).order_by("-valid_from").first()


def tax_rules() -> QuerySet[RetailTaxRule]:
    """All retail rules, the newest first."""
    return RetailTaxRule.objects.order_by("-valid_from")


def rounding_on(day: date) -> Rounding:
    """How retail tax is rounded on a day: half up, each line, to the fen, until a row says else."""
    found = TaxRounding.objects.filter(holding_on(day), tax="retail").first()
    return Rounding(Mode(found.mode), Basis(found.basis), found.places) if found else USUAL


def threshold_on(day: date) -> Threshold | None:
    """From which price on cosmetics bear consumption tax on a day; None before there was one."""
    found = PriceThreshold.objects.filter(holding_on(day), goods=COSMETICS_NAME).first()
    if found:
        return Threshold(int(found.per_measure * 100), int(found.per_piece * 100))
    return COSMETICS if day >= COSMETICS_SINCE else None


def rates_on(codes: Collection[str], day: date) -> dict[str, Rates]:
    """Statutory rates by code, as the tax rule wants them."""
    listed, rates = positive_on(codes, day), tariff_on(codes, day)
    is_asked = any(one.consumption_tax_if for one in rates.values())
    threshold = threshold_on(day) if is_asked else None
    return {
        code: Rates(
            duty=rate.duty_rate,
            vat=rate.vat_rate,
            consumption_tax=rate.consumption_tax_rate,
            on_positive_list=code in listed,
            specific=rate.consumption_tax_specific,
            specific_unit=rate.consumption_tax_unit,
            threshold=threshold if rate.consumption_tax_if == COSMETICS_NAME else None,
            limit_g=listed[code].limit_g if code in listed else None,
            by_origin=rate.duties_by_origin,
        )
        for code, rate in rates.items()
    }


def limits_on(day: date) -> Limits | None:
    """Limits, part due and rounding of a day as they are kept; None before the first rule."""
    kept = tax_rule_on(day)
    if kept is None:
        return None
    return Limits(
        kept.order_limit_minor, kept.year_limit_minor, kept.payable_fraction, rounding_on(day)
    )


def retail_lines(orders: Iterable[RetailOrder]) -> dict[int, list[RetailOrderLine]]:
    """The lines of each order with their products, by position."""
    found: dict[int, list[RetailOrderLine]] = defaultdict(list)
    lines = RetailOrderLine.objects.filter(order__in=list(orders)).select_related("product")
    for line in lines.order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def lists_of() -> QuerySet[RetailList]:
    """The retail lists in scope, newest first."""
    found = RetailList.objects.select_related("order", "seller", "release", "void")
    return found.defer(*_BUYERS).order_by("-drawn_at", "-pk")


def list_of(number: str) -> RetailList:
    """One retail list in scope; Http404 where there is none."""
    found = (
        RetailList.objects.select_related(
            *("order", "seller", "tax_rule", "release__recorded_by", "void")
        )
        .prefetch_related("lines__order_line__product")
        .filter(number=number)
        .first()
    )
    if found is None:
        raise Http404
    return found


def refusals_of() -> QuerySet[RetailRefusal]:
    """Refused orders in scope, newest first."""
    found = RetailRefusal.objects.select_related("order", "seller").defer(*_BUYERS)
    return found.order_by("-refused_at", "-pk")


def waiting_orders() -> QuerySet[RetailOrder]:
    """Orders in scope whose list is to be drawn: drawn, they stand as listed."""
    return RetailOrder.objects.filter(TO_BE_LISTED).order_by("pk")


def tax_parts() -> dict[str, int]:
    """The tax of the lists in scope by kind, in fen, less what was given back; void ones owe
    none."""
    sums = RetailList.objects.filter(void__isnull=True).aggregate(
        duty=Sum("duty_minor"), consumption_tax=Sum("consumption_tax_minor"), vat=Sum("vat_minor")
    )
    given = RetailGiveBack.objects.aggregate(
        duty=Sum("duty_minor"), consumption_tax=Sum("consumption_tax_minor"), vat=Sum("vat_minor")
    )
    return {name: int(value or 0) - int(given[name] or 0) for name, value in sums.items()}


def tax_totals() -> dict[str, int]:
    """Sums over the lists in scope that are not void: count, dutiable and tax, in fen, less what
    was given back."""
    sums = RetailList.objects.filter(void__isnull=True).aggregate(
        lists=Count("*"), dutiable=Sum("dutiable_minor"), tax=Sum("tax_minor")
    )
    given = RetailGiveBack.objects.aggregate(dutiable=Sum("dutiable_minor"), tax=Sum("tax_minor"))
    return {name: (value or 0) - (given.get(name) or 0) for name, value in sums.items()}


#: So long a refused order is pointed out; afterwards the shop has told its buyer.
POINTED_OUT = timedelta(days=14)


def refusals_to_answer(now: datetime) -> QuerySet[RetailRefusal]:
    """Orders refused lately that did not come again, corrected, under the shop's own number."""
    again = RetailOrder.objects.filter(
        seller=OuterRef("seller"),
        channel=OuterRef("order__channel"),
        channel_order_number=OuterRef("order__channel_order_number"),
        part=OuterRef("order__part"),
    ).exclude(state=RetailOrderState.CANCELLED)
    return refusals_of().filter(~Exists(again), refused_at__gte=now - POINTED_OUT)
