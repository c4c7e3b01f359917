"""What people hear because of the time: stock that expires soon, stock that differs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Min, Sum

from accounts.models import CompanyKind
from notices.services import once
from warehouse.days import day_of
from warehouse.queries import proving, stock
from warehouse.services import telling

#: Stock that expires within so many days is pointed out.
NEAR_DAYS = 60


@transaction.atomic
def remind(*, now: datetime) -> int:
    """Look at the shelves once a day; a seller with stock near its expiry hears of it once a week.

    Safe to run any number of times. Returns how many sellers were told.
    """
    today = day_of(now)
    if not once("stock.expiring", f"{today}", now=now):
        return 0
    near = stock.near_expiry(stock.holdings(), today=today, days=NEAR_DAYS)
    rows = (
        near.filter(owner__kinds__contains=[CompanyKind.SELLER])
        .order_by()
        .values("owner_id")
        .annotate(lots=Count("lot", distinct=True), units=Sum("on_hand"), first=Min("expires_on"))
    )
    each = {row["owner_id"]: (row["lots"], row["units"], row["first"]) for row in rows}
    year, week, _day = today.isocalendar()
    return telling.tell_expiring(each, week=f"{year}-W{week:02}", now=now)


def report_differences(*, now: datetime) -> int:
    """Compare the stock with its movements once a day, and tell the operators what differs.

    Nothing is mended: a difference is for people to look at. Call it outside of a transaction
    (the proof reads one moment of its own), ``platform_wide``. Safe to run any number of times.
    Returns how many differences there are.
    """
    today = day_of(now)
    with transaction.atomic():
        if not once("stock.proof", f"{today}", now=now):
            return 0
    found = proving.prove_stock()
    if found:
        with transaction.atomic():
            telling.tell_differences(found, day=today, now=now)
    return len(found)
