"""The retail rules by law, as they stand in their table."""

from __future__ import annotations

from django.db import transaction

from customs.models import RetailTaxRule
from customs.rules.retail_law import RETAIL_RULES


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
            for rule in RETAIL_RULES
        ),
        ignore_conflicts=True,
    )
