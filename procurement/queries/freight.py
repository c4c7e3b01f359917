"""What the way from a supplier costs, and below what it takes no order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from catalog.models import TradingPartner
from procurement.models import FreightContainer, FreightTerms, OrderMinimum
from procurement.rules.offering import Box


def freight_on(on: date) -> QuerySet[FreightTerms]:
    """The freight terms that hold on a day: of each supplier those that began last."""
    return (
        FreightTerms.objects.filter(valid_from__lte=on)
        .order_by("supplier_id", "-valid_from")
        .distinct("supplier_id")
    )


def freight_of(supplier: TradingPartner) -> QuerySet[FreightTerms]:
    """All freight terms of a supplier with their containers, newest first."""
    return (
        FreightTerms.objects.filter(supplier=supplier)
        .prefetch_related("containers")
        .order_by("-valid_from")
    )


def minimums_of(supplier: TradingPartner) -> QuerySet[OrderMinimum]:
    """Below what a supplier takes no order, by currency and incoterm."""
    return OrderMinimum.objects.filter(supplier=supplier).order_by("currency", "incoterm")


def boxes_of(suppliers: Collection[int]) -> dict[int, list[Box]]:
    """What goes into the containers of suppliers' newest freight terms, where they have any."""
    newest = (
        FreightTerms.objects.filter(supplier__in=suppliers)
        .order_by("supplier_id", "-valid_from")
        .distinct("supplier_id")
        .values("pk")
    )
    found: dict[int, list[Box]] = {}
    rows = FreightContainer.objects.filter(terms__in=newest).values_list(
        "terms__supplier_id", "volume_cm3", "weight_g"
    )
    for supplier, volume, weight in rows:
        found.setdefault(supplier, []).append(Box(volume, weight))
    return found
