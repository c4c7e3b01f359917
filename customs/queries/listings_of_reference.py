"""The lists of reference data, for pages and API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce, Left
from django.utils.translation import gettext_lazy as _

from core.filters import Choice, Days, Filter, Flag, Given, read_day
from core.listing import Listing, Search
from customs.models import ChangeAct, PositiveEntry, ProposalState, RemarkKind, holding_on
from customs.models.kinds_named import KIND_CHOICES, TABLE_CHOICES


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


def _standing_as(state: str) -> Q:
    return {
        ProposalState.OPEN.value: Q(decision__isnull=True),
        ProposalState.APPROVED.value: Q(decision__approved=True),
    }.get(state, Q(decision__approved=False))


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

POSITIVE = Listing(
    name="positive-list",
    sorts={"code": "code", "valid_from": "valid_from"},
    default="code",
    search=Search(more=digits_begin("code"), hint=_("Beginning of a code")),
    filters=(
        HoldsOn(name="on", label=_("Holds on")),
        Choice(
            name="remark",
            choices=RemarkKind.choices,
            label=_("Remark"),
            when=lambda kind: Q(remarks__contains=[kind]),
        ),
    ),
)

EXCHANGE = Listing(
    name="exchange-rates",
    sorts={"currency": "currency", "valid_from": "valid_from"},
    default="-valid_from",
    search=Search(prefix=("currency",), hint=_("Currency")),
    filters=(HoldsOn(name="on", label=_("Holds on")),),
)

CODES = Listing(
    name="customs-codes",
    sorts={"code": "code", "table": "table"},
    default="table",
    search=Search(prefix=("code", "old_code", "name_zh", "name_en"), hint=_("Code or name")),
    filters=(
        HoldsOn(name="on", label=_("Holds on")),
        Choice(name="table", path="table", choices=TABLE_CHOICES, label=_("Code table")),
    ),
)

PROPOSALS = Listing(
    name="reference-proposals",
    sorts={"number": "number", "proposed_at": "proposed_at"},
    default="-proposed_at",
    search=Search(prefix=("number", "file_name", "sha256"), hint=_("Number or file")),
    filters=(
        Choice(name="kind", path="kind", choices=KIND_CHOICES, label=_("Reference data")),
        Choice(name="state", choices=ProposalState.choices, label=_("State"), when=_standing_as),
        Days(name="proposed", path="proposed_at", label=_("Proposed")),
    ),
)

CHANGES = Listing(
    name="reference-changes",
    sorts={"key": "key", "row": "row"},
    default="row",
    search=Search(prefix=("key",), hint=_("Beginning of a code")),
    filters=(
        Choice(name="act", path="act", choices=ChangeAct.choices, label=_("Kind of difference")),
    ),
)
