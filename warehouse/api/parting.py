"""What was missing of a consumer's order, as the API tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from pydantic import Field

from rest.fields import Told
from warehouse.services.missing import MissingUnits


class MissingUnitsOut(Told):
    """Of one line of an order that was taken, what is there and what becomes of the rest."""

    sku: str = Field(examples=["MILK-900"])
    ordered: int = Field(examples=[3])
    served: int = Field(examples=[2])
    waits_until: date | None = Field(
        description="Until then the rest is back-ordered; null where it is refused",
        examples=["2026-08-15"],
    )


def missing_units_out(found: Iterable[MissingUnits]) -> list[MissingUnitsOut]:
    return [
        MissingUnitsOut(
            sku=one.sku, ordered=one.ordered, served=one.served, waits_until=one.waits_until
        )
        for one in found
    ]
