"""One seller's round at one glance: wished, got, paid, saved, and what is still to be paid."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from accounts.models import Company
from procurement.models import Deposit, PoolRound, RoundBill
from procurement.queries import deposits
from procurement.queries.orders import MyShare


@dataclass(frozen=True, slots=True)
class Glance:
    """Units and fen. ``got`` is what stands of the orders, ``ordered`` what they began with; the
    amounts are those of the newest bill, empty where nothing was billed."""

    ordered: int
    got: int
    paid_minor: int | None
    alone_minor: int | None

    @property
    def saved_minor(self) -> int | None:
        if self.paid_minor is None or self.alone_minor is None:
            return None
        return self.alone_minor - self.paid_minor

    @property
    def saved_percent(self) -> Decimal | None:
        if not self.alone_minor or self.saved_minor is None:
            return None
        told = Decimal(100 * self.saved_minor) / self.alone_minor
        return told.quantize(Decimal("0.1"), ROUND_HALF_UP)


def glance(round: PoolRound, seller: Company, shares: Sequence[MyShare]) -> Glance:
    """What came of a closed round; ``shares`` are the seller's own."""
    newest = RoundBill.objects.filter(round=round, owner=seller).order_by("-run").first()
    return Glance(
        ordered=sum(one.quantity for one in shares),
        got=sum(one.stands for one in shares),
        paid_minor=newest.paid_minor if newest else None,
        alone_minor=newest.alone_minor if newest else None,
    )


def deposit_of(round: PoolRound, seller: Company) -> Deposit | None:
    """What the seller was asked to deposit for a round, with what is open of it."""
    return deposits.deposits().filter(round=round, seller=seller).first()
