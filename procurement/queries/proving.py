"""Bills = sellers' accounts = ledger, to the fen: read again from what is stored, and compared."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import F, Max, Sum
from django.utils.translation import gettext as _

from accounts.models import CompanyKind
from core.moments import at_one_moment
from ledger import queries as ledger
from procurement.models import (
    DepositEvent,
    DepositStep,
    EntryKind,
    PoolRound,
    RoundBill,
    SellerEntry,
)
from procurement.rules.charging import pool_code, pool_cost_code, receivable_code


@dataclass(frozen=True, slots=True)
class AccountsProof:
    """What sums there are in fen, and every fault in words."""

    entries: int
    billed_minor: int
    owed_minor: int
    faults: list[str] = field(default_factory=list)


@at_one_moment()
def prove_accounts() -> AccountsProof:
    """Read everything again and compare; ``faults`` is empty when the accounts prove.

    Call ``platform_wide()``: it reads every seller's entries.
    """
    faults: list[str] = []
    books = ledger.balances_under("receivable:", "pool:", "pool_cost:")
    owed = _prove_accounts(books, faults)
    billed = _prove_rounds(books, faults)
    _prove_deposits(faults)
    return AccountsProof(SellerEntry.objects.count(), billed, owed, faults)


def _prove_accounts(books: dict[str, int], faults: list[str]) -> int:
    """Each account in the books is the sum of its seller's entries, and there is no other."""
    sums = {
        receivable_code(holder, seller): int(total)
        for holder, seller, total in SellerEntry.objects.values_list("holder_id", "seller_id")
        .annotate(total=Sum("amount_minor"))
        .order_by("holder_id", "seller_id")
    }
    stand = {code: minor for code, minor in books.items() if code.startswith("receivable:")}
    for code in sorted(sums.keys() | stand.keys()):
        if sums.get(code, 0) != stand.get(code, 0):
            faults.append(
                _("Account %(code)s stands at %(stand)s, its seller's entries say %(owed)s.")
                % {"code": code, "stand": stand.get(code, 0), "owed": sums.get(code, 0)}
            )
    return sum(sums.values())


def _prove_rounds(books: dict[str, int], faults: list[str]) -> int:
    """Of each round what is booked is what its newest bills say, of every seller and in all."""
    codes = dict(PoolRound.objects.values_list("pk", "code"))
    runs = dict(RoundBill.objects.values_list("round_id").annotate(run=Max("run")).order_by())
    platforms = set()
    billed: dict[tuple[int, int], int] = {}
    for round, owner, kinds, minor, run in RoundBill.objects.values_list(
        "round_id", "owner_id", "owner__kinds", "paid_minor", "run"
    ):
        if run == runs[round]:
            billed[round, owner] = minor
            if CompanyKind.PLATFORM in kinds:
                platforms.add(owner)
    booked = {
        (round, seller): int(total)
        for round, seller, total in SellerEntry.objects.filter(run__isnull=False)
        .values_list("round_id", "seller_id")
        .annotate(total=Sum("amount_minor"))
        .order_by("round_id", "seller_id")
    }
    off: dict[int, int] = defaultdict(int)
    of_sellers = {place: minor for place, minor in billed.items() if place[1] not in platforms}
    for place in of_sellers.keys() | booked.keys():
        off[place[0]] += of_sellers.get(place, 0) != booked.get(place, 0)
    for round in sorted(off):
        if off[round]:
            faults.append(
                _("Round %(round)s: of %(count)s sellers what is booked is not what is billed.")
                % {"round": codes[round], "count": off[round]}
            )
    all_of: dict[int, int] = defaultdict(int)
    own: dict[int, int] = defaultdict(int)
    for (round, owner), minor in billed.items():
        all_of[round] += minor
        own[round] += minor if owner in platforms else 0
    holders = dict(
        SellerEntry.objects.filter(run__isnull=False)
        .values_list("round_id")
        .annotate(holder=Max("holder_id"))
        .order_by()
    )
    for round in sorted(holders):
        for code, wanted in (
            (pool_code(holders[round], round), -all_of[round]),
            (pool_cost_code(holders[round], round), own[round]),
        ):
            if books.get(code, 0) != wanted:
                faults.append(
                    _("Account %(code)s stands at %(stand)s, the bills say %(owed)s.")
                    % {"code": code, "stand": books.get(code, 0), "owed": wanted}
                )
    return sum(all_of.values())


def _prove_deposits(faults: list[str]) -> None:
    """What was taken of each deposit for the order is set off on its seller's account."""
    applied = dict(
        DepositEvent.objects.filter(step=DepositStep.APPLIED)
        .values_list("deposit__number")
        .annotate(total=Sum("amount_minor"))
        .order_by("deposit__number")
    )
    set_off = dict(
        SellerEntry.objects.filter(kind=EntryKind.DEPOSIT)
        .values_list("deposit__number")
        .annotate(total=Sum(-F("amount_minor")))
        .order_by("deposit__number")
    )
    faults += [
        _("Deposit %(deposit)s: %(applied)s went to the order and %(entry)s is set off.")
        % {"deposit": one, "applied": applied.get(one, 0), "entry": set_off.get(one, 0)}
        for one in sorted(applied.keys() | set_off.keys())
        if applied.get(one, 0) != set_off.get(one, 0)
    ]
