from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from django import forms
from django.utils.translation import gettext

from core.errors import DomainError, InputError
from web.templatetags.bondpool import told, words

T = TypeVar("T")


class ActForForm(forms.Form):
    membership = forms.IntegerField(min_value=1)


def tried(
    form: forms.Form,
    act: Callable[[], T],
    *,
    beside: Mapping[type[DomainError], str] | None = None,
) -> T | None:
    """Do what a form asks for. What is refused about its input stands above it, or beside the
    field that ``beside`` names, and nothing that was typed is lost; None then.

    Every other refusal goes on to the one page of refusals.
    """
    fields = beside or {}
    try:
        return act()
    except DomainError as refusal:
        if not isinstance(refusal, (InputError, *fields)):
            raise
        facts = ", ".join(
            f"{words(name)}: {told(value)}"
            for name, value in refusal.facts.items()
            if name != "rows"
        )
        sentence = gettext(refusal.rule())
        form.add_error(fields.get(type(refusal)), f"{sentence} ({facts})" if facts else sentence)
        return None
