"""The papers of an entry into bond: each draws from the one ``ImportSet``."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from core.queue import MadeFile
from customs.papers import trade
from customs.papers.attorney import attorney
from customs.papers.bonded import bonded_list
from customs.papers.collected import lists_together
from customs.papers.declared import declared
from customs.papers.form import Box, Paper, PaperLine, declaration_paper
from customs.papers.retail import RetailPrint, retail_list, retail_tax
from customs.papers.shares import share_sheet
from customs.papers.sheet import Sheet, Stamp, sheet_file
from customs.papers.taxes import tax_estimate
from customs.rules.import_set import ImportSet

__all__ = [
    "SHEETS",
    "Box",
    "Paper",
    "PaperLine",
    "Sheet",
    "Stamp",
    "collective_file",
    "collective_fingerprint",
    "declaration_paper",
    "declared",
    "fingerprint_of",
    "paper_file",
    "retail_file",
    "retail_fingerprint",
    "sheet_file",
]

DECLARATION, SHARE_SHEET = "declaration", "share_sheet"
#: By kind, all papers but the form itself and the shares, which are of one seller each.
SHEETS: Mapping[str, Callable[..., Sheet]] = {
    "bonded_list": bonded_list,
    "invoice": trade.invoice,
    "packing_list": trade.packing_list,
    "contract": trade.contract,
    "attorney": attorney,
    "tax_estimate": tax_estimate,
}


def _sheet(kind: str, data: ImportSet, stamp: Stamp, seller: str) -> Sheet:
    if kind == SHARE_SHEET:
        return share_sheet(data, chinese=stamp.chinese, owner=seller)
    return SHEETS[kind](data, chinese=stamp.chinese)


def paper_file(kind: str, data: ImportSet, stamp: Stamp, seller: str = "") -> tuple[MadeFile, str]:
    """The file of a paper, and the SHA-256 of all that it says.

    ``seller`` is the code of the company whose share sheet it is.
    """
    if kind == DECLARATION:
        form = declared(data, stamp)
        return declaration_paper(form), form.fingerprint
    sheet = _sheet(kind, data, stamp, seller)
    return sheet_file(sheet, stamp), sheet.fingerprint


def fingerprint_of(kind: str, data: ImportSet, stamp: Stamp, seller: str = "") -> str:
    """What ``paper_file`` would say, without drawing it."""
    if kind == DECLARATION:
        return declared(data, stamp).fingerprint
    return _sheet(kind, data, stamp, seller).fingerprint


def _of_month(kind: str, data: ImportSet, stamp: Stamp, seller: str) -> Sheet:
    if kind == SHARE_SHEET:
        return share_sheet(data, chinese=stamp.chinese, owner=seller)
    return lists_together(data, chinese=stamp.chinese)


def collective_file(
    kind: str, data: ImportSet, stamp: Stamp, seller: str = ""
) -> tuple[MadeFile, str]:
    """The file of a paper of a month's declaration, and the SHA-256 of all that it says."""
    if kind == DECLARATION:
        return paper_file(kind, data, stamp)
    sheet = _of_month(kind, data, stamp, seller)
    return sheet_file(sheet, stamp), sheet.fingerprint


def collective_fingerprint(kind: str, data: ImportSet, stamp: Stamp, seller: str = "") -> str:
    """What ``collective_file`` would say, without drawing it."""
    if kind == DECLARATION:
        return fingerprint_of(kind, data, stamp)
    return _of_month(kind, data, stamp, seller).fingerprint


_RETAIL: Mapping[str, Callable[..., Sheet]] = {
    "retail_list": retail_list,
    "retail_tax": retail_tax,
}


def retail_file(kind: str, data: RetailPrint, stamp: Stamp) -> tuple[MadeFile, str]:
    """The file of a parcel's paper, and the SHA-256 of all that it says."""
    sheet = _RETAIL[kind](data, chinese=stamp.chinese)
    return sheet_file(sheet, stamp), sheet.fingerprint


def retail_fingerprint(kind: str, data: RetailPrint, stamp: Stamp) -> str:
    """What ``retail_file`` would say, without drawing it."""
    return _RETAIL[kind](data, chinese=stamp.chinese).fingerprint
