from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Membership
from config.home import shelves
from config.home.words import link
from procurement.models import ShipmentState
from warehouse.queries import stock
from warehouse.tables import shipments_for
from web.pages import Figure, Home, Task
from web.templatetags.bondpool import qty

#: Stock that expires sooner than this is pointed out.
NEAR_DAYS = 90
#: More tasks than this are a list, and that has a page of its own.
MOST = 5


def page(membership: Membership, *, now: datetime) -> Home:
    """What stands at the gate, what lies on the shelves, what is about to expire."""
    operator = membership.company
    # Cleared for another operator's warehouse is not this one's to count.
    coming = shipments_for(operator)
    cleared = coming.filter(state=ShipmentState.CLEARED)
    at_gate = cleared.select_related("order__supplier__company").order_by("expected_on", "pk")
    waiting = cleared.count()
    at_sea = coming.filter(state=ShipmentState.SHIPPED).count()
    tasks = [
        Task(
            _("Count %(number)s at the gate") % {"number": shipment.number},
            _("%(supplier)s, %(packages)s packages, cleared into bond.")
            % {"supplier": shipment.order.supplier.company.name, "packages": shipment.packages},
            link("warehouse_count", shipment.number),
            _("Count and receive"),
            "truck-delivery",
            "orange",
        )
        for shipment in at_gate[:MOST]
    ]
    held = stock.holdings(warehouses_of=operator)
    shelf = link("warehouse_stock")
    tasks += shelves.expiring(held, days=NEAR_DAYS, now=now, url=shelf, action=_("See the stock"))
    products = stock.by_age(warehouses_of=operator, now=now)
    short = stock.short_at_gate(operator)
    lots = sum(one.lots for one in products)
    still_at_sea = ngettext(
        "%(n)s shipment still at sea", "%(n)s shipments still at sea", at_sea
    ) % {"n": at_sea}
    figures = [
        Figure(_("On the shelves"), qty(sum(one.on_hand for one in products)), _("units"), shelf),
        Figure(_("Lots"), qty(lots), _("with stock"), link("warehouse_lots")),
        Figure(_("At the gate"), qty(waiting), still_at_sea, link("warehouse_shipments")),
        Figure(
            _("Short at the gate"),
            qty(short),
            _("units, shared among the sellers"),
            link("warehouse_receipts"),
        ),
    ]
    return Home(
        _("Goods under bond: every unit has an owner and a movement."),
        tasks,
        figures,
        shelves.chart(products, _("Stock by product and age")),
        calm=_("No shipment waits at the gate."),
    )
