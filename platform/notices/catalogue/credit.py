"""Forecast credit and deposits."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

_MOVED = {"number": Fact.TEXT, "quarter": Fact.TEXT, "amount": Fact.MONEY}
_DUE = {**_MOVED, "due_at": Fact.MOMENT}

EVENTS = (
    Event(
        code="credit.band",
        group=Group.BUYING,
        label=_("Your forecast credit changes its band"),
        title=_("Your forecast credit is now in band %(band)s"),
        text=_(
            "After %(quarter)s your score is %(score)s of 100; before it was band %(before)s."
            " The band sets your deposit, your tolerance and your place in a shortage."
        ),
        to=roles(Role.SELLER),
        facts={
            "quarter": Fact.TEXT,
            "before": Fact.TEXT,
            "band": Fact.TEXT,
            "score": Fact.COUNT,
        },
        link=("my_credit",),
        action=_("See your forecast credit"),
        icon="gauge",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="deposit.asked",
        group=Group.BUYING,
        label=_("A deposit is asked of you"),
        title=_("Deposit for %(quarter)s: %(amount)s"),
        text=_(
            "Pay %(amount)s by %(due_at)s and write %(number)s on the transfer. A share whose"
            " deposit is not paid in full by then is not ordered."
        ),
        to=roles(Role.SELLER),
        facts=_DUE,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="cash",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="deposit.none",
        group=Group.BUYING,
        label=_("No deposit is asked of you"),
        title=_("No deposit for %(quarter)s"),
        text=_(
            "Other sellers of this round are asked for a deposit; your forecast credit spares you"
            " one. There is nothing to pay before the order, and your wish counts all the same."
        ),
        to=roles(Role.SELLER),
        facts={"quarter": Fact.TEXT},
        link=("my_credit",),
        action=_("See your forecast credit"),
        icon="cash-off",
        tone="green",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="deposit.due",
        group=Group.BUYING,
        label=_("A deposit is due within two days"),
        title=_("Deposit %(number)s is due soon"),
        text=_(
            "%(amount)s are due by %(due_at)s and not paid in full yet. Without it your share of"
            " %(quarter)s is not ordered."
        ),
        to=roles(Role.SELLER),
        facts=_DUE,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="clock-exclamation",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="deposit.paid",
        group=Group.BUYING,
        label=_("A deposit of yours has come in"),
        title=_("%(amount)s of deposit %(number)s received"),
        text=_("They stand for your share of %(quarter)s."),
        to=roles(Role.SELLER),
        facts=_MOVED,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="cash",
        tone="green",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="deposit.applied",
        group=Group.BUYING,
        label=_("A deposit of yours went to the order"),
        title=_("%(amount)s of deposit %(number)s went to your order"),
        text=_("They are counted against what your share of %(quarter)s costs."),
        to=roles(Role.SELLER),
        facts=_MOVED,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="cash",
        hook=True,
    ),
    Event(
        code="deposit.refunded",
        group=Group.BUYING,
        label=_("A deposit of yours was refunded"),
        title=_("%(amount)s of deposit %(number)s refunded"),
        text=_("They went back to your bank account; they had stood for %(quarter)s."),
        to=roles(Role.SELLER),
        facts=_MOVED,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="cash",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="deposit.forfeited",
        group=Group.BUYING,
        label=_("A deposit of yours is forfeited"),
        title=_("%(amount)s of deposit %(number)s are forfeited"),
        text=_("They had stood for your share of %(quarter)s; the platform keeps them."),
        to=roles(Role.SELLER),
        facts=_MOVED,
        link=("deposit", "number"),
        action=_("See the deposit"),
        icon="cash-off",
        tone="red",
        mail=MailWhen.NOW,
        hook=True,
    ),
)
