"""Permits and proofs of origin of a shipment: which are asked for, and which were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from catalog.models import Product
from core.walls import platform_wide
from customs.models import NO_LONGER, Declaration, DeclarationState, GoodsPermit
from customs.queries.reference import codes_on, tariff_on
from customs.rules.permits import PROOF_OF_ORIGIN, demanded, offered
from customs.rules.reference.seed import CERTIFICATES
from procurement.models import Shipment


@dataclass(frozen=True, slots=True)
class Permit:
    """One number that customs may want of a product; empty until it is told."""

    product: Product
    sign: str
    is_demanded: bool
    number: str
    told_at: datetime | None


def permits_told(shipments: Collection[int]) -> dict[tuple[int, int], dict[str, GoodsPermit]]:
    """By shipment and product: the newest word of each sign."""
    # Whoever may see the shipment may see what stands on its papers.
    with platform_wide():
        return permits_known(shipments)


def permits_known(shipments: Collection[int]) -> dict[tuple[int, int], dict[str, GoodsPermit]]:
    """The same, for who sees all of them."""
    found: dict[tuple[int, int], dict[str, GoodsPermit]] = defaultdict(dict)
    rows = GoodsPermit.objects.filter(shipment__in=list(shipments))
    for one in rows.select_related("product").order_by("pk"):
        found[one.shipment_id, one.product_id][one.sign] = one
    return found


def is_open(shipment: Shipment) -> bool:
    """Whether its numbers may still be told: as long as no declaration of it is with customs."""
    sent = Declaration.objects.filter(shipment=shipment)
    return not sent.exclude(state__in=(DeclarationState.DRAFT, *NO_LONGER)).exists()


def numbers_told(told: Mapping[str, GoodsPermit]) -> dict[str, str]:
    """By sign the number, of those that hold."""
    return {sign: one.number for sign, one in told.items() if one.number}


def asked_signs(supervision: Collection[str]) -> tuple[str, ...]:
    """Which signs of a tariff row ask for a number, as this house is set up."""
    return demanded(supervision, settings.BONDPOOL_PERMIT_SIGNS)


def permits_of(shipment: Shipment, *, day: date) -> list[Permit]:
    """For each product on board what the tariff of the day asks for, then its proof of origin."""
    products = list(
        Product.objects.filter(
            pk__in=shipment.lines.filter(quantity__gt=0).values("order_line__product")
        ).order_by("sku")
    )
    rates = tariff_on({one.hs_code for one in products}, day)
    told = permits_told([shipment.pk])
    found = []
    for one in products:
        rate = rates.get(one.hs_code)
        supervision = rate.supervision if rate else []
        here = told.get((shipment.pk, one.pk), {})
        for sign in offered(supervision, settings.BONDPOOL_PERMIT_SIGNS):
            word = here.get(sign)
            found.append(
                Permit(
                    one,
                    sign,
                    sign != PROOF_OF_ORIGIN,
                    word.number if word else "",
                    word.told_at if word else None,
                )
            )
    return found


def certificate_names(day: date, *, chinese: bool) -> dict[str, str]:
    """What customs calls each sign: its code table, and before one was loaded our seed."""
    seeds = {code: names[0 if chinese else 1] for code, names in CERTIFICATES.items()}
    loaded = {
        code: (one.name_zh if chinese else one.name_en) or one.name_zh
        for code, one in codes_on("certificate", day).items()
    }
    return {**seeds, **loaded}
