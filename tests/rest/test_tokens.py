"""Tokens: shown once, kept as a hash, refused in words."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils.translation import override

from accounts.models import Role
from accounts.services.people import change_role, remove
from core.walls import inside, platform_wide
from rest import rules
from rest.forms import SCOPE_WORDS
from rest.models import ApiToken
from rest.services import issue_token, revoke_token
from tests.factories.accounts import CompanyFactory, MembershipFactory, confirm
from tests.rest.conftest import Hire, Robot, token_for
from tests.walls.conftest import SignIn
from tests.walls.world import SETTLES, World


def test_a_token_has_a_prefix_and_a_checksum_that_finds_every_single_typo() -> None:
    text = rules.with_check("0123456789abcdefghijABCDEFGHIJ01")

    assert text.startswith("bp_0123456789")
    assert rules.is_well_formed(text)
    assert not any(
        rules.is_well_formed(text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :])
        for at in range(len(text))
    )


def test_a_token_says_who_it_is_and_is_kept_as_a_hash_only(world: World, hire: Hire) -> None:
    robot = hire("seller", "products:read")

    answer = robot.get("me")

    assert answer.status_code == 200
    told = answer.json()
    assert (told["company"]["code"], told["role"], told["scopes"]) == (
        "CANARY-S",
        "seller",
        ["products:read"],
    )
    with platform_wide():
        kept = ApiToken.objects.latest("pk")
    assert kept.digest == rules.digest(robot.text)
    assert robot.text not in repr(vars(kept))
    assert (kept.last_used_address, kept.last_used_at is None) == ("127.0.0.1", False)


def test_the_last_use_is_noted_once_a_minute(
    world: World, hire: Hire, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    robot, file = hire("seller"), tmp_path / "minutes"
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))
    seen = []
    for seconds in (60, 100, 130):
        file.write_text((SETTLES + timedelta(seconds=seconds)).isoformat())
        robot.get("me")
        with platform_wide():
            seen.append(ApiToken.objects.latest("pk").last_used_at)

    first = SETTLES + timedelta(seconds=60)
    assert seen == [first, first, SETTLES + timedelta(seconds=130)]


@pytest.mark.parametrize(
    "text",
    ["", "bp_", "hunter2", rules.with_check("0" * 32), rules.with_check("0" * 32)[:-1] + "Z"],
)
def test_an_unknown_token_is_401_and_says_how(db: None, text: str) -> None:
    answer = Robot(text).get("me")

    assert answer.status_code == 401
    assert answer.json()["code"] == "rest.token_unknown"
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_without_a_token_it_is_401(db: None) -> None:
    answer = Client().get("/api/v1/me")

    assert (answer.status_code, answer.json()["code"]) == (401, "rest.not_signed_in")
    assert answer.json()["detail"] != "", "in Chinese by default"


def test_an_expired_and_a_revoked_token_open_nothing(world: World, hire: Hire) -> None:
    expired, revoked = hire("seller"), hire("seller")
    with platform_wide():
        ApiToken.objects.filter(digest=rules.digest(expired.text)).update(
            created_at=SETTLES - timedelta(days=9), expires_at=SETTLES
        )
        token = ApiToken.objects.get(digest=rules.digest(revoked.text))
        revoke_token(token=token, revoked_by=None, now=SETTLES)
        with pytest.raises(rules.AlreadyRevoked):
            revoke_token(token=token, revoked_by=None, now=SETTLES)

    assert expired.get("me").json()["code"] == "rest.token_expired"
    assert revoked.get("me").json()["code"] == "rest.token_revoked"


def test_who_left_the_company_takes_the_token_along(world: World, hire: Hire) -> None:
    robot = hire("seller")
    world.people["seller"].is_active = False
    world.people["seller"].save()

    answer = robot.get("me")

    assert (answer.status_code, answer.json()["code"]) == (401, "rest.token_without_member")


def test_the_token_of_somebody_taken_out_stays_shut_when_the_person_comes_back(
    world: World, hire: Hire, sign_in: SignIn
) -> None:
    clerk = MembershipFactory.create(company=world.seller)
    text = token_for(world.seller, Role.SELLER, clerk.user)
    remove(company=world.seller, member=clerk, now=SETTLES)
    again = MembershipFactory.create(company=world.seller, user=clerk.user)

    answer = Robot(text).get("me")

    assert (answer.status_code, answer.json()["code"]) == (401, "rest.token_without_member")
    assert Robot(token_for(world.seller, again.role, clerk.user)).get("me").status_code == 200
    badge = '<span class="badge bg-warning-lt">holder left</span>'
    page = sign_in("seller").get("/tokens/?state=left", headers={"accept-language": "en"})
    assert page.content.decode().count(badge) == 1
    assert "Revoke robot" not in page.content.decode()


def test_the_token_of_a_role_stays_shut_when_the_role_was_changed_and_changed_back(
    world: World,
) -> None:
    both = CompanyFactory.create(kinds=["seller", "importer"])
    clerk = MembershipFactory.create(company=both, role=Role.SELLER)
    boss = MembershipFactory.create(company=both, role=Role.SELLER, is_admin=True).user
    text = token_for(both, Role.SELLER, clerk.user)
    change_role(company=both, member=clerk, role=Role.SELLER, is_admin=True, by=boss)
    assert Robot(text).get("me").status_code == 200, "another right is no other role"

    for role in (Role.IMPORTER, Role.SELLER):
        change_role(company=both, member=clerk, role=role, is_admin=False, by=boss)

    assert Robot(text).get("me").json()["code"] == "rest.token_without_member"


def test_a_token_has_only_scopes_of_its_role(world: World) -> None:
    wrong: tuple[tuple[dict[str, object], type[Exception]], ...] = (
        ({"scopes": ["settlement:approve"]}, rules.ScopeUnknown),
        ({"scopes": []}, rules.NoScopes),
        ({"days": 0}, rules.LifeOutOfRange),
        ({"days": 367}, rules.LifeOutOfRange),
        ({"name": " "}, rules.NameMissing),
        ({"created_by": world.people["stranger"]}, rules.NoSuchMember),
    )
    with platform_wide():
        before = ApiToken.objects.count()
        for told, refusal in wrong:
            asked = {
                "company": world.seller,
                "role": Role.SELLER,
                "created_by": world.people["seller"],
                "name": "robot",
                "scopes": ["stock:read"],
                "days": 1,
                "now": SETTLES,
            } | told
            with pytest.raises(refusal):
                issue_token(**asked)  # type: ignore[arg-type]
        assert ApiToken.objects.count() == before


def test_the_command_prints_a_token_that_works(world: World) -> None:
    out = StringIO()
    call_command(
        "token_create",
        "--company=CANARY-S",
        "--role=seller",
        "--scope=stock:read",
        "--days=7",
        stdout=out,
    )

    assert Robot(out.getvalue().strip()).get("me").json()["scopes"] == ["stock:read"]
    with pytest.raises(CommandError):
        call_command("token_create", "--company=NOBODY", "--role=seller")
    with pytest.raises(CommandError):
        call_command("token_create", "--company=CANARY-S", "--role=seller", "--scope=all")


def test_the_page_shows_a_token_once_and_revokes_it(world: World, sign_in: SignIn) -> None:
    browser = sign_in("seller")

    made = browser.post("/tokens/new/", {"name": "shop", "days": 30, "scopes": ["stock:read"]})
    shown = browser.get(made.headers["Location"])
    text = rules._TOKEN.search(shown.content.decode())

    assert made.status_code == 302
    assert browser.get(made.headers["Location"]).headers["Location"] == "/tokens/"
    assert text is not None
    robot = Robot(text[0])
    assert robot.get("me").status_code == 200
    listed = browser.get("/tokens/").content.decode()
    assert "shop" in listed
    assert text[0] not in listed
    with inside(world.seller.pk):
        token = ApiToken.objects.latest("pk")
    assert sign_in("stranger").post(f"/tokens/{token.pk}/revoke/").status_code == 404
    assert robot.get("me").status_code == 200
    assert browser.post(f"/tokens/{token.pk}/revoke/").status_code == 302
    assert robot.get("me").status_code == 401


def test_only_the_companys_administrators_see_make_and_revoke_tokens(
    world: World, sign_in: SignIn
) -> None:
    with platform_wide():
        clerk = MembershipFactory.create(company=world.seller).user
        before = list(ApiToken.objects.order_by("pk").values())
    browser = Client()
    browser.force_login(clerk)
    confirm(browser)

    answers = [
        browser.get("/tokens/"),
        browser.get("/tokens/new/"),
        browser.post("/tokens/new/", {"name": "shop", "days": 30, "scopes": ["stock:read"]}),
        browser.post(f"/tokens/{world.token.pk}/revoke/"),
        browser.post("/lists/tokens/file/", {"kind": "csv"}),
    ]

    assert [one.status_code for one in answers] == [404] * 5
    with platform_wide():
        assert list(ApiToken.objects.order_by("pk").values()) == before
    assert 'href="/tokens/"' not in browser.get("/").content.decode()
    assert 'href="/tokens/"' in sign_in("seller").get("/").content.decode()


def test_a_token_is_made_only_by_who_has_shown_lately_who_it_is(world: World) -> None:
    told = {"name": "shop", "days": 30, "scopes": ["stock:read"]}
    browser = Client()
    browser.force_login(world.people["seller"])
    with platform_wide():
        before = ApiToken.objects.count()

    led = [browser.get("/tokens/new/"), browser.post("/tokens/new/", told)]
    asked = browser.post("/tokens/new/", told, headers={"accept": "application/json"})
    confirm(browser, seconds_ago=601)
    led.append(browser.post("/tokens/new/", told))

    assert [one["Location"].partition("?")[0] for one in led] == ["/account/confirm/"] * 3
    assert (asked.status_code, asked.json()["code"]) == (403, "accounts.not_confirmed_lately")
    with platform_wide():
        assert ApiToken.objects.count() == before
    confirm(browser)
    assert browser.post("/tokens/new/", told).status_code == 302


def test_a_token_needs_no_cookie_gets_none_and_believes_none(
    world: World, hire: Hire, sign_in: SignIn
) -> None:
    robot = hire("stranger")
    robot.client.cookies = sign_in("seller").cookies

    answer = robot.get("me")

    assert answer.json()["company"]["code"] == "OTHER-S"
    assert not answer.cookies


def test_a_session_reads_and_needs_the_csrf_token_to_change(world: World, sign_in: SignIn) -> None:
    browser = sign_in("seller")
    browser.handler.enforce_csrf_checks = True

    assert browser.get("/api/v1/me").json()["token"] is None
    answer = browser.post("/api/v1/retail-orders", {}, content_type="application/json")
    assert answer.status_code in {403, 404}


def test_a_token_of_finance_opens_nothing_once_its_person_has_no_second_factor(
    world: World, hire: Hire
) -> None:
    robot = hire("finance", "settlement:read")
    assert robot.get("me").status_code == 200

    with platform_wide():
        used = ApiToken.objects.latest("pk").last_used_at
        Authenticator.objects.filter(user=world.people["finance"]).delete()
    answer = robot.get("me")

    assert (answer.status_code, answer.json()["code"]) == (403, "accounts.second_factor_missing")
    with platform_wide():
        assert ApiToken.objects.latest("pk").last_used_at == used


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_scope_is_said_in_words(language: str) -> None:
    assert SCOPE_WORDS.keys() == rules.SCOPES.keys()
    with override(language):
        said = [str(words) for words in SCOPE_WORDS.values()]

    assert len(set(said)) == len(said)
    assert all(any(sign >= "\u4e00" for sign in words) == (language == "zh-hans") for words in said)
