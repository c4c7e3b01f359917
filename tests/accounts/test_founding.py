"""A bare house gets its own company and its first operator from the command line, once."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import translation

from accounts.models import AccountLetter, Company, Invitation, Membership, Role, User
from core.walls import platform_wide
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory

pytestmark = pytest.mark.django_db
NAMES = {"name_zh": "示例平台运营有限公司", "name_en": "Example Platform Ltd"}


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def founded(email: str = "First@Example.test", **other: str) -> str:
    out = StringIO()
    call_command("found", email, stdout=out, **(NAMES | other))
    return out.getvalue().strip()


def invitations() -> int:
    with platform_wide():
        return Invitation.objects.count()


def test_the_link_makes_the_first_operator_who_then_sets_up_a_second_factor() -> None:
    link = founded()

    company = Company.objects.get()
    assert (company.code, company.kinds) == ("PLATFORM", ["platform"])
    assert not AccountLetter.objects.exists(), "the link is printed and sent to nobody"
    path = link.partition("/invitation/")
    client = Client(headers={"accept-language": "en"})
    told = {"name": "First", "password": "shells & paper 9"}
    client.post("/invitation/" + path[2], told)

    member = Membership.objects.get()
    assert (member.user.email, member.role, member.is_admin) == (
        "first@example.test",
        Role.OPERATOR,
        True,
    )
    assert client.get("/companies/", follow=True).request["PATH_INFO"] == "/account/second-factor/"


def test_asked_again_before_it_was_used_the_first_link_is_worthless() -> None:
    first = founded()
    second = founded("other@example.test")

    assert Company.objects.count() == 1
    told = {"name": "First", "password": "shells & paper 9"}
    assert (
        Client().post("/invitation/" + first.partition("/invitation/")[2], told).status_code == 409
    )
    assert not User.objects.exists()
    Client().post("/invitation/" + second.partition("/invitation/")[2], told)
    assert User.objects.get().email == "other@example.test"


def test_where_an_operator_is_the_command_refuses_and_writes_nothing() -> None:
    MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)

    with pytest.raises(CommandError, match="operator already"):
        founded()

    assert Company.objects.count() == 1
    assert invitations() == 0


@pytest.mark.parametrize(
    ("email", "other", "words"),
    [
        ("no-address", {}, "valid email"),
        ("a@b.test", {"name_en": ""}, "name in Chinese and one in English"),
        ("a@b.test", {"uscc": "1"}, "18 places"),
        ("a@b.test", {"code": "?"}, "company code"),
        ("a@b.test", {"country": "XXX"}, "three letters"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_made(
    email: str, other: dict[str, str], words: str
) -> None:
    with pytest.raises(CommandError, match=words):
        founded(email, **other)

    assert not Company.objects.exists()
    assert invitations() == 0
