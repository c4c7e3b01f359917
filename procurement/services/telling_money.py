"""Who hears of deposits, bills and payments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from accounts.models import Company
from notices.services import amount, tell
from procurement.models import BillWork, Deposit, DepositStep, PoolRound, SellerEntry
from procurement.queries.charging import ASKED_BACK


def tell_deposits(round: PoolRound, asked: Sequence[Deposit], now: datetime) -> None:
    _tell_deposits("deposit.asked", round, asked, now)


def tell_no_deposits(round: PoolRound, sellers: Sequence[int], now: datetime) -> None:
    """Each of these sellers that it pays none and is ordered for; told again, nobody hears it."""
    facts = {"quarter": round.code}
    tell("deposit.none", subject=round.code, facts=facts, companies=sellers, now=now)


def tell_deposits_due(round: PoolRound, unpaid: Sequence[Deposit], now: datetime) -> None:
    _tell_deposits("deposit.due", round, unpaid, now)


def _tell_deposits(
    event: str, round: PoolRound, deposits: Sequence[Deposit], now: datetime
) -> None:
    tell(
        event,
        subject={one.seller_id: one.number for one in deposits},
        facts={"quarter": round.code},
        companies={
            one.seller_id: {
                "number": one.number,
                "amount": amount(one.amount_minor, "CNY"),
                "due_at": one.due_at,
            }
            for one in deposits
        },
        now=now,
    )


@dataclass(frozen=True, slots=True)
class Step:
    """Money of a deposit that came in, went to the order, went back, or was lost."""

    deposit: int
    seller: int
    holder: int
    number: str
    step: DepositStep
    amount_minor: int
    value_date: date
    reference: str


def tell_deposit_steps(round: PoolRound, steps: Sequence[Step], now: datetime) -> None:
    """Each seller what became of its deposit; all of ``steps`` are of one kind."""
    if not steps:
        return
    tell(
        f"deposit.{steps[0].step}",
        subject={one.seller: f"{one.number} {one.reference}"[:64] for one in steps},
        facts={"quarter": round.code},
        companies={
            one.seller: {
                "number": one.number,
                "amount": amount(one.amount_minor, "CNY"),
            }
            for one in steps
        },
        now=now,
    )


def tell_corrected(
    round: PoolRound, entries: Sequence[SellerEntry], billed: Mapping[int, int], now: datetime
) -> None:
    """Each seller by how much its bill of a round changed, and what it comes to now."""
    tell(
        "account.corrected",
        subject={one.seller_id: one.number for one in entries},
        facts={"quarter": round.code},
        companies={
            one.seller_id: {
                "number": one.number,
                "amount": amount(one.amount_minor, "CNY"),
                "total": amount(billed.get(one.seller_id, 0), "CNY"),
                "due_on": one.due_on,
            }
            for one in entries
        },
        now=now,
    )


def tell_due(
    event: str, due_on: date, owed: Mapping[int, tuple[Sequence[str], int]], now: datetime
) -> int:
    """Each seller what of its bills is to be paid by a day, by its id: the rounds, and fen."""
    codes = dict(Company.objects.filter(pk__in=list(owed)).values_list("pk", "code"))
    return tell(
        event,
        subject=due_on.isoformat(),
        companies={
            seller: {
                "quarter": ", ".join(rounds),
                "amount": amount(minor, "CNY"),
                "due_on": due_on,
                "seller": codes[seller],
            }
            for seller, (rounds, minor) in owed.items()
        },
        now=now,
    )


def tell_moved(entry: SellerEntry, balance_minor: int, now: datetime) -> None:
    """A seller that its money came in, or went back to it."""
    tell(
        f"account.{entry.kind}",
        subject=entry.number,
        facts={
            "number": entry.number,
            "reference": entry.reference,
            "amount": amount(abs(entry.amount_minor), "CNY"),
            "balance": amount(balance_minor, "CNY"),
        },
        companies=[entry.seller_id],
        now=now,
    )


def tell_asked_back(seller: Company, credit_minor: int, subject: str, now: datetime) -> None:
    """Finance, that a seller wants its credit back; once for what stands on its account."""
    facts = {"seller": seller.code, "company": seller, "amount": amount(credit_minor, "CNY")}
    tell(ASKED_BACK, subject=subject, facts=facts, now=now)


def tell_unbilled(work: BillWork, now: datetime) -> None:
    """The operators hear that the workers gave up on billing a round."""
    facts = {"quarter": work.round.code, "attempts": work.attempts}
    tell("round.unbilled", subject=f"{work.pk} {now.isoformat()}", facts=facts, now=now)
