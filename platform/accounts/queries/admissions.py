"""Admissions as pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Case, DateTimeField, F, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    AdmissionStep,
    Company,
    DocumentKind,
)
from accounts.rules import identity


@dataclass(frozen=True, slots=True)
class Checks:
    """What can be told about an applicant without asking anybody."""

    is_uscc_right: bool
    has_licence: bool
    namesakes: list[Company]
    same_number: list[Company]


#: How far those who wait for nobody stand behind those who do, in the order of their last step.
_BEHIND = timedelta(days=73_000)


def admissions() -> QuerySet[Admission]:
    """With their ``turn``: who waits longest comes first, then whom we wait for, then the rest."""
    found: QuerySet[Admission] = Admission.objects.select_related("company")
    return found.annotate(
        turn=Case(
            When(state=AdmissionState.WAITING, then=F("since")),
            When(state=AdmissionState.ASKED, then=F("since") + Value(_BEHIND)),
            default=F("since") + Value(2 * _BEHIND),
            output_field=DateTimeField(),
        )
    )


def companies_named(words: str) -> QuerySet[Company]:
    plain = words.replace("\x00", "")
    return Company.objects.filter(
        Q(name_zh__icontains=plain)
        | Q(name_en__icontains=plain)
        | Q(code__istartswith=plain)
        | Q(uscc__istartswith=identity.tidy(plain))
    )


def waiting() -> int:
    """How many applications wait for an operator."""
    return int(Admission.objects.filter(state=AdmissionState.WAITING).count())


def admission_of(company_id: int) -> Admission | None:
    found: Admission | None = (
        Admission.objects.select_related("company").filter(company_id=company_id).first()
    )
    return found


def steps(admission: Admission) -> list[AdmissionStep]:
    """From the first on."""
    return list(admission.steps.select_related("taken_by").order_by("pk"))


def documents(admission: Admission) -> list[AdmissionDocument]:
    """Without their content."""
    return list(admission.documents.defer("content").select_related("added_by").order_by("pk"))


def checks(admission: Admission) -> Checks:
    company = admission.company
    try:
        is_right = identity.check_uscc(company.uscc) == company.uscc
    except identity.WrongUscc:
        is_right = False
    same_name = Q(zh=company.name_zh.lower()) | Q(en=company.name_en.lower())
    named = Company.objects.annotate(zh=Lower("name_zh"), en=Lower("name_en"))
    return Checks(
        is_uscc_right=is_right,
        has_licence=admission.documents.filter(kind=DocumentKind.LICENCE).exists(),
        same_number=list(
            Company.objects.filter(uscc=company.uscc)
            .exclude(uscc="")
            .exclude(pk=company.pk)
            .order_by("status", "code")[:10]
        ),
        namesakes=list(named.filter(same_name).exclude(pk=company.pk).order_by("code")[:10]),
    )
