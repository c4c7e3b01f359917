"""What shops send by themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

EVENTS = (
    Event(
        code="retail.amounts_differ",
        group=Group.RETAIL,
        label=_("A shop tells other amounts of an order"),
        title=ngettext_lazy(
            "A shop tells another amount of %(orders)s order whose list is drawn",
            "A shop tells other amounts of %(orders)s orders whose lists are drawn",
            "orders",
        ),
        text=_(
            "The first: %(first)s. What was paid and the tax it took stand as told before: tell "
            "them on the page of waybill and payment, or cancel the order and send it anew."
        ),
        to=roles(Role.SELLER),
        facts={"orders": Fact.COUNT, "first": Fact.TEXT},
        link=("retail_orders",),
        action=_("See the orders"),
        icon="scale",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
        items={
            "order": Fact.TEXT,
            "order_number": Fact.TEXT,
            "paid": Fact.TEXT,
            "collected_tax": Fact.TEXT,
        },
    ),
    Event(
        code="channel.refused",
        group=Group.RETAIL,
        label=_("Something a shop sent was not taken"),
        title=_("Something %(shop)s sent was not taken"),
        text=_("Look which order and field it is about, mend it, and try it again."),
        to=roles(Role.SELLER),
        facts={"shop": Fact.TEXT, "delivery": Fact.TEXT, "orders": Fact.COUNT},
        link=("channel_delivery", "delivery"),
        action=_("See what was not taken"),
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
        items={"order_number": Fact.TEXT, "code": Fact.TEXT},
    ),
)
