"""Receipts as people see them: brought, looked at, assigned, and the story of a list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import Company, Role
from core.walls import platform_wide
from customs.models import ElementState, OutgoingElement, Receipt, ReceiptFile
from customs.services import match_due
from tests.customs.receipts.answers import answer, of_list, told_of_list
from tests.factories.accounts import ImporterFactory, MembershipFactory, PlatformCompanyFactory
from tests.factories.messages import (
    SENDS,
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def importer() -> Company:
    return ImporterFactory.create()


@pytest.fixture
def element(importer: Company) -> OutgoingElement:
    message = OutgoingMessageFactory.create(gateway=GatewayFactory.create(company=importer))
    return OutgoingElementFactory.create(message=message, key="RL-2026-000001")


def person(company: Company, role: Role) -> Client:
    client = Client(headers={"accept": "text/html", "accept-language": "en"})
    client.force_login(MembershipFactory.create(company=company, role=role).user)
    return client


def bring(client: Client, *files: bytes) -> str:
    sent = [SimpleUploadedFile(f"r{at}.xml", data) for at, data in enumerate(files)]
    answered = client.post("/customs/receipts/upload/", {"receipts": sent}, follow=True)
    assert answered.status_code == 200
    return answered.content.decode()


def test_files_are_brought_and_each_is_answered_in_words(
    importer: Company, element: OutgoingElement
) -> None:
    client = person(importer, Role.IMPORTER)
    good = of_list(element.key, "800")

    page = bring(client, good, b"<html/>")
    again = bring(client, good)

    assert "r0.xml: Receipts: 1, known before: 0" in page
    assert "r1.xml: This is no message of cross-border e-commerce import" in page
    assert "r0.xml: This file was taken before." in again
    assert (ReceiptFile.objects.count(), Receipt.objects.count()) == (2, 1)
    files = client.get("/customs/receipts/files/?parked=yes").content.decode()
    assert "r1.xml" in files
    assert "r0.xml" not in files


def test_what_waits_is_assigned_by_a_person_and_a_stranger_sees_none_of_it(
    importer: Company, element: OutgoingElement
) -> None:
    client = person(importer, Role.IMPORTER)
    bring(client, answer("CEB622", told_of_list("TYPO", "500", info="查验")))
    match_due(now=SENDS + timedelta(hours=1))
    pk = Receipt.objects.get().pk

    page = client.get(f"/customs/receipts/{pk}/").content.decode()
    refused = client.post(
        f"/customs/receipts/{pk}/assign/", {"document": "NOWHERE", "reason": "typo"}
    )
    stranger = person(ImporterFactory.create(), Role.IMPORTER)
    told = {"document": element.key, "reason": "typo of the port"}
    hidden = stranger.post(f"/customs/receipts/{pk}/assign/", told).status_code
    taken = client.post(f"/customs/receipts/{pk}/assign/", told, follow=True)

    assert "inspection" in page
    assert element.key in page
    assert (refused.status_code, hidden) == (422, 404)
    assert "No document of yours that it could be about." in refused.content.decode()
    assert "typo of the port" in taken.content.decode()
    assert ElementState.objects.get().status == "500"


def test_setting_aside_wants_a_reason(importer: Company) -> None:
    client = person(importer, Role.IMPORTER)
    bring(client, of_list("NOBODYS", "800"))
    match_due(now=SENDS + timedelta(hours=1))
    pk = Receipt.objects.get().pk

    without = client.post(f"/customs/receipts/{pk}/aside/", {"reason": " "})
    assert (without.status_code, Receipt.objects.get().state) == (422, "waiting")
    told = client.post(f"/customs/receipts/{pk}/aside/", {"reason": "a trial"}, follow=True)

    assert "a trial" in told.content.decode()
    assert Receipt.objects.get().state == "aside"


def test_an_operator_sees_all_of_it(importer: Company, element: OutgoingElement) -> None:
    bring(person(importer, Role.IMPORTER), of_list(element.key, "-621018", info="超限"))
    match_due(now=SENDS + timedelta(hours=1))
    client = person(PlatformCompanyFactory.create(), Role.OPERATOR)

    listed = client.get("/customs/receipts/").content.decode()
    page = client.get(f"/customs/receipts/{Receipt.objects.get().pk}/").content.decode()

    assert "Above the buyer&#x27;s limit for the year" in listed + page
    assert "超限" in page
