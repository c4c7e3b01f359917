"""Five wrong passwords or codes close the door to this e-mail from this address, for a while."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.test.utils import override_settings

from accounts.models import Role
from tests.accounts.conftest import code, come_in
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


def _fail(client: Client, times: int, email: str = "lin@example.test") -> list[str]:
    return [come_in(client, email, f"guess number {n}") for n in range(times)]


def test_the_fifth_wrong_password_closes_the_door_and_the_right_one_stays_outside(
    client: Client,
) -> None:
    UserFactory.create(email="lin@example.test")

    assert _fail(client, 5) == ["422", "422", "422", "422", "429"]

    answer = client.post("/login/", {"email": "Lin@example.test", "password": "correct horse"})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "此网络地址和邮箱在 15 分钟内无法登录，请稍后再试。" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_the_door_opens_again_after_a_quarter_of_an_hour(client: Client) -> None:
    UserFactory.create(email="lin@example.test")
    _fail(client, 5)
    attempt = AccessAttempt.objects.get()

    def minutes_ago(minutes: int) -> None:
        AccessAttempt.objects.update(attempt_time=attempt.attempt_time - timedelta(minutes=minutes))

    minutes_ago(14)
    assert come_in(client, "lin@example.test") == "429"
    minutes_ago(16)
    assert come_in(client, "lin@example.test") == "/"


def test_an_e_mail_without_an_account_is_locked_alike(client: Client) -> None:
    assert _fail(client, 6, "nobody@example.test") == ["422"] * 4 + ["429"] * 2


def test_others_and_other_addresses_are_not_locked(client: Client) -> None:
    UserFactory.create(email="lin@example.test")
    UserFactory.create(email="wang@example.test")
    _fail(client, 5)

    assert come_in(Client(), "wang@example.test") == "/"
    assert come_in(Client(REMOTE_ADDR="192.0.2.7"), "lin@example.test") == "/"


@override_settings(BONDPOOL_PROXIES=1)
def test_behind_a_proxy_the_visitors_address_counts_and_a_forged_one_does_not() -> None:
    UserFactory.create(email="lin@example.test")

    def visitor(forged: str, seen: str) -> Client:
        return Client(headers={"X-Forwarded-For": f"{forged}, {seen}"})

    for n in range(5):
        _fail(visitor(f"198.51.100.{n}", "192.0.2.7"), 1)

    assert come_in(visitor("198.51.100.99", "192.0.2.7"), "lin@example.test") == "429"
    assert come_in(visitor("192.0.2.7", "192.0.2.8"), "lin@example.test") == "/"


def test_what_is_no_address_harms_nothing() -> None:
    with override_settings(BONDPOOL_PROXIES=1):
        odd = Client(headers={"X-Forwarded-For": "<script>"})
        assert _fail(odd, 5)[-1] == "429"
    assert AccessAttempt.objects.get().ip_address == "0.0.0.0"  # noqa: S104


def test_wrong_codes_count_like_wrong_passwords(client: Client) -> None:
    MembershipFactory.create(
        user__email="cfo@example.test",
        company=PlatformCompanyFactory.create(),
        role=Role.FINANCE.value,
    )
    assert come_in(client, "cfo@example.test") == "/login/second-factor/"

    tried = [
        client.post("/login/second-factor/", {"code": f"00000{n}"}).status_code for n in range(5)
    ]

    assert tried == [422, 422, 422, 422, 429]
    assert client.post("/login/second-factor/", {"code": code()}).status_code == 429
    assert come_in(Client(), "cfo@example.test") == "429"


def test_who_asks_by_program_is_told_so_in_its_shape() -> None:
    program = Client(headers={"accept": "application/problem+json"})

    _fail(program, 5)
    answer = program.post("/login/", {"email": "lin@example.test", "password": "x"})

    assert answer.status_code == 429
    assert answer.json()["code"] == "accounts.locked_out"


def test_an_e_mail_of_ten_thousand_characters_is_a_wrong_form(client: Client) -> None:
    assert come_in(client, "a" * 10_000 + "@example.test") == "422"
    assert come_in(client, "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + ".test")


CHANGE = {"password1": "new shells 26", "password2": "new shells 26"}


def test_guessing_the_present_password_on_ones_account_closes_the_door_as_well(
    client: Client,
) -> None:
    lin = UserFactory.create(email="lin@example.test")
    come_in(client, lin.email)

    tried = [
        client.post("/account/password/", {"oldpassword": f"guess {n}", **CHANGE}).status_code
        for n in range(5)
    ]

    assert tried == [422, 422, 422, 422, 429]
    right = client.post("/account/password/", {"oldpassword": PASSWORD, **CHANGE})
    assert right.status_code == 429
    lin.refresh_from_db()
    assert lin.check_password(PASSWORD)
    assert come_in(Client(), lin.email) == "429"


def test_two_new_passwords_that_differ_are_no_guess(client: Client) -> None:
    lin = UserFactory.create(email="lin@example.test")
    come_in(client, lin.email)

    for _time in range(4):
        told = {"oldpassword": PASSWORD, **CHANGE, "password2": "another"}
        assert client.post("/account/password/", told).status_code == 422

    assert not AccessAttempt.objects.exists()


def test_guessing_where_one_confirms_oneself_closes_the_door_as_well(client: Client) -> None:
    lin = UserFactory.create(email="lin@example.test")
    client.force_login(lin)

    tried = [
        client.post("/account/confirm/", {"password": f"guess {n}"}).status_code for n in range(5)
    ]

    assert tried == [422, 422, 422, 422, 429]
