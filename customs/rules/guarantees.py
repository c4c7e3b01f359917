"""Guarantees for retail tax that is paid by month: what they are good for, and what is left.

A guarantor is an enterprise that customs knows: its registration number (10 places) or its social
credit code (18). That customs takes no list whose tax is more than the guarantee has left is the
practice of the bonded zones [U]: whether a list waits here is set for each guarantee.

Sources: customs' bills (CEB816) are summed against the guarantor (``assureCode``); qualified payers
with a guarantee pay by the fifth working day of the next month (Tariff Law). Yuan, exact.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.errors import DomainError, InputError
from customs.rules.deadlines import working_day
from customs.rules.parties import company_code

LONGEST = 200
_NOTHING = Decimal(0)
_FEN = Decimal("0.01")
_MOST = Decimal(10) ** 15
#: From this part on there is little left of a guarantee.
_LOW = Decimal("0.8")


class GuaranteeWrong(InputError):
    """A guarantee has an amount of yuan in whole fen, and its paper in 200 characters at most."""

    code = "customs.guarantee_wrong"


class GuaranteeUsedUp(DomainError):
    """The tax of this retail list is more than what is free of its guarantee: it waits until tax is
    paid or the guarantee is raised."""

    code = "customs.guarantee_used_up"


class TaxPaymentWrong(InputError):
    """A payment of tax is some yuan in whole fen, was made by today, and has its paper in 200
    characters at most."""

    code = "customs.tax_payment_wrong"


class PaidMoreThanDue(DomainError):
    """No more is paid of a month's tax than is still due of it."""

    code = "customs.paid_more_than_due"


@dataclass(frozen=True, slots=True)
class Balance:
    """Yuan of one guarantee: None where nobody told what it is good for. ``told``: tax of lists
    that customs has and did not bill yet, as worked out here."""

    amount: Decimal | None
    billed: Decimal
    paid: Decimal
    told: Decimal = _NOTHING

    @property
    def used(self) -> Decimal:
        return self.billed - self.paid

    @property
    def left(self) -> Decimal | None:
        return None if self.amount is None else self.amount - self.used

    @property
    def free(self) -> Decimal | None:
        """What is left once customs has billed all that it was told."""
        return None if self.left is None else self.left - self.told

    @property
    def is_exceeded(self) -> bool:
        return self.left is not None and self.left < 0

    @property
    def is_low(self) -> bool:
        """Four fifths of it are used or will be, and it is not exceeded."""
        if self.amount is None or self.is_exceeded:
            return False
        bound = self.used + self.told
        return bound > 0 and bound >= self.amount * _LOW


def covered(free: Decimal, taxes: Iterable[Decimal]) -> list[bool]:
    """Which of these taxes, one after the other, are within what is free. A smaller one goes past
    a larger one that waits: it is another buyer's."""
    found = []
    for tax in taxes:
        fits = tax <= free or tax <= 0
        found.append(fits)
        if fits:
            free -= tax
    return found


def check_guarantee(assure_code: str, amount: Decimal, evidence: str) -> tuple[str, Decimal, str]:
    """The three as they are kept. Raises CustomsCodeWrong or GuaranteeWrong."""
    code, paper = company_code(assure_code, field="assure_code"), evidence.strip()
    if not 0 < len(paper) <= LONGEST:
        raise GuaranteeWrong(field="evidence")
    if not _is_fen(amount) or amount < 0:
        raise GuaranteeWrong(field="amount")
    return code, amount.quantize(_FEN), paper


def check_payment(
    amount: Decimal, *, due: Decimal, paid_on: date, today: date, evidence: str
) -> str:
    """The paper, trimmed. Raises TaxPaymentWrong or PaidMoreThanDue."""
    paper = evidence.strip()
    if not 0 < len(paper) <= LONGEST:
        raise TaxPaymentWrong(field="evidence")
    if not _is_fen(amount) or amount <= 0:
        raise TaxPaymentWrong(field="amount")
    if paid_on > today:
        raise TaxPaymentWrong(field="paid_on")
    if amount > due:
        raise PaidMoreThanDue(amount=f"{amount:.2f}", due=f"{due:.2f}")
    return paper


def due_on(
    month: date,
    *,
    working_days: int,
    holidays: Collection[date] = (),
    worked: Collection[date] = (),
) -> date:
    """By when the tax of a month is paid: so many working days into the next one."""
    return working_day(month, working_days, holidays, worked)


def _is_fen(amount: Decimal) -> bool:
    return amount.is_finite() and abs(amount) < _MOST and amount == amount.quantize(_FEN)
