"""Somebody is asked into a company: what the tests of its people begin with."""

from __future__ import annotations

from django.test import Client

from accounts.models import Invitation, Membership, Role
from accounts.services import people as services
from core.clock import now
from core.walls import platform_wide
from tests.accounts.conftest import link_in, sent


def invited() -> list[Invitation]:
    with platform_wide():
        return list(Invitation.objects.order_by("pk"))


def asked(boss: Membership, email: str) -> Invitation:
    return services.invite(
        company=boss.company, email=email, role=Role.SELLER, is_admin=False, by=boss.user, now=now()
    )


def invite(client: Client, email: str = "new@example.test", **more: str) -> str:
    """The link in the mail."""
    answer = client.post("/people/S-1/invite/", {"email": email, "role": "seller", **more})
    assert answer.status_code == 302, answer.content.decode()
    (letter,) = sent()
    assert letter.to == [email.lower()]
    return link_in(letter)
