from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import Company, Membership, Role, User
from core.errors import DomainError, InputError
from core.taking import take_turns
from settlement.models import Period, SettlementPolicy
from settlement.rules import FinanceOnly


class TermsOutOfRange(InputError):
    """Fees and spreads are not negative, spreads are below 10%, and the one for large
    conversions is not the higher one."""

    code = "settlement.terms_out_of_range"


class PolicyAlreadySet(DomainError):
    """A policy that begins on this day is set already; terms are changed by a later one."""

    code = "settlement.policy_already_set"


def require_finance(user: User) -> None:
    """Raises FinanceOnly."""
    if not Membership.objects.filter(user=user, role=Role.FINANCE).exists():
        raise FinanceOnly(user=user.email)


@transaction.atomic
def set_policy(
    *,
    debtor: Company,
    valid_from: date,
    wire_fee_minor: int,
    spread_bp: Decimal,
    bulk_spread_bp: Decimal,
    bulk_from_minor: int,
    period: str = Period.QUARTER,
) -> SettlementPolicy:
    """Set how often a debtor pays and what its bank takes, from a day on.

    Fee and threshold in CNY minor units, spreads in basis points. Raises TermsOutOfRange or
    PolicyAlreadySet; then nothing has been written.
    """
    if min(wire_fee_minor, bulk_from_minor) < 0 or not (0 <= bulk_spread_bp <= spread_bp < 1_000):
        raise TermsOutOfRange(
            wire_fee=wire_fee_minor, spread_bp=spread_bp, bulk_spread_bp=bulk_spread_bp
        )
    take_turns("policy", str(debtor.pk))
    if SettlementPolicy.objects.filter(debtor=debtor, valid_from=valid_from).exists():
        raise PolicyAlreadySet(company=debtor.code, valid_from=valid_from)
    return SettlementPolicy.objects.create(
        debtor=debtor,
        period=period,
        valid_from=valid_from,
        wire_fee_minor=wire_fee_minor,
        spread_bp=spread_bp,
        bulk_spread_bp=bulk_spread_bp,
        bulk_from_minor=bulk_from_minor,
    )
