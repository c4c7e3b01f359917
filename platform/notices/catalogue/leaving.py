"""What is told of parcels on their way to the consumer."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

EVENTS = (
    Event(
        code="retail.handed_over",
        group=Group.RETAIL,
        label=_("Parcels are handed over to the carrier"),
        title=ngettext_lazy(
            "%(orders)s retail order is handed over to the carrier",
            "%(orders)s retail orders are handed over to the carrier",
            "orders",
        ),
        text=_("The tracking number stands on the page of each order once its carrier told it."),
        to=roles(Role.SELLER),
        facts={"orders": Fact.COUNT},
        link=("retail_orders",),
        action=_("See the orders"),
        icon="truck-delivery",
        hook=True,
        items={"number": Fact.TEXT},
    ),
    Event(
        code="retail.delivered",
        group=Group.RETAIL,
        label=_("Parcels are delivered"),
        title=ngettext_lazy(
            "%(orders)s retail order is delivered",
            "%(orders)s retail orders are delivered",
            "orders",
        ),
        text=_("The carrier told so of every parcel of each of them."),
        to=roles(Role.SELLER),
        facts={"orders": Fact.COUNT},
        link=("retail_orders",),
        action=_("See the orders"),
        icon="circle-check",
        tone="green",
        hook=True,
        items={"number": Fact.TEXT},
    ),
    Event(
        code="retail.delivery_failed",
        group=Group.RETAIL,
        label=_("A parcel could not be delivered"),
        title=_("A parcel of retail order %(number)s could not be delivered"),
        text=_("The carrier says so of parcel %(parcel)s; it may try again."),
        to=roles(Role.SELLER),
        facts={"number": Fact.TEXT, "parcel": Fact.TEXT},
        link=("retail_order", "number"),
        action=_("See the order"),
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="retail.parcel_returned",
        group=Group.RETAIL,
        label=_("A parcel comes back"),
        title=_("A parcel of retail order %(number)s comes back"),
        text=_("The carrier says that parcel %(parcel)s is on its way back to the warehouse."),
        to=roles(Role.SELLER),
        facts={"number": Fact.TEXT, "parcel": Fact.TEXT},
        link=("retail_order", "number"),
        action=_("See the order"),
        icon="arrow-back-up",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
)
