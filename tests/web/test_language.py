"""The language follows the browser, with a switch; Chinese where the browser says neither."""

from __future__ import annotations

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("header", "lang", "words"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans", "登录"),
        ("zh-Hans-CN", "zh-hans", "登录"),
        ("en-GB,en;q=0.9", "en", "Sign in"),
        ("de-DE,de;q=0.9", "zh-hans", "登录"),
        ("de-DE,de;q=0.9,en;q=0.5", "en", "Sign in"),
        ("", "zh-hans", "登录"),
    ],
)
@pytest.mark.django_db
def test_the_language_follows_the_browser(
    client: Client, header: str, lang: str, words: str
) -> None:
    page = client.get("/login/", headers={"Accept-Language": header}).content.decode()

    assert f'<html lang="{lang}">' in page
    assert f">{words}</button>" in page


@pytest.mark.django_db
def test_the_switch_beats_the_browser_and_stays(client: Client) -> None:
    chinese = {"Accept-Language": "zh-CN"}

    answer = client.post(
        "/language/", {"language": "en", "next": "/login/?next=/"}, headers=chinese
    )

    assert answer["Location"] == "/login/?next=/"
    assert '<html lang="en">' in client.get("/login/", headers=chinese).content.decode()


@pytest.mark.django_db
def test_the_switch_does_not_lead_to_another_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_a_language_that_is_not_spoken_changes_nothing(client: Client) -> None:
    client.post("/language/", {"language": "xx", "next": "/login/"})

    assert '<html lang="zh-hans">' in client.get("/login/").content.decode()
