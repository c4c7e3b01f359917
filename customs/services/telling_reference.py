"""Operators hear of reference data that waits for a second person, and of what became of it."""

from __future__ import annotations

from datetime import datetime

from accounts.models import Membership, Role
from customs.models import ReferenceDecision, ReferenceProposal
from notices.services import tell


def tell_proposed(proposal: ReferenceProposal, now: datetime) -> int:
    """Everybody who may approve it: the operators but who proposed it."""
    others = Membership.objects.filter(role=Role.OPERATOR).exclude(user=proposal.proposed_by_id)
    return tell(
        "reference.proposed",
        subject=proposal.number,
        facts={
            "number": proposal.number,
            "file": proposal.file_name,
            "added": proposal.added,
            "changed": proposal.changed,
            "ended": proposal.ended,
        },
        people=sorted(set(others.values_list("user", flat=True))),
        now=now,
    )


def tell_decided(proposal: ReferenceProposal, decision: ReferenceDecision, now: datetime) -> int:
    """Who proposed it, unless it was taken back."""
    if decision.decided_by_id == proposal.proposed_by_id:
        return 0
    facts = {"number": proposal.number, "file": proposal.file_name}
    if not decision.approved:
        facts["reason"] = decision.reason
    return tell(
        "reference.approved" if decision.approved else "reference.refused",
        subject=proposal.number,
        facts=facts,
        people=[proposal.proposed_by_id],
        now=now,
    )
