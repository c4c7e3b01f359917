"""What shops send by themselves."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

EVENTS = (
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
