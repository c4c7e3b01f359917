"""The duty of goods by their origin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal


def duty_for(
    most_favoured: Decimal, agreements: Iterable[Mapping[str, object]], origin: str
) -> Decimal:
    """The lowest rate that goods of an origin (ISO-3) can have.

    Of several agreements with a country, and of an agreement and the most-favoured-nation rate,
    the lower one may be asked for (关税法 art. 13). Beware: it takes a proof of origin; without one
    the most-favoured-nation rate holds.
    """
    rates = [most_favoured]
    for one in agreements:
        countries = one["countries"]
        if isinstance(countries, list) and origin in countries:
            rates.append(Decimal(str(one["rate"])))
    return min(rates)
