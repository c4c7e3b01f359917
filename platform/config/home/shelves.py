"""What sellers and the warehouse both see of stock, each of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Min, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from catalog.models import Product
from config.home.words import BARS
from warehouse.models import Holding
from warehouse.queries import stock
from web.pages import Chart, Task
from web.templatetags.bondpool import day, number


def expiring(
    held: QuerySet[Holding], *, days: int, now: datetime, url: str, action: str | Promise
) -> list[Task]:
    """One task when something expires within ``days``, or has."""
    soon = stock.near_expiry(held, today=localdate(now), days=days).order_by()
    sums = soon.aggregate(units=Sum("on_hand"), first=Min("expires_on"))
    if sums["first"] is None:
        return []
    told = {"units": number(sums["units"]), "days": days, "day": day(sums["first"])}
    detail = _("%(units)s units within %(days)s days; the first on %(day)s.") % told
    return [Task(_("Stock is about to expire"), detail, url, action, "hourglass-low", "orange")]


def chart(products: Sequence[stock.AgedStock], title: str) -> list[Chart]:
    """The largest stocks as bars, stacked by age; none where nothing is there."""
    most = products[:BARS]
    names = Product.objects.in_bulk([one.product_id for one in most])
    if not most:
        return []
    first, second, last = (begins - 1 for begins in stock.AGE_DAYS)
    ages = [
        _("up to %(n)s days") % {"n": first},
        _("%(from)s to %(to)s days") % {"from": first + 1, "to": second},
        _("%(from)s to %(to)s days") % {"from": second + 1, "to": last},
        _("longer"),
    ]
    return [
        Chart(
            key="stock",
            title=title,
            unit=_("units"),
            head=_("Product"),
            kind="rows",
            categories=[names[one.product_id].name for one in most],
            series=[(age, [one.by_age[at] for one in most]) for at, age in enumerate(ages)],
            note=_("By the days since the goods were counted in."),
            stacked=True,
        )
    ]
