"""What is decided about companies is written down below this app; here it is told."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef
from django.db.models.functions import Cast

from accounts.models import AdmissionStep, StepKind
from core.faults import each_of
from notices.models import Reminder
from notices.services.reminding import once
from notices.services.telling import tell

#: However old a step is, it is told of; so what is remembered of it is never forgotten.
LOOK = "admission step"
_AT_ONCE = 200
#: The event of each step; those of the operators name the company.
_FOR_OPERATORS = {StepKind.APPLIED: "company.applied", StepKind.ANSWERED: "company.answered"}
_FOR_THE_COMPANY = {
    StepKind.ASKED: "company.asked_back",
    StepKind.ADMITTED: "company.admitted",
    StepKind.REFUSED: "company.refused",
    StepKind.SUSPENDED: "company.suspended",
    StepKind.REINSTATED: "company.reinstated",
}
_WITH_REASON = {StepKind.ASKED, StepKind.REFUSED, StepKind.SUSPENDED}


def tell_steps(*, now: datetime) -> int:
    """Tell of every step that nobody was told of; safe to run twice, beside itself, or after a
    crash. Returns how many were told."""
    taken = Reminder.objects.filter(name=LOOK, key=OuterRef("key"))
    steps = AdmissionStep.objects.annotate(key=Cast("pk", CharField()))
    waiting = steps.filter(~Exists(taken)).select_related("company").order_by("pk")
    return each_of(waiting[:_AT_ONCE], lambda step: _tell(step, now))


@transaction.atomic
def _tell(step: AdmissionStep, now: datetime) -> int:
    if not once(LOOK, str(step.pk), now=now):
        return 0
    kind = StepKind(step.kind)
    subject = f"{step.company.code} {step.pk}"
    if kind in _FOR_OPERATORS:
        tell(_FOR_OPERATORS[kind], subject=subject, facts={"company": step.company}, now=now)
    else:
        told = {"reason": step.reason} if kind in _WITH_REASON else {}
        event = _FOR_THE_COMPANY[kind]
        tell(event, subject=subject, facts=told, companies=[step.company_id], now=now)
    return 1
