"""Whose a carrier's number is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import BooleanField, Case, Q, When

from core.copying import among_keys
from core.walls import platform_wide
from customs.models import MessageKind, OutgoingElement, ParcelPapers
from customs.queries.retelling import IS_BACK
from customs.rules.waybills import rests_until


def resting(carrier: str, bills: Collection[str], now: datetime) -> dict[str, int]:
    """By waybill of a carrier the order (id) whose it is now, among all sellers'."""
    with platform_wide():
        rows = ParcelPapers.objects.filter(
            Q(waybill_until__isnull=True) | Q(waybill_until__gt=now),
            among_keys("waybill", bills, "text"),
            logistics_code=carrier,
        )
        return dict(rows.values_list("waybill", "order_id"))


def taken_elsewhere(bills: Mapping[int, tuple[str, str]], now: datetime) -> set[int]:
    """Those orders (ids) whose carrier (customs code) and waybill customs was told as another
    order's lately, though that one has another by now: a telling counts unless it came back.

    Ask it after they were written: whoever gave the number away before did so in a transaction
    that has ended.
    """
    with platform_wide():
        rows = (
            OutgoingElement.objects.filter(
                among_keys("key", [bill for _carrier, bill in bills.values()], "text"),
                kind=MessageKind.WAYBILL,
            )
            .annotate(
                is_back=Case(When(IS_BACK, then=True), default=False, output_field=BooleanField())
            )
            .values_list("giver", "key", "retail_order", "message__queued_at", "is_back")
        )
        told = {
            (carrier, bill, order)
            for carrier, bill, order, at, is_back in rows
            if not is_back and rests_until(at) > now
        }
    return {
        pk
        for pk, (carrier, bill) in bills.items()
        if any(one[:2] == (carrier, bill) and one[2] != pk for one in told)
    }
