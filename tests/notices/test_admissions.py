"""An applicant and the operators hear of each step, once."""

from __future__ import annotations

import pytest

from accounts.models import Membership
from notices.models import Notice, NoticeCopy
from notices.services import tell_steps
from tests.factories.admissions import AdmissionFactory, AdmissionStepFactory
from tests.notices.conftest import NOON


@pytest.mark.django_db
def test_each_step_is_told_to_whom_it_concerns_and_once(
    clerk: Membership, neighbour: Membership, operator: Membership
) -> None:
    admission = AdmissionFactory.create(company=clerk.company)
    kinds = ("applied", "asked", "answered", "refused", "admitted", "suspended", "reinstated")
    for kind in kinds:
        AdmissionStepFactory.create(admission=admission, kind=kind, reason="缺授权书")

    assert tell_steps(now=NOON) == 7
    assert tell_steps(now=NOON) == 0

    told = {
        member: list(
            NoticeCopy.objects.filter(membership=member)
            .order_by("pk")
            .values_list("notice__event", flat=True)
        )
        for member in (clerk, neighbour, operator)
    }
    assert told == {
        clerk: [
            *("company.asked_back", "company.refused", "company.admitted"),
            *("company.suspended", "company.reinstated"),
        ],
        neighbour: [],
        operator: ["company.applied", "company.answered"],
    }
    assert Notice.objects.get(event="company.asked_back").facts == {"reason": "缺授权书"}
