"""A seller or a warehouse holds an order back, and lets it go on."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import Company, User
from core.queue import ring
from core.walls import platform_wide
from warehouse.models import HoldAct, RetailHold, RetailOrder
from warehouse.queries.holds import is_held_by
from warehouse.rules import waiting as rules
from warehouse.services import telling


@transaction.atomic
def hold_order(
    *, number: str, company: Company, reason: str, acted_by: User, now: datetime
) -> RetailHold:
    """Hold an order back for its seller, or for who keeps its goods: no retail list is drawn and
    nobody picks, packs or hands it over until whoever holds it frees it. Its seller hears of a
    warehouse's hold.

    Raises OrderNotInHouse, ReasonMissing, PastHolding or HeldAlready; then nothing has been
    written.
    """
    told = rules.check_reason(reason)
    with platform_wide():
        order = _locked(number, company)
        rules.check_holdable(order.state, is_held=is_held_by(order, company.pk))
        return _note(order, company, HoldAct.HELD, told, acted_by, now)


@transaction.atomic
def free_order(*, number: str, company: Company, acted_by: User, now: datetime) -> RetailHold:
    """Let an order go on, for who held it. Raises OrderNotInHouse or NotHeld; then nothing has
    been written."""
    with platform_wide():
        order = _locked(number, company)
        rules.check_freeable(is_held=is_held_by(order, company.pk))
        return _note(order, company, HoldAct.FREED, "", acted_by, now)


def _locked(number: str, company: Company) -> RetailOrder:
    """An order of the company's own, or with stock in its warehouses. Raises OrderNotInHouse."""
    order = RetailOrder.objects.select_for_update().filter(number=number.strip().upper()).first()
    if order is not None and (
        order.seller_id == company.pk
        or order.lines.filter(reservations__holding__keeper=company).exists()
    ):
        return order
    raise rules.OrderNotInHouse(field="number", number=number[:32])


def _note(
    order: RetailOrder, company: Company, act: HoldAct, reason: str, acted_by: User, now: datetime
) -> RetailHold:
    by = 1 if act == HoldAct.HELD else -1
    RetailOrder.objects.filter(pk=order.pk).update(holds=F("holds") + by)
    noted: RetailHold = RetailHold.objects.create(
        order=order,
        seller_id=order.seller_id,
        company=company,
        number=order.number,
        act=act,
        reason=reason,
        acted_at=now,
        acted_by=acted_by,
    )
    if act == HoldAct.FREED:
        ring("customs.retail_lists")
    if company.pk != order.seller_id:
        telling.tell_held(noted, now)
    return noted
