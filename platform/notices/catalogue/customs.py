"""What is due to customs, and what of its reference data waits for a second person."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

EVENTS = (
    Event(
        code="guarantee.exceeded",
        group=Group.MONEY,
        label=_("A guarantee for tax is exceeded"),
        title=_("Customs billed more than the guarantee %(guarantee)s is good for"),
        text=_("%(used)s yuan of %(amount)s are used: pay what is due, or have it raised."),
        to=roles(Role.IMPORTER),
        facts={"guarantee": Fact.TEXT, "used": Fact.TEXT, "amount": Fact.TEXT},
        link=("guarantees",),
        action=_("See the guarantees"),
        icon="shield-check",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="tax.near",
        group=Group.MONEY,
        label=_("A month's tax is to be paid soon"),
        title=_("The tax of %(month)s against %(guarantee)s is paid by %(due_on)s"),
        text=_("%(due)s yuan are still to be paid. The statement lists customs' bills."),
        to=roles(Role.IMPORTER),
        facts={
            "guarantee": Fact.TEXT,
            "month": Fact.TEXT,
            "due": Fact.TEXT,
            "due_on": Fact.DAY,
        },
        link=("guarantees",),
        action=_("See the guarantees"),
        icon="calendar-due",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="tax.missed",
        group=Group.MONEY,
        label=_("A month's tax was not paid in time"),
        title=_("The tax of %(month)s against %(guarantee)s was to be paid by %(due_on)s"),
        text=_("%(due)s yuan are still to be paid. The statement lists customs' bills."),
        to=roles(Role.IMPORTER),
        facts={
            "guarantee": Fact.TEXT,
            "month": Fact.TEXT,
            "due": Fact.TEXT,
            "due_on": Fact.DAY,
        },
        link=("guarantees",),
        action=_("See the guarantees"),
        icon="calendar-due",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="reference.proposed",
        group=Group.BOND,
        label=_("A change of reference data waits for you"),
        title=_("%(number)s changes reference data: approve or refuse it"),
        text=_(
            "%(file)s: %(added)s new, %(changed)s changed, %(ended)s ended. It holds once you, "
            "who did not propose it, have read the differences and approve it."
        ),
        to=roles(Role.OPERATOR),
        facts={
            "number": Fact.TEXT,
            "file": Fact.TEXT,
            "added": Fact.COUNT,
            "changed": Fact.COUNT,
            "ended": Fact.COUNT,
        },
        link=("reference_proposal", "number"),
        action=_("Read the differences"),
        platform=True,
        icon="git-pull-request",
        mail=MailWhen.NOW,
    ),
    Event(
        code="reference.approved",
        group=Group.BOND,
        label=_("Your change of reference data is approved"),
        title=_("%(number)s is approved"),
        text=_("%(file)s holds from its days on."),
        to=roles(Role.OPERATOR),
        facts={"number": Fact.TEXT, "file": Fact.TEXT},
        link=("reference_proposal", "number"),
        platform=True,
        icon="git-pull-request",
        tone="green",
    ),
    Event(
        code="reference.refused",
        group=Group.BOND,
        label=_("Your change of reference data is refused"),
        title=_("%(number)s is refused"),
        text=_("%(file)s changes nothing: %(reason)s"),
        to=roles(Role.OPERATOR),
        facts={"number": Fact.TEXT, "file": Fact.TEXT, "reason": Fact.TEXT},
        link=("reference_proposal", "number"),
        platform=True,
        icon="git-pull-request",
        tone="orange",
        mail=MailWhen.NOW,
    ),
)
