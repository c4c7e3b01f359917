"""How forms are drawn."""

from __future__ import annotations

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import escape

_WIDGETS = "django/forms/widgets"
#: One tag with its attributes and nothing else.
_PLAIN = frozenset(
    f"{_WIDGETS}/{kind}.html"
    for kind in ("text", "number", "email", "url", "password", "hidden", "date", "input")
)


class PlainInputs(DjangoTemplates):
    """Django's own, but for the controls that are a single tag: those are written down directly.

    A form of sixty quantities spent most of its time in a template for each attribute.
    """

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        if template_name not in _PLAIN:
            return super().render(template_name, context, request)
        widget = context["widget"]
        told = {"type": widget["type"], "name": widget["name"]}
        if widget["value"] is not None:
            told["value"] = widget["value"]
        parts = []
        for name, value in {**told, **widget["attrs"]}.items():
            if value is not False:
                parts.append(name if value is True else f'{name}="{escape(value)}"')
        return f"<input {' '.join(parts)}>"
