"""The lists of settlement, for its pages and its API."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.queries import companies_named, company_keys, supplier_keys, suppliers_named
from core.filters import Choice, Choices, Code, Days
from core.listing import Listing, Related, Search, Total
from settlement.models import AccountState, BankAccount, BatchState, Payable, PayableState, Period


def _currencies() -> list[tuple[str, str]]:
    found = Payable.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [(currency, currency) for currency in found]


def _account_currencies() -> list[tuple[str, str]]:
    found = BankAccount.objects.order_by("currency").values_list("currency", flat=True).distinct()
    return [(currency, currency) for currency in found]


BANK_ACCOUNTS = Listing(
    name="bank-accounts",
    sorts={"newest": "pk", "number": "number", "company": "company__code"},
    default="-newest",
    search=Search(
        prefix=("number",),
        related=(Related("company", companies_named),),
        hint=_("Number or company"),
    ),
    filters=(
        Choices(name="state", path="state", choices=AccountState.choices, label=_("State")),
        Choice(name="currency", path="currency", choices=_account_currencies, label=_("Currency")),
        Code(name="company", path="company", find=company_keys, label=_("Company")),
        Days(name="entered", path="entered_at", label=_("Entered")),
    ),
)

PAYABLES = Listing(
    name="payables",
    sorts={
        "number": "number",
        "due_on": "due_on",
        "invoiced_on": "invoiced_on",
        "amount": "amount_minor",
        "supplier": "supplier__company__code",
    },
    default="-due_on",
    search=Search(
        prefix=("number", "invoice_number", "order_number"),
        related=(Related("supplier", suppliers_named),),
        hint=_("Number, invoice, order or supplier"),
    ),
    filters=(
        Choices(name="state", path="state", choices=PayableState.choices, label=_("State")),
        Choice(name="currency", path="currency", choices=_currencies, label=_("Currency")),
        Code(name="supplier", path="supplier", find=supplier_keys, label=_("Supplier")),
        Code(name="debtor", path="debtor", find=company_keys, label=_("Debtor")),
        Days(name="due", path="due_on", is_moment=False, label=_("Due")),
    ),
    totals=(Total("amount", "amount_minor", currency="currency"),),
)

BATCHES = Listing(
    name="batches",
    sorts={
        "number": "number",
        "period": "period_start",
        "supplier": "supplier__company__code",
        "amount": "total_minor",
    },
    default="-number",
    search=Search(
        prefix=("number",),
        related=(Related("supplier", suppliers_named),),
        hint=_("Batch number or supplier"),
    ),
    filters=(
        Choices(name="state", path="state", choices=BatchState.choices, label=_("State")),
        Choice(name="currency", path="currency", choices=_currencies, label=_("Currency")),
        Code(name="supplier", path="supplier", find=supplier_keys, label=_("Supplier")),
        Code(name="debtor", path="debtor", find=company_keys, label=_("Debtor")),
        Days(name="period", path="period_start", is_moment=False, label=_("Period")),
    ),
    totals=(
        Total("amount", "total_minor", currency="currency"),
        Total("cost", "cny_minor", fixed="CNY"),
    ),
)

FILES = Listing(
    name="payment-files",
    sorts={"made_at": "made_at", "message_id": "message_id"},
    default="-made_at",
    search=Search(prefix=("message_id",), hint=_("Message number")),
    filters=(
        Code(name="debtor", path="debtor", find=company_keys, label=_("Debtor")),
        Days(name="made", path="made_at", label=_("Made")),
    ),
)

CHARGES = Listing(
    name="charges",
    sorts={"newest": "pk", "goods": "goods_minor", "fee": "fee_minor"},
    default="-newest",
    search=Search(
        prefix=("batch__number",),
        related=(Related("batch__supplier", suppliers_named),),
        hint=_("Batch number or supplier"),
    ),
    filters=(
        Choice(name="currency", path="batch__currency", choices=_currencies, label=_("Currency")),
        Days(name="period", path="batch__period_start", is_moment=False, label=_("Period")),
    ),
    totals=(
        Total("total", "total_minor", fixed="CNY"),
        Total("goods", "goods_minor", fixed="CNY"),
        Total("fee", "fee_minor", fixed="CNY"),
        Total("saved", "saved_minor", fixed="CNY"),
    ),
)

TERMS = Listing(
    name="terms",
    sorts={"newest": "pk", "valid_from": "valid_from", "debtor": "debtor__code"},
    default="-valid_from",
    search=Search(related=(Related("debtor", companies_named),), hint=_("Debtor")),
    filters=(
        Code(name="debtor", path="debtor", find=company_keys, label=_("Debtor")),
        Choices(name="period", path="period", choices=Period.choices, label=_("Period")),
        Days(name="valid", path="valid_from", is_moment=False),
    ),
)

RATES = Listing(
    name="rates",
    sorts={"fetched_at": "fetched_at", "rate_on": "value_date", "newest": "pk"},
    default="-newest",
    search=Search(
        more=lambda words: (
            Q(source__icontains=words) | Q(base__iexact=words) | Q(quote__iexact=words)
        ),
        hint=_("Currency"),
    ),
    filters=(
        Code(name="currency", path="base", label=_("Currency")),
        Code(name="source", path="source"),
        Days(name="rate", path="value_date", is_moment=False),
    ),
)
