"""What pooling saved, round by round."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.home.words import percent
from procurement.queries.orders import RoundSaving
from web.pages import Chart


def chart(savings: Sequence[RoundSaving], title: str | Promise) -> list[Chart]:
    """In percent, one series per currency: amounts of several currencies do not add."""
    told = {
        (one.quarter, one.currency): percent(one.alone_minor - one.amount_minor, one.alone_minor)
        for one in savings
        if one.alone_minor
    }
    if not told:
        return []
    quarters = sorted({quarter for quarter, _currency in told})
    currencies = sorted({currency for _quarter, currency in told})
    return [
        Chart(
            key="rounds",
            title=title,
            unit="%",
            head=_("Round"),
            categories=quarters,
            series=[
                (currency, [told.get((quarter, currency), "") for quarter in quarters])
                for currency in currencies
            ],
            note=_("Less than each seller would have paid alone, by the currency of the order."),
        )
    ]
