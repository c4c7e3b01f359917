"""Retail lists, their tax, and what a buyer has used of the year."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.http import Http404
from django.utils.timezone import get_default_timezone

from customs.models import RetailGiveBack, RetailList, RetailRefusal, RetailTaxRule
from customs.queries.reference import positive_on, tariff_on
from customs.rules.retail_tax import Rates
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


def rates_on(codes: Collection[str], day: date) -> dict[str, Rates]:
    """Statutory rates by code, as the tax rule wants them."""
    listed = positive_on(codes, day)
    return {
        code: Rates(
            duty=rate.duty_rate,
            vat=rate.vat_rate,
            consumption_tax=rate.consumption_tax_rate,
            on_positive_list=code in listed,
        )
        for code, rate in tariff_on(codes, day).items()
    }


def retail_lines(orders: Iterable[RetailOrder]) -> dict[int, list[RetailOrderLine]]:
    """The lines of each order with their products, by position."""
    found: dict[int, list[RetailOrderLine]] = defaultdict(list)
    lines = RetailOrderLine.objects.filter(order__in=list(orders)).select_related("product")
    for line in lines.order_by("order_id", "position"):
        found[line.order_id].append(line)
    return found


def used_in_year(digests: Collection[str], year: int) -> dict[str, int]:
    """Fen of dutiable value that each buyer's lists of a calendar year (China's) add up to.

    All sellers' lists count that are not void, less what came back in time: the limit is the
    person's. Call platform-wide.
    """
    zone = get_default_timezone()
    rows = (
        RetailList.objects.filter(
            order__buyer_id_digest__in=digests,
            drawn_at__gte=datetime(year, 1, 1, tzinfo=zone),
            drawn_at__lt=datetime(year + 1, 1, 1, tzinfo=zone),
            void__isnull=True,
        )
        .values("order__buyer_id_digest")
        .annotate(used=Sum("dutiable_minor"))
    )
    used = {row["order__buyer_id_digest"]: row["used"] for row in rows}
    # What came back in time counts no longer, in the year of its list.
    given = (
        RetailGiveBack.objects.filter(
            retail_list__order__buyer_id_digest__in=list(used),
            retail_list__drawn_at__gte=datetime(year, 1, 1, tzinfo=zone),
            retail_list__drawn_at__lt=datetime(year + 1, 1, 1, tzinfo=zone),
        )
        .values_list("retail_list__order__buyer_id_digest")
        .annotate(fen=Sum("dutiable_minor"))
    )
    for digest, fen in given:
        used[digest] -= fen
    return used


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
