"""A refusal is a sentence, its facts and a way back; the same as JSON for a program."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories.accounts import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.web.refusing_urls")]
ENGLISH = {"Accept-Language": "en"}
BROWSER = {**ENGLISH, "Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_refusal_is_a_page_with_the_sentence_the_facts_and_a_way_back(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)

    answer = client.get("/store/", headers=BROWSER)
    page = answer.content.decode()

    assert answer.status_code == 409
    assert "The shelf is full." in page
    assert "<dt>places left</dt><dd>0</dd>" in page
    assert "&lt;b&gt;A-7&lt;/b&gt;" in page
    assert "Nothing has been changed." in page
    assert "data-back" in page
    assert "tests.shelf_full" in page
    # Signed in, one keeps the side bar.
    assert "navbar-vertical" in page


def test_who_is_signed_out_gets_the_same_without_a_side_bar(client: Client) -> None:
    page = client.get("/store/", headers=BROWSER).content.decode()

    assert "The shelf is full." in page
    assert "navbar-vertical" not in page


def test_a_program_gets_the_same_as_json(client: Client) -> None:
    answer = client.get("/store/", headers={**ENGLISH, "Accept": "application/json"})

    assert answer.status_code == 409
    assert answer.json() == {
        "code": "tests.shelf_full",
        "rule": "The shelf is full.",
        "facts": {"places_left": 0, "crate": "<b>A-7</b>", "rows": [1, 2]},
    }


def test_wrong_input_is_422(client: Client) -> None:
    assert client.get("/count/", headers=BROWSER).status_code == 422


@pytest.mark.parametrize(
    ("path", "status", "chinese", "english"),
    [
        ("/nowhere/", 404, "页面不存在", "This page is not there"),
        ("/forbid/", 403, "您无权打开此页面", "You may not open this page"),
    ],
)
def test_what_is_not_there_or_not_allowed_says_so(
    client: Client, path: str, status: int, chinese: str, english: str
) -> None:
    for language, words in (("zh-CN", chinese), ("en", english)):
        answer = client.get(path, headers={"Accept-Language": language})

        assert answer.status_code == status
        assert words in answer.content.decode()


def test_what_breaks_does_not_tell_why() -> None:
    calm = Client(raise_request_exception=False)

    answer = calm.get("/fail/", headers=ENGLISH)

    assert answer.status_code == 500
    assert "Something broke" in answer.content.decode()
    assert "secret" not in answer.content.decode()
