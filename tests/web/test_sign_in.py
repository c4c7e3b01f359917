"""Who comes in, and where to."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import PASSWORD, MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_person_signs_in_by_email_and_password(client: Client) -> None:
    MembershipFactory.create(user__email="lin@example.test")

    answer = client.post("/login/", {"email": "Lin@Example.test", "password": PASSWORD})

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/").status_code == 200


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(client: Client) -> None:
    UserFactory.create(email="lin@example.test")

    wrong = client.post("/login/", {"email": "lin@example.test", "password": "guess"})
    unknown = client.post("/login/", {"email": "nobody@example.test", "password": "guess"})

    assert wrong.status_code == unknown.status_code == 422
    assert "邮箱或密码不正确" in wrong.content.decode()
    assert "邮箱或密码不正确" in unknown.content.decode()
    assert "_auth_user_id" not in client.session


def test_someone_who_has_left_does_not_come_in(client: Client) -> None:
    UserFactory.create(email="gone@example.test", is_active=False)

    answer = client.post("/login/", {"email": "gone@example.test", "password": PASSWORD})

    assert answer.status_code == 422
    assert "_auth_user_id" not in client.session


def test_after_signing_in_the_wanted_page_opens(client: Client) -> None:
    UserFactory.create(email="lin@example.test")

    answer = client.post(
        "/login/", {"email": "lin@example.test", "password": PASSWORD, "next": "/?from=mail"}
    )

    assert answer["Location"] == "/?from=mail"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http:///evil"]
)
def test_nobody_is_sent_to_another_site(client: Client, elsewhere: str) -> None:
    UserFactory.create(email="lin@example.test")

    answer = client.post(
        "/login/", {"email": "lin@example.test", "password": PASSWORD, "next": elsewhere}
    )

    assert answer["Location"] == "/"


def test_who_is_signed_out_is_asked_to_sign_in_and_then_brought_there(client: Client) -> None:
    answer = client.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/login/?next=/")
    assert 'name="next" value="/"' in client.get(answer["Location"]).content.decode()


def test_signing_out_takes_a_press_of_the_button(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)

    assert client.get("/logout/").status_code == 405
    assert client.get("/").status_code == 200

    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/").status_code == 302


def test_a_form_from_another_site_does_not_sign_anyone_out() -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(MembershipFactory.create().user)

    answer = careful.post("/logout/")

    assert answer.status_code == 403
    assert "没有任何数据被更改" in answer.content.decode()
    assert careful.get("/").status_code == 200


def test_who_belongs_to_no_company_is_told_whom_to_ask(client: Client) -> None:
    client.force_login(UserFactory.create())

    answer = client.get("/")

    assert answer.status_code == 200
    assert "您还没有代表任何企业" in answer.content.decode()
