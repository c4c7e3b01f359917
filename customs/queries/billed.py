"""The authority's bill of a retail list beside our own working out, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from customs.models import RetailList, TaxBill
from customs.queries.stories import bill_of
from customs.rules.receipts.billing import TOLERANCE, yuan


@dataclass(frozen=True, slots=True)
class BesideOurs:
    """One tax of one line, in yuan, theirs and ours; none of ours where we have no such line."""

    theirs: Decimal
    ours: Decimal | None

    @property
    def differs(self) -> bool:
        return abs(self.theirs - (self.ours or 0)) > TOLERANCE


@dataclass(frozen=True, slots=True)
class BilledLine:
    """A line as the authority taxed it, in yuan."""

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
    lines = []
    for line in sorted(bill.lines.all(), key=lambda one: one.position):
        mine = ours.get(line.position)
        lines.append(
            BilledLine(
                line.position,
                line.hs_code,
                line.dutiable,
                BesideOurs(line.duty, yuan(mine.duty_minor) if mine else None),
                BesideOurs(
                    line.consumption_tax, yuan(mine.consumption_tax_minor) if mine else None
                ),
                BesideOurs(line.vat, yuan(mine.vat_minor) if mine else None),
            )
        )
    return Billed(bill, lines)
