"""Words of the catalogue in templates."""

from __future__ import annotations

from django import template
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

register = template.Library()

#: Categories are free text of whoever keeps the catalogue; the usual ones have a name in both
#: languages, any other is shown as it was written.
_USUAL: dict[str, Promise] = {
    "baby": pgettext_lazy("category", "baby"),
    "beauty": pgettext_lazy("category", "beauty"),
    "electronics": pgettext_lazy("category", "electronics"),
    "food": pgettext_lazy("category", "food"),
    "health": pgettext_lazy("category", "health"),
    "home": pgettext_lazy("category", "home"),
    "household": pgettext_lazy("category", "household"),
    "kitchen": pgettext_lazy("category", "kitchen"),
    "personal care": pgettext_lazy("category", "personal care"),
    "pet": pgettext_lazy("category", "pet"),
    "pets": pgettext_lazy("category", "pets"),
    "toys": pgettext_lazy("category", "toys"),
}


@register.filter
def category(name: str) -> str:
    """A category in the reader's language."""
    return str(_USUAL.get(name, name))
