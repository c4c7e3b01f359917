"""The authority's bill of a retail list beside our own working out, line by line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from customs.models import RetailList, RetailListLine, TaxBill, TaxBillLine
from customs.queries.parcels_told import positions_of
from customs.queries.stories import bill_of
from customs.rules.receipts.billing import position_of, tolerance, yuan


@dataclass(frozen=True, slots=True)
class BesideOurs:
    """One tax of one line, in yuan, theirs and ours; none of ours where we have no such line.
    ``lines``: of how many lines of the message theirs is the sum."""

    theirs: Decimal
    ours: Decimal | None
    lines: int = 1

    @property
    def differs(self) -> bool:
        return abs(self.theirs - (self.ours or 0)) > tolerance(self.lines)


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line of the order as the authority taxed it, in yuan: the sum of its lines in the
    message."""

    position: int
    hs_code: str
    dutiable: Decimal
    duty: BesideOurs
    consumption_tax: BesideOurs
    vat: BesideOurs

    @property
    def differs(self) -> bool:
        return self.duty.differs or self.consumption_tax.differs or self.vat.differs


@dataclass(frozen=True, slots=True)
class Billed:
    """The bill that is not void, with its lines."""

    bill: TaxBill
    lines: list[BilledLine]


def billed(listed: RetailList) -> Billed | None:
    """What the authority billed of a list that the asker may see; None until it did."""
    bill = bill_of(listed)
    if bill is None:
        return None
    ours = {line.position: line for line in listed.lines.all()}
    positions = positions_of(listed)
    parts: dict[int, list[TaxBillLine]] = defaultdict(list)
    for line in sorted(bill.lines.all(), key=lambda one: one.position):
        parts[position_of(line.position, positions) or line.position].append(line)
    return Billed(bill, [_line(at, its, ours.get(at)) for at, its in sorted(parts.items())])


def _line(position: int, parts: Sequence[TaxBillLine], mine: RetailListLine | None) -> BilledLine:
    def beside(tax: str) -> BesideOurs:
        return BesideOurs(
            sum((getattr(one, tax) for one in parts), Decimal(0)),
            yuan(getattr(mine, f"{tax}_minor")) if mine else None,
            len(parts),
        )

    return BilledLine(
        position,
        parts[0].hs_code,
        sum((one.dutiable for one in parts), Decimal(0)),
        *(beside("duty"), beside("consumption_tax"), beside("vat")),
    )
