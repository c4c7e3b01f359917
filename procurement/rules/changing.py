"""What of a round may still change, by where it stands, and to what."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from core.errors import DomainError
from procurement.rules.forecasting import Phase


class RoundFixed(DomainError):
    """Sellers filed by what was announced. Until the cut-off all of a round but its opening may
    change, from then on only the last day of filling, the day of the deposit, the days within
    which bills are paid, and the budget; of a closed round nothing."""

    code = "procurement.round_fixed"


class MomentPast(DomainError):
    """The cut-off, the last day of filling and the day of the deposit are moved to a time that
    is still to come."""

    code = "procurement.moment_past"


class ToleranceLowered(DomainError):
    """Sellers have filed by the tolerance that was announced: the limit may rise, and not fall."""

    code = "procurement.tolerance_lowered"


class PaymentShortened(DomainError):
    """Sellers have filed by the days for paying that were announced: they may become more, and not
    fewer."""

    code = "procurement.payment_shortened"


class DepositAsked(DomainError):
    """Sellers were asked for a deposit of this percentage by this day: neither changes any more."""

    code = "procurement.deposit_asked"


#: The moments of a round, in their order.
MOMENTS: Final = ("cutoff_at", "fill_until", "deposit_due_at")
_POLICY: Final = (
    *("shortage_rule", "is_credit_applied", "deposit_percent"),
    *("tolerance_limit_percent", "budget_minor", "payment_days"),
)
#: What may only rise once somebody has filed.
_PROMISED: Final[Mapping[str, type[DomainError]]] = {
    "tolerance_limit_percent": ToleranceLowered,
    "payment_days": PaymentShortened,
}
#: By phase: what may still change.
CHANGEABLE: Final[Mapping[Phase, tuple[str, ...]]] = {
    Phase.ANNOUNCED: ("opens_at", *MOMENTS, *_POLICY),
    Phase.OPEN: (*MOMENTS, *_POLICY),
    Phase.FILLING: ("fill_until", "deposit_due_at", "budget_minor", "payment_days"),
    Phase.ENDED: ("deposit_due_at", "budget_minor", "payment_days"),
    Phase.CLOSED: (),
}


def check_change(
    phase: Phase,
    *,
    stands: Mapping[str, Any],
    wanted: Mapping[str, Any],
    is_filed: bool,
    is_asked: bool,
    now: datetime,
) -> set[str]:
    """The fields that differ. ``is_filed``: some seller has filed; ``is_asked``: for deposits.

    Raises RoundFixed, MomentPast, ToleranceLowered, PaymentShortened or DepositAsked.
    """
    changed = {name for name, value in wanted.items() if value != stands[name]}
    fixed = changed - set(CHANGEABLE[phase])
    if fixed:
        raise RoundFixed(field=sorted(fixed)[0], fields=", ".join(sorted(fixed)))
    for name in MOMENTS:
        if name in changed and wanted[name] is not None and wanted[name] <= now:
            raise MomentPast(field=name, given=wanted[name])
    if is_filed:
        for name in sorted(changed & _PROMISED.keys()):
            if wanted[name] < stands[name]:
                raise _PROMISED[name](field=name, announced=stands[name], given=wanted[name])
    if is_asked and changed & {"deposit_due_at", "deposit_percent"}:
        raise DepositAsked(field="deposit_due_at")
    return changed
