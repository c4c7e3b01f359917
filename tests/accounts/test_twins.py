"""Two who want the same at the same moment: one gets it, the other is told in words."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import AccountLetter, Invitation, Membership, Role, User
from accounts.rules import people as rules
from accounts.services import people as services
from core.clock import now
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory


@pytest.mark.django_db(transaction=True)
def test_one_new_person_asked_by_two_companies_gets_one_account() -> None:
    links = []
    for boss in (MembershipFactory.create(is_admin=True), MembershipFactory.create(is_admin=True)):
        asked = services.invite(
            company=boss.company,
            email="new@example.test",
            role=Role.SELLER,
            is_admin=False,
            by=boss.user,
            now=now(),
        )
        links.append(services.invitation_token(asked))
    accepted, told = Event(), []

    def accept(link: str) -> None:
        services.accept(token=link, user=None, name="New", password="shells & 9", now=now())

    def late() -> None:
        accepted.wait(timeout=10)
        try:
            accept(links[1])
        except rules.InvitationForAnother:
            told.append("sign in first")
        finally:
            connection.close()

    other = Thread(target=late)
    other.start()
    with transaction.atomic():
        accept(links[0])
        accepted.set()
        other.join(timeout=0.5)
        assert told == [], "it waits"
    other.join(timeout=20)

    assert told == ["sign in first"]
    assert User.objects.filter(email="new@example.test").count() == 1
    assert Membership.objects.filter(user__email="new@example.test").count() == 1
    with platform_wide():
        assert Invitation.objects.filter(accepted_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("first", ["signs up", "accepts an invitation"])
def test_who_signs_up_while_the_account_is_made_hears_that_it_exists(first: str) -> None:
    form = {
        "name": "New",
        "email": "new@example.test",
        "password1": "shells & paper 9",
        "password2": "shells & paper 9",
    }
    boss = MembershipFactory.create(is_admin=True)
    asked = services.invite(
        company=boss.company,
        email="new@example.test",
        role=Role.SELLER,
        is_admin=False,
        by=boss.user,
        now=now(),
    )
    link = services.invitation_token(asked)
    AccountLetter.objects.all().delete()
    made, told = Event(), []

    def late() -> None:
        made.wait(timeout=10)
        try:
            answer = Client(raise_request_exception=False).post("/signup/", form)
            told.append((answer.status_code, answer.headers.get("Location")))
        finally:
            connection.close()

    other = Thread(target=late)
    other.start()
    with transaction.atomic():
        if first == "signs up":
            Client().post("/signup/", form)
        else:
            services.accept(token=link, user=None, name="New", password="shells & 9", now=now())
        made.set()
        other.join(timeout=1.5)
        assert told == [], "it waits"
    other.join(timeout=30)

    assert told == [(302, "/signup/sent/")]
    assert User.objects.filter(email="new@example.test").count() == 1
    letters = [one.kind for one in AccountLetter.objects.order_by("pk")]
    assert letters == ["email_confirmation_signup"] * (first == "signs up") + [
        "account_already_exists"
    ]
