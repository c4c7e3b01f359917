"""Counts of what lies in a warehouse."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, of_stock, roles
from notices.models import MailWhen

_FOUND = {"number": Fact.TEXT, "lot": Fact.TEXT, "units": Fact.COUNT}

EVENTS = (
    Event(
        code="count.to_approve",
        group=Group.BOND,
        label=_("A count waits for approval"),
        title=_("Count %(number)s waits for approval"),
        text=_("In warehouse %(warehouse)s something differs from the books."),
        to=roles(Role.OPERATOR),
        facts={"number": Fact.TEXT, "warehouse": Fact.TEXT},
        link=("stock_count", "number"),
        action=_("See the count"),
        icon="clipboard-check",
        mail=MailWhen.DAILY,
        platform=True,
    ),
    Event(
        code="count.approved",
        group=Group.BOND,
        label=_("A count of yours is approved"),
        title=_("Count %(number)s is approved"),
        text=_("What differed is booked."),
        to=roles(Role.WAREHOUSE),
        facts={"number": Fact.TEXT},
        link=("stock_count", "number"),
        action=_("See the count"),
        icon="circle-check",
        tone="green",
    ),
    Event(
        code="count.refused",
        group=Group.BOND,
        label=_("A count of yours is refused"),
        title=_("Count %(number)s is refused"),
        text=_("Nothing of it is booked. Count again."),
        to=roles(Role.WAREHOUSE),
        facts={"number": Fact.TEXT},
        link=("stock_count", "number"),
        action=_("See the count"),
        icon="circle-x",
        tone="orange",
        mail=MailWhen.DAILY,
    ),
    of_stock(
        code="stock.missing",
        label=_("A count found less of your stock"),
        title=ngettext_lazy(
            "%(units)s unit of yours was not found",
            "%(units)s units of yours were not found",
            "units",
        ),
        text=_("A count of lot %(lot)s found less than the books said; its record is %(number)s."),
        facts=_FOUND,
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.found",
        label=_("A count found more of your stock"),
        title=ngettext_lazy(
            "%(units)s unit more of yours was found",
            "%(units)s units more of yours were found",
            "units",
        ),
        text=_("A count of lot %(lot)s found more than the books said; its record is %(number)s."),
        facts=_FOUND,
        icon="circle-check",
        tone="green",
        mail=MailWhen.DAILY,
    ),
)
