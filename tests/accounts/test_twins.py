"""Two who want the same at the same moment: one gets it, the other is told in words."""

from __future__ import annotations

from threading import Event, Thread

import pytest
from django.db import connection, transaction

from accounts.models import Invitation, Membership, Role, User
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
