"""Customs, the gate, stock."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, of_stock, roles
from notices.models import MailWhen

_DECLARATION = {"reference": Fact.TEXT, "shipment": Fact.TEXT}

EVENTS = (
    Event(
        code="declaration.ready",
        group=Group.BOND,
        label=_("The papers of a declaration are ready"),
        title=_("The papers of %(reference)s are ready"),
        text=_("The declaration of shipment %(shipment)s can be lodged."),
        to=roles(Role.IMPORTER),
        facts=_DECLARATION,
        link=("declaration", "reference"),
        action=_("See the declaration"),
        icon="file-certificate",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="declaration.failed",
        group=Group.BOND,
        label=_("The papers of a declaration could not be made"),
        title=_("The papers of %(reference)s could not be made"),
        text=_("The workers gave up on shipment %(shipment)s. Look at the reason and try again."),
        to=roles(Role.IMPORTER),
        facts=_DECLARATION,
        link=("declaration", "reference"),
        action=_("See the declaration"),
        icon="file-alert",
        tone="red",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="declaration.rejected",
        group=Group.BOND,
        label=_("Customs sent a declaration back"),
        title=_("Customs sent %(reference)s back"),
        text=_("The reason for shipment %(shipment)s: %(reason)s"),
        to=roles(Role.IMPORTER),
        facts={**_DECLARATION, "reason": Fact.TEXT},
        link=("declaration", "reference"),
        action=_("See the declaration"),
        icon="file-alert",
        tone="red",
        mail=MailWhen.NOW,
        hook=True,
    ),
    Event(
        code="declaration.released",
        group=Group.BOND,
        label=_("Customs released a declaration"),
        title=_("Customs released %(reference)s"),
        text=_("Shipment %(shipment)s may enter bond under entry number %(entry_number)s."),
        to=roles(Role.IMPORTER),
        facts={**_DECLARATION, "entry_number": Fact.TEXT},
        link=("declaration", "reference"),
        action=_("See the declaration"),
        icon="file-check",
        tone="green",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="shipment.cleared",
        group=Group.BOND,
        label=_("A shipment is cleared for your warehouse"),
        title=_("Shipment %(number)s is cleared"),
        text=_("It may be counted in as soon as it is at the gate."),
        to=roles(Role.WAREHOUSE),
        facts={"number": Fact.TEXT},
        link=("warehouse_shipments",),
        action=_("See what is coming"),
        icon="truck-delivery",
        mail=MailWhen.DAILY,
    ),
    Event(
        code="share.cleared",
        group=Group.BOND,
        label=_("Goods of your share are cleared"),
        title=_("Your goods of %(quarter)s are cleared"),
        text=_("Customs let shipment %(number)s into bond; %(units)s units of it are yours."),
        to=roles(Role.SELLER),
        facts={"number": Fact.TEXT, "quarter": Fact.TEXT, "units": Fact.COUNT},
        link=("my_share", "quarter"),
        action=_("See your share"),
        icon="circle-check",
        hook=True,
    ),
    Event(
        code="shipment.received",
        group=Group.BOND,
        label=_("A shipment of your order is counted in"),
        title=_("Shipment %(number)s is counted in"),
        text=_("%(counted)s of %(announced)s units arrived; %(missing)s are missing."),
        to=roles(Role.IMPORTER),
        facts={
            "number": Fact.TEXT,
            "announced": Fact.COUNT,
            "counted": Fact.COUNT,
            "missing": Fact.COUNT,
        },
        link=("shipment", "number"),
        action=_("See the shipment"),
        icon="clipboard-check",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="claim.opened",
        group=Group.BOND,
        label=_("Goods of your order came damaged"),
        title=_("Damaged goods: claim %(number)s is opened"),
        text=_("Shipment %(shipment)s was counted; send the claim to the supplier."),
        to=roles(Role.IMPORTER),
        facts={"number": Fact.TEXT, "shipment": Fact.TEXT},
        link=("claim", "number"),
        action=_("See the claim"),
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
    ),
    of_stock(
        code="stock.received",
        label=_("Your goods are in bond"),
        title=_("%(units)s units of yours are in bond"),
        text=_("Shipment %(number)s is counted in, complete for you."),
        facts={"number": Fact.TEXT, "units": Fact.COUNT},
        icon="building-warehouse",
        tone="green",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.short",
        label=_("Your goods are in bond, and some are missing"),
        title=_("%(missing)s units of yours are missing"),
        text=_(
            "Shipment %(number)s is counted in: %(units)s units came for you, %(missing)s fewer"
            " than your share."
        ),
        facts={"number": Fact.TEXT, "units": Fact.COUNT, "missing": Fact.COUNT},
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.expiring",
        label=_("Stock of yours expires soon"),
        title=ngettext_lazy(
            "%(lots)s lot of yours expires soon",
            "%(lots)s lots of yours expire soon",
            "lots",
        ),
        text=_(
            "%(units)s units expire within %(days)s days, the first on %(first_on)s. At the pace "
            "of the last 90 days %(wasted)s units of all your stock will not be sold in time."
        ),
        facts={
            **dict.fromkeys(("days", "lots", "units", "wasted"), Fact.COUNT),
            "first_on": Fact.DAY,
        },
        icon="clock-exclamation",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.last_sale",
        label=_("Stock of yours nears the last day on which it may be sold"),
        title=ngettext_lazy(
            "%(lots)s lot of yours may soon be sold no longer",
            "%(lots)s lots of yours may soon be sold no longer",
            "lots",
        ),
        text=_(
            "%(units)s units may be sold for %(days)s more days at the most, the first until "
            "%(first_on)s. A shop with a minimum of its own: %(channel)s"
        ),
        facts={
            **dict.fromkeys(("days", "lots", "units"), Fact.COUNT),
            "first_on": Fact.DAY,
            "channel": Fact.TEXT,
        },
        icon="clock-exclamation",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.time_in_bond",
        label=_("Stock of yours nears the end of its time in bond"),
        title=ngettext_lazy(
            "%(lots)s lot of yours nears the end of its time in bond",
            "%(lots)s lots of yours near the end of their time in bond",
            "lots",
        ),
        text=_(
            "%(units)s units reach it within %(days)s days, the first on %(first_on)s. Sell them, "
            "send them back or have them cleared."
        ),
        facts={"days": Fact.COUNT, "lots": Fact.COUNT, "units": Fact.COUNT, "first_on": Fact.DAY},
        icon="clock-exclamation",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.set_aside",
        label=_("Stock of yours is set aside"),
        title=ngettext_lazy(
            "%(units)s unit of yours is set aside",
            "%(units)s units of yours are set aside",
            "units",
        ),
        text=_(
            "The warehouse changed the status of lot %(lot)s by %(number)s: they cannot be sold."
        ),
        facts={"number": Fact.TEXT, "lot": Fact.TEXT, "units": Fact.COUNT},
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_stock(
        code="stock.freed",
        label=_("Stock of yours can be sold again"),
        title=ngettext_lazy(
            "%(units)s unit of yours can be sold again",
            "%(units)s units of yours can be sold again",
            "units",
        ),
        text=_("The warehouse freed them of lot %(lot)s by %(number)s."),
        facts={"number": Fact.TEXT, "lot": Fact.TEXT, "units": Fact.COUNT},
        icon="circle-check",
        tone="green",
    ),
    of_stock(
        code="stock.destroyed",
        label=_("Stock of yours was destroyed"),
        title=ngettext_lazy(
            "%(units)s unit of yours was destroyed",
            "%(units)s units of yours were destroyed",
            "units",
        ),
        text=_("The warehouse destroyed them of lot %(lot)s; its record is %(number)s."),
        facts={"number": Fact.TEXT, "lot": Fact.TEXT, "units": Fact.COUNT},
        icon="trash",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="stock.differs",
        group=Group.BOND,
        label=_("The stock differs from its movements"),
        title=ngettext_lazy(
            "The stock differs from its movements in %(differences)s place",
            "The stock differs from its movements in %(differences)s places",
            "differences",
        ),
        text=_(
            "Found by the nightly proof, and left as it is. The first: %(first)s. The command"
            " prove_stock names them all."
        ),
        to=roles(Role.OPERATOR),
        platform=True,
        facts={"differences": Fact.COUNT, "first": Fact.TEXT},
        link=("warehouse_stock",),
        action=_("See the stock"),
        icon="scale-outline",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="book.differs",
        group=Group.BOND,
        label=_("An account book does not agree"),
        title=ngettext_lazy(
            "An account book differs in %(differences)s place",
            "An account book differs in %(differences)s places",
            "differences",
        ),
        text=_(
            "Found by the nightly proof, and left as it is. The first: %(first)s. The command"
            " prove_book names what differs."
        ),
        to=roles(Role.OPERATOR),
        platform=True,
        facts={"differences": Fact.COUNT, "first": Fact.TEXT},
        link=("account_books",),
        action=_("See the account books"),
        icon="book-2",
        tone="red",
        mail=MailWhen.NOW,
    ),
)
