"""The lists of the account book as its pages and files show them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Role
from core.packing import MEDIA_TYPE, packed
from customs.book_papers import book_paper, book_sheet
from customs.models import AccountBook
from customs.queries import book as books
from customs.queries import listings_of_book as listings
from customs.rules import book as rules
from customs.rules.squaring import Reason
from procurement.rules import quarters
from warehouse.days import day_of
from warehouse.queries.drawing import quarter_before
from warehouse.tables import operator_of
from web.tables import Action, Column, Empty, Table, Viewer

_KEEPERS = frozenset({Role.WAREHOUSE, Role.OPERATOR})


def book_named(viewer: Viewer, number: str) -> AccountBook:
    """A book the viewer may see; Http404 otherwise."""
    found: AccountBook = get_object_or_404(books.books(operator_of(viewer)), number=number)
    return found


def paper_of(book: AccountBook, quarter: str, *, now: datetime) -> bytes:
    """The report of a quarter in the reader's language; its time is that of the last receipt in
    it, so that the same book makes the same bytes, of a running quarter for a day.

    Raises NotAQuarter, QuarterNotBegun or FontMissing.
    """
    as_of = _running_on(quarter, now)
    return book_paper(
        book,
        quarter,
        books.quarter_report(book, quarter),
        language=get_language() or "zh-hans",
        made_at=books.written_at(book, quarter),
        as_of=as_of,
    )


def sheet_of(book: AccountBook, quarter: str, *, now: datetime) -> bytes:
    """The same as a CSV file. Raises NotAQuarter or QuarterNotBegun."""
    as_of = _running_on(quarter, now)
    report = books.quarter_report(book, quarter)
    language = get_language() or "zh-hans"
    return book_sheet(book, quarter, report, language=language, as_of=as_of)


def _running_on(quarter: str, now: datetime) -> date | None:
    """Today, if the quarter is not over yet. Raises NotAQuarter or QuarterNotBegun."""
    today = day_of(now)
    begins, ends = quarters.first_day(quarter), quarters.last_day(quarter)
    return today if rules.is_running(begins, ends, today=today) else None


def _pack(found: QuerySet[Any], viewer: Viewer) -> tuple[str, str, bytes]:
    """The reports of the quarter that is over, of all that are chosen."""
    quarter = quarter_before(viewer.now)
    papers = (
        (f"{book.number}-{quarter}.pdf", viewer.now, paper_of(book, quarter, now=viewer.now))
        for book in found
    )
    return f"account-books-{quarter}.zip", MEDIA_TYPE, packed(papers)


ACCOUNT_BOOKS = Table(
    key="account-books",
    title=_("Bonded account books"),
    listing=listings.BOOKS,
    rows=lambda viewer: books.books(operator_of(viewer)),
    roles=_KEEPERS,
    columns=(
        Column(
            label=_("Account book"),
            value="number",
            kind="number",
            link=lambda one: reverse("account_book", args=[one.number]),
            sort="number",
        ),
        Column(label=_("Operated by"), value="keeper.name"),
        Column(label=_("Kind of book"), value="style", kind="choice"),
        Column(label=_("Opened at"), value="opened_at", kind="moment"),
    ),
    empty=Empty(
        _("No account book yet"),
        _("A book is opened by the first declaration that customs releases into its warehouse."),
        "book-2",
    ),
    actions=(
        Action(
            name="reports",
            label=_("Reports of the last quarter"),
            icon="file-zip",
            roles=_KEEPERS,
            gather=_pack,
        ),
    ),
)


#: Why book and stock differ for a while.
_REASONS = {
    Reason.COUNTED_IN: _("counted in, not posted"),
    Reason.HANDED_OVER: _("handed over, not posted"),
    Reason.SENT_BACK: _("came back, not posted"),
    Reason.DESTROYED: _("destroyed, not written off"),
    Reason.COUNTED: _("counted again, not squared"),
}


def _beside(rows: list[Any], viewer: Viewer) -> None:
    """What stands beside the items, and in words what explains a difference."""
    books.attach(rows)
    for one in rows:
        one.reasons = [(_REASONS[reason], units) for reason, units in one.beside.waiting()]
        one.places = [
            (word, units)
            for word, units in (
                (_("on the way"), one.prevd_inc),
                (_("listed, not handed over"), one.prevd_redc),
                (_("set aside"), one.beside.aside),
            )
            if units
        ]


def _explained(one: Any) -> str:
    """For files: each reason with its units."""
    return "; ".join(f"{word}: {units}" for word, units in one.reasons)


BOOK_ROWS = Table(
    key="book-rows",
    title=_("Items"),
    listing=listings.BOOK_ROWS,
    rows=lambda viewer, number: books.rows(book_named(viewer, number)),
    within="book",
    roles=_KEEPERS,
    named="item",
    attach=_beside,
    columns=(
        Column(label=_("Item"), value="item", kind="number", sort="item"),
        Column(label=_("Product"), value="product.name", note="product.sku"),
        Column(label=_("SKU"), value="product.sku", kind="number", on_page=False),
        Column(label=_("HS code"), value="hs_code", kind="number", note="made_by", sort="hs_code"),
        Column(label=_("From declaration"), value="made_by", kind="number", on_page=False),
        Column(label=_("Pre-increase"), value="prevd_inc", kind="qty"),
        Column(label=_("Pre-decrease"), value="prevd_redc", kind="qty"),
        Column(label=_("Increase"), value="actl_inc", kind="qty"),
        Column(label=_("Decrease"), value="actl_redc", kind="qty"),
        Column(label=_("On hand in the book"), value="on_hand", kind="qty"),
        Column(label=_("Available in the book"), value="available", kind="qty", on_page=False),
        Column(label=_("In the stock"), value="beside.stock", kind="qty"),
        Column(
            label=_("The owners'"),
            value="beside.owned",
            kind="qty",
            template="customs/_cell_book_owners.html",
        ),
        Column(label=_("How many owners"), value="beside.owners", kind="qty", on_page=False),
        Column(
            label=_("Book against stock"),
            value=_explained,
            template="customs/_cell_book_difference.html",
        ),
        Column(label=_("Unexplained"), value="unexplained", kind="qty", on_page=False),
        Column(label=_("Average, USD"), value="average_usd", kind="number", on_page=False),
        Column(label=_("Total, USD"), value="total_usd", kind="number", on_page=False),
    ),
    empty=Empty(_("No item yet"), _("Each released line makes one, or fills one."), "book-2"),
)

BOOK_LINES = Table(
    key="book-receipts",
    title=_("Receipts of the book"),
    listing=listings.BOOK_LINES,
    rows=lambda viewer, number: books.receipts(book_named(viewer, number)),
    within="receipts_of",
    roles=_KEEPERS,
    named="receipt.number",
    columns=(
        Column(label=_("Book receipt"), value="receipt.number", kind="number"),
        Column(
            label=_("Kind of receipt"),
            value=lambda one: one.receipt.get_kind_display(),
            template="customs/_cell_book_kind.html",
        ),
        Column(label=_("Document"), value="receipt.document", kind="number"),
        Column(label=_("Item"), value="row.item", kind="number"),
        Column(label=_("Product"), value="row.product.name", note="row.product.sku"),
        Column(label=_("Units"), value="quantity", kind="qty"),
        Column(label=_("USD"), value="usd", kind="number"),
        Column(label=_("Happened at"), value="receipt.happened_at", kind="moment"),
    ),
    empty=Empty(
        _("No receipt of the book yet"), _("Each receipt that moves the book stands here."), "inbox"
    ),
)

TABLES = (ACCOUNT_BOOKS, BOOK_ROWS, BOOK_LINES)
