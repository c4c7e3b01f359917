"""Which products are filed with which account books."""

from __future__ import annotations

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When
from django.http import Http404

from accounts.models import Company
from customs.models import BookFiling, Declaration, DeclarationLine
from customs.rules.book import Style, style_of
from warehouse.models import BondedWarehouse

#: What of a filing's answer makes its state.
STATES = {
    "pending": Q(answer__isnull=True),
    "filed": Q(answer__filed=True),
    "refused": Q(answer__filed=False),
}


def filings_of(*, keeper: Company | None = None, state: str = "") -> QuerySet[BookFiling]:
    """Those in scope, with ``keeper`` of its own books alone, with ``state`` (of ``STATES``) in
    that: what waits for its answer first, the longest first, then the newest."""
    found = BookFiling.objects.select_related("product", "importer", "keeper", "answer")
    if keeper is not None:
        found = found.filter(keeper=keeper)
    if state:
        found = found.filter(STATES[state])
    waits = When(answer__isnull=True, then=F("asked_at"))
    return found.order_by(Case(waits).asc(nulls_last=True), "-asked_at", "-pk")


def filing_of(number: str, *, keeper: Company | None = None) -> BookFiling:
    """One in scope, with ``keeper`` with its own books; Http404 where there is none."""
    found = filings_of(keeper=keeper).filter(number=number).first()
    if found is None:
        raise Http404
    return found


def filed_everywhere(importer: Company | None) -> set[tuple[int, str]] | None:
    """Products and codes that some book has taken, only the importer's where one is named; None
    where goods can go to a warehouse whose book makes an item of what comes, unless the importer
    has declared into one whose book is filed before."""
    # Nobody's where no importer is named: a declaration always has one.
    used = Declaration.objects.filter(importer=importer, warehouse=OuterRef("pk"))
    houses = BondedWarehouse.objects.exclude(ledger_number="").annotate(is_used=Exists(used))
    books = list(houses.values_list("ledger_number", "is_used"))
    asking = [one for one in books if style_of(one[0]) == Style.FILED]
    if len(asking) < len(books):
        asking = [one for one in asking if one[1]]
    if not asking:
        return None
    filed = BookFiling.objects.filter(
        book_number__in=[book for book, _is_used in asking], answer__filed=True
    )
    if importer is not None:
        filed = filed.filter(importer=importer)
    return set(filed.values_list("product_id", "hs_code"))


def unfiled_in(declaration: Declaration) -> QuerySet[DeclarationLine]:
    """Its list lines of articles that are not filed with a book that asks for it."""
    lines: QuerySet[DeclarationLine] = declaration.lines.order_by("position")
    return unfiled_among(lines, declaration.warehouse.ledger_number, declaration.importer_id)


def unfiled_among(
    lines: QuerySet[DeclarationLine], book: str, importer: int
) -> QuerySet[DeclarationLine]:
    """Those of some list lines, of an importer (id) and a book."""
    if style_of(book) != Style.FILED:
        return lines.none()
    filed = BookFiling.objects.filter(
        book_number=book,
        importer=importer,
        answer__filed=True,
        product=OuterRef("product"),
        hs_code=OuterRef("hs_code"),
    )
    return lines.filter(~Exists(filed))
