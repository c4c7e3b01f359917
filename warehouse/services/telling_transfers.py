"""Which of the two sellers hears what of an offer of goods in bond."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from notices.services import amount, tell
from warehouse.models import StockTransfer


def tell_offered(one: StockTransfer, now: datetime) -> None:
    _tell("transfer.offered", one, [one.taker_id], now, valid_until=one.valid_until)


def tell_accepted(one: StockTransfer, now: datetime) -> None:
    _tell("transfer.accepted", one, [one.giver_id], now)


def tell_refused(one: StockTransfer, now: datetime) -> None:
    _tell("transfer.refused", one, [one.giver_id], now)


def tell_withdrawn(one: StockTransfer, now: datetime) -> None:
    _tell("transfer.withdrawn", one, [one.taker_id], now)


def tell_expired(one: StockTransfer, now: datetime) -> None:
    _tell("transfer.expired", one, [one.giver_id, one.taker_id], now)


def _tell(
    event: str, one: StockTransfer, companies: Iterable[int], now: datetime, **more: object
) -> None:
    tell(
        event,
        subject=one.number,
        facts={
            "number": one.number,
            "sku": one.product.sku,
            "units": one.quantity,
            "amount": amount(one.amount_minor, "CNY"),
            **more,
        },
        companies=list(companies),
        now=now,
    )
