"""The papers of a declaration: which there are, in which version, and whether they still hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404

from accounts.models import Company
from core.models import WorkState
from core.packing import packed_in_parts
from core.sheets import write_csv
from core.walls import platform_wide
from customs.models import (
    NO_LONGER,
    Declaration,
    DeclarationDocument,
    PaperKind,
    PaperLink,
    PaperRelease,
)
from customs.papers import fingerprint_of
from customs.queries.declarations import declaration_of
from customs.queries.import_set import import_set
from customs.queries.printing import stamp_of
from customs.rules.agreeing import disagreements
from customs.rules.import_set import ImportSet
from customs.rules.paper_sets import NoLongerDeclared, NotReleased

#: Those that every declaration has, in the order of their list; of the last one for each seller.
KINDS = (
    PaperKind.DECLARATION,
    PaperKind.BONDED_LIST,
    PaperKind.INVOICE,
    PaperKind.PACKING_LIST,
    PaperKind.CONTRACT,
    PaperKind.ATTORNEY,
    PaperKind.TAX_ESTIMATE,
    PaperKind.SHARE_SHEET,
)
LANGUAGES = ("zh-hans", "en")
_IN_WORK = {WorkState.QUEUED, WorkState.GENERATING}


@dataclass(frozen=True, slots=True)
class Kept:
    """One document of a list. ``holds``: it says what the data say now; None until it is made."""

    document: DeclarationDocument
    is_newest: bool
    holds: bool | None


@dataclass(frozen=True, slots=True)
class PaperOfKind:
    """All documents of one kind, the newest first; none where it was never ordered."""

    kind: PaperKind
    documents: tuple[Kept, ...]

    @property
    def newest(self) -> tuple[Kept, ...]:
        """One of each language."""
        return tuple(one for one in self.documents if one.is_newest)

    @property
    def replaced(self) -> tuple[Kept, ...]:
        return tuple(one for one in self.documents if not one.is_newest)


@dataclass(frozen=True, slots=True)
class Papers:
    """The set of a declaration, as far as it is ordered."""

    kinds: tuple[PaperOfKind, ...]

    @property
    def newest(self) -> list[Kept]:
        return [one for kind in self.kinds for one in kind.newest]

    @property
    def made(self) -> int:
        return sum(one.document.state == WorkState.READY for one in self.newest)

    @property
    def state(self) -> str:
        """``generating`` while a worker has one in hand."""
        busy = any(one.document.state in _IN_WORK for one in self.newest)
        return str(WorkState.GENERATING if busy else WorkState.READY)


def papers_of(declaration: Declaration, data: ImportSet | None = None) -> Papers:
    """All that was ordered, each with whether it still says what the data say."""
    told = data or import_set(declaration.pk)
    rows = (
        DeclarationDocument.objects.filter(declaration=declaration)
        .select_related("seller")
        .defer("content")
        .order_by("language", "seller__code", "-version")
    )
    by_kind: dict[str, list[Kept]] = defaultdict(list)
    seen: set[tuple[str, str, int | None]] = set()
    for row in sorted(rows, key=lambda one: LANGUAGES.index(one.language)):
        newest = (row.kind, row.language, row.seller_id) not in seen
        seen.add((row.kind, row.language, row.seller_id))
        by_kind[row.kind].append(Kept(row, newest, _holds(row, told) if newest else None))
    return Papers(tuple(PaperOfKind(kind, tuple(by_kind[kind])) for kind in KINDS))


def _holds(document: DeclarationDocument, data: ImportSet) -> bool | None:
    if document.state != WorkState.READY:
        return None
    return document.fingerprint == said_by(document, data)


def said_by(document: DeclarationDocument, data: ImportSet) -> str:
    """The fingerprint that the document would have now; empty where its seller has no part."""
    seller = document.seller.code if document.seller else ""
    if seller and not data.shares_of(seller):
        return ""
    return fingerprint_of(document.kind, data, stamp_of(document), seller)


def owners_of(data: ImportSet) -> list[str]:
    """The codes of those who have a part in an entry."""
    return list(dict.fromkeys(one.owner.code for one in data.shares))


def missing_in(papers: Papers, data: ImportSet, language: str) -> list[str]:
    """The papers of a set that are not made in a language, or whose data changed since."""
    there = {
        (kept.document.kind, kept.document.seller.code if kept.document.seller else "")
        for kept in papers.newest
        if kept.holds and kept.document.language == language
    }
    # Who declares itself gives nobody a power.
    left_out = {PaperKind.SHARE_SHEET} | (set() if data.statement.broker else {PaperKind.ATTORNEY})
    wanted = [(kind.value, "") for kind in KINDS if kind not in left_out]
    wanted += [(PaperKind.SHARE_SHEET.value, owner) for owner in owners_of(data)]
    return [" ".join(one).strip() for one in wanted if one not in there]


def manifest_of(papers: Papers, language: str) -> list[dict[str, Any]]:
    """An entry for each newest document of a language that holds."""
    return [
        {
            "number": one.number,
            "kind": one.kind,
            "language": one.language,
            "version": one.version,
            "seller": one.seller.code if one.seller else "",
            "pages": one.page_count,
            "sha256": one.sha256,
            "fingerprint": one.fingerprint,
        }
        for kept in papers.newest
        if kept.holds and (one := kept.document).language == language
    ]


def last_release(declaration: Declaration) -> PaperRelease | None:
    return (
        PaperRelease.objects.filter(declaration=declaration)
        .select_related("released_by", "declaration")
        .order_by("-pk")
        .first()
    )


def release_holds(release: PaperRelease, papers: Papers, data: ImportSet) -> bool:
    """Whether the files that were released are still the newest, nothing of their data has changed
    but for what customs and finance add, and the papers agree. None holds of what was sent back,
    replaced or withdrawn."""
    if release.declaration.state in NO_LONGER:
        return False
    newest = {one.document.number for one in papers.newest}
    return (
        all(one["number"] in newest for one in release.manifest)
        and release.digest == data.digest
        and not disagreements(data)
    )


def check_counts(declaration: Declaration) -> None:
    """Raises NoLongerDeclared."""
    if declaration.state in NO_LONGER:
        raise NoLongerDeclared(declaration=declaration.our_reference, state=declaration.state)


def links_of(declaration: Declaration) -> QuerySet[PaperLink]:
    """Links to the sets of a declaration, the newest first, each with how often it was used."""
    found = PaperLink.objects.filter(release__declaration=declaration).select_related("made_by")
    return found.annotate(used=Count("uses")).order_by("-pk")


def standing_release(declaration: Declaration) -> PaperRelease:
    """The last release of a declaration.

    Raises NoLongerDeclared, or NotReleased where none holds.
    """
    check_counts(declaration)
    release = last_release(declaration)
    if release is not None:
        data = import_set(declaration.pk)
        if release_holds(release, papers_of(declaration, data), data):
            return release
    raise NotReleased(declaration=declaration.our_reference)


def paper_named(reference: str, number: str) -> DeclarationDocument:
    """A finished paper of a declaration in scope, with its bytes; Http404 otherwise."""
    return _made(DeclarationDocument.objects.filter(declaration=declaration_of(reference)), number)


def own_sheet(number: str) -> DeclarationDocument:
    """A seller's own share sheet out of a release that holds; Http404 otherwise."""
    found = _made(DeclarationDocument.objects.filter(kind=PaperKind.SHARE_SHEET), number)
    if found.pk not in {one.pk for one in own_sheets([found])}:
        raise Http404
    return found


def sheets_of(seller: Company) -> QuerySet[DeclarationDocument]:
    """All share sheets that were made for a seller, the newest first."""
    found = DeclarationDocument.objects.filter(
        seller=seller, kind=PaperKind.SHARE_SHEET, state=WorkState.READY
    )
    return found.defer("content").order_by("-pk")


def own_sheets(found: Iterable[DeclarationDocument]) -> list[DeclarationDocument]:
    """Those of them that were released, have no newer version, and are of what is still declared.

    A seller sees neither the declaration nor its release, so the platform looks.
    """
    sheets = list(found)
    with platform_wide():
        standing = Declaration.objects.filter(documents__in=sheets).exclude(state__in=NO_LONGER)
        of = {one.pk: one for one in standing}
        kept = []
        for sheet in sheets:
            if sheet.declaration_id not in of:
                continue
            release = last_release(of[sheet.declaration_id])
            if release and any(one["number"] == sheet.number for one in release.manifest):
                sheet.declaration = of[sheet.declaration_id]
                kept.append(sheet)
    return kept


def _made(found: QuerySet[DeclarationDocument], number: str) -> DeclarationDocument:
    made = found.filter(number=number, state=WorkState.READY).select_related("seller").first()
    if made is None:
        raise Http404
    return made


def file_name_of(document: DeclarationDocument, reference: str) -> str:
    """``DEC-2026-000001-invoice-en-v2.pdf``: what it is, without opening it."""
    kind = document.kind.replace("_", "-")
    if document.seller:
        kind += f"-{document.seller.code}"
    language = "zh" if document.language.startswith("zh") else document.language
    return f"{reference}-{kind}-{language}-v{document.version}.pdf"


_COLUMNS = ("file", "number", "kind", "language", "version", "seller", "pages", "sha256")


def packed_set(release: PaperRelease) -> Iterator[bytes]:
    """The released files and ``manifest.csv`` as one ZIP file, in parts, a file at a time.

    The parts are taken when the page that gave them out is over, so each file is fetched by the
    platform; whether the set may be had was asked before.
    """
    reference = release.declaration.our_reference

    def files() -> Iterator[tuple[str, datetime | None, bytes]]:
        rows = []
        for entry in release.manifest:
            with platform_wide():
                one = DeclarationDocument.objects.select_related("seller").get(
                    number=entry["number"]
                )
            name = file_name_of(one, reference)
            rows.append([name, *(entry[column] for column in _COLUMNS[1:])])
            yield name, one.made_at, bytes(one.content or b"")
        yield "manifest.csv", release.released_at, write_csv(_COLUMNS, rows)

    return packed_in_parts(files())
