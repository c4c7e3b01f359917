"""The papers of a month's declaration: which there are, whether they still hold, and their set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404

from accounts.models import Company
from core.models import WorkState
from core.packing import packed
from core.sheets import write_csv
from core.walls import platform_wide
from customs.models import (
    CollectiveDeclaration,
    CollectiveDocument,
    CollectivePaperKind,
    DeclarationState,
)
from customs.papers import collective_fingerprint
from customs.papers.sheet import Stamp
from customs.rules.agreeing import PapersDiffer, disagreements_together
from customs.rules.import_set import ImportSet
from customs.rules.paper_sets import NotReleased, check_size

_LODGED = (DeclarationState.LODGED, DeclarationState.RELEASED)


@dataclass(frozen=True, slots=True)
class MonthPaper:
    """The newest of a kind, language and owner. ``holds``: it says what the data say now; None
    until it is made."""

    document: CollectiveDocument
    holds: bool | None


def stamp_of(document: CollectiveDocument) -> Stamp:
    """Which document it is; the time is the row's, no clock is asked."""
    return Stamp(document.number, document.version, document.language, document.queued_at)


def said_by(document: CollectiveDocument, data: ImportSet) -> str:
    """The fingerprint of what this paper would say of the data now."""
    seller = document.seller.code if document.seller else ""
    return collective_fingerprint(document.kind, data, stamp_of(document), seller)


def papers_together(collective: CollectiveDeclaration, data: ImportSet) -> list[MonthPaper]:
    """The newest of each, in the order of their kinds."""
    rows = (
        CollectiveDocument.objects.filter(collective=collective)
        .select_related("seller")
        .defer("content")
        .order_by("language", "seller__code", "-version")
    )
    newest: dict[tuple[str, str, int | None], CollectiveDocument] = {}
    for row in rows:
        newest.setdefault((row.kind, row.language, row.seller_id), row)
    order = [kind.value for kind in CollectivePaperKind]
    return [
        MonthPaper(row, row.fingerprint == said_by(row, data) if _is_made(row) else None)
        for row in sorted(newest.values(), key=lambda one: order.index(one.kind))
    ]


def _is_made(document: CollectiveDocument) -> bool:
    return document.state == WorkState.READY


def missing_together(papers: Iterable[MonthPaper], data: ImportSet, language: str) -> list[str]:
    """The papers of a set that are not made in a language, or whose data changed since."""
    there = {
        (it.document.kind, it.document.seller.code if it.document.seller else "")
        for it in papers
        if it.holds and it.document.language == language
    }
    wanted = [(CollectivePaperKind.DECLARATION.value, ""), (CollectivePaperKind.LISTS.value, "")]
    owners = dict.fromkeys(one.owner.code for one in data.shares)
    wanted += [(CollectivePaperKind.SHARE_SHEET.value, owner) for owner in owners]
    return [" ".join(one).strip() for one in wanted if one not in there]


def month_set(collective: CollectiveDeclaration, data: ImportSet, language: str) -> bytes:
    """The set in a language as one ZIP file with its manifest.

    Raises PapersDiffer where its papers do not agree, NotReleased where one is missing or says
    something else than the data now, or SetsTooLarge.
    """
    if found := disagreements_together(data):
        raise PapersDiffer(differ=sorted({f"{one.what} {one.of}".strip() for one in found}))
    papers = papers_together(collective, data)
    if missing := missing_together(papers, data, language):
        raise NotReleased(declaration=collective.our_reference, papers=", ".join(missing))
    keys = [it.document.pk for it in papers if it.holds and it.document.language == language]
    made = CollectiveDocument.objects.filter(pk__in=keys).select_related("seller").order_by("pk")
    files = [(month_file_name(one, collective.our_reference), one) for one in made]
    check_size(sum(len(one.content or b"") for _name, one in files))
    rows = [
        [name, one.number, one.kind, one.version, one.page_count, one.sha256] for name, one in files
    ]
    columns = ("file", "number", "kind", "version", "pages", "sha256")
    manifest = ("manifest.csv", collective.drafted_at, write_csv(columns, rows))
    return packed(
        [*((name, one.made_at, bytes(one.content or b"")) for name, one in files), manifest]
    )


def month_file_name(document: CollectiveDocument, reference: str) -> str:
    """``COL-2026-000001-lists-en-v2.pdf``: what it is, without opening it."""
    kind = document.kind.replace("_", "-")
    if document.seller:
        kind += f"-{document.seller.code}"
    language = "zh" if document.language.startswith("zh") else document.language
    return f"{reference}-{kind}-{language}-v{document.version}.pdf"


def month_paper(collective: CollectiveDeclaration, number: str) -> CollectiveDocument:
    """A finished paper with its bytes; Http404 otherwise."""
    found = (
        CollectiveDocument.objects.filter(
            collective=collective, number=number, state=WorkState.READY
        )
        .select_related("seller")
        .first()
    )
    if found is None:
        raise Http404
    return found


def month_sheets(seller: Company, number: str = "") -> list[CollectiveDocument]:
    """A seller's own share sheets of months that were lodged and count, the newest first, or the
    one of a number. A seller does not see the declaration, so the platform looks."""
    with platform_wide():
        found = CollectiveDocument.objects.filter(
            seller=seller,
            kind=CollectivePaperKind.SHARE_SHEET,
            state=WorkState.READY,
            collective__state__in=_LODGED,
        )
        found = found.filter(number=number) if number else found.defer("content")
        return list(found.select_related("collective", "seller").order_by("-pk")[:200])
