"""What makes a journal entry: legs that sum to zero in every currency.

Values in, a decision or a refusal out. A leg's amount is minor units of its account's
currency, debit positive, credit negative.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from core.errors import DomainError, InputError

Kind = Literal["asset", "liability", "income", "expense"]


class EntryNotBalanced(InputError):
    """The legs of a journal entry sum to zero in every currency."""

    code = "ledger.entry_not_balanced"


class EntryTooSmall(InputError):
    """A journal entry has at least two legs, and each of them moves a whole amount of money."""

    code = "ledger.entry_too_small"


class EntryConflict(DomainError):
    """This entry has been posted before with other contents."""

    code = "ledger.entry_conflict"


class AccountConflict(DomainError):
    """This account exists with another kind, currency or company."""

    code = "ledger.account_conflict"


@dataclass(frozen=True, slots=True)
class AccountRef:
    """An account by its code; it is opened with these properties when it does not exist."""

    code: str
    kind: Kind
    currency: str
    company_id: int | None = None


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of an entry: debit positive, credit negative, in minor units."""

    account: AccountRef
    amount_minor: int


def totals(legs: Iterable[Leg]) -> dict[str, int]:
    """Sum per currency, in minor units."""
    sums: dict[str, int] = defaultdict(int)
    for leg in legs:
        sums[leg.account.currency] += leg.amount_minor
    return dict(sums)


def settled(legs: Sequence[Leg]) -> list[Leg]:
    """The legs as they are posted: one per account, in the order of the accounts' codes.

    Legs on one account are added up and those that cancel out are left away, so that the
    same entry always has the same legs. Raises EntryTooSmall, EntryNotBalanced or
    AccountConflict (one code told with two meanings).
    """
    known: dict[str, AccountRef] = {}
    sums: dict[str, int] = defaultdict(int)
    for leg in legs:
        if type(leg.amount_minor) is not int:
            raise EntryTooSmall(account=leg.account.code, amount=leg.amount_minor)
        if known.setdefault(leg.account.code, leg.account) != leg.account:
            raise AccountConflict(account=leg.account.code)
        sums[leg.account.code] += leg.amount_minor
    merged = [Leg(known[code], sums[code]) for code in sorted(sums) if sums[code]]
    off = {currency: total for currency, total in totals(merged).items() if total}
    if off:
        raise EntryNotBalanced(**off)
    if len(merged) < 2:
        raise EntryTooSmall(legs=len(merged))
    return merged
