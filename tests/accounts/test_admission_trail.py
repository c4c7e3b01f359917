"""What stays of each step of an admission."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import (
    Admission,
    Company,
)
from accounts.services import admitting
from core.acting import acts as acts_in_force
from core.history import events_of
from core.walls import inside, platform_wide
from tests.accounts.applying import LATER, applied, last
from tests.factories.accounts import UserFactory
from tests.factories.admissions import (
    AdmissionStepFactory,
)


@pytest.mark.django_db
def test_steps_and_documents_are_only_added_and_a_step_has_its_reason() -> None:
    admission = applied()

    for table in ("accounts_admissionstep", "accounts_admissiondocument"):
        for statement in (f"UPDATE {table} SET id = id", f"DELETE FROM {table}"):  # noqa: S608
            with (
                platform_wide(),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)
    with (
        platform_wide(),
        pytest.raises(IntegrityError, match="every_decision_has_its_reason"),
        transaction.atomic(),
    ):
        AdmissionStepFactory.create(admission=admission, kind="admitted", reason="")


def test_every_step_stands_in_the_audit_trail_with_its_reason(db: None) -> None:
    admission = applied()
    acts = [
        ("ask", "缺授权书"),
        ("admit", "材料齐全"),
        ("suspend", "授权过期"),
        ("reinstate", "已续期"),
    ]
    _decide_because(admission, *acts[0])
    with inside(admission.company_id):
        admitting.answer(
            admission=admission,
            user=UserFactory.create(),
            reason="已补交",
            papers=[],
            now=LATER,
        )
    for act in acts[1:]:
        _decide_because(admission, *act)

    with platform_wide():
        trail = [
            (event.state, (event.pgh_context or {}).get("reason"))
            for event in events_of(Admission).objects.order_by("pgh_id")
        ]
        companys = [
            (event.status, (event.pgh_context or {}).get("reason"))
            for event in events_of(Company)
            .objects.filter(pgh_obj=admission.company_id)
            .order_by("pgh_id")
        ]
    assert trail == [
        ("waiting", None),
        ("asked", "缺授权书"),
        ("waiting", "已补交"),
        ("admitted", "材料齐全"),
        ("suspended", "授权过期"),
        ("admitted", "已续期"),
    ]
    assert companys[0] == ("applicant", None)
    assert companys[1:] == [
        ("admitted", "材料齐全"),
        ("suspended", "授权过期"),
        ("admitted", "已续期"),
    ]
    assert "reason" not in acts_in_force(), "the reason is not left for what comes after"


def _decide_because(admission: Admission, decision: str, reason: str) -> None:
    admitting.decide(
        company=admission.company,
        decision=decision,
        reason=reason,
        seen=last(admission),
        user=UserFactory.create(),
        now=LATER,
    )
