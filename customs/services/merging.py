"""Orders of one buyer become one: their retail lists are voided, and the new one's limits asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.walls import platform_wide
from customs import queries
from customs.models import RetailList, RetailVoid
from customs.queries.contents import contents_by_product
from customs.rules import retail_tax as rules
from customs.services.quota import void_quota
from customs.services.retail_lists import is_taxable, parcel_of
from warehouse import services as warehouse
from warehouse.days import day_of
from warehouse.models import RetailOrder
from warehouse.services import NewOrder


@transaction.atomic
def merge_orders(
    *, seller: Company, numbers: Sequence[str], told: NewOrder, merged_by: User, now: datetime
) -> RetailOrder:
    """Let one new order with its own number and payment take the place of several of one buyer.

    Lists that were drawn are voided: their tax is not due, and the buyer's year has as much again.
    What is reserved passes to the new order without ever being free. The limits for an order and
    for the buyer's year are asked of the new order at once, as far as rule and rates are in force;
    its list is drawn as any other's.

    Raises OrderNotYours, RetailRefusal or what ``warehouse.services.merge_orders`` raises; then
    nothing has been written.
    """
    held = warehouse.lock_to_merge(seller=seller, numbers=numbers)
    drawn = RetailList.objects.filter(order__in=[one.pk for one in held], void__isnull=True)
    lists = list(drawn.order_by("pk"))
    made = warehouse.merge_orders(
        held=held,
        told=told,
        merged_by=merged_by,
        now=now,
        lists={one.order_id: one.number for one in lists},
    )
    RetailVoid.objects.bulk_create(
        RetailVoid(retail_list=one, seller_id=seller.pk, voided_at=now, voided_by=merged_by)
        for one in lists
    )
    void_quota([one.pk for one in lists], now=now)
    _check_limits(made, now)
    return made


def _check_limits(made: RetailOrder, now: datetime) -> None:
    """Raises RetailRefusal. Whoever draws the list asks again: until then another order may have
    used what is left of the year."""
    day = day_of(now)
    limits = queries.limits_on(day)
    lines = queries.retail_lines([made])[made.pk]
    rates = queries.rates_on({line.product.hs_code for line in lines}, day)
    contents = contents_by_product(line.product for line in lines)
    if limits is None or not all(is_taxable(line, rates, contents) for line in lines):
        return
    # The year is the person's, whoever sold.
    with platform_wide():
        used = queries.used_in_year({made.buyer_id_digest}, day.year)
        grams = queries.grams_in_year({made.buyer_id_digest}, day.year)
    rules.assess(
        parcel_of(made, lines, rates, contents, 0),
        used_this_year=used.get(made.buyer_id_digest, 0),
        limits=limits,
        used_grams={code: n for (_buyer, code), n in grams.items()},
    )
