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
#: What the figures of each kind are called, by their column.
FIGURES = {
    "name_zh": _("Name in Chinese"),
    "name_en": _("Name in English"),
    "duty_rate": _("Duty"),
    "agreement_duties": _("Duty by origin"),
    "vat_rate": _("VAT"),
    "consumption_tax_rate": _("Consumption tax"),
    "consumption_tax_specific": _("Consumption tax by quantity (CNY)"),
    "consumption_tax_unit": _("Unit of the tax by quantity"),
    "consumption_tax_if": _("Consumption tax is due on"),
    "legal_unit": _("First legal unit"),
    "legal_unit_2": _("Second legal unit"),
    "elements": _("Declaration elements"),
    "supervision": _("Supervision conditions"),
    "remarks": _("Kinds of remark"),
    "remark": _("Remark"),
    "limit_g": _("Grams for a person and year"),
    "cny": _("Yuan"),
    "per": _("For units of the currency"),
    "mode": _("Rounding"),
    "basis": _("What is rounded"),
    "places": _("Decimals"),
    "per_measure": _("CNY for a millilitre or gram"),
    "per_piece": _("CNY for a sheet"),
    "old_code": _("Old code"),
    "old_ciq_code": _("Old code of inspection"),
    "iso_code": _("ISO code"),
}
