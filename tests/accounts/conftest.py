from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AccountLetter, Membership
from accounts.services.letters import send_due_letters
from core.clock import now
from tests.accounts.authenticator import totp
from tests.factories.accounts import PASSWORD, SECRET, MembershipFactory, confirm

Open = Callable[..., Client]


def sent() -> list[mail.EmailMessage]:
    """What the worker would have sent by now."""
    mail.outbox.clear()
    send_due_letters(now=now)
    assert not AccountLetter.objects.exists()
    return list(mail.outbox)


def link_in(message: mail.EmailMessage) -> str:
    """The path of the first address in a mail's text."""
    line = next(
        one for one in str(message.body).splitlines() if one.startswith("http://localhost:8000/")
    )
    return line.removeprefix("http://localhost:8000")


def code(*, steps: int = 0) -> str:
    return totp(SECRET, at=time.time() + 30 * steps)


def come_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> str:
    """Where the form of the gate leads to."""
    answer = client.post("/login/", {"email": email, "password": password, **more})
    return str(answer.headers.get("Location", answer.status_code))


@pytest.fixture
def english(client: Client) -> Client:
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def boss() -> Membership:
    """Manages the people of a seller."""
    return MembershipFactory.create(
        user__email="boss@example.test",
        user__name="王总",
        company__code="S-1",
        company__name_zh="第一家商贸",
        company__name_en="First Trading",
        is_admin=True,
    )


@pytest.fixture
def signed_in(client: Client, boss: Membership) -> Client:
    client.force_login(boss.user)
    return confirm(client)
