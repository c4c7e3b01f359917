"""A person's own account."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import Role, User
from tests.accounts.conftest import come_in, link_in, sent
from tests.factories.accounts import MembershipFactory, UserFactory, confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def lin() -> User:
    return UserFactory.create(email="lin@example.test", name="Lin")


@pytest.fixture
def signed_in(client: Client, lin: User) -> Client:
    come_in(client, lin.email)
    return client


def test_name_and_language_are_kept_and_mails_follow(signed_in: Client, lin: User) -> None:
    answer = signed_in.post("/account/", {"name": "林 \u202e晓\n", "language": "en"})

    assert answer.headers["Location"] == "/account/"
    lin.refresh_from_db()
    assert (lin.name, lin.language) == ("林 晓", "en"), "nothing in it turns a line round"
    assert "My account" in signed_in.get("/account/").content.decode()
    signed_in.post(
        "/account/password/",
        {
            "oldpassword": "correct horse",
            "password1": "new shells 26",
            "password2": "new shells 26",
        },
    )
    (letter,) = sent()
    assert letter.subject == "Your password was changed"
    assert "from the address 127.0.0.1." in letter.body
    assert signed_in.get("/account/").status_code == 200, "still signed in"
    assert come_in(Client(), lin.email, "new shells 26") == "/"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "长" * 10_000},
        {"name": "http://x.example"},
        {"language": "fr"},
        {"language": ""},
    ],
)
def test_a_wrong_form_changes_nothing(signed_in: Client, lin: User, wrong: dict[str, str]) -> None:
    assert signed_in.post("/account/", {"name": "x", "language": "en"} | wrong).status_code == 422

    lin.refresh_from_db()
    assert (lin.name, lin.language) == ("Lin", "zh-hans")


def test_the_old_password_is_asked_for(signed_in: Client, lin: User) -> None:
    answer = signed_in.post(
        "/account/password/",
        {"oldpassword": "guess", "password1": "new shells 26", "password2": "new shells 26"},
    )

    assert answer.status_code == 422
    assert "当前密码不正确。" in answer.content.decode()
    assert come_in(Client(), lin.email) == "/"


def test_a_new_address_counts_once_it_is_confirmed(signed_in: Client, lin: User) -> None:
    signed_in.post("/account/email/", {"email": "new@example.test", "action_add": "1"})
    (letter,) = sent()
    assert letter.to == ["new@example.test"]
    lin.refresh_from_db()
    assert lin.email == "lin@example.test"

    signed_in.post(link_in(letter))

    lin.refresh_from_db()
    assert lin.email == "new@example.test"
    assert come_in(Client(), "new@example.test") == "/"
    assert come_in(Client(), "lin@example.test") == "422"
    told = {one.subject: one.to for one in sent()}
    assert told["您的邮箱已变更"] == ["lin@example.test"]


def test_who_has_a_second_factor_changes_the_address_after_showing_it(client: Client) -> None:
    person = MembershipFactory.create(role=Role.FINANCE).user
    client.force_login(person)
    new = {"email": "new@example.test", "action_add": "1"}

    asked = client.post("/account/email/", new)
    assert asked.headers["Location"].startswith("/account/confirm/?next=")
    assert sent() == []
    confirm(client)
    assert client.post("/account/email/", new).status_code == 302
    (letter,) = sent()
    client.post(link_in(letter))

    assert letter.to == ["new@example.test"]
    person.refresh_from_db()
    assert person.email == "new@example.test"


def test_the_address_of_another_is_never_taken(signed_in: Client, lin: User) -> None:
    UserFactory.create(email="other@example.test")

    answer = signed_in.post("/account/email/", {"email": "other@example.test", "action_add": "1"})

    assert answer.status_code == 302, "does not tell that somebody has it"
    for letter in sent():
        Client().post(link_in(letter))
    lin.refresh_from_db()
    assert lin.email == "lin@example.test"


def test_signing_out_everywhere_else_keeps_this_one(signed_in: Client, lin: User) -> None:
    phone = Client(headers={"user-agent": "Phone"})
    come_in(phone, lin.email)
    assert signed_in.get("/account/").content.decode().count("Phone") == 2

    assert signed_in.post("/account/sign-out-elsewhere/").headers["Location"] == "/account/"

    assert phone.get("/account/").status_code == 302
    page = signed_in.get("/account/").content.decode()
    assert page.count("Phone") == 1, "that it was there stays known"
    assert "已退出其他所有设备。" in page


def test_the_account_leads_to_the_notices(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)

    assert 'href="/notices/settings/"' in client.get("/account/").content.decode()


def test_a_person_reads_what_was_changed_about_it_and_nobody_elses(client: Client) -> None:
    mine = MembershipFactory.create(user__name="Lin")
    other = MembershipFactory.create(company=mine.company, user__name="Mo")
    client.force_login(mine.user)
    client.post("/account/", {"name": "Lin Xiao", "language": "en"})
    User.objects.filter(pk=other.user_id).update(name="Mo Mo")

    page = client.get("/account/", headers={"accept-language": "en"}).content.decode()

    card = page.partition('id="history"')[2]
    assert "<del>Lin</del> → Lin Xiao" in card
    assert mine.user.email in card
    assert "Mo Mo" not in page
