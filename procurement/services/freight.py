"""What a supplier's goods cost on their way, and below what it takes no order, are written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from catalog.models import TradingPartner
from catalog.rules import CURRENCIES
from procurement.models import ContainerKind, FreightContainer, FreightTerms, OrderMinimum
from procurement.rules import offering

#: A price of freight above this (ten million yuan) is a typing mistake.
_DEAREST = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContainer:
    """What a kind of container costs (CNY fen), and what goes into it."""

    kind: str
    price_minor: int
    volume_cm3: int
    weight_g: int


@transaction.atomic
def set_freight(
    *,
    supplier: TradingPartner,
    valid_from: date,
    lcl_minor: int = 0,
    lcl_minimum_minor: int = 0,
    order_fee_minor: int = 0,
    declaration_fee_minor: int = 0,
    line_fee_minor: int = 0,
    insurance_ppm: int = 0,
    containers: Sequence[NewContainer] = (),
) -> FreightTerms:
    """Keep what a supplier's freight costs from a day on; that of the same day is replaced.

    Raises FreightRefused; then nothing has been written.
    """
    prices = {
        "lcl_minor": lcl_minor,
        "lcl_minimum_minor": lcl_minimum_minor,
        "order_fee_minor": order_fee_minor,
        "declaration_fee_minor": declaration_fee_minor,
        "line_fee_minor": line_fee_minor,
    }
    for name, minor in prices.items():
        if not 0 <= minor <= _DEAREST:
            raise offering.FreightRefused(field=name, given=minor)
    if not 0 <= insurance_ppm <= 1_000_000:
        raise offering.FreightRefused(field="insurance_ppm", given=insurance_ppm)
    kinds = [one.kind for one in containers]
    if len(set(kinds)) != len(kinds) or not set(kinds) <= set(ContainerKind.values):
        raise offering.FreightRefused(field="kind", given=", ".join(kinds)[:100])
    for one in containers:
        if (
            not 0 <= one.price_minor <= _DEAREST
            or not 0 < one.volume_cm3 <= 200_000_000
            or not 0 < one.weight_g <= 100_000_000
        ):
            raise offering.FreightRefused(field=one.kind)
    terms, _is_new = FreightTerms.objects.update_or_create(
        supplier=supplier,
        valid_from=valid_from,
        defaults={**prices, "insurance_ppm": insurance_ppm},
    )
    FreightContainer.objects.filter(terms=terms).exclude(kind__in=kinds).delete()
    FreightContainer.objects.bulk_create(
        (
            FreightContainer(
                terms=terms,
                kind=one.kind,
                price_minor=one.price_minor,
                volume_cm3=one.volume_cm3,
                weight_g=one.weight_g,
            )
            for one in containers
        ),
        update_conflicts=True,
        unique_fields=["terms", "kind"],
        update_fields=["price_minor", "volume_cm3", "weight_g"],
    )
    return terms


@transaction.atomic
def set_minimum(
    *, supplier: TradingPartner, currency: str, incoterm: str, amount_minor: int
) -> OrderMinimum:
    """Below this amount a supplier takes no order in a currency on an incoterm; 0 for none.

    Raises MinimumRefused; then nothing has been written.
    """
    for name, given, is_right in (
        ("currency", currency, currency in CURRENCIES),
        ("incoterm", incoterm, incoterm in offering.INCOTERMS),
        ("amount_minor", amount_minor, 0 <= amount_minor <= 1_000_000_000_000),
    ):
        if not is_right:
            raise offering.MinimumRefused(field=name, given=str(given)[:20])
    minimum, _is_new = OrderMinimum.objects.update_or_create(
        supplier=supplier,
        currency=currency,
        incoterm=incoterm,
        defaults={"amount_minor": amount_minor},
    )
    return minimum
