"""What the buttons of a decision say."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.rules import admitting


@dataclass(frozen=True, slots=True)
class Button:
    value: str
    label: str | Promise
    dress: str


_BUTTONS = {
    "ask": Button("ask", _("Ask back"), ""),
    "admit": Button("admit", _("Admit"), "btn-primary"),
    "refuse": Button("refuse", _("Refuse"), "btn-outline-danger"),
    "suspend": Button("suspend", _("Suspend"), "btn-outline-danger"),
    "reinstate": Button("reinstate", _("Reinstate"), "btn-primary"),
}


def decisions_of(state: str) -> list[Button]:
    """What may be decided in this state."""
    return [_BUTTONS[act] for act in admitting.possible(state)]
