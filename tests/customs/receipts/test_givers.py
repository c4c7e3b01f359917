"""A number is somebody's: whose receipt it is, where two gave the same number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.walls import platform_wide
from customs.models import (
    ElementState,
    Gateway,
    OutgoingElement,
    Receipt,
    ReceiptState,
    ReceiptWay,
)
from customs.rules.receipts.givers import giver_of
from customs.services import match_due, take_in
from tests.customs.receipts.answers import answer
from tests.factories.accounts import SellerFactory
from tests.factories.messages import (
    SENDS,
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.django_db

COMES = SENDS + timedelta(hours=1)
HEADS = {
    "CEB312": {"ebpCode": "3302961HZ1", "ebcCode": "3302961HZ2", "orderNo": "T-1"},
    "CEB412": {"payCode": "3302961HZ4", "payTransactionId": "T-1"},
    "CEB512": {"logisticsCode": "3302961HZ3", "logisticsNo": "T-1"},
    "CEB514": {"logisticsCode": "3302961HZ3", "logisticsNo": "T-1"},
}
ANSWERS = {"CEB312": "CEB311", "CEB412": "CEB411", "CEB512": "CEB511", "CEB514": "CEB513"}


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create()


def sent(gateway: Gateway, kind: str, giver: str, **more: object) -> OutgoingElement:
    """A document of that kind, number T-1 of a giver, of a seller of its own."""
    told = {"seller": SellerFactory.create()} | more
    message = OutgoingMessageFactory.create(gateway=gateway, kind=kind, seller=told["seller"])
    return OutgoingElementFactory.create(message=message, key="T-1", giver=giver, **told)


def come(gateway: Gateway, receipt: str, **head: str) -> Receipt:
    """The receipt, after it was looked at."""
    told = {**HEADS[receipt], "returnStatus": "120", **head}
    data = answer(receipt, told)
    take_in(data=data, name="a", way=ReceiptWay.API, company=gateway.company, now=COMES)
    match_due(now=COMES)
    made: Receipt = Receipt.objects.latest("pk")
    return made


def accepted() -> list[int]:
    return sorted(ElementState.objects.values_list("element", flat=True))


@pytest.mark.parametrize("receipt", list(HEADS))
def test_of_two_with_one_number_it_is_the_givers(gateway: Gateway, receipt: str) -> None:
    kind = ANSWERS[receipt]
    mine = sent(gateway, kind, giver_of(receipt, HEADS[receipt]))
    sent(gateway, kind, giver_of(receipt, dict.fromkeys(HEADS[receipt], "X" * 10)))

    assert come(gateway, receipt).state == ReceiptState.MATCHED
    assert accepted() == [mine.pk]


def test_two_sellers_of_one_platform_may_have_one_number(gateway: Gateway) -> None:
    first, second = (sent(gateway, "CEB311", f"3302961HZ1/SELLER000{n}") for n in (1, 2))

    come(gateway, "CEB312", ebcCode="SELLER0002")
    assert accepted() == [second.pk]
    # At the same moment, with the same answer: it is another one.
    come(gateway, "CEB312", ebcCode="SELLER0001")

    assert accepted() == [first.pk, second.pk]


@pytest.mark.parametrize("receipt", list(HEADS))
def test_of_another_giver_it_is_nobodys_of_ours(gateway: Gateway, receipt: str) -> None:
    sent(gateway, ANSWERS[receipt], giver_of(receipt, dict.fromkeys(HEADS[receipt], "X" * 10)))

    assert come(gateway, receipt).state == ReceiptState.WAITING
    assert accepted() == []


def test_what_fits_two_waits_for_a_person_and_goes_to_neither(gateway: Gateway) -> None:
    # Told before it was written down whose numbers they are.
    for _n in range(2):
        sent(gateway, "CEB511", "")

    assert come(gateway, "CEB512").state == ReceiptState.WAITING
    match_due(now=COMES)
    assert accepted() == []


def test_the_identifier_in_the_sentence_says_which_of_two_it_is(gateway: Gateway) -> None:
    sent(gateway, "CEB511", "")
    second = sent(gateway, "CEB511", "", guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94")

    come(gateway, "CEB512", returnInfo="新增申报成功[4CDE1CFD-EDED-46B1-946C-B8022E42FC94]")

    assert accepted() == [second.pk]


def test_the_identifier_in_the_sentence_says_which_telling_it_is(gateway: Gateway) -> None:
    first = sent(gateway, "CEB511", "3302961HZ3", guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94")
    sent(gateway, "CEB511", "3302961HZ3", seller=first.seller, again=first, turn=2)

    come(
        gateway,
        "CEB512",
        returnStatus="100",
        returnInfo="[Code:1;Desc:退单][4CDE1CFD-EDED-46B1-946C-B8022E42FC94]",
    )

    assert accepted() == [first.pk]


def test_declared_before_is_an_acceptance_but_of_what_was_told_anew(gateway: Gateway) -> None:
    first = sent(gateway, "CEB311", "3302961HZ1/3302961HZ2")
    come(gateway, "CEB312", returnStatus="-301010")
    assert ElementState.objects.get(element=first).outcome == "taken"

    again = sent(*(gateway, "CEB311", first.giver), seller=first.seller, again=first, turn=2)
    come(gateway, "CEB312", returnStatus="-301010", returnTime="20260801130000000")

    assert ElementState.objects.get(element=again).outcome == "refused"
