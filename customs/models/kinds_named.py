"""The kinds of reference data in words."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Code tables by the name under which each is loaded; see ``rules.reference.kinds``.
TABLE_CHOICES = [
    ("country", _("countries")),
    ("currency", _("currencies")),
    ("unit", pgettext_lazy("code table", "units")),
    ("transport", _("means of transport")),
    ("supervision-mode", _("supervision modes")),
    ("package", _("kinds of package")),
    ("container", _("kinds of container")),
    ("levy-nature", _("natures of levy")),
    ("deal-term", _("deal terms")),
    ("certificate", _("supervision certificates")),
    ("customs-district", _("customs districts")),
    ("ciq-office", _("inspection offices")),
    ("port-domestic", _("ports at home")),
    ("port-foreign", _("ports abroad")),
]
KIND_CHOICES = [
    ("tariff", _("tariff")),
    ("positive", _("positive list")),
    ("exchange", _("customs exchange rates")),
    ("rounding", _("rounding of retail tax")),
    ("price-threshold", _("price threshold of cosmetics")),
    *TABLE_CHOICES,
]
