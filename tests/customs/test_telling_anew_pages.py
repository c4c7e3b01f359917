"""A seller finds what came back, sees why, and tells it anew: by page, from the list and by API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Company, Role
from core.clock import now
from core.walls import platform_wide
from customs.models import OutgoingElement, RetailList, RetailParties
from customs.services.telling_parcels import tell_parcels
from rest.services import issue_token
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.accounts import MembershipFactory
from tests.factories.warehouse import SELLS
from tests.warehouse.browsing import signed_in, text_of
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]


@pytest.fixture
def refused(parties: RetailParties, orders: list[RetailOrder]) -> list[RetailList]:
    """Two lists, of the first of which customs refused the waybill."""
    tell_parcels(now=SELLS)
    lists = list(RetailList.objects.order_by("pk"))
    waybill = OutgoingElement.objects.get(retail_list=lists[0], kind="CEB511")
    answered(waybill, "-504001", at=SELLS, info="运单编号错误")
    return lists


def anew() -> list[tuple[str, int]]:
    found = OutgoingElement.objects.filter(turn=2).select_related("retail_list")
    return [(one.retail_list.number, one.turn) for one in found if one.retail_list]


def test_it_is_found_in_the_list_and_told_anew_on_its_page(
    refused: list[RetailList], anna: Company
) -> None:
    client = signed_in(anna, Role.SELLER)

    found = text_of(client.get(reverse("retail_lists"), {"back": "yes"}))
    assert refused[0].number in found
    assert "came back" in found
    assert refused[1].number not in found
    page = text_of(client.get(reverse("retail_list", args=[refused[0].number])))
    assert "运单编号错误" in page
    assert "What is marked came back, or could not be sent" in page
    answer = client.post(reverse("retail_list_anew", args=[refused[0].number]), follow=True)

    assert "It is told to customs anew." in text_of(answer)
    assert anew() == [(refused[0].number, 2)]
    assert refused[0].number not in text_of(client.get(reverse("retail_lists"), {"back": "yes"}))


def test_many_are_told_anew_over_the_api_and_what_is_refused_holds_nothing_back(
    refused: list[RetailList], anna: Company
) -> None:
    _token, text = issue_token(
        company=anna,
        role=Role.SELLER,
        created_by=MembershipFactory.create(company=anna, role=Role.SELLER).user,
        name="robot",
        scopes=["retail:write"],
        days=30,
        now=now() - timedelta(minutes=1),
    )
    numbers = [one.number for one in refused]

    def asked(lists: list[str]) -> tuple[int, dict[str, Any]]:
        answer = Client().post(
            "/api/v1/retail-tellings",
            json.dumps({"lists": lists}),
            content_type="application/json",
            headers={"authorization": f"Bearer {text}", "idempotency-key": "-".join(lists)},
        )
        return answer.status_code, answer.json()

    status, told = asked(numbers[1:])
    assert (status, told["code"]) == (409, "customs.nothing_refused")
    status, told = asked(["RL-2020-000009"])
    assert told["code"] == "customs.retail_list_unknown"
    assert anew() == []

    status, told = asked(numbers)
    (refusal,) = told.pop("refused")
    assert (status, told) == (200, {"told": 1, "queued": 0, "missing": 0})
    assert (refusal["list"], refusal["code"]) == (numbers[1], "customs.nothing_refused")

    with platform_wide():
        assert anew() == [(numbers[0], 2)]
