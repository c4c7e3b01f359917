"""A retail list waits for its order, payment and waybill; what was refused is told anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.models import Company
from customs.models import (
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    ParcelPapers,
    RetailList,
    RetailParties,
)
from customs.queries.accepting import waits_of
from customs.rules.ceb.messages import message_of
from customs.rules.ceb.reading import read
from customs.rules.parties import NothingRefused, ParcelToldAlready
from customs.rules.sending import unsqueezed
from customs.services import cancel_order, tell_anew
from customs.services.parties import tell_papers
from customs.services.telling_parcels import TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_parcels import orders, parties, written
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

LATER = SELLS + timedelta(hours=1)


@pytest.fixture
def told(parties: RetailParties, orders: list[RetailOrder]) -> list[RetailList]:
    """Orders and waybills of both lists are on their way."""
    assert tell_parcels(now=SELLS) == TellingDone(told=2)
    return list(RetailList.objects.order_by("pk"))


def of(listed: RetailList, kind: str, turn: int = 1) -> OutgoingElement:
    return OutgoingElement.objects.get(retail_list=listed, kind=kind, turn=turn)


def is_told(listed: RetailList) -> bool:
    return OutgoingElement.objects.filter(retail_list=listed, kind="CEB621").exists()


@pytest.mark.parametrize("status", ["2", "3", "300", "-301001", "100"])
def test_an_answer_that_is_no_acceptance_lets_no_list_go(
    told: list[RetailList], status: str
) -> None:
    answered(of(told[0], "CEB311"), "120", at=SELLS)
    answered(of(told[0], "CEB511"), status, at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone()


def test_one_refused_order_holds_its_own_list_alone_and_says_why(told: list[RetailList]) -> None:
    for listed in told:
        answered(of(listed, "CEB511"), "120", at=SELLS)
    answered(of(told[0], "CEB311"), "-301001", at=SELLS, info="订购人姓名错误")
    answered(of(told[1], "CEB311"), "120", at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone(queued=1)

    assert (is_told(told[0]), is_told(told[1])) == (False, True)
    waits = waits_of(told[0])
    assert [(one.kind, one.accepted, one.refused, one.info) for one in waits.before] == [
        ("CEB311", False, True, "订购人姓名错误"),
        ("CEB511", True, False, "ok"),
    ]
    assert (waits.refused, waits.list_refused) == (True, False)
    assert waits_of(told[1]).before == []


def test_what_was_refused_is_told_anew_and_its_list_follows(told: list[RetailList]) -> None:
    for kind, status in (("CEB311", "100"), ("CEB511", "120")):
        answered(of(told[0], kind), status, at=SELLS)
    RetailOrder.objects.filter(pk=told[0].order_id).update(buyer_name="韩梅梅")

    assert tell_anew(listed=told[0], now=LATER) == TellingDone(told=1)

    again = of(told[0], "CEB311", turn=2)
    assert again.message.kind == "CEB311"
    assert again.guid != of(told[0], "CEB311").guid
    assert not OutgoingElement.objects.filter(kind="CEB511", turn=2).exists()
    with pytest.raises(NothingRefused):
        tell_anew(listed=told[0], now=LATER)
    assert tell_parcels(now=LATER) == TellingDone()
    answered(again, "120", at=LATER)
    assert tell_parcels(now=LATER) == TellingDone(queued=1)
    assert written("CEB621").elements[0].head["buyerName"] == "韩梅梅"


def test_what_customs_has_in_another_version_is_told_as_a_change(told: list[RetailList]) -> None:
    answered(of(told[0], "CEB311"), "100", at=SELLS)
    tell_anew(listed=told[0], now=LATER)
    answered(of(told[0], "CEB311", turn=2), "-301010", at=LATER)

    assert tell_anew(listed=told[0], now=LATER + timedelta(minutes=1)) == TellingDone(told=1)

    third = of(told[0], "CEB311", turn=3)
    (element,) = message_of(read(unsqueezed(third.message.body))).elements
    assert element.head["appType"] == "2"


def test_a_list_that_was_refused_itself_is_told_anew(told: list[RetailList]) -> None:
    for kind in ("CEB311", "CEB511"):
        answered(of(told[0], kind), "120", at=SELLS)
    tell_parcels(now=LATER)
    answered(of(told[0], "CEB621"), "100", at=LATER)
    assert waits_of(told[0]).list_refused

    assert tell_anew(listed=told[0], now=LATER) == TellingDone(queued=1)

    assert of(told[0], "CEB621", turn=2).key == told[0].number
    assert not waits_of(told[0]).refused


def test_nothing_goes_anew_while_something_is_missing(told: list[RetailList]) -> None:
    answered(of(told[0], "CEB311"), "100", at=SELLS)
    RetailParties.objects.update(ebc_name="")

    assert tell_anew(listed=told[0], now=LATER) == TellingDone(missing=1)

    assert not OutgoingElement.objects.filter(turn=2).exists()
    assert MissingPaper.objects.get().gaps[0]["field"] == "ebcName"


def test_nothing_of_a_list_that_is_void_goes_anew(told: list[RetailList]) -> None:
    answered(of(told[0], "CEB311"), "100", at=SELLS)
    cancel_order(order=RetailOrder.objects.get(pk=told[0].order_id), by=None, now=SELLS)

    with pytest.raises(NothingRefused):
        tell_anew(listed=RetailList.objects.get(pk=told[0].pk), now=LATER)

    assert not OutgoingElement.objects.filter(turn=2).exists()


def test_a_list_that_is_void_does_not_go_after_its_order(told: list[RetailList]) -> None:
    cancel_order(order=RetailOrder.objects.get(pk=told[0].order_id), by=None, now=SELLS)
    for listed in told:
        for kind in ("CEB311", "CEB511"):
            answered(of(listed, kind), "120", at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone(queued=1)

    assert not is_told(told[0])


def test_an_order_that_a_partner_had_told_before_is_an_accepted_one(
    told: list[RetailList],
) -> None:
    answered(of(told[0], "CEB311"), "-301010", at=SELLS)
    answered(of(told[0], "CEB511"), "120", at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone(queued=1)


def test_a_payment_that_the_payment_company_tells_holds_nothing(told: list[RetailList]) -> None:
    assert not OutgoingMessage.objects.filter(kind="CEB411").exists()
    assert {one.kind for one in waits_of(told[0]).before} == {"CEB311", "CEB511"}


def test_a_payment_that_we_told_holds_its_list(
    parties: RetailParties, orders: list[RetailOrder], anna: Company
) -> None:
    RetailParties.objects.update(sends_payments=True)
    for number, order in enumerate(orders):
        ParcelPapers.objects.create(order=order, seller=anna, payment=f"PAY{number}", told_at=SELLS)
    tell_parcels(now=SELLS)
    listed = RetailList.objects.get(order=orders[0])
    for kind in ("CEB311", "CEB511"):
        answered(of(listed, kind), "120", at=SELLS)
    assert tell_parcels(now=LATER) == TellingDone()

    answered(of(listed, "CEB411"), "120", at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone(queued=1)


def test_an_e_port_that_says_no_more_than_sent_is_taken_at_its_word(
    told: list[RetailList], settings: Settings
) -> None:
    settings.BONDPOOL_LIST_FOLLOWS = "3"
    for kind in ("CEB311", "CEB511"):
        answered(of(told[0], kind), "3", at=SELLS)

    assert tell_parcels(now=LATER) == TellingDone(queued=1)


def test_of_the_numbers_only_the_refused_one_is_told_otherwise(
    told: list[RetailList], orders: list[RetailOrder]
) -> None:
    papers = ParcelPapers.objects.get(order=orders[0])
    answered(of(told[0], "CEB511"), "100", at=SELLS)
    with pytest.raises(ParcelToldAlready):
        tell_papers(order=orders[0], payment="PAY-9", waybill="SF99", now=LATER)
    papers.refresh_from_db()
    assert (papers.payment, papers.waybill) == ("", f"SF{orders[0].pk:09d}")

    tell_papers(order=orders[0], payment="", waybill="SF99", now=LATER)
    assert tell_anew(listed=told[0], now=LATER) == TellingDone(told=1)

    assert of(told[0], "CEB511", turn=2).key == "SF99"
