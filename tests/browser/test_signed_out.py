"""Signed out meanwhile: no door inside a list, a sentence on the way in, and back to the page."""

from __future__ import annotations

import pytest

from tests.browser.town import LANGUAGES
from tests.browser.visitor import Visit
from tests.factories.accounts import PASSWORD


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_list_of_somebody_signed_out_leads_to_the_door_and_back(
    visit: Visit, language: str
) -> None:
    seller = visit("seller", language, by_form=True)
    page = seller.go("/stock/")
    session = [one for one in seller.context.cookies() if one["name"] == "sessionid"]
    assert session
    seller.context.clear_cookies(name="sessionid")
    seller.expected.add(401)

    page.locator("th a.list-sort").first.click()
    page.locator("input[type=password]").wait_for()

    assert page.locator(".list").count() == 0
    assert page.locator(".gate-note").inner_text() == seller.word(
        "You are signed out. Sign in, and you are back where you were."
    )
    page.locator("input[type=email]").fill(seller.email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("input[type=password]").press("Enter")
    page.locator(".navbar-vertical").wait_for()
    assert "/stock/" in page.url
