"""Filters of the customs pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _

from core.errors import DomainError
from customs.models import TaxRounding
from customs.rules.receipts.words import status_words as words_of
from customs.rules.rounding import Rounding
from customs.rules.tax_working import What
from warehouse.days import day_of
from web.templatetags.bondpool import sentence as said

register = template.Library()

_STEPS = {
    What.DUTIABLE: _("Dutiable value: goods + share of freight and insurance"),
    What.DUTY: _("Duty"),
    What.CONSUMPTION_TAX: _("Consumption tax by law"),
    What.CONSUMPTION_TAX_DUE: _("Consumption tax that is due"),
    What.VAT: _("VAT by law"),
    What.VAT_DUE: _("VAT that is due"),
}


@register.filter
def tax_step(what: What) -> str:
    """A step of the working in words."""
    return gettext(_STEPS[what])


@register.filter
def sentence(refusal: DomainError) -> str:
    """Why something is refused, with its facts."""
    return said(refusal)


@register.filter
def customs_day(at: datetime) -> str:
    """The day on which it was in China, whatever zone its reader has."""
    return f"{day_of(at)}"


@register.filter
def percent(rate: Decimal) -> str:
    """``0.13000`` is ``13%``, ``0.065`` is ``6.5%``."""
    return f"{(rate * 100).normalize():f}%"


@register.filter
def rounding_words(how: Rounding) -> str:
    """``half up, each line, to 0.01``."""
    kept = TaxRounding(mode=how.mode.value, basis=how.basis.value, places=how.places)
    step = Decimal(1).scaleb(-how.places)
    return f"{kept.get_mode_display()}, {kept.get_basis_display()}, CNY {step}"


@register.filter
def status_words(answer: Any) -> str:
    """What a receipt says, in the reader's language."""
    at = 0 if (get_language() or "").startswith("zh") else 1
    return words_of(answer.message, answer.status)[at]


@register.filter
def waited(time: timedelta | None) -> str:
    """``2 d 3 h``, ``4 min``, ``12 s``: the two largest units that say something."""
    seconds = int(time.total_seconds()) if time else 0
    days, rest = divmod(seconds, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes, left = divmod(rest, 60)
    parts = [
        gettext("%(n)s d") % {"n": days} if days else "",
        gettext("%(n)s h") % {"n": hours} if hours else "",
        gettext("%(n)s min") % {"n": minutes} if minutes else "",
        gettext("%(n)s s") % {"n": left},
    ]
    return " ".join([one for one in parts if one][:2])
