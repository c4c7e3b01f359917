"""What an entry of the catalogue says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from notices.models import MailWhen

Text = str | Promise
_OPEN = _("Open")
#: The name of an address, then the facts that stand in it.
Link = tuple[str, ...]


class Fact(StrEnum):
    """How a fact is kept in JSON and read by a person."""

    TEXT = "text"
    COUNT = "count"
    MOMENT = "moment"
    DAY = "day"
    #: ``{"minor": 123450, "currency": "CNY"}``
    MONEY = "money"
    #: A company, by both of its names: ``{"zh": …, "en": …}``
    NAME = "name"
    ROLE = "role"


class Group(models.TextChoices):
    BUYING = "buying", _("Rounds and orders")
    BOND = "bond", _("Customs and stock")
    RETAIL = "retail", _("Retail orders")
    MONEY = "money", _("Settlement")
    HOUSE = "house", _("Company and security")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Who hears of what, in which words, and where it leads.

    ``title`` and ``text`` are filled from the facts at reading time. ``platform``: it is told
    to the platform's own people in the roles ``to``, otherwise to those of the companies it
    concerns. ``is_mandatory``: it cannot be switched off in the portal. ``hook``: it may go to
    a company's webhooks; ``items`` are then the things one act dealt with, in pages.
    """

    code: str
    group: Group
    label: Text
    title: Text
    text: Text
    to: frozenset[str]
    facts: Mapping[str, Fact]
    link: Link
    links: Mapping[str, Link] = field(default_factory=dict)
    platform: bool = False
    icon: str = "bell"
    tone: str = "primary"
    action: Text = _OPEN
    mail: MailWhen = MailWhen.NEVER
    is_mandatory: bool = False
    hook: bool = False
    items: Mapping[str, Fact] = field(default_factory=dict)

    def leads_to(self, role: str) -> Link:
        return self.links.get(role, self.link)


def roles(*named: Role) -> frozenset[str]:
    """Those named, or everybody of the company."""
    return frozenset(role.value for role in (named or Role))


#: A seller hears of orders of its own that one act dealt with, of one order, of its stock.
of_orders = partial(
    Event,
    group=Group.RETAIL,
    to=roles(Role.SELLER),
    facts={"orders": Fact.COUNT},
    link=("retail_orders",),
    action=_("See the orders"),
    hook=True,
)
of_order = partial(
    Event,
    group=Group.RETAIL,
    to=roles(Role.SELLER),
    link=("retail_order", "number"),
    action=_("See the order"),
    hook=True,
)
of_stock = partial(
    Event,
    group=Group.BOND,
    to=roles(Role.SELLER),
    link=("my_stock",),
    action=_("See your stock"),
    hook=True,
)
