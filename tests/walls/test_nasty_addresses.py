"""Whatever stands in an address, a cookie or a search, and whoever has no company: no crash."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory
from tests.walls.addresses import EVERYBODY, TABLE, Address, path_of
from tests.walls.conftest import SignIn
from tests.walls.nasty import browser_of
from tests.walls.world import World

#: `make slow` tries each of them at each address.
EVERY_ONE = bool(os.environ.get("BONDPOOL_EVERY_TEXT"))
TEXTS = ("\x00", "9" * 19, "1e400", "💥" * 40)


def _readers(number: int, address: Address) -> list[str]:
    """All of them, or one by turns."""
    several = sorted(address.read)
    return several if EVERY_ONE or not several else [several[number % len(several)]]


@pytest.mark.parametrize("role", ["", *sorted(EVERYBODY)])
def test_no_address_crashes_whatever_stands_in_it(world: World, sign_in: SignIn, role: str) -> None:
    client = browser_of(sign_in, role)
    crashed: list[tuple[str, str, int]] = []
    for number, (route, address) in enumerate(TABLE.items()):
        # What is for everybody is asked by somebody who is not signed in.
        is_read = role in _readers(number, address) if role else address.public
        sends: list[Callable[..., Any]] = [client.get] if is_read else []
        if role in address.write:
            sends.append(client.post)
        path = path_of(route, world)
        for nasty in TEXTS if EVERY_ONE else TEXTS[number % 4 :: 4]:
            if "<" in route:
                asked = "/" + re.sub("<[^>]+>", quote(nasty, safe=""), route)
                crashed += [
                    (asked, nasty, answer.status_code)
                    for answer in (send(asked) for send in sends)
                    if answer.status_code >= 500
                ]
                continue
            if not is_read:
                continue
            query = dict.fromkeys(("q", "page", "state", "days", "category", "currency"), nasty)
            if (answer := client.get(path, {**query, "code": nasty})).status_code >= 500:
                crashed.append((path, nasty, answer.status_code))

    assert crashed == []


@pytest.mark.parametrize("cookie", ['"\\000"', "\\", "é", "a" * 4000])
def test_no_cookie_crashes_a_page(db: None, cookie: str) -> None:
    client = Client(raise_request_exception=False)
    for name in ("sessionid", "django_language", "csrftoken", "messages"):
        answer = client.get("/login/", headers={"cookie": f"{name}={cookie}"})
        assert answer.status_code < 500, name


def test_a_search_of_a_thousand_words_is_answered(world: World, sign_in: SignIn) -> None:
    words = " ".join(f"w{n}" for n in range(1_000))
    for name, path in (
        ("operator", "/offers/"),
        ("operator", "/products/"),
        ("seller", "/forecasts/2026-Q4/edit/"),
    ):
        answer = browser_of(sign_in, name).get(path, {"q": words})
        assert answer.status_code == 200, path


def test_a_person_without_a_company_sees_no_page_of_the_trade(world: World) -> None:
    person = MembershipFactory.create().user
    with platform_wide():
        person.memberships.all().delete()
    client = Client(raise_request_exception=False)
    client.force_login(person)

    for route in TABLE:
        if route.startswith("admin") or TABLE[route].public:
            continue
        answer = client.get(path_of(route, world))
        if route == "" or route.startswith(("account/", "apply/")):
            # One's own account, and the way to a company.
            assert answer.status_code < 500, route
        else:
            assert answer.status_code in {404, 405}, route
