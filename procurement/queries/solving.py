"""What suppliers ask on a day, as the solver of a round takes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery

from core.copying import among_keys
from core.errors import DomainError
from core.money import exponent
from procurement.models import FreightTerms, Multiple, OrderMinimum, PriceBreak
from procurement.queries.freight import freight_on
from procurement.queries.offers import in_force
from procurement.rules.offering import BUYER_CARRIES, BUYER_INSURES
from procurement.rules.solving.terms import BILLION, Break, Container, Lane, LaneKey, Offer, Pricing
from settlement.queries import dated_home_rates, home_rate, home_rates
from settlement.rules import HOME

#: A round is planned weeks before its day, and what is compared needs no rate of this week; how
#: old it is stands on the plan's page.
RATE_CARRIED_DAYS = 92


class PlanningRateMissing(DomainError):
    """To compare offers, each of their currencies needs a rate to the yuan; one of them has none
    of the planning day or of the quarter before it."""

    code = "procurement.planning_rate_missing"


@dataclass(frozen=True, slots=True)
class Market:
    """All that suppliers ask on a day, in fixed order, and the rates at which it is compared.

    ``without_freight``: suppliers whose orders pay freight that nobody has entered; their goods
    are planned as if it cost nothing, and whoever looks at the plan is told so.
    """

    offers: tuple[Offer, ...]
    lanes: tuple[Lane, ...]
    rates: dict[str, int]
    without_freight: tuple[int, ...]


def rate_ppb(currency: str, *, on: date) -> int:
    """Fen for 10**9 minor units of a currency, half up. Raises PlanningRateMissing."""
    rate = home_rate(currency, on=on, carry_days=RATE_CARRIED_DAYS)
    if rate is None:
        raise PlanningRateMissing(currency=currency, day=on)
    return _ppb(currency, rate)


def rates_ppb(currencies: Collection[str], *, on: date) -> dict[str, int]:
    """The same for several currencies at once."""
    known = home_rates(sorted(currencies), on=on, carry_days=RATE_CARRIED_DAYS)
    missing = sorted(set(currencies) - known.keys())
    if missing:
        raise PlanningRateMissing(currency=missing[0], day=on)
    return {code: _ppb(code, known[code]) for code in sorted(known)}


def rate_days(currencies: Collection[str], *, on: date) -> dict[str, tuple[Decimal, date]]:
    """CNY for one unit as a plan of that day takes it, and the day it was published."""
    return dated_home_rates(sorted(currencies), on=on, carry_days=RATE_CARRIED_DAYS)


def _ppb(currency: str, rate: Decimal) -> int:
    scaled = rate.scaleb(exponent(HOME) - exponent(currency)) * BILLION
    return int(scaled.to_integral_value(ROUND_HALF_UP))


def market(on: date, *, products: Collection[int] | None = None) -> Market:
    """What may be ordered on a day, of all products or of some.

    Raises PlanningRateMissing, or what the solver refuses of the terms.
    """
    held = in_force(on)
    if products is not None:
        held = held.filter(among_keys("product_id", products))
    # Of one supplier's offers of the same terms the one that began last.
    priced = PriceBreak.objects.filter(offer=OuterRef("pk")).order_by("from_packs")
    least = OrderMinimum.objects.filter(
        supplier=OuterRef("supplier"), currency=OuterRef("currency"), incoterm=OuterRef("incoterm")
    )
    rows = list(
        held.order_by("product_id", "supplier_id", "currency", "incoterm", "-valid_from")
        .distinct("product_id", "supplier_id", "currency", "incoterm")
        .annotate(
            starts=ArraySubquery(priced.values("from_packs")),
            prices=ArraySubquery(priced.values("pack_price_minor")),
            least_minor=Subquery(least.values("amount_minor")[:1]),
        )
    )
    offers = tuple(
        Offer(
            id=row.pk,
            product=row.product_id,
            supplier=row.supplier_id,
            currency=row.currency,
            incoterm=row.incoterm,
            pack_quantity=row.pack_quantity,
            breaks=tuple(map(Break, row.starts, row.prices)),
            multiple=row.multiple_packs if row.multiple != Multiple.PACK else 1,
            minimum_quantity=row.minimum_quantity,
            capacity=row.capacity,
            pricing=Pricing(row.pricing),
        )
        for row in rows
    )
    rates = rates_ppb({one.currency for one in offers}, on=on)
    minimums = {offer.lane: row.least_minor or 0 for offer, row in zip(offers, rows, strict=True)}
    lanes, unknown = _lanes(minimums, rates, on)
    return Market(offers, lanes, rates, unknown)


def _lanes(
    least: Mapping[LaneKey, int], rates: dict[str, int], on: date
) -> tuple[tuple[Lane, ...], tuple[int, ...]]:
    suppliers = {key.supplier for key in least}
    newest = freight_on(on).filter(supplier__in=suppliers).prefetch_related("containers")
    freight = {terms.supplier_id: terms for terms in newest}
    lanes, unknown = [], set()
    for key in sorted(least):
        terms = freight.get(key.supplier)
        carries = key.incoterm in BUYER_CARRIES
        can_travel = terms is not None and bool(terms.lcl_minor or terms.containers.all())
        if carries and not can_travel:
            unknown.add(key.supplier)
        lanes.append(
            Lane(
                supplier=key.supplier,
                currency=key.currency,
                incoterm=key.incoterm,
                rate_ppb=rates[key.currency],
                minimum_minor=least[key],
                pays_freight=carries and can_travel,
                insurance_ppm=(
                    terms.insurance_ppm
                    if terms is not None and key.incoterm in BUYER_INSURES
                    else 0
                ),
                **_costs(terms),  # type: ignore[arg-type]  # named as the lane's own fields
            )
        )
    return tuple(lanes), tuple(sorted(unknown))


def _costs(terms: FreightTerms | None) -> dict[str, object]:
    if terms is None:
        return {}
    return {
        "containers": tuple(
            Container(one.kind, one.price_minor, one.volume_cm3, one.weight_g)
            for one in terms.containers.all()
            if one.price_minor
        ),
        "lcl_price": terms.lcl_minor or None,
        "lcl_minimum": terms.lcl_minimum_minor,
        "wire_fee": terms.order_fee_minor,
        "declaration_fee": terms.declaration_fee_minor,
        "line_fee": terms.line_fee_minor,
    }
