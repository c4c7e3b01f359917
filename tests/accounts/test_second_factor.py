"""Finance and operators act for nobody without a second factor; steps with money ask once more."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import unquote

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from accounts.models import Membership, Role
from jobs.models import Job
from settlement.models import SettlementPolicy
from tests.accounts.authenticator import totp
from tests.accounts.conftest import code, come_in, sent
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
    confirm,
    give_second_factor,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def finance() -> Membership:
    """With an authenticator app."""
    return _member(Role.FINANCE)


def _member(role: Role, **more: Any) -> Membership:
    return MembershipFactory.create(
        company=PlatformCompanyFactory.create(), role=role.value, **more
    )


@pytest.mark.parametrize("role", [Role.FINANCE, Role.OPERATOR])
def test_nothing_opens_until_a_second_factor_is_set_up(client: Client, role: Role) -> None:
    client.force_login(_member(role, second_factor=False).user)

    for path in ("/orders/", "/", "/people/", "/products/1/"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/account/second-factor/?next=/")
    assert client.post("/settlement/batches/open/").status_code == 302
    asked = client.post("/settlement/batches/open/", headers={"accept": "application/json"})
    assert (asked.status_code, asked.json()["code"]) == (403, "accounts.second_factor_missing")
    assert client.get("/account/").status_code == 200
    assert client.get("/verify/").status_code == 200


def test_the_wanted_page_opens_once_the_app_is_set_up(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    person = _member(Role.FINANCE, second_factor=False).user
    client.force_login(person)
    confirm(client)
    client.get(client.get("/settlement/payables/?sort=due").headers["Location"])

    page = client.get("/account/app/").content.decode()
    secret = re.search(r"gate-key\">(\w+)<", page)
    assert secret is not None
    assert 'src="data:image/svg+xml;base64,' in page
    assert "<script>" not in page
    wrong = client.post("/account/app/", {"code": "000000"})
    with django_capture_on_commit_callbacks(execute=True):
        right = client.post("/account/app/", {"code": totp(secret[1], at=time.time())})

    assert wrong.status_code == 422
    assert right.headers["Location"] == "/account/codes/"
    codes = client.get("/account/codes/").content.decode()
    assert len(re.findall(r"<code>\d{8}</code>", codes)) == 10
    assert 'href="/settlement/payables/?sort=due"' in codes
    assert client.get("/settlement/payables/").status_code == 200
    app = Authenticator.objects.get(user=person, type="totp")
    assert secret[1] not in str(app.data), "kept encrypted"
    assert [one.subject for one in sent()] == ["身份验证器已启用"]


def test_other_roles_need_none(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)

    assert client.get("/").status_code == 200


def test_a_code_opens_and_the_same_code_does_not_open_again(
    client: Client, finance: Membership
) -> None:
    email, now_shown = finance.user.email, code()
    assert come_in(client, email) == "/login/second-factor/"
    assert client.get("/").headers["Location"] == "/login/?next=/", "the password is not enough"

    first = client.post("/login/second-factor/", {"code": now_shown})
    second = Client()
    come_in(second, email)
    again = second.post("/login/second-factor/", {"code": now_shown})

    assert first.headers["Location"] == "/"
    assert again.status_code == 422
    assert "验证码不正确，或已使用过。" in again.content.decode()
    assert "_auth_user_id" not in second.session


def test_a_recovery_code_opens_once(client: Client, finance: Membership) -> None:
    client.force_login(finance.user)
    confirm(client)
    client.post("/account/codes/new/")
    (first, *_rest) = re.findall(
        r"<code>(\d{8})</code>", client.get("/account/codes/").content.decode()
    )

    tried = []
    for _time in range(2):
        visitor = Client()
        come_in(visitor, finance.user.email)
        answer = visitor.post("/login/second-factor/", {"code": first})
        tried.append((answer.status_code, "_auth_user_id" in visitor.session))

    assert tried == [(302, True), (422, False)]


def test_the_last_factor_stays_with_who_must_have_one(client: Client, finance: Membership) -> None:
    client.force_login(finance.user)
    confirm(client)

    answer = client.post("/account/app/remove/")

    assert "财务和平台运营人员必须启用双重验证。" in answer.content.decode()
    assert Authenticator.objects.filter(user=finance.user, type="totp").exists()


def test_who_need_not_have_one_may_remove_it(client: Client) -> None:
    member = MembershipFactory.create(second_factor=True)
    client.force_login(member.user)
    assert client.get("/account/app/remove/").headers["Location"].startswith("/account/confirm/")
    confirm(client)

    assert client.post("/account/app/remove/").status_code == 302
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "path", ["/settlement/batches/SB-1/approve/", "/settlement/batches/export/"]
)
def test_steps_with_money_ask_once_more_who_is_there(
    client: Client, finance: Membership, path: str
) -> None:
    client.force_login(finance.user)
    came = {"referer": "http://testserver/settlement/batches/?q=1"}

    for seconds_ago in (None, 601):
        if seconds_ago:
            confirm(client, seconds_ago=seconds_ago)
        answer = client.post(path, headers=came)
        assert answer.headers["Location"] == ("/account/confirm/?next=/settlement/batches/%3Fq%3D1")
    asked = client.post(path, headers={"accept": "application/json"})
    assert (asked.status_code, asked.json()["code"]) == (403, "accounts.not_confirmed_lately")

    back = client.post(
        "/account/confirm/code/", {"code": code(), "next": "/settlement/batches/?q=1"}
    )
    assert back.headers["Location"] == "/settlement/batches/?q=1"
    assert client.post(path, headers=came).headers.get("Location", "") != answer.headers["Location"]


def test_a_visitor_from_another_site_is_led_home_after_confirming(
    client: Client, finance: Membership
) -> None:
    client.force_login(finance.user)

    answer = client.post(
        "/settlement/batches/export/", headers={"referer": "https://evil.example/x"}
    )

    assert answer.headers["Location"] == "/account/confirm/?next=/"


def test_who_has_a_second_factor_confirms_with_it(client: Client, finance: Membership) -> None:
    """A password may be somebody else's by now."""
    client.force_login(finance.user)
    confirm(client, method="password")
    wanted = "/settlement/terms/X/"

    asked = client.post("/account/confirm/", {"password": "correct horse", "next": wanted})
    assert unquote(asked.headers["Location"]) == f"/account/confirm/code/?next={wanted}"
    assert "使用密码" not in client.get("/account/confirm/code/").content.decode()
    answer = client.post("/account/confirm/code/", {"code": code(), "next": "/settlement/"})
    assert answer.headers["Location"] == "/settlement/"


def test_who_has_none_confirms_with_the_password(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)

    assert client.post("/account/confirm/", {"password": "wrong"}).status_code == 422
    right = client.post("/account/confirm/", {"password": "correct horse", "next": "/forecasts/"})
    assert right.headers["Location"] == "/forecasts/"


def test_a_session_older_than_the_factor_opens_nothing(client: Client, finance: Membership) -> None:
    """It may be of somebody who knew the password before the owner set the factor up."""
    RecoveryCodes.activate(finance.user)
    client.force_login(finance.user)
    confirm(client, method="password")

    page = client.get("/settlement/batches/")
    assert page.headers["Location"] == "/account/confirm/?next=/settlement/batches/"
    asked = client.get("/settlement/batches/", headers={"accept": "application/json"})
    assert (asked.status_code, asked.json()["code"]) == (403, "accounts.second_factor_not_shown")
    program = client.get("/api/v1/batches")
    assert (program.status_code, program.json()["code"]) == (
        403,
        "accounts.second_factor_not_shown",
    )
    for path in ("/account/codes/", "/account/codes/codes.txt", "/account/passkeys/new/"):
        assert client.get(path).headers["Location"].startswith("/account/confirm/"), path
    for path in ("/account/codes/new/", "/account/passkeys/new/", "/account/app/remove/"):
        assert client.post(path).headers["Location"].startswith("/account/confirm/"), path
    assert Authenticator.objects.count() == 2

    client.post("/account/confirm/code/", {"code": code()})
    assert client.get("/settlement/batches/").status_code == 200
    assert client.get("/account/passkeys/new/").status_code == 200


@pytest.mark.parametrize("action", ["approve", "export"])
def test_many_rows_at_once_ask_for_it_as_one_does(
    client: Client, finance: Membership, action: str
) -> None:
    client.force_login(finance.user)
    sent_in = {"action": action, "row": ["1"], "sure": "yes"}

    answer = client.post("/lists/batches/act/", sent_in)

    assert answer.headers["Location"] == "/account/confirm/?next=/"
    assert not Job.objects.exists()
    confirm(client)
    assert client.post("/lists/batches/act/", sent_in).status_code != 302 or Job.objects.exists()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/batches/SB-1/approve", {}),
        ("/api/v1/payment-files", {"batches": ["SB-1"]}),
        ("/api/v1/terms", {}),
    ],
)
def test_a_session_that_moves_money_through_the_api_is_asked_too(
    client: Client, finance: Membership, path: str, body: dict[str, Any]
) -> None:
    client.force_login(finance.user)

    def ask() -> str:
        answer = client.post(
            path, body, content_type="application/json", headers={"Idempotency-Key": "k" * 20}
        )
        return str(answer.json()["code"])

    assert ask() == "accounts.not_confirmed_lately"
    confirm(client)
    assert ask() != "accounts.not_confirmed_lately"


def test_staff_without_a_shown_factor_do_not_enter_by_the_back_door(client: Client) -> None:
    staff = UserFactory.create(is_staff=True, is_superuser=True)
    client.force_login(staff)
    confirm(client, method="password")

    asked = client.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/account/")
    give_second_factor(staff)
    confirm(client)
    assert client.get("/admin/").status_code == 200
    assert client.get("/admin/accounts/membership/add/").status_code == 403
    assert client.post("/admin/accounts/membership/add/", {}).status_code == 403
    assert not Membership.objects.exists()


def test_the_check_costs_no_query_of_its_own(client: Client, finance: Membership) -> None:
    client.force_login(finance.user)
    client.get("/")

    with CaptureQueriesContext(connection) as queries:
        client.get("/settlement/payables/")

    # Of what travels together with others the words are not captured.
    assert len([q for q in queries if "mfa_authenticator" in (q["sql"] or "")]) == 1


def test_the_demo_tells_the_code_and_production_does_not(
    finance: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    before = code()
    call_command("second_factor", finance.user.email)
    assert capsys.readouterr().out.strip() in {before, code()}

    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="Not in production"):
        call_command("second_factor", finance.user.email)
    with pytest.raises(CommandError, match="no authenticator"):
        call_command("second_factor", "nobody@example.test")


def test_a_passkey_is_asked_for_without_a_script_in_the_page(client: Client) -> None:
    client.force_login(MembershipFactory.create().user)
    confirm(client)

    page = client.get("/account/passkeys/new/").content.decode()

    assert '<script id="passkey-options" type="application/json">' in page
    assert 'data-passkey="create"' in page
    assert "<script>" not in page
    for wrong in ("", "{}", "[]", '{"id": "x"}', "null", "\u202e"):
        assert client.post("/account/passkeys/new/", {"credential": wrong}).status_code == 422
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "{}", "null", '{"response": {"userHandle": "x"}}'])
def test_a_forged_passkey_opens_nothing(client: Client, credential: str) -> None:
    options = client.get("/login/passkey/", headers={"accept": "application/json"}).json()
    assert "challenge" in options["request_options"]["publicKey"]

    answer = client.post("/login/passkey/", {"credential": credential})

    assert answer.headers["Location"] == "/login/"
    assert "_auth_user_id" not in client.session


def _two(*, chosen: bool = False) -> tuple[Client, Membership, Membership]:
    """Works in finance and for a seller, without a second factor."""
    finance = _member(Role.FINANCE, second_factor=False)
    seller = MembershipFactory.create(user=finance.user)
    client = Client(headers={"accept-language": "en"})
    client.force_login(finance.user)
    if chosen:
        assert client.post("/act-for/", {"membership": finance.pk})["Location"] == "/"
    return client, finance, seller


def test_a_missing_second_factor_closes_only_what_needs_it() -> None:
    client, _finance, seller = _two()

    page = client.get("/").content.decode()

    assert seller.company.name_en in page
    assert client.get("/forecasts/").status_code == 200
    assert client.get("/settlement/payables/").status_code == 404, "acts for the seller"


def test_who_switches_to_finance_sets_a_second_factor_up_first_or_goes_back() -> None:
    client, finance, seller = _two(chosen=True)

    for path in ("/", "/settlement/payables/", "/forecasts/"):
        assert client.get(path)["Location"].startswith("/account/second-factor/?next=/")
    assert client.post("/settlement/batches/open/").status_code == 302
    door = client.get("/account/second-factor/").content.decode()
    assert f'name="membership" value="{seller.pk}"' in door
    assert f'value="{finance.pk}"' not in door

    client.post("/act-for/", {"membership": seller.pk})
    assert client.get("/forecasts/").status_code == 200
    client.post("/act-for/", {"membership": finance.pk})
    give_second_factor(finance.user)
    assert client.get("/settlement/payables/").status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_new_terms_ask_once_more_who_is_there(
    client: Client, finance: Membership, method: str
) -> None:
    debtor = ImporterFactory.create()
    client.force_login(finance.user)
    terms = {
        "period": "month",
        "valid_from": "2026-11-01",
        "wire_fee": "80.50",
        "spread": "0.45",
        "bulk_spread": "0.125",
        "bulk_from": "500000",
    }
    path = f"/settlement/terms/{debtor.code}/"

    answer = getattr(client, method)(path, terms if method == "post" else None)
    asked = client.post(path, terms, headers={"accept": "application/json"})

    assert answer["Location"].startswith("/account/confirm/?next=/")
    assert (asked.status_code, asked.json()["code"]) == (403, "accounts.not_confirmed_lately")
    assert not SettlementPolicy.objects.exists()
    confirm(client)
    assert client.post(path, terms)["Location"] == "/settlement/"
    assert SettlementPolicy.objects.get().debtor == debtor
