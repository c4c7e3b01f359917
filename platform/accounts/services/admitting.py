"""Who wants to sell here hands in its papers; an operator asks back, admits, refuses, suspends."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    AdmissionStep,
    Company,
    CompanyKind,
    CompanyStatus,
    DocumentKind,
    Membership,
    Role,
    StepKind,
    User,
)
from accounts.rules import admitting, documents, identity
from accounts.rules.people import check_name
from core.acting import because
from core.numbers import next_number
from core.queue import ring
from core.taking import take_turns
from core.walls import inside, platform_wide


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicant:
    """What a company says of itself when it applies."""

    name_zh: str
    name_en: str
    uscc: str
    street: str
    town: str
    postcode: str = ""
    country: str = "CHN"
    contact_name: str = ""
    contact_phone: str = ""
    contact_email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """What an applicant says otherwise now; what is empty stays as it was."""

    name_zh: str = ""
    name_en: str = ""
    uscc: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was sent."""

    kind: str
    name: str
    content: bytes


@transaction.atomic
def apply(*, user: User, applicant: Applicant, papers: Sequence[Paper], now: datetime) -> Admission:
    """A person applies for its company, and may act for it in the application from now on.

    Whether the number it states is anybody's already, the operator sees, and no stranger who asks.
    Raises AlreadyActsForACompany, a WrongUscc, LicenceMissing, or what is wrong with a paper; then
    nothing has been written.
    """
    # Two clicks of one person: the second waits here and then finds the company of the first.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if Membership.objects.filter(user=user).exists():
        raise admitting.AlreadyActsForACompany
    uscc = identity.check_uscc(applicant.uscc)
    if DocumentKind.LICENCE not in {paper.kind for paper in papers}:
        raise documents.LicenceMissing
    company = Company.objects.create(
        code=next_number("S", timezone.localdate(now).year),
        kinds=[CompanyKind.SELLER],
        status=CompanyStatus.APPLICANT,
        uscc=uscc,
        **_said(applicant),
    )
    Membership.objects.create(user=user, company=company, role=Role.SELLER, is_admin=True)
    with inside(company.pk):
        admission: Admission = Admission.objects.create(
            company=company, state=AdmissionState.WAITING, since=now
        )
        _keep(admission, papers, user, now)
        _step(admission, StepKind.APPLIED, "", user, now)
    return admission


@transaction.atomic
def apply_anew(
    *,
    admission: Admission,
    user: User,
    applicant: Applicant,
    papers: Sequence[Paper],
    now: datetime,
) -> Admission:
    """Who was refused says everything once more; what it said before stays in the history.

    Raises NotInThisState, a WrongUscc, TooManyDocuments, or what is wrong with a paper; then
    nothing has been written.
    """
    held = _lock(admission.company, now)
    held.state = admitting.move(held.state, "apply")
    held.since = now
    company = held.company
    company.uscc = identity.check_uscc(applicant.uscc)
    said = _said(applicant)
    for name, value in said.items():
        setattr(company, name, value)
    company.save(update_fields=["uscc", *said])
    _keep(held, papers, user, now)
    held.save(update_fields=["state", "since"])
    _step(held, StepKind.APPLIED, "", user, now)
    return held


@transaction.atomic
def answer(
    *,
    admission: Admission,
    user: User,
    reason: str,
    papers: Sequence[Paper],
    stated: Stated | None = None,
    now: datetime,
) -> Admission:
    """The applicant answers what it was asked, or adds what it forgot.

    Who was asked may correct what it stated of its company. Raises ReasonMissing, NotInThisState,
    a WrongUscc, TooManyDocuments, or what is wrong with a paper; then nothing has been written.
    """
    held = _lock(admission.company, now)
    was = held.state
    held.state = admitting.move(was, "answer")
    told = admitting.check_reason(reason)
    corrected = _corrected(held.company, stated or Stated())
    if corrected and was != AdmissionState.ASKED:
        raise admitting.NotInThisState(state=was, act="correct")
    with because(told):
        if corrected:
            held.company.save(update_fields=corrected)
        _keep(held, papers, user, now)
        held.since = now
        held.save(update_fields=["state", "since"])
        _step(held, StepKind.ANSWERED, told, user, now)
    return held


@transaction.atomic
def decide(
    *, company: Company, decision: str, reason: str, seen: int, user: User, now: datetime
) -> Admission:
    """An operator asks back, admits, refuses, suspends or reinstates; it holds at once.

    ``seen`` is the last step that the operator's page showed (0 for none): of two who decide at
    the same time the second is refused, and looks again.

    Raises DecidedMeanwhile, NotInThisState, ReasonMissing, ThePlatformStays, and NumberTaken where
    two would be admitted under one number; then nothing has been written.
    """
    with platform_wide():
        held = _lock(company, now)
        last = held.steps.order_by("-pk").values_list("pk", flat=True).first() or 0
        admitting.check_seen(seen=seen, last=last)
        if CompanyKind.PLATFORM in held.company.kinds:
            raise admitting.ThePlatformStays
        held.state = admitting.move(held.state, decision)
        told = admitting.check_reason(reason)
        held.since = now
        held.company.status = CompanyStatus(admitting.STATUS_OF[held.state])
        _check_number(held.company)
        with because(told):
            held.save(update_fields=["state", "since"])
            held.company.save(update_fields=["status"])
            _step(held, StepKind(admitting.STEP_OF[decision]), told, user, now)
    return held


def _said(applicant: Applicant) -> dict[str, str]:
    """All but the number, as it is kept."""
    lines = ("name_zh", "name_en", "street", "town", "postcode", "contact_name", "contact_phone")
    return {
        "country": applicant.country,
        "contact_email": applicant.contact_email,
        **{name: admitting.tidy_line(getattr(applicant, name)) for name in lines},
    }


def _corrected(company: Company, stated: Stated) -> list[str]:
    """Put in place what is said otherwise; the names of these fields."""
    said = {
        "name_zh": admitting.tidy_line(stated.name_zh),
        "name_en": admitting.tidy_line(stated.name_en),
        "uscc": identity.check_uscc(stated.uscc) if stated.uscc else "",
    }
    changed = [name for name, value in said.items() if value and value != getattr(company, name)]
    for name in changed:
        check_name(said[name])
        setattr(company, name, said[name])
    return changed


def _check_number(company: Company) -> None:
    """Two that stand under one number wait for each other. Raises NumberTaken."""
    if not company.uscc or company.status == CompanyStatus.APPLICANT:
        return
    take_turns("uscc", company.uscc)
    others = Company.objects.filter(uscc=company.uscc).exclude(pk=company.pk)
    if others.exclude(status=CompanyStatus.APPLICANT).exists():
        raise admitting.NumberTaken(given=company.uscc)


def _lock(company: Company, now: datetime) -> Admission:
    """The company first, then its admission: whoever changes the standing waits in this order."""
    locked = Company.objects.select_for_update(no_key=True).get(pk=company.pk)
    held: Admission | None = Admission.objects.select_for_update().filter(company=locked).first()
    if held is None:
        # An operator entered this company; its standing begins with the first decision.
        held = Admission.objects.create(company=locked, state=AdmissionState.ADMITTED, since=now)
    held.company = locked
    return held


def _keep(admission: Admission, papers: Sequence[Paper], user: User, now: datetime) -> None:
    rows = {}
    for paper in papers:
        kept = documents.media_type(paper.name, paper.content)
        digest = hashlib.sha256(paper.content).hexdigest()
        rows[digest] = AdmissionDocument(
            admission=admission,
            company_id=admission.company_id,
            kind=DocumentKind(paper.kind),
            file_name=documents.tidy_name(paper.name),
            media_type=kept,
            size=len(paper.content),
            sha256=digest,
            content=paper.content,
            added_by=user,
            added_at=now,
        )
    # The same file sent twice is one document.
    there = set(admission.documents.values_list("sha256", flat=True))
    new = [row for digest, row in rows.items() if digest not in there]
    documents.check_count(len(there) + len(new))
    AdmissionDocument.objects.bulk_create(new)


def _step(admission: Admission, kind: StepKind, reason: str, user: User, now: datetime) -> None:
    AdmissionStep.objects.create(
        admission=admission,
        company_id=admission.company_id,
        kind=kind,
        reason=reason,
        taken_by=user,
        taken_at=now,
    )
    ring("notices.admissions")
