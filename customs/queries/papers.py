"""The papers of a declaration: which there are, in which version, and whether they still hold."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.http import Http404

from core.models import WorkState
from customs.models import Declaration, DeclarationDocument, PaperKind
from customs.papers import fingerprint_of
from customs.queries.declarations import declaration_of
from customs.queries.import_set import import_set
from customs.queries.printing import stamp_of
from customs.rules.import_set import ImportSet

#: Those that every declaration has, in the order of their list.
KINDS = (
    PaperKind.DECLARATION,
    PaperKind.INVOICE,
    PaperKind.PACKING_LIST,
    PaperKind.CONTRACT,
)
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
        DeclarationDocument.objects.filter(declaration=declaration, kind__in=KINDS)
        .defer("content")
        .order_by("language", "-version")
    )
    by_kind: dict[str, list[Kept]] = defaultdict(list)
    seen: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda one: one.language != "zh-hans"):
        newest = (row.kind, row.language) not in seen
        seen.add((row.kind, row.language))
        by_kind[row.kind].append(Kept(row, newest, _holds(row, told) if newest else None))
    return Papers(tuple(PaperOfKind(kind, tuple(by_kind[kind])) for kind in KINDS))


def _holds(document: DeclarationDocument, data: ImportSet) -> bool | None:
    if document.state != WorkState.READY:
        return None
    return document.fingerprint == fingerprint_of(document.kind, data, stamp_of(document))


def paper_named(reference: str, number: str) -> DeclarationDocument:
    """A finished paper of a declaration in scope, with its bytes; Http404 otherwise."""
    found = (
        DeclarationDocument.objects.filter(
            declaration=declaration_of(reference), number=number, state=WorkState.READY
        )
        .select_related("declaration")
        .first()
    )
    if found is None:
        raise Http404
    return found


def file_name_of(document: DeclarationDocument) -> str:
    """``DEC-2026-000001-invoice-en-v2.pdf``: what it is, without opening it."""
    kind = document.kind.replace("_", "-")
    language = "zh" if document.language.startswith("zh") else document.language
    reference = document.declaration.our_reference
    return f"{reference}-{kind}-{language}-v{document.version}.pdf"
