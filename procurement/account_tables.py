"""The lists of what sellers owe and paid, as their pages and files show them."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from procurement.models import EntryKind
from procurement.queries import charging, listings_of_accounts
from web.tables import Column, Empty, Table, Viewer

_STAFF = frozenset({Role.FINANCE, Role.OPERATOR})


def _what(one: Any) -> str:
    """The document an entry comes from: a run of a round's bills, a deposit, a line of the bank."""
    return f"{one.round.code} / {one.run}" if one.run else str(one.reference)


def _own_document(one: Any) -> str:
    if one.run:
        return reverse("my_share", args=[one.round.code])
    return _referred(one)


#: Pages of what an entry's reference names.
_PAGES = {EntryKind.DEPOSIT: "deposit", EntryKind.STORAGE: "storage_bill"}


def _referred(one: Any) -> str:
    page = _PAGES.get(one.kind)
    return reverse(page, args=[one.reference]) if page else ""


def _columns(document: Any, *who: Column) -> tuple[Column, ...]:
    return (
        Column(label=_("Entry"), value="number", kind="number", sort="number"),
        *who,
        Column(label=_("Kind"), value="kind", kind="choice"),
        Column(label=_("Document"), value=_what, kind="number", link=document),
        Column(label=_("Round"), value="round.code", kind="number", on_page=False),
        Column(label=_("Day"), value="value_date", kind="day", sort="value_date"),
        Column(label=_("Due"), value="due_on", kind="day"),
        Column(
            label=_("Amount"), value="amount_minor", kind="money", sort="amount", total="amount"
        ),
    )


MY_ACCOUNT = Table(
    key="my-account",
    scope="accounts:read",
    title=_("My balance"),
    listing=listings_of_accounts.OWN_ENTRIES,
    rows=lambda viewer: charging.entries().filter(seller=viewer.company),
    roles=frozenset({Role.SELLER}),
    columns=_columns(_own_document),
    empty=Empty(
        _("Nothing stands on your account"),
        _("The bill of your share stands here as soon as a round is ordered."),
        "receipt",
    ),
)


def _attach(rows: list[Any], viewer: Viewer) -> None:
    found = charging.accounts_of([one.pk for one in rows], viewer.today)
    for one in rows:
        one.account = found.get(one.pk)


ACCOUNTS = Table(
    key="seller-accounts",
    scope="accounts:read",
    title=_("Sellers' accounts"),
    listing=listings_of_accounts.ACCOUNTS,
    rows=lambda viewer: charging.accounts(viewer.today),
    attach=_attach,
    roles=_STAFF,
    named="code",
    columns=(
        Column(
            label=_("Seller"),
            value="name",
            note="code",
            link=lambda one: reverse("seller_account", args=[one.code]),
            sort="seller",
        ),
        Column(label=_("Company code"), value="code", kind="number", on_page=False),
        Column(
            label=_("Owes"), value="balance_minor", kind="money", sort="balance", total="balance"
        ),
        Column(
            label=_("Overdue"),
            value=lambda one: max(one.due_minor, 0),
            kind="money",
            sort="due",
        ),
        Column(label=_("Due first"), value="account.next_due.due_on", kind="day", in_file=False),
    ),
    empty=Empty(
        _("No seller owes or paid anything yet"),
        _("Their bills stand here as soon as a round is ordered."),
        "receipt",
    ),
)


def _entries(viewer: Viewer, code: str) -> Any:
    return charging.entries().filter(seller=get_object_or_404(charging.sellers(), code=code))


SELLER_ENTRIES = Table(
    key="seller-entries",
    title=_("Entries of the account"),
    listing=listings_of_accounts.SELLER_ENTRIES,
    rows=_entries,
    within="seller",
    roles=_STAFF,
    columns=(
        *_columns(_referred),
        Column(label=_("Noted by"), value="noted_by.name"),
    ),
    empty=Empty(
        _("Nothing stands on this account"),
        _("The bill of its share stands here as soon as a round is ordered."),
        "receipt",
    ),
)

TABLES = (MY_ACCOUNT, ACCOUNTS, SELLER_ENTRIES)
