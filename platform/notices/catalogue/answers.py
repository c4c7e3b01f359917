"""What the authority answered that somebody must hear of."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, roles
from notices.models import MailWhen

_POSTED = {
    "list": Fact.TEXT,
    "lines": Fact.COUNT,
    "goods": Fact.TEXT,
    "theirs": Fact.TEXT,
    "ours": Fact.TEXT,
}

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
        code="posting.differs",
        group=Group.BOND,
        label=_("Customs posts other quantities than listed"),
        title=ngettext_lazy(
            "Customs posted %(lines)s line of %(list)s otherwise",
            "Customs posted %(lines)s lines of %(list)s otherwise",
            "lines",
        ),
        text=_(
            "The first: of %(goods)s customs posted %(theirs)s to the account book; the list, or "
            "the count at the gate, says %(ours)s. Ask the zone which one is right, before more "
            "is declared from it."
        ),
        to=roles(Role.IMPORTER),
        facts=_POSTED,
        link=("receipts",),
        action=_("See the receipts"),
        icon="scale",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="postings.differ",
        group=Group.BOND,
        label=_("Customs posts other quantities than the books have"),
        title=ngettext_lazy(
            "Customs posted %(lines)s line of %(list)s otherwise",
            "Customs posted %(lines)s lines of %(list)s otherwise",
            "lines",
        ),
        text=_(
            "The first: of %(goods)s customs posted %(theirs)s; the list, or the count at the "
            "gate, says %(ours)s. The account book here keeps ours."
        ),
        to=roles(Role.OPERATOR),
        platform=True,
        facts=_POSTED,
        link=("account_books",),
        action=_("See the account books"),
        icon="scale",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="retail.goods_apart",
        group=Group.RETAIL,
        label=_("Goods of a parcel lie in two account books"),
        title=ngettext_lazy(
            "%(lists)s parcel cannot go to customs: its goods lie in two account books",
            "%(lists)s parcels cannot go to customs: their goods lie in two account books",
            "lists",
        ),
        text=_("Cancel the order and send it as one parcel for each account book or house."),
        to=roles(Role.SELLER),
        facts={"lists": Fact.COUNT},
        link=("retail_lists",),
        action=_("See the lists"),
        icon="arrows-split-2",
        tone="orange",
        mail=MailWhen.NOW,
        hook=True,
        items={"number": Fact.TEXT, "order": Fact.TEXT},
    ),
    Event(
        code="exports.apart",
        group=Group.BOND,
        label=_("Released parcels that can stand on no export list"),
        title=ngettext_lazy(
            "%(parcels)s released parcel can stand on no export list",
            "%(parcels)s released parcels can stand on no export list",
            "parcels",
        ),
        text=_("The goods of each lie in two account books or houses. The page names them."),
        to=roles(Role.IMPORTER),
        facts={"parcels": Fact.COUNT},
        link=("export_lists",),
        action=_("See the export lists"),
        icon="arrows-split-2",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="receipts.unread",
        group=Group.BOND,
        label=_("Receipts of a gateway cannot be read"),
        title=_("Receipts of gateway %(code)s cannot be read"),
        text=_(
            "%(file)s: it is missing rights, or something is in its way. All others are taken; it "
            "is tried again by itself."
        ),
        to=roles(Role.IMPORTER, Role.WAREHOUSE),
        facts={"code": Fact.TEXT, "file": Fact.TEXT},
        link=("gateway", "code"),
        action=_("See the gateway"),
        icon="plug-off",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    Event(
        code="effects.failed",
        group=Group.BOND,
        label=_("What follows from a receipt could not be done"),
        title=_("What follows from %(receipt)s could not be done"),
        text=_(
            "Of %(document)s. The fault is ours, and its reason is in our log. All others went "
            "on; the page of the receipt tries again."
        ),
        to=roles(Role.OPERATOR),
        platform=True,
        facts={"receipt": Fact.TEXT, "document": Fact.TEXT},
        link=("receipts",),
        action=_("See the receipts"),
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
    ),
    Event(
        code="exports.held",
        group=Group.BOND,
        label=_("Export lists could not be made"),
        title=_("The export lists of the day could not be made"),
        text=_("The rule: %(reason)s. The button on their page says what is missing."),
        to=roles(Role.IMPORTER),
        facts={"reason": Fact.TEXT},
        link=("export_lists",),
        action=_("See the export lists"),
        icon="truck-delivery",
        tone="orange",
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
