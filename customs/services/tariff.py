"""The tariff: dated rates that are only ever added, and the two retail rules by law."""

from __future__ import annotations

from django.db import transaction

from customs.models import RetailTaxRule, TariffRate
from customs.rules import tariff as rules


@transaction.atomic
def load_tariff(*, rates: list[rules.TariffRow]) -> int:
    """Add dated rates; rows that are there already with the same figures are passed over.

    Returns how many were added. Raises RateExists, with one row error per rate that stands
    there with other figures; then nothing has been written: a rate is not edited, a new one
    is valid from a later day.
    """
    keep_tax_rules()
    known = {
        (row.hs_code, row.valid_from): rules.figures(row)
        for row in TariffRate.objects.filter(hs_code__in={rate.hs_code for rate in rates})
    }
    fresh = rules.fresh_rates(rates, known)
    TariffRate.objects.bulk_create(
        (
            TariffRate(
                hs_code=rate.hs_code,
                valid_from=rate.valid_from,
                duty_rate=rate.duty_rate,
                vat_rate=rate.vat_rate,
                consumption_tax_rate=rate.consumption_tax_rate,
                legal_unit=rate.legal_unit,
                on_positive_list=rate.on_positive_list,
                source=rate.source,
            )
            for rate in fresh
        ),
        batch_size=2_000,
    )
    return len(fresh)


@transaction.atomic
def keep_tax_rules() -> None:
    """Make sure that the retail rules known by law stand in their table; safe to run twice."""
    RetailTaxRule.objects.bulk_create(
        (
            RetailTaxRule(
                valid_from=rule.valid_from,
                order_limit_minor=rule.order_limit,
                year_limit_minor=rule.year_limit,
                payable_fraction=rule.payable_fraction,
                source=rule.source,
            )
            for rule in rules.RETAIL_RULES
        ),
        ignore_conflicts=True,
    )
