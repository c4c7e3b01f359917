"""What stands on an importer's papers of an entry though others keep it, read in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, TextField, Value
from django.db.models.functions import Cast, Coalesce

from core.walls import platform_wide
from customs.models import BookLine, Declaration, DeclarationLine, HouseAtCustoms, ShipmentWay
from customs.queries.permits import permits_known
from customs.rules.import_set import Permit
from procurement.models import Shipment


@dataclass(frozen=True, slots=True)
class Kept:
    """What is others' to keep and stands on the importer's papers. ``items``: by list line."""

    items: Mapping[int, str]
    port_code: str
    arrived_on: date | None
    permits: tuple[Permit, ...]


def kept_by_others(declaration: Declaration, rows: Sequence[DeclarationLine]) -> Kept:
    """Items of the book and the office of entry are the house's keeper's; permits are of who told
    them."""
    with platform_wide():
        posted = BookLine.objects.filter(declaration_line__in=rows)
        items = posted.annotate(of=F("declaration_line"), told=Cast("row__item", TextField()))
        houses = HouseAtCustoms.objects.filter(warehouse=declaration.warehouse_id)
        port = houses.annotate(of=Value(0, BigIntegerField()), told=Cast("port_code", TextField()))
        # The newest word of the importer counts, with the day it told before where it has none.
        ways = ShipmentWay.objects.filter(shipment=declaration.shipment_id).order_by("-pk")
        arrived = ways.annotate(
            of=Value(-1, BigIntegerField()),
            told=Coalesce(Cast("arrived_on", TextField()), Value(""), output_field=TextField()),
        )
        told = dict(
            items.values_list("of", "told").union(
                port.values_list("of", "told"), arrived.values_list("of", "told")[:1], all=True
            )
        )
        permits = _permits(declaration.shipment)
    port_code, day = told.pop(0, ""), told.pop(-1, "")
    return Kept(told, port_code, date.fromisoformat(day) if day else None, permits)


def _permits(shipment: Shipment) -> tuple[Permit, ...]:
    found = [
        Permit(one.product.sku, one.sign, one.number)
        for told in permits_known([shipment.pk]).values()
        for one in told.values()
        if one.number
    ]
    return tuple(sorted(found, key=lambda one: (one.sign, one.number, one.sku)))
