"""Whose name the history tells, and to whom: a person alone, one of two companies, a stranger."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.middleware import who
from accounts.models import Admission, Company, Membership, Role, User
from core.acting import acting
from core.history import events_of
from core.walls import platform_wide
from tests.accounts.applying import ME
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.admissions import a_pdf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    return client


def shown(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def who_of(answer: Any) -> list[str]:
    """Whom a page of the history names, the newest first."""
    return [entry.who for entry in answer.context["page"].entries]


def history(reader: Membership) -> Any:
    return browser(reader.user).get(f"/audit/accounts.company/{reader.company_id}/")


def moved(company: Company, town: str, /, **facts: Any) -> None:
    with platform_wide(), acting(**facts):
        Company.objects.filter(pk=company.pk).update(town=town)


@pytest.fixture
def applicant() -> User:
    user = UserFactory.create(email="me@shop.test")
    paper = SimpleUploadedFile("licence.pdf", a_pdf(), "application/pdf")
    told = {"name_zh": ME.name_zh, "name_en": ME.name_en, "uscc": ME.uscc, "street": ME.street}
    more = {"town": ME.town, "postcode": "310000", "contact_name": "Mei"}
    reached = {"contact_phone": "13900000000", "contact_email": user.email}
    answer = browser(user).post(
        "/apply/", {**told, **more, **reached, "licence": paper}, REMOTE_ADDR="198.51.100.7"
    )
    assert answer.status_code == 302
    return user


def test_whoever_applies_is_named_though_it_acted_for_no_company_yet(applicant: User) -> None:
    with platform_wide():
        operator = MembershipFactory.create(
            company=PlatformCompanyFactory.create(), role=Role.OPERATOR
        )
        (event,) = events_of(Admission).objects.filter(pgh_label="insert")
    context = {name: event.pgh_context[name] for name in ("person", "email", "address")}

    found = browser(operator.user).get(
        "/audit/", {"kind": "accounts.Admission", "person": applicant.email}
    )

    assert context == {
        "person": applicant.pk,
        "email": "me@shop.test",
        "address": "198.51.100.7",
    }
    assert who_of(found) == ["me@shop.test"]
    page = shown(browser(applicant).get("/admission/"))
    assert "me@shop.test" in page[page.index('id="history') :]
    assert "the platform" not in page[page.index('id="history') :]


def test_a_colleague_reads_who_applied(applicant: User) -> None:
    with platform_wide():
        company = Admission.objects.get().company
        colleague = MembershipFactory.create(company=company, role=Role.SELLER)

    page = shown(browser(colleague.user).get("/admission/"))

    assert "me@shop.test" in page[page.index('id="history') :]


def test_what_one_did_for_ones_other_company_is_ones_own_and_nobody_elses() -> None:
    with platform_wide():
        platform = PlatformCompanyFactory.create()
        operator = MembershipFactory.create(company=platform, role=Role.OPERATOR)
        shop = SellerFactory.create(town="Ningbo")
        mine = MembershipFactory.create(user=operator.user, company=shop, role=Role.SELLER)
        colleague = MembershipFactory.create(company=shop, role=Role.SELLER)
    moved(shop, "Xiamen", address="198.51.100.7", **who(operator))
    client = browser(operator.user)
    client.post("/act-for/", {"membership": mine.pk})

    own = client.get(f"/audit/accounts.company/{shop.pk}/")

    assert who_of(own)[0] == operator.user.email
    assert who_of(history(colleague))[0] == "platform operator"
    assert "198.51.100.7" not in shown(history(colleague))


def test_a_stranger_without_a_company_is_not_named() -> None:
    with platform_wide():
        colleague = MembershipFactory.create(company=SellerFactory.create(town="Ningbo"))
        stranger = UserFactory.create(email="stranger@example.test")
    company = colleague.company
    moved(company, "Xiamen", person=stranger.pk, email=stranger.email, address="198.51.100.7")
    moved(company, "Tianjin", method="POST", path="/invitation/", address="198.51.100.8")
    moved(company, "Suzhou", task="accounts.letters")

    answer = history(colleague)

    assert who_of(answer)[:3] == ["the platform", "somebody not signed in", "the platform"]
    assert "stranger@example.test" not in shown(answer)
    assert "198.51.100" not in shown(answer)
