"""Who says yes to an order before it is placed, and how many."""

from __future__ import annotations

from collections.abc import Collection

from core.errors import DomainError, InputError


class ApprovedTwice(DomainError):
    """A person approves an order once; the second approval is another person's."""

    code = "procurement.approved_twice"


class DrafterApprovesAlone(DomainError):
    """Who drafted an order does not approve it alone; another person approves it."""

    code = "procurement.drafter_approves_alone"


class ApprovalMissing(DomainError):
    """An order is placed once enough people have approved it."""

    code = "procurement.approval_missing"


class NothingToApprove(DomainError):
    """Only a drafted order is approved, and only where the platform has set a limit."""

    code = "procurement.nothing_to_approve"


class LimitRefused(InputError):
    """An approval limit is an amount of zero or more in a traded currency."""

    code = "procurement.limit_refused"


def needed(*, amount: int, limit: int | None) -> int:
    """How many approve an order: none without a limit, one up to it, two above."""
    if limit is None:
        return 0
    return 1 if amount <= limit else 2


def check_approver(
    *, approver: int, drafted_by: int | None, approved_by: Collection[int], count: int
) -> None:
    """Raises NothingToApprove, ApprovedTwice or DrafterApprovesAlone."""
    if count == 0 or len(approved_by) >= count:
        raise NothingToApprove(approvals=len(approved_by), needed=count)
    if approver in approved_by:
        raise ApprovedTwice
    if approver == drafted_by and count == 1:
        raise DrafterApprovesAlone


def check_placeable(*, approved_by: Collection[int], count: int) -> None:
    """Raises ApprovalMissing."""
    if len(set(approved_by)) < count:
        raise ApprovalMissing(approvals=len(set(approved_by)), needed=count)
