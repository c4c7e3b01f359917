"""Somebody applies, an operator decides: what the tests of admissions begin with."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Admission, AdmissionStep, User
from accounts.services import admitting
from accounts.services.admitting import Applicant, Paper
from core.walls import platform_wide
from tests.factories.accounts import UserFactory, uscc_of
from tests.factories.admissions import APPLIED, a_pdf

LATER = APPLIED + timedelta(days=1)
USCC = uscc_of("91330106MA9ABCDEF")
ME = Applicant(
    name_zh="新店商贸有限公司",
    name_en="New Shop Trading Ltd",
    uscc=USCC,
    street="示例路1号",
    town="杭州",
)
LICENCE = Paper("licence", "licence.pdf", a_pdf())


def applied(user: User | None = None, **said: str) -> Admission:
    applicant = Applicant(**{**{n: getattr(ME, n) for n in ME.__slots__}, **said})
    return admitting.apply(
        user=user or UserFactory.create(), applicant=applicant, papers=[LICENCE], now=APPLIED
    )


def last(admission: Admission) -> int:
    with platform_wide():
        last: int = AdmissionStep.objects.filter(admission=admission).latest("pk").pk
    return last


def decide(admission: Admission, decision: str, seen: int | None = None) -> Admission:
    return admitting.decide(
        company=admission.company,
        decision=decision,
        reason="看过营业执照",
        seen=last(admission) if seen is None else seen,
        user=UserFactory.create(),
        now=LATER,
    )
