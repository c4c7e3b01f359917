"""The demo's operator finds a company in every state, however often the demo is told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from accounts.models import Admission, AdmissionDocument, Company, User
from core.walls import platform_wide
from demo import arrivals, house
from settlement.bank_accounts import waiting_for
from settlement.models import BankAccount

NOW = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_companies_stand_at_the_door_once() -> None:
    with platform_wide():
        furnished = house.furnish()

        assert arrivals.knock(furnished, now=NOW) == 3
        assert arrivals.knock(furnished, now=NOW) == 0

        states = Admission.objects.order_by("pk").values_list("state", "company__status")
        assert list(states) == [
            ("waiting", "applicant"),
            ("asked", "applicant"),
            ("suspended", "suspended"),
        ]
        assert AdmissionDocument.objects.count() == 4
        assert Company.objects.filter(status="admitted").count() == Company.objects.count() - 3


@pytest.mark.django_db
def test_the_demos_applicant_comes_in_and_sees_its_application() -> None:
    with platform_wide():
        arrivals.knock(house.furnish(), now=NOW)
    client = Client()
    applicant = User.objects.get(email="askedback@bondpool.example")
    assert applicant.check_password(house.PASSWORD)
    client.force_login(applicant)

    assert "请补充" in client.get("/admission/").content.decode()


@pytest.mark.django_db
def test_a_suppliers_new_account_waits_once_for_the_second_person_of_finance() -> None:
    with platform_wide():
        furnished = house.furnish()
        assert set(BankAccount.objects.values_list("state", flat=True)) == {"confirmed"}

        arrivals.ask_for_another_account(furnished, now=NOW)
        arrivals.ask_for_another_account(furnished, now=NOW)

        assert waiting_for(furnished.checker) == 1
        assert waiting_for(furnished.maker) == 0
