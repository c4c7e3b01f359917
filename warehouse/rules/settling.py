"""What a supplier pays for a claim: in what bounds, and whose how much of it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from math import lcm

from accounts.rules.admitting import tidy_line
from core.errors import DomainError, InputError
from core.money import shared

LONGEST_REASON = 200


class ClaimWithoutAmount(DomainError):
    """A claim is settled with the amount that the supplier pays."""

    code = "warehouse.claim_without_amount"


class SettlementOutOfBounds(InputError):
    """A supplier pays at most what was claimed; nothing only where nothing was claimed or a
    settlement is corrected."""

    code = "warehouse.settlement_out_of_bounds"


class SettledInFuture(InputError):
    """A claim is settled today or before, and after it was opened."""

    code = "warehouse.settled_in_future"


class SettlementUnchanged(InputError):
    """A settlement is corrected to another amount or day."""

    code = "warehouse.settlement_unchanged"


class CorrectionWithoutReason(InputError):
    """Who corrects a settlement says why, in at most 200 characters."""

    code = "warehouse.correction_without_reason"


@dataclass(frozen=True, slots=True)
class Damage:
    """Damaged units of one owner (id) on a line that is claimed with so much for so many units."""

    owner: int
    units: int
    line_minor: int
    line_units: int


@dataclass(frozen=True, slots=True)
class Part:
    """Of one owner (id): damaged units, its part in the claim's currency and in fen."""

    owner: int
    units: int
    amount_minor: int
    home_minor: int


def check_amount(amount_minor: int, *, claimed: int, is_correction: bool) -> None:
    """Raises SettlementOutOfBounds. Damaged goods that cost nothing are claimed with nothing."""
    if not (0 if is_correction else min(1, claimed)) <= amount_minor <= claimed:
        raise SettlementOutOfBounds(
            field="amount", amount_minor=amount_minor, claimed_minor=claimed
        )


def check_day(settled_on: date, *, opened: date, today: date) -> None:
    """Raises SettledInFuture."""
    if not opened <= settled_on <= today:
        raise SettledInFuture(field="settled_on", settled_on=settled_on)


def check_reason(reason: str, *, is_correction: bool) -> str:
    """In one line; empty of a first settlement. Raises CorrectionWithoutReason."""
    told = tidy_line(reason)
    if not is_correction:
        return ""
    if not 0 < len(told) <= LONGEST_REASON:
        raise CorrectionWithoutReason(field="reason", characters=len(told))
    return told


def parts(damages: Iterable[Damage], *, amount_minor: int, home_minor: int) -> list[Part]:
    """Each owner's part, by owner: in proportion to what its units are claimed with, largest
    remainder, ties to the lower company id. Both columns sum to the whole."""
    worth: dict[int, Fraction] = defaultdict(Fraction)
    units: dict[int, int] = defaultdict(int)
    for one in damages:
        worth[one.owner] += Fraction(one.units * one.line_minor, one.line_units)
        units[one.owner] += one.units
    owners = sorted(worth)
    if not any(worth.values()):
        worth = {owner: Fraction(units[owner]) for owner in owners}
    scale = lcm(*(worth[owner].denominator for owner in owners))
    weights = [int(worth[owner] * scale) for owner in owners]
    amounts, homes = shared(amount_minor, weights), shared(home_minor, weights)
    return [
        Part(owner, units[owner], amount, home)
        for owner, amount, home in zip(owners, amounts, homes, strict=True)
    ]


def differences(now: Mapping[int, int], before: Mapping[int, int]) -> dict[int, int]:
    """By owner what is to be booked so that what was booked becomes what is so; only what is
    not nothing."""
    off = {one: now.get(one, 0) - before.get(one, 0) for one in now.keys() | before.keys()}
    return {one: off[one] for one in sorted(off) if off[one]}
