"""Applications and decisions at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, Thread

import pytest
from django.db import connection, transaction

from accounts.models import (
    Admission,
    AdmissionStep,
    Company,
    Membership,
    User,
)
from accounts.rules import admitting as rules
from accounts.services import admitting
from core.walls import platform_wide
from tests.accounts.applying import LATER, applied, decide, last
from tests.factories.accounts import UserFactory, uscc_of


@pytest.mark.django_db(transaction=True)
def test_of_two_operators_who_decide_at_once_one_is_refused() -> None:
    admission = applied()
    seen = last(admission)
    operators = [UserFactory.create(), UserFactory.create()]
    start = Barrier(2)

    def press(operator: User, decision: str) -> str:
        start.wait()
        try:
            admitting.decide(
                company=admission.company,
                decision=decision,
                reason="看过",
                seen=seen,
                user=operator,
                now=LATER,
            )
        except rules.DecidedMeanwhile:
            return "refused"
        finally:
            connection.close()
        return decision

    with ThreadPoolExecutor(2) as pool:
        said = list(pool.map(press, operators, ["admit", "refuse"]))

    assert said in (["admit", "refused"], ["refused", "refuse"])
    with platform_wide():
        assert AdmissionStep.objects.count() == 2
        state = Admission.objects.get().state
    assert (
        state
        == {"admit": "admitted", "refuse": "refused"}[next(one for one in said if one != "refused")]
    )


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_one_company_comes() -> None:
    person = UserFactory.create()
    start = Barrier(2)

    def press(last: str) -> str:
        start.wait()
        try:
            applied(person, uscc=uscc_of(f"91330106MA9ABCDE{last}"))
        except rules.AlreadyActsForACompany:
            return "refused"
        finally:
            connection.close()
        return "applied"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(press, "AB"))

    assert said == ["applied", "refused"]
    assert Company.objects.count() == Membership.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_companies_under_one_number_one_is_admitted() -> None:
    first, second = applied(), applied()
    admitted, told = Event(), []

    def late() -> None:
        admitted.wait(timeout=10)
        try:
            decide(second, "admit")
        except rules.NumberTaken:
            told.append("taken")
        finally:
            connection.close()

    other = Thread(target=late)
    other.start()
    with transaction.atomic():
        decide(first, "admit")
        admitted.set()
        other.join(timeout=0.5)
        assert told == [], "it waits"
    other.join(timeout=20)

    assert told == ["taken"]
    assert list(Company.objects.order_by("pk").values_list("status", flat=True)) == [
        "admitted",
        "applicant",
    ]
