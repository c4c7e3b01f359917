"""Of two who change the same from two open pages, the second is told, and writes nothing."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from accounts.models import Company, Membership, Role, User
from accounts.rules.seen import ChangedMeanwhile, check_unchanged, stamp
from tests.factories.accounts import MembershipFactory, PlatformCompanyFactory, confirm

pytestmark = pytest.mark.django_db
TOLD = "Somebody changed this while your page was open."


def _browser(member: Membership) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(member.user)
    return confirm(client)


def _seen(client: Client, path: str, form: str = "") -> str:
    page = client.get(path).content.decode()
    found = re.search(r'name="seen" value="(\w+)"', page[page.index(form) if form else 0 :])
    assert found is not None
    return found[1]


@pytest.fixture
def boss() -> Membership:
    return MembershipFactory.create(company__code="S-1", is_admin=True)


def test_a_stamp_tells_every_difference_and_nothing_seen_is_not_compared() -> None:
    assert stamp("a", "b") != stamp("ab", "") != stamp("", "ab")
    check_unchanged(stamp("a", True), name="a", is_admin=True)
    check_unchanged("", name="a")
    with pytest.raises(ChangedMeanwhile) as refused:
        check_unchanged(stamp("a"), name="b")
    assert refused.value.facts == {"name": "b"}


def test_an_address_changed_by_a_colleague_is_not_written_over(boss: Membership) -> None:
    mine = _browser(boss)
    theirs = _browser(MembershipFactory.create(company=boss.company, is_admin=True))
    address = {"street": "西湖路 1 号", "town": "杭州", "postcode": "310000"}
    address |= {"contact_name": "李", "contact_phone": "13800000000"}
    address |= {"contact_email": "li@example.test"}
    seen = _seen(mine, "/company/edit/")
    assert _seen(theirs, "/company/edit/") == seen
    first = theirs.post("/company/edit/", {**address, "street": "西湖路 2 号", "seen": seen})
    assert first.status_code == 302

    answer = mine.post("/company/edit/", {**address, "seen": seen})

    assert (answer.status_code, TOLD in answer.content.decode()) == (409, True)
    assert Company.objects.get(code="S-1").street == "西湖路 2 号"
    anew = {**address, "seen": _seen(mine, "/company/edit/")}
    assert mine.post("/company/edit/", anew).status_code == 302


def test_a_role_changed_by_a_colleague_is_not_written_over(boss: Membership) -> None:
    clerk = MembershipFactory.create(company=boss.company)
    browser, path = _browser(boss), f"/people/S-1/members/{clerk.pk}/change/"
    seen = _seen(browser, "/people/S-1/", form=path)
    Membership.objects.filter(pk=clerk.pk).update(is_admin=True)

    answer = browser.post(path, {"role": "seller", "seen": seen})

    assert answer.status_code == 409
    assert Membership.objects.get(pk=clerk.pk).is_admin


def test_kinds_changed_by_another_operator_are_not_written_over(boss: Membership) -> None:
    operator = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    browser = _browser(operator)
    seen = _seen(browser, "/companies/S-1/", form="/companies/S-1/kinds/")
    Company.objects.filter(code="S-1").update(kinds=["seller", "importer"])

    answer = browser.post("/companies/S-1/kinds/", {"kinds": ["seller"], "seen": seen})

    assert answer.status_code == 409
    assert Company.objects.get(code="S-1").kinds == ["seller", "importer"]


def test_ones_own_name_changed_on_another_device_is_not_written_over(boss: Membership) -> None:
    browser = _browser(boss)
    seen = _seen(browser, "/account/")
    User.objects.filter(pk=boss.user_id).update(name="Newer")

    answer = browser.post("/account/", {"name": "Older", "language": "en", "seen": seen})

    assert answer.status_code == 409
    assert User.objects.get(pk=boss.user_id).name == "Newer"
