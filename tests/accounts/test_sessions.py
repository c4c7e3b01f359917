"""A session is found by its key until it is over, and whatever else a cookie holds finds none."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from accounts.sessions import SessionStore
from tests.factories.accounts import MembershipFactory


def test_a_session_is_found_until_it_is_over(db: None) -> None:
    kept = SessionStore()
    kept["chosen"] = 7
    kept.save()

    assert SessionStore(kept.session_key)["chosen"] == 7

    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    over = SessionStore(kept.session_key)
    assert over.get("chosen") is None
    assert over.session_key is None


@pytest.mark.parametrize("told", ["abcdefgh", "a b c d e f", "é" * 16, "%s%s%s%s%s"])
def test_what_is_no_key_finds_no_session(db: None, client: Client, told: str) -> None:
    client.force_login(MembershipFactory.create().user)
    assert client.get("/").status_code == 200
    client.cookies.clear()

    answer = client.get("/", headers={"cookie": f"{settings.SESSION_COOKIE_NAME}={told}"})

    assert answer.status_code == 302
