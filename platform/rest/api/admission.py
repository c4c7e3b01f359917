"""A company's own admission: where it stands, what is asked, and the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import File, Form, Schema, Status, UploadedFile
from pydantic import Field, StringConstraints

from accounts.files import as_attachment
from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    DocumentKind,
    StepKind,
)
from accounts.queries import admissions
from accounts.rules import documents as rules
from accounts.rules.admitting import LONGEST_REASON
from accounts.services import admitting
from core.clock import now
from rest.calling import caller_of
from rest.fields import one_of
from rest.routes import Routes

routes = Routes(tags=["everybody"])

Text = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_REASON)]

Name = Annotated[str, StringConstraints(max_length=200)]


class PaperOut(Schema):
    """A document that was handed in."""

    id: int = Field(examples=[3])
    kind: str = Field(
        description="licence, brand or other",
        json_schema_extra=one_of(*DocumentKind.values),
        examples=["licence"],
    )
    file_name: str = Field(examples=["licence.pdf"])
    media_type: str = Field(examples=["application/pdf"])
    size: int = Field(examples=[48213])
    sha256: str = Field(examples=["9f86d081884c7d659a2feaa0c55ad015"])
    added_at: datetime = Field(examples=["2026-05-04T02:00:00Z"])
    path: str = Field(examples=["/api/v1/admission/documents/3"])


class StepOut(Schema):
    """One step, with its reason."""

    kind: str = Field(json_schema_extra=one_of(*StepKind.values), examples=["asked"])
    reason: str = Field(examples=["请补充品牌授权书"])
    taken_at: datetime = Field(examples=["2026-05-05T02:00:00Z"])


class AdmissionOut(Schema):
    """Where the company stands with the platform."""

    state: str = Field(
        description="waiting, asked, admitted, refused or suspended",
        json_schema_extra=one_of(*AdmissionState.values),
        examples=["asked"],
    )
    since: datetime = Field(examples=["2026-05-05T02:00:00Z"])
    steps: list[StepOut]
    documents: list[PaperOut]


def _own(request: HttpRequest) -> Admission:
    """Raises Http404 for a company that applied for nothing."""
    found = admissions.admission_of(caller_of(request).company.pk)
    if found is None:
        raise Http404
    return found


def _shown(held: Admission) -> AdmissionOut:
    return AdmissionOut(
        state=held.state,
        since=held.since,
        steps=[
            StepOut(kind=one.kind, reason=one.reason, taken_at=one.taken_at)
            for one in admissions.steps(held)
        ],
        documents=[
            PaperOut(
                id=one.pk,
                kind=one.kind,
                file_name=one.file_name,
                media_type=one.media_type,
                size=one.size,
                sha256=one.sha256,
                added_at=one.added_at,
                path=f"/api/v1/admission/documents/{one.pk}",
            )
            for one in admissions.documents(held)
        ],
    )


@routes.show(
    "/admission",
    scope="company:read",
    response=AdmissionOut,
    summary=_("Show one's own admission"),
    any_standing=True,
)
def get_admission(request: HttpRequest) -> AdmissionOut:
    """Every step with its reason, and what was handed in."""
    return _shown(_own(request))


@routes.create(
    "/admission/answers",
    scope="company:write",
    response=AdmissionOut,
    summary=_("Answer the operator"),
    any_standing=True,
)
def answer_admission(
    request: HttpRequest,
    reason: Form[Text],
    kind: Form[Literal["licence", "brand", "other"]],
    file: File[UploadedFile],
    name_zh: Form[Name | None] = None,
    name_en: Form[Name | None] = None,
    uscc: Form[Name | None] = None,
) -> Status[AdmissionOut]:
    """What was asked, or what was forgotten, with a document: PDF, PNG or JPEG of 5 MB at most.

    While the operator asks, the company's names and its social credit code can be corrected.
    """
    name = file.name or ""
    rules.check_size(name, file.size or 0)
    held = admitting.answer(
        admission=_own(request),
        user=caller_of(request).user,
        reason=reason,
        papers=[admitting.Paper(kind, name, file.read(rules.MAX_BYTES + 1))],
        stated=admitting.Stated(name_zh=name_zh or "", name_en=name_en or "", uscc=uscc or ""),
        now=now(),
    )
    return Status(201, _shown(held))


@routes.file(
    "/admission/documents/{int:pk}",
    scope="company:read",
    media_type=("application/pdf", "image/png", "image/jpeg"),
    summary=_("Fetch a document of one's admission"),
    any_standing=True,
)
def get_admission_document(request: HttpRequest, pk: int) -> HttpResponse:
    """As it came."""
    if pk > 2**62:
        raise Http404
    mine = AdmissionDocument.objects.filter(company=caller_of(request).company)
    return as_attachment(get_object_or_404(mine, pk=pk))
