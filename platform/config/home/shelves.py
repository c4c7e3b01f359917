"""What sellers and the warehouse both see of stock, each of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from catalog.models import Product
from config.home.words import BARS, day
from warehouse.models import Holding
from warehouse.queries import stock
from web.pages import Chart, Task


def expiring(
    held: QuerySet[Holding], *, days: int, now: datetime, url: str, action: str | Promise
) -> list[Task]:
    """One task when something expires within ``days``, or has."""
    soon = stock.near_expiry(held, today=localdate(now), days=days)
    first = soon.first()
    if first is None or first.lot.expires_on is None:
        return []
    told = {
        "units": soon.aggregate(units=Sum("on_hand"))["units"],
        "days": days,
        "day": day(first.lot.expires_on),
    }
    detail = _("%(units)s units within %(days)s days; the first on %(day)s.") % told
    return [Task(_("Stock is about to expire"), detail, url, action, "hourglass-low", "orange")]


def chart(products: Sequence[stock.ProductStock], title: str) -> list[Chart]:
    """The largest stocks as bars; none where nothing is there."""
    most = sorted(products, key=lambda one: -one.on_hand)[:BARS]
    names = Product.objects.in_bulk([one.product_id for one in most])
    if not most:
        return []
    return [
        Chart(
            key="stock",
            title=title,
            unit=_("units"),
            head=_("Product"),
            kind="rows",
            categories=[names[one.product_id].name for one in most],
            series=[(_("on hand"), [one.on_hand for one in most])],
        )
    ]
