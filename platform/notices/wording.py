"""A notice in the reader's words: the catalogue's sentences filled with the facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from babel.numbers import format_decimal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, to_locale

from accounts.models import Role
from core.money import Money, exponent
from notices.catalogue import EVENTS, Event, Fact
from notices.models import Notice


class Count(int):
    """A number that reads grouped and still decides between one and many."""

    def __str__(self) -> str:
        return format_decimal(int(self), "#,##0", locale=_locale())


@dataclass(frozen=True, slots=True)
class Worded:
    """What is shown of a notice; ``path`` leads to what it is about."""

    title: str
    text: str
    action: str
    path: str
    icon: str
    tone: str


def worded(notice: Notice, *, role: str) -> Worded:
    """In the language that is active now. An event that the catalogue has dropped reads as its
    code: a page of old notices must open."""
    event = EVENTS.get(notice.event)
    if event is None:
        return Worded(notice.event, "", "", reverse("home"), "bell", "secondary")
    told = read(event, notice.facts)
    name, *facts = event.leads_to(role)
    return Worded(
        title=str(event.title % told),
        text=str(event.text % told),
        action=str(event.action),
        path=reverse(name, args=[str(notice.facts[fact]) for fact in facts]),
        icon=event.icon,
        tone=event.tone,
    )


def read(event: Event, facts: Mapping[str, Any]) -> dict[str, object]:
    """The facts as a person reads them; a notice may be older than what is told today."""
    return {
        name: _read(kind, facts[name]) if name in facts else "–"
        for name, kind in event.facts.items()
    }


def _read(kind: Fact, value: Any) -> object:
    match kind:
        case Fact.COUNT:
            return Count(value)
        case Fact.MOMENT:
            local = timezone.localtime(
                datetime.fromisoformat(value), timezone.get_default_timezone()
            )
            return f"{local:%Y-%m-%d %H:%M}"
        case Fact.MONEY:
            return _amount(value["minor"], value["currency"])
        case Fact.NAME:
            return value["zh"] if (get_language() or "").startswith("zh") else value["en"]
        case Fact.ROLE:
            return dict(Role.choices).get(value, value)
    return str(value)


def _amount(minor: int, currency: str) -> str:
    places = exponent(currency)
    pattern = "#,##0" + (f".{'0' * places}" if places else "")
    amount = format_decimal(Money(minor, currency).amount, pattern, locale=_locale())
    return f"{currency}\u00a0{amount}"


def _locale() -> Locale:
    return Locale.parse(to_locale(get_language() or "zh-hans"))
