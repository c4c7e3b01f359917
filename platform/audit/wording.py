"""Values and names of fields as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import pgettext_lazy as _p

from core.fields import CountryField
from core.history import DELETE, INSERT, UPDATE
from core.money import Money
from web.templatetags.bondpool import country

ACTIONS = {
    INSERT: _p("history", "created"),
    UPDATE: _p("history", "changed"),
    DELETE: _p("history", "deleted"),
}
_ENDINGS = {
    "_minor": "",
    "_zh": " (Chinese)",
    "_en": " (English)",
    "_g": " (g)",
    "_cm3": " (cm³)",
}
#: Figures of a batch and of terms, in CNY whatever the supplier is paid in.
_HOUSE_FIGURES = frozenset(
    {"cny_minor", "fee_minor", "alone_minor", "wire_fee_minor", "bulk_from_minor"}
    | {"lcl_minor", "lcl_minimum_minor", "order_fee_minor", "declaration_fee_minor"}
    | {"line_fee_minor", "price_minor"}
)

Names = Mapping[type[models.Model], Mapping[Any, str]]


def english(name: str) -> str:
    """A field's or a model's name in plain words, as the catalogue knows it."""
    for ending, words in _ENDINGS.items():
        if name.endswith(ending):
            name = name.removesuffix(ending) + words
            break
    return name.replace("_", " ")


def field_name(field: models.Field[Any, Any]) -> str:
    return pgettext("history", english(field.name))


def kind_name(model: type[models.Model]) -> str:
    return pgettext("history", str(model._meta.verbose_name))


def value(event: Any, field: models.Field[Any, Any], names: Names) -> str:
    """A value of a row of history in words."""
    raw = getattr(event, field.attname)
    if raw is None or raw == "" or raw == []:
        return "–"
    if isinstance(field, models.ForeignKey):
        target = field.related_model
        assert not isinstance(target, str)  # noqa: S101 - a loaded model
        return names.get(target, {}).get(raw, f"#{raw}")
    if isinstance(field, ArrayField):
        said = dict(field.base_field.flatchoices)
        return ", ".join(str(said.get(one, one)) for one in raw)
    return _plain(event, field, raw)


def _plain(event: Any, field: models.Field[Any, Any], raw: Any) -> str:
    if field.flatchoices:
        return str(dict(field.flatchoices).get(raw, raw))
    if isinstance(field, CountryField):
        return country(raw)
    if isinstance(raw, bool):
        return gettext("yes") if raw else gettext("no")
    if isinstance(raw, datetime):
        return timezone.localtime(raw).strftime("%Y-%m-%d %H:%M")
    if isinstance(raw, date):
        return raw.isoformat()
    if field.name.endswith("_minor"):
        currency = _currency(event, field.name)
        return str(Money(raw, currency)) if currency else str(raw)
    return str(raw)


def _currency(event: Any, name: str) -> str:
    """What an amount is in; empty where another row says it."""
    if name in _HOUSE_FIGURES:
        return "CNY"
    own = getattr(event, "currency", "") or ("CNY" if hasattr(event, "channel") else "")
    if name in {"freight_minor", "insurance_minor"}:
        return str(getattr(event, "freight_currency", "") or own)
    return str(own)
