"""What people hear because of the time: of rounds, of bills that are due, of late orders."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from notices.services import once
from procurement.models import (
    OrderState,
    OrderStep,
    PoolRound,
    PurchaseOrder,
    RoundState,
    SellerEntry,
)
from procurement.queries import charging
from procurement.rules.charging import OpenItem
from procurement.services import telling, telling_money
from procurement.services.holding import note

#: So long before the cut-off sellers are reminded of it.
CLOSING = timedelta(days=3)
#: And of a bill before it is due.
PAYING = timedelta(days=3)

#: By seller: the rounds, and fen.
Owed = dict[int, tuple[tuple[str, ...], int]]


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Tell of rounds that have opened, that close within three days, or that fill packs, each once.

    Safe to run any number of times. Returns how many rounds were told of.
    """
    told = 0
    running = PoolRound.objects.filter(
        state=RoundState.OPEN, opens_at__lte=now, cutoff_at__gt=now
    ).order_by("pk")
    for round in running:
        if once("round.opened", round.code, now=now):
            telling.tell_opened(round, now)
            told += 1
        if round.cutoff_at - now <= CLOSING and once("round.closing", round.code, now=now):
            telling.tell_closing(round, now)
            told += 1
    # A round whose filling has begun has passed its cut-off.
    filling = PoolRound.objects.filter(
        state=RoundState.OPEN, cutoff_at__lte=now, fill_until__gt=now
    ).order_by("pk")
    for round in filling:
        if once("round.filling", round.code, now=now):
            telling.tell_filling(round, now)
            told += 1
    return told


@transaction.atomic
def remind_bills(*, now: datetime) -> int:
    """Tell sellers of what is due within three days, and of what was due and has not come in; each
    day of an account once.

    Safe to run any number of times: it looks once a day. Ask ``platform_wide``. Returns how many
    notices are new.
    """
    today = timezone.localdate(now, timezone.get_default_timezone())
    if not once("account.due", today.isoformat(), now=now):
        return 0
    soon, late = _to_pay(today), _overdue(today)
    told = 0
    for event, found in (("account.due", soon), ("account.overdue", late)):
        for due_on, owed in sorted(found.items()):
            told += telling_money.tell_due(event, due_on, owed, now)
    return told


def _to_pay(today: date) -> dict[date, Owed]:
    last = today + PAYING
    due = SellerEntry.objects.filter(due_on__range=(today, last)).order_by("seller_id")
    sellers = due.values_list("seller_id", flat=True).distinct()
    return _by_day(sellers, today, lambda item: today <= item.due_on <= last)


def _overdue(today: date) -> dict[date, Owed]:
    behind = charging.accounts(today).filter(due_minor__gt=0).order_by("pk")
    return _by_day(behind.values_list("pk", flat=True), today, lambda item: item.due_on < today)


def _by_day(
    sellers: Iterable[int], today: date, is_meant: Callable[[OpenItem], bool]
) -> dict[date, Owed]:
    """By day and seller, what of its bills is open, and of which rounds."""
    found: dict[date, Owed] = {}
    for seller, account in charging.accounts_of(sellers, today).items():
        for item in filter(is_meant, account.open):
            rounds, open_minor = found.setdefault(item.due_on, {}).get(seller, ((), 0))
            rounds = (*rounds, item.round)
            found[item.due_on][seller] = (rounds, open_minor + item.open_minor)
    return found


@transaction.atomic
def remind_late(*, now: datetime) -> int:
    """Tell the operators of orders whose promised day has passed, each day promised once.

    Safe to run any number of times. Returns how many orders were told of.
    """
    today = timezone.localtime(now, timezone.get_default_timezone()).date()
    late = PurchaseOrder.objects.select_related("supplier__company").filter(
        state=OrderState.PLACED, promised_on__lt=today
    )
    told = 0
    for order in late.order_by("pk"):
        if once("order.late", f"{order.number} {order.promised_on}", now=now):
            telling.tell_late(order, now)
            note(order, OrderStep.LATE, now=now, document=f"{order.promised_on}")
            told += 1
    return told
