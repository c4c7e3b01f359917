"""The lists of what the authority answered."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from catalog.queries import companies_named, company_keys
from core.filters import Choices, Code, Days, Flag
from core.listing import Listing, Related, Search
from customs.models import BillStatus, ReceiptState, ReceiptWay

RECEIPTS = Listing(
    name="customs-receipts",
    sorts={"came_at": "came_at", "returned_at": "returned_at"},
    default="-came_at",
    search=Search(
        prefix=("key", "customs_no", "pre_no"),
        hint=_("Our number, or the authority's"),
    ),
    filters=(
        Choices(name="state", path="state", choices=ReceiptState.choices, label=_("State")),
        Code(name="message", path="message", label=_("Kind of message")),
        Code(name="status", path="status", label=_("Status")),
        Flag(
            name="not_done",
            when=Q(matches__effect="refused"),
            label=_("Could not be done"),
        ),
        Days(name="came", path="came_at", label=_("Came in")),
    ),
)

RECEIPT_FILES = Listing(
    name="customs-receipt-files",
    sorts={"came_at": "came_at"},
    default="-came_at",
    search=Search(prefix=("name",), hint=_("File name")),
    filters=(
        Flag(name="parked", when=~Q(refusal=""), label=_("Laid aside")),
        Choices(name="way", path="way", choices=ReceiptWay.choices, label=_("How it came")),
        Days(name="came", path="came_at", label=_("Came in")),
    ),
)

TAX_BILLS = Listing(
    name="tax-bills",
    sorts={"made_at": "made_at", "number": "number"},
    default="-made_at",
    search=Search(
        prefix=("number", "list_number", "retail_list__number"),
        related=(Related("seller", companies_named),),
        hint=_("Tax bill or list"),
    ),
    filters=(
        Flag(name="differs", when=Q(differs=True), label=_("Differs from ours")),
        Choices(
            name="status",
            path="status",
            choices=BillStatus.choices,
            label=pgettext_lazy("tax bill", "Status"),
        ),
        Code(name="guarantor", path="assure_code", label=_("Guarantor")),
        Code(name="seller", path="seller", find=company_keys, label=_("Seller")),
        Days(name="made", path="made_at", label=_("Billed on")),
    ),
)
