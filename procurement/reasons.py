"""Why a plan is what it is, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext

from core.money import Money
from procurement.queries.statements import Why
from procurement.rules.sharing.parts import FEWEST_SELLERS
from settlement.rules import HOME
from web.templatetags.bondpool import grouped


def _(message: str) -> str:
    """Marks a message; :func:`quiet` translates it."""
    return message


#: Facts that are amounts in fen; amounts of the order's currency end in ``_minor``.
_FEN = frozenset({"cost", "saved", "freight", "landed", "budget"})
#: The same of an order that the plan could not carry out.
_OF_ORDER = frozenset({"amount", "minimum"})
#: What a seller is told of a line that fewer than three share, whatever made it so large: whether
#: wishes fill whole packs, reach a price or stay below a minimum would tell what the other wished.
TOGETHER = _("Ordered in whole packs, of what all sellers wish for together.")
#: What such a seller is told besides, if it gets less than it wished itself.
SHORT = {
    "capacity": _("The supplier can deliver less than was wished for."),
    "missing": _("A part is left out: ordering it costs more than it is worth."),
    "cut": _("What sellers would do without is left out, to order a pack or a load less."),
}
#: Why a product is not ordered at all, without any number.
QUIET = {
    "not_offered": _("No supplier offers it."),
    "capacity_below_minimum": _("No supplier can deliver as much as its own minimum."),
    "dropped_minimum": _("The smallest order is more than all sellers would take."),
    "dropped_order": _("The order would stay below the supplier's minimum."),
    "dropped": _("Ordering it would cost more than the goods are worth."),
    "dropped_budget": _("The budget does not reach for it."),
}


def sentence(rule: str, message: str, facts: Mapping[str, Any], currency: str) -> str:
    """One reason with its numbers; ``currency`` is that of the order it is about, where the facts
    name no other."""
    paid = str(facts.get("currency") or currency)
    told = {name: _fact(rule, name, value, paid) for name, value in facts.items()}
    return gettext(message) % told


def quiet(rule: str) -> str:
    """Why a product is left out, without any number; empty for what only numbers say."""
    return gettext(QUIET[rule]) if rule in QUIET else ""


def of_seller(why: Why, *, is_short: bool) -> list[str]:
    """What a seller is told of one of its order lines: what made it so only where three share it;
    ``is_short``: it got less than it wished."""
    if why.sellers >= FEWEST_SELLERS:
        told = [
            sentence(one["rule"], one["message"], one["facts"], why.currency) for one in why.reasons
        ]
        return [one for one in told if one]
    rules = [one["rule"] for one in why.reasons] if is_short else []
    return [gettext(TOGETHER), *(gettext(SHORT[rule]) for rule in rules if rule in SHORT)]


def in_words(reasons: Iterable[Any], currency: str) -> list[str]:
    """Reasons or obstacles as the rules made them, for operators."""
    return [sentence(one.rule, one.message, one.facts, currency) for one in reasons]


def _fact(rule: str, name: str, value: Any, currency: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        if name.endswith("_minor") or (rule == "order_minimum" and name in _OF_ORDER):
            return str(Money(value, currency))
        if name in _FEN or rule == "budget":
            return str(Money(value, HOME))
        return grouped(value)
    return str(value)
