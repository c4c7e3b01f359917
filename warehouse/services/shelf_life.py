"""How long goods may lie in bond, and how much of their life a sale must leave."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from catalog.models import Product
from warehouse.models import BondedWarehouse, BondLimit, ShelfMinimum
from warehouse.queries.shelf_life import bond_limit_of
from warehouse.rules.retail import LONGEST, FieldTooLong, NotPrintable, ProductUnknown
from warehouse.rules.shelf_life import check_bond_limit, check_minimum
from warehouse.rules.waiting import check_reason


@transaction.atomic
def set_bond_limit(
    *, house: BondedWarehouse, days: int, reason: str, set_by: User, now: datetime
) -> int:
    """How many days goods may lie in bond in a warehouse from now on, those there already too.

    The same days again write nothing. Raises BondLimitWrong or ReasonMissing; then nothing has
    been written.
    """
    check_bond_limit(days)
    told = check_reason(reason)
    # Of two who set it at once, the one that waits comes last.
    BondedWarehouse.objects.select_for_update(of=("self",), no_key=True).get(pk=house.pk)
    if bond_limit_of(house) != days:
        BondLimit.objects.create(
            warehouse=house,
            keeper_id=house.operator_id,
            days=days,
            reason=told,
            set_at=now,
            set_by=set_by,
        )
    return days


@transaction.atomic
def set_minimum(
    *,
    seller: Company,
    channel: str = "",
    sku: str = "",
    days: int | None,
    set_by: User,
    now: datetime,
) -> bool:
    """How many days of its life a sale must leave from now on: of a shop's sales, of a product in
    all other shops, or of all else; without ``days`` it is set no longer. Orders taken before keep
    what was set aside for them.

    Returns whether anything was written: the same days again write nothing. Raises ShopOrProduct,
    ShelfDaysWrong, FieldTooLong, NotPrintable or ProductUnknown; then nothing has been written.
    """
    channel, sku = channel.strip(), sku.strip()
    check_minimum(days, channel=channel, sku=sku)
    if len(channel) > LONGEST["channel"]:
        raise FieldTooLong(field="channel", longest=LONGEST["channel"])
    if not channel.isprintable():
        raise NotPrintable(field="channel")
    product = Product.objects.filter(sku=sku).first() if sku else None
    if sku and product is None:
        raise ProductUnknown(field="product", product=sku)
    # Of two who set it at once, the one that waits comes last.
    Company.objects.select_for_update(no_key=True).get(pk=seller.pk)
    before = ShelfMinimum.objects.filter(seller=seller, channel=channel, product=product)
    stands = before.order_by("-pk").values_list("days", flat=True).first()
    if stands == days:
        return False
    ShelfMinimum.objects.create(
        seller=seller, channel=channel, product=product, days=days, set_at=now, set_by=set_by
    )
    return True
