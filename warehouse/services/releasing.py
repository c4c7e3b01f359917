"""Customs lets orders go: their goods may be picked."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db import transaction

from traceability.models import Evidence
from traceability.rules import RETAIL_LIST
from traceability.services import record
from warehouse.models import RetailOrder
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind
from warehouse.services import telling
from warehouse.services.advancing import advance, fact_of, locked, parts_of


@transaction.atomic
def release_orders(
    *, orders: Collection[int], lists: Mapping[int, str], now: datetime
) -> list[RetailOrder]:
    """The authority released these orders (ids): what is reserved for them may leave.

    ``lists`` are the numbers of their retail lists, by order. All or none, in few statements for
    any number. Call it platform-wide.

    Raises StageDoesNotFollow for an order that has no list, or went on; then nothing has been
    written.
    """
    held = locked(orders)
    parts = advance(held, Stage.RELEASED, key="release", kind=Kind.CHANGED, now=now)
    facts = [
        fact_of(
            order.number,
            parts_of(parts[order.pk]),
            biz_step="inspecting",
            disposition="conformant",
            evidence=Evidence.AUTHORITY,
            asserted_by=order.seller_id,
            documents=((RETAIL_LIST, lists[order.pk]),),
            now=now,
        )
        for order in held
    ]
    record(*facts, now=now)
    telling.tell_released(held, now)
    return held
