"""What a proposal changes, as lines of text and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

from core.sheets import write_csv
from customs.models import ChangeAct, ReferenceChange, ReferenceProposal
from customs.rules.reference.kinds import kind_named

COLUMNS = (
    "act",
    "key",
    "valid_from",
    "valid_to",
    "field",
    "before",
    "after",
    "ends_on",
    "row",
    "source",
)
#: Lines that are put into words for a screen; the file has all.
MOST_TOLD = 200


def told_changes(proposal: ReferenceProposal, *, most: int = MOST_TOLD) -> list[str]:
    """The first differences, a line each; without rows that are left out."""
    changes = proposal.changes.exclude(act=ChangeAct.LEFT_OUT).order_by("pk")
    return [_line(proposal.kind, one) for one in changes[:most]]


def left_out(proposal: ReferenceProposal) -> list[str]:
    """Rows of the file that repeat an earlier one, a line each."""
    changes = proposal.changes.filter(act=ChangeAct.LEFT_OUT).order_by("pk")
    return [_line(proposal.kind, one) for one in changes[:MOST_TOLD]]


def difference_csv(proposal: ReferenceProposal) -> bytes:
    """All differences: a row for each figure that is another than before, and for each end."""
    return write_csv(COLUMNS, _rows(proposal))


def fingerprint(proposal: ReferenceProposal) -> str:
    """Twelve places that stand for all the differences: who says them has seen these."""
    return sha256(difference_csv(proposal)).hexdigest()[:12]


def figures_of(kind: str, one: ReferenceChange) -> list[tuple[str, str, str]]:
    """Field, before and after of what differs, in the order of the kind's columns; of what is new,
    every figure that says something."""
    before, after = one.before or {}, one.figures or {}
    if not after:
        return []
    return [
        (name, plain(before.get(name)), plain(value))
        # PostgreSQL keeps the names of what JSON holds in an order of its own.
        for name in (column.kept for column in kind_named(kind).figures)
        for value in [after[name]]
        if (value != before.get(name) if one.before else value not in ("", [], None, "0.00000"))
    ]


def plain(value: object) -> str:
    """A figure as it is read: ``0.13``, ``AUS=0; ASEAN(IDN MYS)=0.02``, ``品牌类型|成分``."""
    if value is None:
        return ""
    if isinstance(value, list):
        return _listed(value)
    text = str(value)
    head, point, decimals = text.partition(".")
    if point and decimals.isdigit() and head.lstrip("-").isdigit():
        decimals = decimals.rstrip("0")
        return f"{head}.{decimals}" if decimals else head
    return text


def _listed(value: list[object]) -> str:
    if value and isinstance(value[0], dict):
        told = []
        for one in value:
            if isinstance(one, dict):
                countries = " ".join(one["countries"])
                name = one["name"] if one["name"] == countries else f"{one['name']}({countries})"
                told.append(f"{name}={plain(one['rate'])}")
        return "; ".join(told)
    return "|".join(map(str, value))


def _line(kind: str, one: ReferenceChange) -> str:
    told = [f"{one.act} {one.key} from {one.valid_from}"]
    if one.act == ChangeAct.LEFT_OUT:
        told.append(f"(row {one.row} of the file repeats an earlier one)")
    if one.valid_to:
        told.append(f"to {one.valid_to}")
    if one.last_day and one.figures is None:
        told.append(f"ends on {one.last_day}")
    # Of what is new there is nothing before: whoever approves sees what will hold.
    parts = [
        f"{name}: {before} -> {after}" if one.before else f"{name}: {after}"
        for name, before, after in figures_of(kind, one)
    ]
    return " ".join(told) + (f" ({', '.join(parts)})" if parts else "")


def _rows(proposal: ReferenceProposal) -> Iterator[tuple[object, ...]]:
    for one in proposal.changes.order_by("pk").iterator(chunk_size=2_000):
        for name, before, after in figures_of(proposal.kind, one) or [("", "", "")]:
            yield (
                one.act,
                one.key,
                one.valid_from.isoformat(),
                one.valid_to.isoformat() if one.valid_to else "",
                name,
                before,
                after,
                one.last_day.isoformat() if one.last_day else "",
                one.row or "",
                one.source,
            )
