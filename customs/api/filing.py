"""Filings with account books over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Query, Schema, Status
from pydantic import Field

from core.clock import now
from customs import queries, services
from customs.models import BookFiling
from customs.rules.filing import LARGEST_ITEM, LONGEST
from rest.calling import caller_of
from rest.fields import Body, Whole, one_of
from rest.routes import Routes
from warehouse.models import BondedWarehouse

routes = Routes(tags=["importers"])
house_routes = Routes(tags=["warehouses"])
#: On one page.
MOST = 200

State = Literal["pending", "filed", "refused"]
PageNumber = Annotated[int, Query(ge=1, le=10_000)]


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
    pages: int = Field(description="There are, of at most 200 rows each", examples=[1])


class AskedFilingOut(BookFilingOut):
    """What an importer asks of the company that keeps the book."""

    importer: str = Field(description="Its code", examples=["I1"])
    name_zh: str = Field(examples=["婴幼儿配方奶粉"])
    unit: str = Field(description="Customs' code of the declared unit", examples=["035"])


class AskedFilingList(Schema):
    """What waits for its answer first, the longest first, then the newest."""

    rows: list[AskedFilingOut]
    pages: int = Field(description="There are, of at most 200 rows each", examples=[1])


class FilingAnswerIn(Body):
    """The item in the book where customs filed it, else the reason why not."""

    item: Annotated[Whole, Field(ge=1, le=LARGEST_ITEM)] | None = Field(None, examples=[36])
    reason: str = Field("", max_length=LONGEST, examples=[""])


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
def list_book_filings(
    request: HttpRequest, state: State | None = None, page: PageNumber = 1
) -> FilingList:
    """What is pending, filed and refused."""
    found = queries.filings_of(state=state or "")
    return FilingList(rows=[_out(one) for one in _page(found, page)], pages=_pages(found))


@routes.create(
    "/book-filings",
    scope="declarations:write",
    response=BookFilingOut,
    summary=_("Ask for a filing with an account book"),
)
def ask_filing(request: HttpRequest, wanted: FilingIn) -> Status[BookFilingOut]:
    """Ask the keeper of a warehouse's book to file a product; the keeper answers."""
    caller = caller_of(request)
    asked = services.ask_filing(
        product=queries.product_of(wanted.product),
        warehouse=get_object_or_404(BondedWarehouse, code=wanted.warehouse),
        importer=caller.company,
        asked_by=caller.user,
        now=now(),
    )
    return Status(201, _out(queries.filing_of(asked.number)))


@house_routes.show(
    "/book-filings/asked",
    scope="house:read",
    response=AskedFilingList,
    summary=_("List filings asked of a warehouse"),
)
def list_asked_filings(
    request: HttpRequest, state: State | None = None, page: PageNumber = 1
) -> AskedFilingList:
    """With the books that one's own company keeps: what is pending, filed and refused."""
    found = queries.filings_of(keeper=caller_of(request).company, state=state or "")
    return AskedFilingList(rows=[_asked(one) for one in _page(found, page)], pages=_pages(found))


@house_routes.create(
    "/book-filings/{number}/answer",
    scope="house:write",
    response=AskedFilingOut,
    summary=_("Answer a filing with an account book"),
)
def answer_filing(
    request: HttpRequest, number: str, said: FilingAnswerIn
) -> Status[AskedFilingOut]:
    """Record what customs said of a filing with one's own book, once and for all."""
    caller = caller_of(request)
    services.answer_filing(
        filing=queries.filing_of(number, keeper=caller.company),
        filed=said.item is not None,
        item=said.item,
        reason=said.reason,
        recorded_by=caller.user,
        now=now(),
    )
    return Status(201, _asked(queries.filing_of(number)))


def _page(found: QuerySet[BookFiling], number: int) -> QuerySet[BookFiling]:
    return found[(number - 1) * MOST : number * MOST]


def _pages(found: QuerySet[BookFiling]) -> int:
    return max(1, -(-found.count() // MOST))


def _asked(one: BookFiling) -> AskedFilingOut:
    return AskedFilingOut(
        **_out(one).dict(),
        importer=one.importer.code,
        name_zh=one.product.name_zh,
        unit=one.unit,
    )


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
