from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client

from accounts.models import AccountLetter
from accounts.services.letters import send_due_letters
from core.clock import now
from tests.accounts.authenticator import totp
from tests.factories.accounts import PASSWORD, SECRET

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
