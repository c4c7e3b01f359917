"""Goods in bond that one seller offers another."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

_TRANSFER = {"number": Fact.TEXT, "sku": Fact.TEXT, "units": Fact.COUNT, "amount": Fact.MONEY}

EVENTS = (
    Event(
        code="transfer.offered",
        group=Group.BOND,
        label=_("Another seller offers you goods in bond"),
        title=ngettext_lazy(
            "You are offered %(units)s unit of %(sku)s in bond",
            "You are offered %(units)s units of %(sku)s in bond",
            "units",
        ),
        text=_("For %(amount)s in all, until %(valid_until)s, by %(number)s."),
        to=roles(Role.SELLER),
        facts={**_TRANSFER, "valid_until": Fact.DAY},
        link=("transfer", "number"),
        action=_("See the offer"),
        icon="arrows-exchange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="transfer.accepted",
        group=Group.BOND,
        label=_("An offer of yours is accepted"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s changed hands",
            "%(units)s units of %(sku)s changed hands",
            "units",
        ),
        text=_("By %(number)s; %(amount)s stands on your balance as your credit."),
        to=roles(Role.SELLER),
        facts=_TRANSFER,
        link=("transfer", "number"),
        action=_("See the offer"),
        icon="circle-check",
        tone="green",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="transfer.refused",
        group=Group.BOND,
        label=_("An offer of yours is refused"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s is yours to sell again",
            "%(units)s units of %(sku)s are yours to sell again",
            "units",
        ),
        text=_("The other side refused %(number)s for %(amount)s."),
        to=roles(Role.SELLER),
        facts=_TRANSFER,
        link=("transfer", "number"),
        action=_("See the offer"),
        icon="circle-x",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="transfer.withdrawn",
        group=Group.BOND,
        label=_("An offer to you is withdrawn"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s is no longer offered to you",
            "%(units)s units of %(sku)s are no longer offered to you",
            "units",
        ),
        text=_("The other side withdrew %(number)s for %(amount)s."),
        to=roles(Role.SELLER),
        facts=_TRANSFER,
        link=("transfer", "number"),
        action=_("See the offer"),
        icon="circle-x",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="transfer.expired",
        group=Group.BOND,
        label=_("An offer is over"),
        title=ngettext_lazy(
            "The offer of %(units)s unit of %(sku)s is over",
            "The offer of %(units)s units of %(sku)s is over",
            "units",
        ),
        text=_(
            "Nobody took %(number)s for %(amount)s in time; the units are their owner's to sell."
        ),
        to=roles(Role.SELLER),
        facts=_TRANSFER,
        link=("transfer", "number"),
        action=_("See the offer"),
        icon="calendar-x",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
    ),
)
