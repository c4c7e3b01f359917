"""The lists of settlement as its pages and files show them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.money import Money
from settlement import listings, queries, services
from settlement.bank_accounts import bank_accounts
from web.tables import Action, Column, Empty, Table, Viewer

_FINANCE = frozenset({Role.FINANCE})
#: Who saw no price approves none.
NEVER = datetime.min.replace(tzinfo=UTC)


BANK_ACCOUNTS = Table(
    key="bank-accounts",
    scope="settlement:read",
    title=_("Bank accounts"),
    listing=listings.BANK_ACCOUNTS,
    rows=lambda viewer: bank_accounts(),
    roles=_FINANCE,
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("bank_account", args=[one.number]),
            sort="number",
        ),
        Column(label=_("State"), value="state", kind="state"),
        Column(label=_("Company"), value="company.name", note="company.code", sort="company"),
        Column(
            label=_("Account number"),
            value="account",
            kind="number",
            note=lambda one: f"{one.currency} · {one.bank_name}",
        ),
        Column(label=_("Currency"), value="currency", kind="number", on_page=False),
        Column(label=_("Bank"), value="bank_name", on_page=False),
        Column(label="BIC", value="bic", kind="number", on_page=False),
        Column(label=_("Entered by"), value="entered_by.name"),
        Column(label=_("Entered"), value="entered_at", kind="moment", on_page=False),
        Column(label=_("Confirmed by"), value="confirmed_by.name"),
        Column(label=_("Confirmed"), value="confirmed_at", kind="moment", on_page=False),
        Column(label=_("Closed"), value="closed_at", kind="moment", on_page=False),
    ),
    empty=Empty(
        _("No bank account is here"),
        _("Enter where the importer pays from and where suppliers are paid to."),
        "building-bank",
    ),
)

PAYABLES = Table(
    key="payables",
    scope="settlement:read",
    title=_("Payables"),
    listing=listings.PAYABLES,
    rows=lambda viewer: queries.payables(),
    roles=_FINANCE,
    columns=(
        Column(
            label=_("Number"), value="number", kind="number", note="order_number", sort="number"
        ),
        Column(label=_("Supplier"), value="supplier.company.name", sort="supplier"),
        Column(
            label=_("Invoice"),
            value="invoice_number",
            kind="number",
            note="invoiced_on",
            sort="invoiced_on",
        ),
        Column(label=_("Invoiced on"), value="invoiced_on", kind="day", on_page=False),
        Column(label=_("Order"), value="order_number", kind="number", on_page=False),
        Column(
            label=_("Amount"),
            value="amount_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
            template="settlement/_cell_amount.html",
        ),
        Column(
            label=_("Due"),
            value="due_on",
            kind="day",
            sort="due_on",
            template="settlement/_cell_due.html",
        ),
        Column(
            label=_("State"), value="state", kind="state", template="settlement/_cell_state.html"
        ),
        Column(label=_("Settlement batch"), value="batch_line.batch.number", on_page=False),
        Column(label="", template="settlement/_cell_history.html"),
    ),
    empty=Empty(
        _("No supplier invoice is booked yet"),
        _("An invoice is booked with its shipment in purchasing; then it waits here to be paid."),
        "file-invoice",
    ),
)


def _paid(batch: Any) -> str:
    """What leaves, to whom, and what it costs."""
    amount = f"{batch.supplier.company.name} · {Money(batch.total_minor, batch.currency)}"
    return f"{amount} = {Money(batch.cny_minor, 'CNY')}" if batch.cny_minor else amount


def _price(batch: Any, viewer: Viewer, now: datetime) -> None:
    services.price_batch(batch=batch, priced_by=viewer.user, now=now)


def _approve(batch: Any, viewer: Viewer, now: datetime) -> None:
    services.approve_batch(
        batch=batch, approved_by=viewer.user, seen=viewer.seen_at or NEVER, now=now
    )


def _export(batch: Any, viewer: Viewer, now: datetime) -> None:
    services.export_batches(batches=[batch], made_by=viewer.user, now=now)


BATCHES = Table(
    key="batches",
    scope="settlement:read",
    title=_("Settlement batches"),
    listing=listings.BATCHES,
    rows=lambda viewer: queries.batches(),
    roles=_FINANCE,
    columns=(
        Column(
            label=_("Number"),
            value="number",
            kind="number",
            link=lambda one: reverse("batch", args=[one.number]),
            sort="number",
        ),
        Column(label=_("State"), value="state", kind="state"),
        Column(label=_("Supplier"), value="supplier.company.name", sort="supplier"),
        Column(
            label=_("Period"),
            value="period_start",
            kind="day",
            note="period_end",
            sort="period",
            in_file=False,
        ),
        Column(label=_("Period from"), value="period_start", kind="day", on_page=False),
        Column(label=_("Period until"), value="period_end", kind="day", on_page=False),
        Column(label=_("Invoices"), value="invoices", kind="qty"),
        Column(
            label=_("Amount"),
            value="total_minor",
            kind="money",
            currency="currency",
            sort="amount",
            total="amount",
        ),
        Column(label=_("Cost"), value="cny_minor", kind="money", total="cost"),
    ),
    empty=Empty(
        _("No batch has been opened yet"),
        _("Open the batches of a period: one per supplier and currency."),
        "stack-2",
    ),
    actions=(
        Action(
            name="price",
            scope="settlement:write",
            label=_("Price for today"),
            icon="calculator",
            roles=_FINANCE,
            each=_price,
            # A rate may have to be fetched first.
            is_alone=True,
        ),
        Action(
            name="approve",
            scope="settlement:approve",
            label=_("Approve"),
            icon="checks",
            roles=_FINANCE,
            each=_approve,
            asks=_("You release these payments as the second person."),
            is_confirmed=True,
            sees="priced_at",
            shows=_paid,
        ),
        Action(
            name="export",
            scope="settlement:write",
            label=_("One payment file each"),
            icon="file-export",
            roles=_FINANCE,
            each=_export,
            asks=_("Each batch is written into a payment file of its own and counts as paid."),
            is_confirmed=True,
            shows=_paid,
        ),
    ),
)

FILES = Table(
    key="payment-files",
    scope="settlement:read",
    title=_("Payment files"),
    listing=listings.FILES,
    rows=lambda viewer: queries.files().prefetch_related("payments__batch__supplier__company"),
    roles=_FINANCE,
    named="message_id",
    columns=(
        Column(
            label=_("Payment file"),
            value="message_id",
            kind="number",
            note="debtor.name",
            sort="message_id",
        ),
        Column(label=_("Debtor"), value="debtor.name", on_page=False),
        Column(
            label=_("Made"), value="made_at", kind="moment", note="made_by.name", sort="made_at"
        ),
        Column(
            label=_("Payments"),
            value=lambda one: "; ".join(
                f"{paid.end_to_end_id} {paid.batch.supplier.company.name}"
                for paid in one.payments.all()
            ),
            template="settlement/_cell_payments.html",
        ),
        Column(label="SHA-256", value="sha256", kind="number", on_page=False),
        Column(label="", template="settlement/_cell_file.html"),
    ),
    empty=Empty(
        _("No payment file has been made yet"),
        _("Approved batches are written into one file for the bank."),
        "file-export",
        "batches",
        _("To the batches"),
    ),
)

CHARGES = Table(
    key="charges",
    scope="charges:read",
    title=_("My charges"),
    listing=listings.CHARGES,
    rows=lambda viewer: queries.charges_of_seller(),
    roles=frozenset({Role.SELLER}),
    named="batch.number",
    columns=(
        Column(
            label=_("Settlement batch"),
            value="batch.supplier.company.name",
            note="batch.number",
            sort="newest",
            in_file=False,
        ),
        Column(label=_("Settlement batch"), value="batch.number", kind="number", on_page=False),
        Column(label=_("Supplier"), value="batch.supplier.company.name", on_page=False),
        Column(label=_("In all"), value="total_minor", kind="money", total="total"),
        Column(label=_("Goods"), value="goods_minor", kind="money", sort="goods", total="goods"),
        Column(label=_("Wire fee"), value="fee_minor", kind="money", sort="fee", total="fee"),
        Column(label=_("Saved"), value="saved_minor", kind="money", total="saved"),
        Column(label=_("Rate"), value="batch.rate.value", template="settlement/_cell_rate.html"),
        Column(
            label=_("Period"),
            value="batch.period_start",
            kind="day",
            note="batch.period_end",
            in_file=False,
        ),
        Column(label=_("Period from"), value="batch.period_start", kind="day", on_page=False),
        Column(label=_("Period until"), value="batch.period_end", kind="day", on_page=False),
    ),
    empty=Empty(
        _("No charge yet"),
        _(
            "When the supplier invoices of a period are paid together, your exact part of goods "
            "and fees appears here."
        ),
        "receipt",
    ),
)

TABLES = (BANK_ACCOUNTS, PAYABLES, BATCHES, FILES, CHARGES)
