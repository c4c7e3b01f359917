"""Tariffs of a warehouse, and goods that leave it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from accounts.models import User
from core.numbers import next_number
from warehouse.models import BondedWarehouse, Holding, Lot, StorageTariff
from warehouse.rules.fees import Tariff
from warehouse.rules.posting import Account, Kind, Leg, Posting, Status
from warehouse.services import enter_tariff
from warehouse.services.posting import post

from .accounts import UserFactory


def rates(begins: date = date(2026, 7, 1), **told: Any) -> Tariff:
    """Thirty days at 1.50 yuan for a m³ and day, then 2, beyond ninety days 3; else as told."""
    return Tariff(
        **{
            "valid_from": begins,
            "valid_to": None,
            "until_days": (30, 90),
            "rates": (Decimal(150), Decimal(200), Decimal(300)),
        }
        | told
    )


def a_tariff(house: BondedWarehouse, *, now: datetime, **told: Any) -> StorageTariff:
    return enter_tariff(
        warehouse=house,
        told=rates(**told),
        entered_by=User.objects.first() or UserFactory.create(),
        now=now,
    )


def hand_over(
    lot: Lot, owner: Any, units: int, *, at: datetime, booked: datetime | None = None
) -> str:
    """Units on their way to a consumer, as picked and shipped; gives back the order's number."""
    held = Holding.objects.get(lot=lot, owner=owner, status=Status.AVAILABLE)
    number = next_number("RO", at.year)
    post(
        postings=[
            Posting(
                key=f"ship:{number}",
                kind=Kind.SHIPPED,
                document=number,
                owner=owner.pk,
                keeper=held.keeper_id,
                moved_at=at,
                legs=(
                    Leg(Account.STOCK, lot.pk, -units, held.location_id, Status.AVAILABLE),
                    Leg(Account.CONSUMER, lot.pk, units),
                ),
            )
        ],
        now=booked or at,
    )
    return number
