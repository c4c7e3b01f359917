"""The files that applicants hand in: what they are, and how many."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import (
    AdmissionDocument,
    AdmissionStep,
    Company,
)
from accounts.rules import documents
from accounts.services import admitting
from accounts.services.admitting import Paper
from core.errors import DomainError
from core.walls import inside
from tests.accounts.applying import LATER, applied
from tests.factories.accounts import UserFactory
from tests.factories.admissions import (
    a_jpeg,
    a_pdf,
    a_png,
)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("scan.exe", a_pdf(), "application/pdf"),
        ("a.pdf", a_png(), "image/png"),
        ("a.pdf", a_jpeg(), "image/jpeg"),
    ],
)
def test_the_content_says_what_a_file_is(name: str, content: bytes, kind: str) -> None:
    assert documents.media_type(name, content) == kind


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", documents.DocumentEmpty),
        (b"<html><script>alert(1)</script>", documents.DocumentOfAnotherKind),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", documents.DocumentOfAnotherKind),
        (b"GIF89a" + b"\0" * 40, documents.DocumentOfAnotherKind),
        (b"PK\x03\x04" + b"\0" * 40, documents.DocumentOfAnotherKind),
        (b" " + a_pdf(), documents.DocumentOfAnotherKind),
        (b"%PDF-1.7 without an end", documents.DocumentOfAnotherKind),
        (a_png()[:20], documents.DocumentOfAnotherKind),
        (a_png(0, 5), documents.DocumentOfAnotherKind),
        (b"\xff\xd8\xff\xfe\x00\x00" * 50, documents.DocumentOfAnotherKind),
        (a_png(60_000, 60_000), documents.ImageTooLarge),
        (a_jpeg(65_000, 65_000), documents.ImageTooLarge),
        (b"%PDF-" + b"\0" * 5_000_000, documents.DocumentTooLarge),
    ],
)
def test_other_files_are_refused_whatever_their_name(
    content: bytes, refusal: type[DomainError]
) -> None:
    with pytest.raises(DomainError) as told:
        documents.media_type("licence.pdf", content)

    assert type(told.value) is refusal


def test_a_files_name_is_a_name() -> None:
    assert documents.tidy_name("../../etc/passwd") == "passwd"
    assert documents.tidy_name("C:\\scans\\执照.pdf") == "执照.pdf"
    assert documents.tidy_name("gpj\u202efdp.exe") == "gpjfdp.exe"
    assert documents.tidy_name("") == "document"
    assert documents.tidy_name("长" * 10_000 + ".pdf") == "长" * 146 + ".pdf"


@pytest.mark.django_db
def test_an_application_holds_twenty_documents() -> None:
    admission = applied()
    many = [Paper("other", f"{n}.pdf", a_pdf(str(n))) for n in range(20)]

    with inside(admission.company_id):
        with pytest.raises(documents.TooManyDocuments):
            admitting.answer(
                admission=admission,
                user=UserFactory.create(),
                reason="全部",
                papers=many,
                now=LATER,
            )

        assert AdmissionDocument.objects.count() == 1
        assert AdmissionStep.objects.count() == 1


@pytest.mark.django_db
def test_a_hundred_megabytes_are_refused_before_they_are_read(client: Client) -> None:
    client.force_login(UserFactory.create())

    for accept, part in (("text/html", "core.body_too_large"), ("application/json", "core.body")):
        answer = client.post(
            "/apply/",
            b"",
            content_type="multipart/form-data; boundary=x",
            headers={"accept": accept, "accept-language": "zh-hans"},
            CONTENT_LENGTH=str(100 * 1024 * 1024),
        )

        assert answer.status_code == 413
        assert part in answer.content.decode()
    assert not Company.objects.exists()


@pytest.mark.django_db
def test_a_form_of_another_type_is_no_application(client: Client) -> None:
    client.force_login(UserFactory.create())

    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        answer = client.post("/apply/", b'{"name_zh": "x"}', content_type=kind)

        assert answer.status_code == 422
    assert not Company.objects.exists()
