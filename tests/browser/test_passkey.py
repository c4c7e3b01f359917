"""A real passkey: made by the browser's own authenticator, and all that one needs to come in.

The authenticator is Chromium's virtual one; everything else is what people have.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import CDPSession

from tests.browser.town import LANGUAGES
from tests.browser.visitor import Visit, Visitor

#: Passkeys belong to a name; an address of figures has none.
NAME = "localhost"


def a_device(visitor: Visitor, *, is_owner: bool = True) -> tuple[CDPSession, str]:
    """A fingerprint reader in the window; ``is_owner``: whether it knows the finger."""
    told = visitor.context.new_cdp_session(visitor.page)
    told.send("WebAuthn.enable")
    made = told.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": is_owner,
                "automaticPresenceSimulation": True,
            }
        },
    )
    return told, str(made["authenticatorId"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_passkey_is_made_and_opens_the_house_by_itself(visit: Visit, language: str) -> None:
    person = visit(f"key holder {language}", language, by_form=True, host=NAME)
    page = person.page
    told, device = a_device(person)

    person.go("/account/")
    person.press("Add a passkey", kind="link")
    page.locator("input[name=name]").fill(f"key {language}")
    page.locator("input[name=passwordless]").check()
    person.press("Add a passkey")
    page.wait_for_url(lambda url: not url.endswith("/new/"))
    person.go("/account/")
    assert person.reads(f"key {language}")
    kept = told.send("WebAuthn.getCredentials", {"authenticatorId": device})
    assert [one["isResidentCredential"] for one in kept["credentials"]] == [True]

    page.locator("header .person").click()
    person.press("Sign out")
    page.locator("input[type=password]").wait_for()
    person.press("Sign in with a passkey")
    page.locator(".navbar-vertical").wait_for()

    assert "OTHER-S" in page.locator(".navbar-vertical").inner_text()


def test_a_finger_that_the_device_does_not_know_opens_nothing(visit: Visit) -> None:
    person = visit("key holder other", "en", by_form=True, host=NAME)
    page = person.page
    told, device = a_device(person)
    person.go("/account/passkeys/new/")
    page.locator("input[name=name]").fill("key of another finger")
    page.locator("input[name=passwordless]").check()
    person.press("Add a passkey")
    page.wait_for_url(lambda url: not url.endswith("/new/"))
    person.go("/account/")
    page.locator("header .person").click()
    person.press("Sign out")
    page.locator("input[type=password]").wait_for()

    told.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    person.press("Sign in with a passkey")
    page.locator("[data-passkey-trouble]").wait_for()

    assert page.url.rstrip("/").endswith("/login")
    assert page.locator("[data-passkey-trouble]").inner_text() == person.word(
        "The passkey was not read. Try again, or take another way."
    )
