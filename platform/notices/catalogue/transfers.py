"""Goods in bond that one seller offers another."""

from functools import partial

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

_TRANSFER = {"number": Fact.TEXT, "sku": Fact.TEXT, "units": Fact.COUNT, "amount": Fact.MONEY}

_of_transfer = partial(
    Event,
    group=Group.BOND,
    to=roles(Role.SELLER),
    link=("transfer", "number"),
    action=_("See the offer"),
    hook=True,
)

EVENTS = (
    _of_transfer(
        code="transfer.offered",
        label=_("Another seller offers you goods in bond"),
        title=ngettext_lazy(
            "You are offered %(units)s unit of %(sku)s in bond",
            "You are offered %(units)s units of %(sku)s in bond",
            "units",
        ),
        text=_("For %(amount)s in all, until %(valid_until)s, by %(number)s."),
        facts={**_TRANSFER, "valid_until": Fact.DAY},
        icon="arrows-exchange",
        mail=MailWhen.NOW,
    ),
    _of_transfer(
        code="transfer.accepted",
        label=_("An offer of yours is accepted"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s changed hands",
            "%(units)s units of %(sku)s changed hands",
            "units",
        ),
        text=_("By %(number)s; %(amount)s stands on your balance as your credit."),
        facts=_TRANSFER,
        icon="circle-check",
        tone="green",
        mail=MailWhen.DAILY,
    ),
    _of_transfer(
        code="transfer.refused",
        label=_("An offer of yours is refused"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s is yours to sell again",
            "%(units)s units of %(sku)s are yours to sell again",
            "units",
        ),
        text=_("The other side refused %(number)s for %(amount)s."),
        facts=_TRANSFER,
        icon="circle-x",
        tone="orange",
        mail=MailWhen.DAILY,
    ),
    _of_transfer(
        code="transfer.withdrawn",
        label=_("An offer to you is withdrawn"),
        title=ngettext_lazy(
            "%(units)s unit of %(sku)s is no longer offered to you",
            "%(units)s units of %(sku)s are no longer offered to you",
            "units",
        ),
        text=_("The other side withdrew %(number)s for %(amount)s."),
        facts=_TRANSFER,
        icon="circle-x",
        tone="orange",
        mail=MailWhen.DAILY,
    ),
    _of_transfer(
        code="transfer.expired",
        label=_("An offer is over"),
        title=ngettext_lazy(
            "The offer of %(units)s unit of %(sku)s is over",
            "The offer of %(units)s units of %(sku)s is over",
            "units",
        ),
        text=_(
            "Nobody took %(number)s for %(amount)s in time; the units are their owner's to sell."
        ),
        facts=_TRANSFER,
        icon="calendar-x",
        tone="orange",
        mail=MailWhen.DAILY,
    ),
)
