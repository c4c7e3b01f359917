"""Who came in or tried to, and whose keys changed, is kept for good and shown."""

from __future__ import annotations

import csv
import io
import time
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import AccountEvent, AccountEventKind, Role, User
from core.clock import now
from tests.accounts.authenticator import totp
from tests.accounts.conftest import code, come_in, link_in, sent
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
    confirm,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("contexts")]
NEW = "new shells 26"


@pytest.fixture
def lin() -> User:
    return UserFactory.create(email="lin@example.test", name="Lin")


def kinds() -> list[str]:
    return list(AccountEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_a_sign_in_is_kept_with_its_address_and_browser(lin: User) -> None:
    browser = Client(REMOTE_ADDR="192.0.2.7", headers={"user-agent": "Lin's browser" + "x" * 300})

    come_in(browser, "Lin@example.test")

    (event,) = AccountEvent.objects.all()
    assert (event.kind, event.user, event.email) == ("signed_in", lin, "lin@example.test")
    assert (event.address, event.agent[:13], len(event.agent)) == (
        "192.0.2.7",
        "Lin's browser",
        200,
    )


def test_wrong_passwords_and_the_closed_door_are_kept_also_for_e_mails_of_nobody(lin: User) -> None:
    for _n in range(6):
        come_in(Client(), "lin@example.test", "guess")
    come_in(Client(), "nobody@example.test", "guess")

    assert kinds() == ["failed"] * 4 + ["locked_out"] * 2 + ["failed"]
    last = AccountEvent.objects.latest("pk")
    assert (last.user, last.email) == (None, "nobody@example.test")
    assert "guess" not in "".join(map(str, AccountEvent.objects.values()))


def test_a_wrong_code_is_kept_and_who_stands_before_the_code_is_not_in_yet() -> None:
    clerk = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.FINANCE)
    browser = Client()
    come_in(browser, clerk.user.email)
    browser.post("/login/second-factor/", {"code": "000000"})
    assert kinds() == ["failed"]

    browser.post("/login/second-factor/", {"code": code()})

    assert kinds() == ["failed", "signed_in"]


def test_a_changed_and_a_reset_password_are_kept(lin: User) -> None:
    browser = Client()
    come_in(browser, lin.email)
    browser.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    stranger = Client(REMOTE_ADDR="192.0.2.66")
    stranger.post("/password/reset/", {"email": lin.email})
    path = link_in(sent()[-1])
    form = stranger.get(path, follow=True).redirect_chain[-1][0]
    stranger.post(form, {"password1": "other shells 27", "password2": "other shells 27"})

    assert kinds() == ["signed_in", "password_changed", "password_reset_key", "password_reset"]
    assert AccountEvent.objects.latest("pk").address == "192.0.2.66"


def test_a_new_e_mail_is_kept(lin: User) -> None:
    browser = Client()
    come_in(browser, lin.email)
    browser.post("/account/email/", {"email": "lin2@example.test", "action_add": ""})
    browser.post(link_in(sent()[-1]))

    event = AccountEvent.objects.latest("pk")
    assert (event.kind, event.email, event.user) == ("email_changed", "lin2@example.test", lin)


def test_an_added_and_a_removed_factor_are_kept(
    lin: User, django_capture_on_commit_callbacks: Any
) -> None:
    browser = Client()
    come_in(browser, lin.email)
    secret = browser.get("/account/app/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/account/app/", {"code": totp(secret, at=time.time())})
    browser.post("/account/app/remove/")

    assert kinds() == ["signed_in", "totp_activated", "totp_deactivated"]


def test_nothing_of_it_can_be_changed_or_taken_away(lin: User) -> None:
    come_in(Client(), lin.email)

    for statement in (
        "UPDATE accounts_accountevent SET email = ''",
        "DELETE FROM accounts_accountevent",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_person_sees_its_own_and_the_operator_finds_everybodys(lin: User) -> None:
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    MembershipFactory.create(user=lin)
    come_in(Client(REMOTE_ADDR="192.0.2.7"), lin.email)
    come_in(Client(REMOTE_ADDR="192.0.2.8"), "wang@example.test", "guess")
    mine = Client(headers={"accept-language": "en"})
    theirs = Client(headers={"accept-language": "en"})
    mine.force_login(lin)
    theirs.force_login(operator.user)
    confirm(theirs)

    own, found = mine.get("/account/"), theirs.get("/audit/accounts/", {"q": "wang@"})

    assert "192.0.2.7" in own.content.decode()
    assert "192.0.2.8" not in own.content.decode()
    assert "192.0.2.8" in found.content.decode()
    assert "wrong password or code" in found.content.decode()
    assert "192.0.2.7" not in found.content.decode()
    assert mine.get("/audit/accounts/").status_code == 404
    assert theirs.post("/lists/account-events/file/", {"kind": "csv"}).status_code == 200


def test_the_list_tells_the_browser_in_short_and_the_file_as_it_calls_itself(lin: User) -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/156.0.0.0 Safari/537.36"
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    come_in(Client(headers={"user-agent": agent}), lin.email)
    desk = Client()
    desk.force_login(operator.user)
    confirm(desk)

    page = desk.get("/audit/accounts/").content.decode()
    file = desk.post("/lists/account-events/file/", {"kind": "csv"})

    assert f'<span title="{agent}">Chrome 156, Linux</span>' in page
    assert agent in b"".join(file).decode("utf-8-sig")


def test_the_file_says_who_did_it_to_whom_and_why(lin: User) -> None:
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    AccountEvent.objects.create(
        kind=AccountEventKind.FACTOR_RESET,
        user=lin,
        email=lin.email,
        address="192.0.2.9",
        by=operator.user,
        reason="the telephone is lost",
        happened_at=now(),
    )
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(operator.user)

    file = browser.post("/lists/account-events/file/", {"kind": "csv"}).content.decode("utf-8-sig")

    (row,) = [one for one in csv.DictReader(io.StringIO(file)) if one["E-mail"] == lin.email]
    assert (row["Name"], row["Done by"], row["Reason"]) == (
        "Lin",
        operator.user.email,
        "the telephone is lost",
    )
