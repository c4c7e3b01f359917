"""The papers of an entry into bond: each draws from the one ``ImportSet``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.queue import MadeFile
from customs.papers import trade
from customs.papers.declared import declared
from customs.papers.form import Box, Paper, PaperLine, declaration_paper
from customs.papers.sheet import Sheet, Stamp, sheet_file
from customs.rules.import_set import ImportSet

__all__ = [
    "SHEETS",
    "Box",
    "Paper",
    "PaperLine",
    "Sheet",
    "Stamp",
    "declaration_paper",
    "declared",
    "fingerprint_of",
    "paper_file",
    "sheet_file",
]

DECLARATION = "declaration"
#: By kind, all papers but the form itself.
SHEETS: Mapping[str, Callable[..., Sheet]] = {
    "invoice": trade.invoice,
    "packing_list": trade.packing_list,
    "contract": trade.contract,
}


def paper_file(kind: str, data: ImportSet, stamp: Stamp) -> tuple[MadeFile, str]:
    """The file of a paper, and the SHA-256 of all that it says."""
    if kind == DECLARATION:
        form = declared(data, stamp)
        return declaration_paper(form), form.fingerprint
    sheet = SHEETS[kind](data, chinese=stamp.chinese)
    return sheet_file(sheet, stamp), sheet.fingerprint


def fingerprint_of(kind: str, data: ImportSet, stamp: Stamp) -> str:
    """What ``paper_file`` would say, without drawing it."""
    if kind == DECLARATION:
        return declared(data, stamp).fingerprint
    return SHEETS[kind](data, chinese=stamp.chinese).fingerprint
