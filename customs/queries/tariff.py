"""Rates in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from customs.models import TariffRate


def in_force(codes: Iterable[str], day: date) -> QuerySet[TariffRate]:
    """The newest rate of each code that is valid on ``day``."""
    return (
        TariffRate.objects.filter(hs_code__in=list(codes), valid_from__lte=day)
        .order_by("hs_code", "-valid_from")
        .distinct("hs_code")
    )


def legal_units_on(codes: Iterable[str], day: date) -> dict[str, str]:
    """The first legal unit of each code that has a rate in force."""
    return {rate.hs_code: rate.legal_unit for rate in in_force(codes, day)}


def tariff_rates(text: str = "") -> QuerySet[TariffRate]:
    """All rates, the newest of a code first; ``text`` is the beginning of a code."""
    rates = TariffRate.objects.order_by("hs_code", "-valid_from")
    return rates.filter(hs_code__startswith=text) if text else rates
