"""How people sign up, prove their address, and choose a new password."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from accounts.models import AccountLetter, User
from accounts.services.letters import send_due_letters
from core.clock import now
from tests.accounts.conftest import come_in, link_in, sent
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db

NEW = {
    "name": "林晓",
    "email": "lin@example.test",
    "password1": "shells & paper 9",
    "password2": "shells & paper 9",
}


def test_a_new_seller_signs_up_proves_the_address_and_comes_in(client: Client) -> None:
    answer = client.post("/signup/", NEW)

    assert answer.headers["Location"] == "/signup/sent/"
    assert come_in(client, "lin@example.test", NEW["password1"]) == "/signup/sent/"
    (first, *_again) = sent()
    assert (first.subject, first.to) == ("请验证您的邮箱", ["lin@example.test"])
    assert "林晓" not in first.body, "anybody can type a name beside somebody else's address"
    assert "有人（希望是您本人）用此邮箱在邦池注册了账户。" in first.body
    link = link_in(first)
    assert client.get(link).status_code == 200, "looking at it confirms nothing"
    assert client.post(link).status_code == 302

    assert come_in(Client(), "lin@example.test", NEW["password1"]) == "/"
    person = User.objects.get()
    assert (person.name, person.language) == ("林晓", "zh-hans")
    assert not person.memberships.exists()


def test_who_signs_up_in_english_is_written_to_in_english(english: Client) -> None:
    english.post("/signup/", NEW)

    (letter,) = sent()
    assert letter.subject == "Confirm your e-mail address"
    assert "Someone, we hope you, has signed up at Bondpool with this address." in letter.body
    html, kind = letter.alternatives[0]  # type: ignore[attr-defined]
    assert kind == "text/html"
    assert "Confirm the address</a>" in html


def test_signing_up_does_not_tell_who_is_here(client: Client) -> None:
    UserFactory.create(email="lin@example.test")

    answer = client.post("/signup/", NEW)

    assert answer.headers["Location"] == "/signup/sent/"
    assert User.objects.get().name != "林晓"
    (letter,) = sent()
    assert (letter.subject, letter.to) == ("您已有账户", ["lin@example.test"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"password1": "short", "password2": "short"},
        {"password1": "4711471147", "password2": "4711471147"},
        {"password2": "another one 9"},
        {"name": "长" * 10_000},
        {"name": ""},
        {"email": "no address"},
        {"email": "a" * 10_000 + "@example.test"},
    ],
)
def test_a_form_that_is_wrong_makes_nobody(client: Client, wrong: dict[str, str]) -> None:
    assert client.post("/signup/", NEW | wrong).status_code == 422

    assert not User.objects.exists()
    assert not AccountLetter.objects.exists()


@pytest.mark.parametrize("name", ["Win at http://x.example", "WWW.x.example", "\u202e\u200f"])
def test_a_name_is_no_advertisement(client: Client, name: str) -> None:
    assert client.post("/signup/", NEW | {"name": name}).status_code == 422

    assert not User.objects.exists()
    assert not AccountLetter.objects.exists()


def test_nobody_is_greeted_by_a_name_that_a_stranger_typed(client: Client) -> None:
    client.post("/signup/", NEW | {"name": "You have won"})
    client.post("/password/reset/", {"email": NEW["email"]})

    letters = sent()

    assert [one.subject for one in letters] == ["请验证您的邮箱", "设置新密码"]
    assert "You have won" not in "".join(str(one.body) + one.subject for one in letters)
    assert client.get("/signup/").content.decode().count("data-once") == 1


def test_a_nul_in_a_name_is_no_form(client: Client) -> None:
    assert client.post("/signup/", NEW | {"name": "a\x00b"}).status_code == 400


def test_a_new_password_comes_by_mail_and_the_link_serves_once(client: Client) -> None:
    UserFactory.create(email="lin@example.test", name="Lin", language="en")

    asked = client.post("/password/reset/", {"email": "LIN@example.test"})

    assert asked.headers["Location"] == "/password/reset/sent/"
    (letter,) = sent()
    assert letter.subject == "Choose a new password"
    assert "Hello Lin," in letter.body
    assert "You asked for a new password. The link works once, and for one day." in letter.body
    link = link_in(letter)
    form = client.get(link).headers["Location"]
    kept = client.post(form, {"password1": "brand new 2026", "password2": "brand new 2026"})
    assert kept.headers["Location"] == "/password/reset/done/"
    assert come_in(Client(), "lin@example.test") == "422"
    assert come_in(Client(), "lin@example.test", "brand new 2026") == "/"
    assert "该链接已过期或已使用过。" in Client().get(link).content.decode()
    assert [one.subject for one in sent()] == ["Your password was changed"]


def test_asking_for_a_new_password_does_not_tell_who_is_here(client: Client) -> None:
    UserFactory.create(email="gone@example.test", is_active=False)

    for email in ("nobody@example.test", "gone@example.test"):
        answer = client.post("/password/reset/", {"email": email})

        assert answer.headers["Location"] == "/password/reset/sent/"
        (letter,) = sent()
        assert letter.subject == "该邮箱没有注册账户"


def test_links_in_mails_begin_with_the_public_address_whatever_the_visitor_says() -> None:
    UserFactory.create(email="lin@example.test")

    Client(headers={"host": "evil.example"}).post("/password/reset/", {"email": "lin@example.test"})

    (letter,) = sent()
    assert "evil.example" not in letter.body
    assert link_in(letter).startswith("/password/reset/")


def test_who_asks_to_be_remembered_stays_two_weeks(client: Client) -> None:
    UserFactory.create(email="lin@example.test")

    come_in(client, "lin@example.test")
    assert client.session.get_expire_at_browser_close() is True

    other = Client()
    come_in(other, "lin@example.test", remember="on")
    assert other.session.get_expire_at_browser_close() is False
    assert other.session.get_expiry_age() == 14 * 24 * 3600


@pytest.mark.parametrize("path", ["/login/", "/signup/", "/password/reset/", "/login/?next=/x"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_gate_opens_in_both_languages(client: Client, path: str, language: str) -> None:
    answer = client.get(path, headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert 'class="gate"' in answer.content.decode()


def test_the_administration_has_no_door_of_its_own(client: Client) -> None:
    answer = client.get("/admin/login/?next=/admin/")

    assert answer.headers["Location"] == "/login/?next=%2Fadmin%2F"


def test_a_letter_that_cannot_be_sent_waits_and_tries_again(
    client: Client, settings: object
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # type: ignore[attr-defined]
    UserFactory.create(email="lin@example.test")
    client.post("/password/reset/", {"email": "lin@example.test"})

    assert send_due_letters(now=now) == 0

    letter = AccountLetter.objects.get()
    assert (letter.attempts, letter.leased_until) == (1, None)
    assert letter.due_at > now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM accounts_accountletter")
        assert "/password/reset/" in letter.facts
        assert "/password/reset/" not in cursor.fetchone()[0], "kept encrypted"
