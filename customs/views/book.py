"""Pages of the bonded account book: its items beside the stock, its receipts, its reports."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from accounts.access import MemberRequest, role_required
from accounts.models import Role
from core import clock
from customs.queries import book as books
from customs.queries.book_proof import PATIENCE
from customs.tables_book import (
    ACCOUNT_BOOKS,
    BOOK_LINES,
    BOOK_ROWS,
    book_named,
    paper_of,
    sheet_of,
)
from procurement.rules import quarters
from warehouse.days import day_of
from warehouse.tables import operator_of
from web.lists import show_list, viewer_of

_SHOWN = 4


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def listed(request: MemberRequest) -> HttpResponse:
    return show_list(request, ACCOUNT_BOOKS, "customs/account_books.html")


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def book(request: MemberRequest, number: str) -> HttpResponse:
    """The items with their columns, beside what the ledger of the stock and the owners say."""
    viewer = viewer_of(request)
    found = book_named(viewer, number)
    now = clock.now()
    this = quarters.number_of(quarters.quarter_of(day_of(now)))
    context = {
        "book": found,
        "quarters": [quarters.named(this - back) for back in range(_SHOWN)],
        "running": quarters.named(this),
        "outside": books.outside(operator_of(viewer), until=now - PATIENCE).get(found.number, 0),
    }
    return show_list(request, BOOK_ROWS, "customs/account_book.html", context, place=number)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def receipts(request: MemberRequest, number: str) -> HttpResponse:
    context = {"book": book_named(viewer_of(request), number)}
    template = "customs/account_book_receipts.html"
    return show_list(request, BOOK_LINES, template, context, place=number)


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def paper(request: MemberRequest, number: str, quarter: str) -> HttpResponse:
    """One quarter on paper."""
    found, told = book_named(viewer_of(request), number), quarters.check_quarter(quarter)
    return _file(
        paper_of(found, told, now=clock.now()), f"{found.number}-{told}.pdf", "application/pdf"
    )


@require_GET
@role_required(Role.WAREHOUSE, Role.OPERATOR)
def sheet(request: MemberRequest, number: str, quarter: str) -> HttpResponse:
    """The same for a spreadsheet."""
    found, told = book_named(viewer_of(request), number), quarters.check_quarter(quarter)
    return _file(
        sheet_of(found, told, now=clock.now()),
        f"{found.number}-{told}.csv",
        "text/csv; charset=utf-8",
    )


def _file(content: bytes, name: str, media_type: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=media_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


#: Addresses below ``customs/books/``, their views and names.
PAGES = (
    ("", listed, "account_books"),
    ("<str:number>/", book, "account_book"),
    ("<str:number>/receipts/", receipts, "account_book_receipts"),
    ("<str:number>/<str:quarter>.pdf", paper, "account_book_paper"),
    ("<str:number>/<str:quarter>.csv", sheet, "account_book_sheet"),
)
