"""Claims against suppliers, for the importer and the platform."""

from __future__ import annotations

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import Company
from core.filters import Choices, Days
from core.listing import Listing, Search, Total
from core.listings import of_each
from warehouse.models import ClaimSettlement, ClaimState, SupplierClaim, SupplierClaimLine

CLAIMS = Listing(
    name="claims",
    sorts={"number": "number", "opened_at": "opened_at", "amount": "amount_minor"},
    default="-number",
    search=Search(prefix=("number", "shipment__number"), hint=_("Claim or shipment number")),
    filters=(
        Choices(name="state", path="state", choices=ClaimState.choices, label=_("State")),
        Days(name="opened", path="opened_at", label=_("Opened")),
    ),
    totals=(Total("amount", "amount_minor", currency="currency"),),
)


def claims(buyer: Company | None = None) -> QuerySet[SupplierClaim]:
    """With the damaged units of each (``units``); only a buyer's own when it is given."""
    found = SupplierClaim.objects.select_related("supplier__company", "shipment__order", "buyer")
    if buyer is not None:
        found = found.filter(buyer=buyer)
    lines = SupplierClaimLine.objects.all()
    return found.annotate(units=of_each(lines, "claim", Sum("quantity"))).order_by("-pk")


def settlements_of(claim: SupplierClaim) -> QuerySet[ClaimSettlement]:
    """What its supplier pays, the newest version first."""
    found = ClaimSettlement.objects.filter(claim=claim).select_related("entered_by")
    return found.order_by("-version")


def lines_of(claim: SupplierClaim) -> QuerySet[SupplierClaimLine]:
    """By position, each with its product."""
    return (
        SupplierClaimLine.objects.filter(claim=claim).select_related("product").order_by("position")
    )
