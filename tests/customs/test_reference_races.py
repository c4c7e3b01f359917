"""Of many who decide one proposal at once, one does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from core.walls import platform_wide
from customs.models import ReferenceDecision, TariffRate
from customs.services import approve_reference, refuse_reference
from tests.customs.test_reference import MILK, SERUM, operator, propose
from tests.warehouse.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)


def test_one_of_twenty_decides_and_of_two_proposals_one_comes_into_force() -> None:
    with platform_wide():
        maker = operator()
        checkers = [operator() for _at in range(4)]
        both = [propose(maker, MILK), propose(maker, MILK.replace("13%", "9%"), SERUM)]

    def decide(n: int) -> str:
        proposal, person = both[n % 2], checkers[n % 4]
        try:
            with platform_wide():
                if n < 16:
                    approve_reference(proposal=proposal, decided_by=person, now=NOW)
                    return "approved"
                refuse_reference(proposal=proposal, decided_by=person, reason="late", now=NOW)
                return "refused"
        except DomainError as refusal:
            return refusal.code

    told = all_at_once(decide)

    with platform_wide():
        decided = list(ReferenceDecision.objects.values_list("approved", flat=True))
        assert len(decided) == told["approved"] + told["refused"] <= 2
        assert told["approved"] == decided.count(True) <= 1
        assert set(told) <= {
            *("approved", "refused"),
            *("customs.proposal_decided", "customs.proposal_stale"),
        }
        held = TariffRate.objects.filter(hs_code="1901101010").count()
        assert held == told["approved"]
