"""What is still to be paid in other currencies, and what waiting for it may cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from settlement import risk, rules
from settlement.models import Payable, PayableState, RateQuote
from settlement.queries import newest_rates, sums


@dataclass(frozen=True, slots=True)
class CurrencyExposure:
    """What is still to be paid in one currency, its worth, and what waiting may cost.

    ``quote`` is the newest stored rate; ``risks`` are for 30, 91 and 365 days, each None
    where there is no figure.
    """

    currency: str
    count: int
    amount_minor: int
    quote: RateQuote
    home_minor: int
    risks: tuple[risk.Exposure | None, ...]


def exposures() -> list[CurrencyExposure]:
    """What is still to be paid per foreign currency, at its newest stored rate."""
    waiting = Payable.objects.exclude(state=PayableState.PAID).exclude(currency=rules.HOME)
    totals = sums(waiting)
    quotes = newest_rates([total.currency for total in totals])
    told = []
    for total in totals:
        quote = quotes.get(total.currency)
        if quote is None:
            continue
        worth = rules.booked(total.amount_minor, total.currency, quote.value)
        told.append(
            CurrencyExposure(
                *(total.currency, total.count, total.amount_minor, quote, worth),
                risks=tuple(risk.exposure(total.currency, worth, days) for days in risk.WINDOWS),
            )
        )
    return sorted(told, key=lambda one: -one.home_minor)


def quarter_risk(found: Sequence[CurrencyExposure]) -> int:
    """What waiting a quarter puts at risk of all of them together, CNY minor units."""
    return sum(one.at_risk_minor for each in found if (one := each.risks[1]))
