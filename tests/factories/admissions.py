"""Applications, their documents and steps. Call inside ``platform_wide()``."""

from __future__ import annotations

import hashlib
import struct
from datetime import UTC, datetime

import factory

from accounts.models import (
    Admission,
    AdmissionDocument,
    AdmissionState,
    AdmissionStep,
    CompanyStatus,
    DocumentKind,
    StepKind,
)

from .accounts import SellerFactory, UserFactory

APPLIED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def a_pdf(text: str = "licence") -> bytes:
    """A file that begins and ends as a PDF does."""
    return f"%PDF-1.7\n% {text}\n%%EOF\n".encode()


def a_png(width: int = 20, height: int = 10) -> bytes:
    """The head of a PNG of that size, without its picture."""
    head = struct.pack(">II", width, height) + b"\x08\x02\x00\x00\x00"
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + b"\x00" * 4


def a_jpeg(width: int = 20, height: int = 10) -> bytes:
    """The head of a JPEG of that size, without its picture."""
    comment = b"\xff\xfe" + struct.pack(">H", 6) + b"note"
    frame = b"\xff\xc0" + struct.pack(">HBHH", 17, 8, height, width) + b"\x03" + b"\x00" * 9
    return b"\xff\xd8" + comment + frame + b"\xff\xd9"


class AdmissionFactory(factory.django.DjangoModelFactory[Admission]):
    """An application that waits."""

    class Meta:
        model = Admission

    company = factory.SubFactory(SellerFactory, status=CompanyStatus.APPLICANT.value)
    state = AdmissionState.WAITING.value
    since = APPLIED


class AdmissionDocumentFactory(factory.django.DjangoModelFactory[AdmissionDocument]):
    """A business licence as a PDF."""

    class Meta:
        model = AdmissionDocument

    admission = factory.SubFactory(AdmissionFactory)
    company = factory.SelfAttribute("admission.company")
    kind = DocumentKind.LICENCE.value
    file_name = "licence.pdf"
    media_type = "application/pdf"
    content = factory.LazyAttribute(lambda one: a_pdf(str(one.file_name)))
    size = factory.LazyAttribute(lambda one: len(one.content))
    sha256 = factory.LazyAttribute(lambda one: hashlib.sha256(one.content).hexdigest())
    added_by = factory.SubFactory(UserFactory)
    added_at = APPLIED


class AdmissionStepFactory(factory.django.DjangoModelFactory[AdmissionStep]):
    """The application itself."""

    class Meta:
        model = AdmissionStep

    admission = factory.SubFactory(AdmissionFactory)
    company = factory.SelfAttribute("admission.company")
    kind = StepKind.APPLIED.value
    reason = ""
    taken_by = factory.SubFactory(UserFactory)
    taken_at = APPLIED
