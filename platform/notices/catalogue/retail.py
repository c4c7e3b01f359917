"""Consumers' orders and their retail lists."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.models import Role
from notices.catalogue.events import Event, Fact, Group, of_order, of_orders, roles
from notices.models import MailWhen

EVENTS = (
    of_orders(
        code="retail.accepted",
        label=_("Retail orders are taken"),
        title=ngettext_lazy(
            "%(orders)s retail order is taken", "%(orders)s retail orders are taken", "orders"
        ),
        text=_("Stock is reserved for them; the retail lists follow."),
        icon="shopping-bag",
        items={"number": Fact.TEXT, "channel": Fact.TEXT, "channel_order_number": Fact.TEXT},
    ),
    of_orders(
        code="retail.refused",
        label=_("Retail orders are refused"),
        title=ngettext_lazy(
            "%(orders)s retail order is refused", "%(orders)s retail orders are refused", "orders"
        ),
        text=_("Nothing was picked for them. Correct the orders and send them again."),
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.DAILY,
        items={"channel": Fact.TEXT, "channel_order_number": Fact.TEXT, "code": Fact.TEXT},
    ),
    of_order(
        code="retail.cancelled",
        label=_("A retail order is cancelled"),
        title=_("Retail order %(number)s is cancelled"),
        text=_("Its stock is back in its lots."),
        facts={"number": Fact.TEXT},
        icon="arrow-back-up",
    ),
    of_orders(
        code="retail.part_served",
        label=_("Retail orders are served in part"),
        title=ngettext_lazy(
            "%(orders)s retail order is served in part",
            "%(orders)s retail orders are served in part",
            "orders",
        ),
        text=_("Not everything was there. What became of the rest, your terms say."),
        icon="package-off",
        tone="orange",
        mail=MailWhen.DAILY,
        items={
            "number": Fact.TEXT,
            "channel": Fact.TEXT,
            "channel_order_number": Fact.TEXT,
            "sku": Fact.TEXT,
            "ordered": Fact.COUNT,
            "served": Fact.COUNT,
            "waits_until": Fact.TEXT,
        },
    ),
    of_orders(
        code="retail.served_later",
        label=_("Back-ordered goods are set aside"),
        title=ngettext_lazy(
            "What was missing of %(orders)s retail order is set aside",
            "What was missing of %(orders)s retail orders is set aside",
            "orders",
        ),
        text=_("Each goes out as a further parcel with a retail list of its own."),
        icon="package",
        items={"number": Fact.TEXT, "channel": Fact.TEXT, "channel_order_number": Fact.TEXT},
    ),
    of_orders(
        code="retail.given_up",
        label=_("Back-ordered goods did not come"),
        title=ngettext_lazy(
            "What was missing of %(orders)s retail order is waited for no longer",
            "What was missing of %(orders)s retail orders is waited for no longer",
            "orders",
        ),
        text=_("It did not come in the days you set. Tell your buyers."),
        icon="clock-x",
        tone="orange",
        mail=MailWhen.DAILY,
        items={
            "number": Fact.TEXT,
            "channel": Fact.TEXT,
            "channel_order_number": Fact.TEXT,
            "sku": Fact.TEXT,
            "units": Fact.COUNT,
        },
    ),
    of_orders(
        code="retail.unpaid",
        label=_("Retail orders were not paid in time"),
        title=ngettext_lazy(
            "%(orders)s retail order was not paid in time",
            "%(orders)s retail orders were not paid in time",
            "orders",
        ),
        text=_("They are cancelled and their stock is back. Once paid, send them again."),
        icon="clock-x",
        tone="orange",
        mail=MailWhen.DAILY,
        items={"number": Fact.TEXT, "channel": Fact.TEXT, "channel_order_number": Fact.TEXT},
    ),
    of_order(
        code="retail.held",
        label=_("A warehouse holds a retail order back"),
        title=_("Retail order %(number)s is on hold"),
        text=_("The warehouse says why: %(reason)s"),
        facts={"number": Fact.TEXT, "reason": Fact.TEXT},
        icon="player-pause",
        tone="orange",
        mail=MailWhen.DAILY,
    ),
    of_order(
        code="retail.let_go",
        label=_("A warehouse lets a retail order go on"),
        title=_("Retail order %(number)s goes on"),
        text=_("The warehouse holds it back no longer."),
        facts={"number": Fact.TEXT},
        icon="player-play",
    ),
    Event(
        code="return.announced",
        group=Group.RETAIL,
        label=_("A return is announced"),
        title=ngettext_lazy(
            "%(units)s unit of %(order)s comes back",
            "%(units)s units of %(order)s come back",
            "units",
        ),
        text=_("Return %(number)s is taken in until %(comes_until)s."),
        to=roles(Role.WAREHOUSE),
        facts={
            "number": Fact.TEXT,
            "order": Fact.TEXT,
            "units": Fact.COUNT,
            "comes_until": Fact.DAY,
        },
        link=("warehouse_return", "number"),
        action=_("See the return"),
        icon="arrow-back",
        mail=MailWhen.DAILY,
    ),
    Event(
        code="return.arrived",
        group=Group.RETAIL,
        label=_("A return has arrived"),
        title=ngettext_lazy(
            "%(units)s unit of %(order)s has come back",
            "%(units)s units of %(order)s have come back",
            "units",
        ),
        text=_("Return %(number)s: %(announced)s announced. It is in quarantine until looked at."),
        to=roles(Role.SELLER),
        facts={
            "number": Fact.TEXT,
            "order": Fact.TEXT,
            "units": Fact.COUNT,
            "announced": Fact.COUNT,
        },
        link=("my_returns",),
        action=_("See the returns"),
        icon="arrow-back",
        hook=True,
    ),
    Event(
        code="return.refused",
        group=Group.RETAIL,
        label=_("A return is refused"),
        title=_("The return %(number)s of %(order)s is refused"),
        text=_("The warehouse did not take it in; the list of returns says why."),
        to=roles(Role.SELLER),
        facts={"number": Fact.TEXT, "order": Fact.TEXT, "code": Fact.TEXT},
        link=("my_returns",),
        action=_("See the returns"),
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.DAILY,
        hook=True,
    ),
    Event(
        code="retail.listed",
        group=Group.RETAIL,
        label=_("Retail lists are drawn"),
        title=ngettext_lazy(
            "%(lists)s retail list is drawn", "%(lists)s retail lists are drawn", "lists"
        ),
        text=_("The composite tax on them is %(tax)s."),
        to=roles(Role.SELLER),
        facts={"lists": Fact.COUNT, "tax": Fact.MONEY},
        link=("retail_lists",),
        action=_("See the lists"),
        icon="receipt-tax",
        hook=True,
        items={"number": Fact.TEXT, "order": Fact.TEXT, "tax": Fact.MONEY},
    ),
    of_orders(
        code="retail.released",
        label=_("Retail orders are released by customs"),
        title=ngettext_lazy(
            "%(orders)s retail order is released by customs",
            "%(orders)s retail orders are released by customs",
            "orders",
        ),
        text=_("The warehouse picks and packs them next."),
        icon="shield-check",
        items={"number": Fact.TEXT},
    ),
    of_order(
        code="retail.put_aside",
        label=_("A retail order waits for missing units"),
        title=_("Retail order %(number)s waits in the warehouse"),
        text=ngettext_lazy(
            "%(units)s unit of %(sku)s was not found in its place. The order is picked once it is"
            " there; it can be cancelled until then.",
            "%(units)s units of %(sku)s were not found in their place. The order is picked once"
            " they are there; it can be cancelled until then.",
            "units",
        ),
        facts={"number": Fact.TEXT, "sku": Fact.TEXT, "units": Fact.COUNT},
        icon="alert-triangle",
        tone="orange",
        mail=MailWhen.NOW,
    ),
    of_orders(
        code="retail.list_refused",
        label=_("Retail orders may not leave as retail"),
        title=ngettext_lazy(
            "%(orders)s retail order got no retail list",
            "%(orders)s retail orders got no retail list",
            "orders",
        ),
        text=_("The rules of retail import refused them and their stock went back."),
        icon="alert-triangle",
        tone="red",
        mail=MailWhen.NOW,
        items={"order": Fact.TEXT, "code": Fact.TEXT},
    ),
)
