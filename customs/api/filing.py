"""Filings with account books over the API."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema, Status
from pydantic import Field

from core.clock import now
from customs import queries, services
from customs.models import BookFiling
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.routes import Routes
from warehouse.models import BondedWarehouse

routes = Routes(tags=["importers"])
MOST = 200


class BookFilingOut(Schema):
    """A product that is filed with an account book, or is to be."""

    number: str = Field(examples=["FIL-2026-000001"])
    product: str = Field(examples=["MILK-900"])
    account_book: str = Field(examples=["L3104B26A001"])
    hs_code: str = Field(examples=["1901101000"])
    state: str = Field(
        json_schema_extra=one_of("pending", "filed", "refused"), examples=["pending"]
    )
    item: int | None = Field(description="In the book, null until it is filed", examples=[None])
    refusal: str = Field(examples=[""])
    asked_at: datetime = Field(examples=["2026-07-10T02:00:00Z"])


class FilingList(Schema):
    """What waits for its answer first, the longest first, then the newest."""

    rows: list[BookFilingOut]


class FilingIn(Body):
    """Which product, with which warehouse's book."""

    product: str = Field(min_length=1, max_length=64, examples=["MILK-900"])
    warehouse: str = Field(min_length=1, max_length=16, examples=["NGB01"])


@routes.show(
    "/book-filings",
    scope="declarations:read",
    response=FilingList,
    summary=_("List filings with account books"),
)
def list_book_filings(request: HttpRequest) -> FilingList:
    """What is pending, filed and refused."""
    return FilingList(rows=[_out(one) for one in queries.filings_of()[:MOST]])


@routes.create(
    "/book-filings",
    scope="declarations:write",
    response=BookFilingOut,
    summary=_("Ask for a filing with an account book"),
)
def ask_filing(request: HttpRequest, wanted: FilingIn) -> Status[BookFilingOut]:
    """Ask the keeper of a warehouse's book to file a product; it answers on its page."""
    caller = caller_of(request)
    asked = services.ask_filing(
        product=queries.product_of(wanted.product),
        warehouse=get_object_or_404(BondedWarehouse, code=wanted.warehouse),
        importer=caller.company,
        asked_by=caller.user,
        now=now(),
    )
    return Status(201, _out(queries.filing_of(asked.number)))


def _out(one: BookFiling) -> BookFilingOut:
    answer = getattr(one, "answer", None)
    return BookFilingOut(
        number=one.number,
        product=one.product.sku,
        account_book=one.book_number,
        hs_code=one.hs_code,
        state=one.state,
        item=answer.item if answer else None,
        refusal=answer.reason if answer else "",
        asked_at=one.asked_at,
    )
