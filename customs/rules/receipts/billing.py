"""The authority's tax beside ours: customs' own bill decides, and who estimated hears of it.

How the authority rounds is not settled (one published bill of 230.07 stands against 230.08 by
halves up), so a cent of each tax is no difference.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from customs.rules.receipts.told import TaxBill, TaxLine
from customs.rules.retail_tax import Tax

TOLERANCE = Decimal("0.01")
_CENT = Decimal("0.01")
#: Each tax, and its field in customs' bill.
FIELDS = {"duty": "customsTax", "consumption_tax": "consumptionTax", "vat": "valueAddedTax"}
_TAXES = tuple(FIELDS)


@dataclass(frozen=True, slots=True)
class Difference:
    """One tax that differs, in yuan; ``position`` is None for the whole list."""

    position: int | None
    tax: str
    theirs: Decimal
    ours: Decimal


def yuan(fen: int) -> Decimal:
    """What fen are in yuan."""
    return fen * _CENT


def position_of(line: int, positions: Sequence[int]) -> int | None:
    """The line of the order that a line of the message is of: there is one in the message for each
    item of the book from which a line of the order is served. ``positions``: that of each line of
    the message, empty where nobody knows any more (then they count as the same lines). None for a
    line that was not told."""
    if not positions:
        return line
    return positions[line - 1] if line <= len(positions) else None


def tolerance(lines: int) -> Decimal:
    """A cent for each line of the message that is in it: each is rounded by itself."""
    return TOLERANCE * max(lines, 1)


def differences(
    bill: TaxBill, whole: Tax, lines: Mapping[int, Tax], positions: Sequence[int] = ()
) -> list[Difference]:
    """Every tax of the bill that is more than a cent from ours (fen): of the list, then by line of
    the order (``positions`` as in :func:`position_of`).

    A line that only one of the two has is one of nothing on the other side.
    """
    found = _against(None, {name: getattr(bill, name) for name in _TAXES}, whole)
    theirs: dict[int, dict[str, Decimal]] = defaultdict(lambda: dict.fromkeys(_TAXES, Decimal(0)))
    parts: Counter[int] = Counter()
    for line in bill.lines:
        # Of what was never told the number of the message's line is the only name there is.
        position = position_of(line.position, positions) or line.position
        parts[position] += 1
        for name in _TAXES:
            theirs[position][name] += getattr(line, name)
    for position in sorted(theirs.keys() | lines.keys()):
        ours = lines.get(position, Tax(0, 0, 0))
        found += _against(position, theirs[position], ours, parts[position])
    return found


def _against(
    position: int | None, theirs: Mapping[str, Decimal], ours: Tax, lines: int = 1
) -> list[Difference]:
    mine = {
        "duty": yuan(ours.duty),
        "consumption_tax": yuan(ours.consumption_tax),
        "vat": yuan(ours.vat),
    }
    return [
        Difference(position, name, theirs[name], mine[name])
        for name in _TAXES
        if abs(theirs[name] - mine[name]) > tolerance(lines)
    ]


def as_json(bill: TaxBill) -> dict[str, object]:
    """For the receipt's row: amounts as text, so that nothing of them is lost."""
    return {
        "number": bill.number,
        "list": bill.list_number,
        **{name: str(getattr(bill, name)) for name in _TAXES},
        "assure_code": bill.assure_code,
        "document": bill.document,
        "lines": [
            {
                "position": line.position,
                "hs_code": line.hs_code,
                "dutiable": str(line.dutiable),
                **{name: str(getattr(line, name)) for name in _TAXES},
            }
            for line in bill.lines
        ],
    }


def bill_of(told: Mapping[str, Any]) -> TaxBill:
    """The bill of what ``as_json`` made."""
    return TaxBill(
        number=told["number"],
        list_number=told["list"],
        assure_code=told["assure_code"],
        document=told["document"],
        lines=tuple(
            TaxLine(
                position=line["position"],
                hs_code=line["hs_code"],
                dutiable=Decimal(line["dutiable"]),
                **_taxes(line),
            )
            for line in told["lines"]
        ),
        **_taxes(told),
    )


def _taxes(told: Mapping[str, Any]) -> dict[str, Decimal]:
    return {name: Decimal(told[name]) for name in _TAXES}
