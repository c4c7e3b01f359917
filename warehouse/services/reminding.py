"""What people hear because of the time: stock near its end, stock that differs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notices.queries import last_look
from notices.services import is_due, once
from warehouse.days import day_of
from warehouse.queries import proving, shelf_life
from warehouse.rules import shelf_life as rules
from warehouse.services import telling, telling_shelves


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Look at the shelves once a day; a seller hears of what is 180, 90, 60 or 30 days from its
    expiry since the last look, with what will not be sold by then, of what is 30 or 7 days from the
    last on which it may be sold where a minimum is set, and of what nears the end of its time in
    bond. Of each lot once at each.

    Safe to run any number of times. Returns how many notices were written.
    """
    today = day_of(now)
    before = last_look("stock.expiring")
    if not once("stock.expiring", f"{today}", now=now):
        return 0
    looked_on = day_of(before) if before else None
    waste = shelf_life.wasted_by_owner(today=today, now=now)
    told = 0
    for window in rules.windows(rules.EXPIRY_DAYS, today=today, looked_on=looked_on):
        each = shelf_life.expiring(window, since=before)
        told += telling_shelves.tell_expiring(each, waste, days=window.days, day=today, now=now)
    for window in rules.windows(rules.LAST_SALE_DAYS, today=today, looked_on=looked_on):
        for channel, each in shelf_life.last_sales(window, since=before).items():
            told += telling_shelves.tell_last_sales(
                each, channel=channel, days=window.days, day=today, now=now
            )
    anew = rules.windows(rules.BOND_DAYS, today=today, looked_on=None)
    usual = rules.windows(rules.BOND_DAYS, today=today, looked_on=looked_on)
    for window, fresh in zip(usual, anew, strict=True):
        each = shelf_life.near_limit(window, fresh, since=before)
        told += telling_shelves.tell_limit(each, days=window.days, day=today, now=now)
    return told


def report_differences(*, now: datetime) -> int:
    """Compare the stock with its movements once a day, and tell the operators what differs.

    Nothing is mended: a difference is for people to look at. Call it outside of a transaction
    (the proof reads one moment of its own), ``platform_wide``. Safe to run any number of times.
    Returns how many differences there are.
    """
    today = day_of(now)
    if not is_due("stock.proof", day=today, now=now):
        return 0
    found = proving.prove_stock()
    with transaction.atomic():
        if once("stock.proof", f"{today}", now=now) and found:
            telling.tell_differences(found, day=today, now=now)
    return len(found)
