"""What is told of parcels on their way to the consumer."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from notices.catalogue.events import Fact, of_order, of_orders
from notices.models import MailWhen

EVENTS = (
    of_orders(
        code="retail.handed_over",
        label=_("Parcels are handed over to the carrier"),
        title=ngettext_lazy(
            "%(orders)s retail order is handed over to the carrier",
            "%(orders)s retail orders are handed over to the carrier",
            "orders",
        ),
        text=_("The tracking number stands on the page of each order once its carrier told it."),
        icon="truck-delivery",
        items={"number": Fact.TEXT},
    ),
    of_orders(
        code="retail.delivered",
        label=_("Parcels are delivered"),
        title=ngettext_lazy(
            "%(orders)s retail order is delivered",
            "%(orders)s retail orders are delivered",
            "orders",
        ),
        text=_("The carrier told so of every parcel of each of them."),
        icon="circle-check",
        tone="green",
        items={"number": Fact.TEXT},
    ),
    of_order(
        code="retail.delivery_failed",
        label=_("A parcel could not be delivered"),
        title=_("A parcel of retail order %(number)s could not be delivered"),
        text=_("The carrier says so of parcel %(parcel)s; it may try again."),
        facts={"number": Fact.TEXT, "parcel": Fact.TEXT},
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_order(
        code="retail.parcel_returned",
        label=_("A parcel comes back"),
        title=_("A parcel of retail order %(number)s comes back"),
        text=_("The carrier says that parcel %(parcel)s is on its way back to the warehouse."),
        facts={"number": Fact.TEXT, "parcel": Fact.TEXT},
        icon="arrow-back-up",
        tone="orange",
        mail=MailWhen.NOW,
    ),
)
