"""The lists of reference data, for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext_lazy as _

from core.filters import Days, Filter, Flag, Given, read_day
from core.listing import Listing, Search
from customs.models import PositiveEntry, holding_on


@dataclass(frozen=True, kw_only=True)
class HoldsOn(Filter):
    """What holds on a day."""

    kind: ClassVar[str] = "day"

    def read(self, given: Given) -> Any:
        return read_day(given, self.name)

    def condition(self, value: Any) -> Q:
        return holding_on(value)


def digits_begin(name: str) -> Any:
    """Codes are typed with dots and spaces; without a digit nothing is meant."""

    def condition(words: str) -> Q:
        digits = "".join(one for one in words if one in "0123456789")
        return Q(**{f"{name}__startswith": digits}) if digits else Q(pk__in=[])

    return condition


#: The code was on the positive list at some time while the row held.
_LISTED = Exists(
    PositiveEntry.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=OuterRef("valid_from")),
        code=Left(OuterRef("hs_code"), 8),
        valid_from__lte=Coalesce(OuterRef("valid_to"), F("valid_from")),
    )
)

TARIFF = Listing(
    name="tariff",
    sorts={"hs_code": "hs_code", "valid_from": "valid_from", "duty": "duty_rate"},
    default="hs_code",
    search=Search(
        more=digits_begin("hs_code"),
        hint=_("Beginning of an HS code"),
    ),
    filters=(
        HoldsOn(name="on", label=_("Holds on")),
        Flag(name="positive", when=Q(_LISTED), label=_("Positive list")),
        Days(name="valid", path="valid_from", is_moment=False, label=_("Valid from")),
    ),
)
