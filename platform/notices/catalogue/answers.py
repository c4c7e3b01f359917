"""What the authority answered that somebody must hear of."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

EVENTS = (
    Event(
        code="retail.sent_back",
        group=Group.RETAIL,
        label=_("Customs sends retail lists back"),
        title=ngettext_lazy(
            "Customs sent %(lists)s retail list back",
            "Customs sent %(lists)s retail lists back",
            "lists",
        ),
        text=_("The page of each list says why. Its goods are not picked before it is released."),
        to=roles(Role.SELLER),
        facts={"lists": Fact.COUNT},
        link=("retail_lists",),
        action=_("See the lists"),
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
        hook=True,
        items={
            "number": Fact.TEXT,
            "order": Fact.TEXT,
            "message": Fact.TEXT,
            "status": Fact.TEXT,
        },
    ),
    Event(
        code="retail.tax_differs",
        group=Group.RETAIL,
        label=_("Customs' tax differs from ours"),
        title=ngettext_lazy(
            "The tax of %(bills)s retail list differs",
            "The tax of %(bills)s retail lists differs",
            "bills",
        ),
        text=_("Customs' own bill decides. Both stand on the page of each list."),
        to=roles(Role.SELLER),
        facts={"bills": Fact.COUNT},
        link=("tax_differences",),
        action=_("See the differences"),
        icon="receipt-tax",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
        items={"number": Fact.TEXT, "list": Fact.TEXT, "theirs": Fact.MONEY, "ours": Fact.MONEY},
    ),
    Event(
        code="customs.sent_back",
        group=Group.BOND,
        label=_("Customs sends messages back"),
        title=ngettext_lazy(
            "Customs sent %(messages)s message back",
            "Customs sent %(messages)s messages back",
            "messages",
        ),
        text=_("The first: %(first)s. The receipts say why."),
        to=roles(Role.IMPORTER, Role.WAREHOUSE),
        facts={"messages": Fact.COUNT, "first": Fact.TEXT},
        link=("receipts",),
        action=_("See the receipts"),
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="tax.differs",
        group=Group.BOND,
        label=_("Customs' tax differs from ours"),
        title=ngettext_lazy(
            "Customs' tax differs on %(bills)s bill",
            "Customs' tax differs on %(bills)s bills",
            "bills",
        ),
        text=_("The first: %(first)s. Look whether a rate or the rounding has changed."),
        to=roles(Role.OPERATOR),
        platform=True,
        facts={"bills": Fact.COUNT, "first": Fact.TEXT},
        link=("tax_differences",),
        action=_("See the differences"),
        icon="receipt-tax",
        tone="red",
        mail=MailWhen.NOW,
    ),
)
