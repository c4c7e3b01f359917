"""What came back is told anew: as a new document or as a change, each in the place of the last."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts.models import Company, Role, User
from customs.models import (
    HouseAtCustoms,
    MessageState,
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    ParcelPapers,
    ReceiptWay,
    RetailList,
    RetailParties,
)
from customs.queries.accepting import waits_of
from customs.queries.retelling import SOMETHING_IS_BACK
from customs.rules.ceb.messages import Business, message_of
from customs.rules.ceb.reading import read
from customs.rules.parties import NothingRefused, NothingWent, ParcelToldAlready
from customs.rules.sending import MessageToldAnew, unsqueezed
from customs.services import (
    cancel_order,
    match_due,
    retry_message,
    take_in,
    tell_all_anew,
    tell_anew,
)
from customs.services.following_up import follow_up
from customs.services.parties import tell_papers
from customs.services.telling_anew import ToldAnew
from customs.services.telling_parcels import TellingDone, tell_parcels
from customs.tables import RETAIL_LISTS
from tests.customs.booked import anna, clerk, handed_over, wide
from tests.customs.receipts.answers import answer, answered
from tests.customs.test_returning import announced, came
from tests.customs.test_telling_parcels import orders, parties
from tests.customs.ways import gateways
from tests.factories.messages import OutgoingElementFactory
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder
from web.tables import Viewer

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

LATER, LAST = SELLS + timedelta(hours=1), SELLS + timedelta(hours=2)
INVT, PRE = "310520261I00000017", "B20260801000000017"


@pytest.fixture
def told(parties: RetailParties, orders: list[RetailOrder]) -> list[RetailList]:
    """Orders and waybills of both lists are on their way."""
    assert tell_parcels(now=SELLS) == TellingDone(told=2)
    return list(RetailList.objects.order_by("pk"))


@pytest.fixture
def listed(told: list[RetailList]) -> RetailList:
    """The first one went itself, after customs had accepted its order and waybill."""
    for kind in ("CEB311", "CEB511"):
        answered(of(told[0], kind), "120", at=SELLS)
    assert tell_parcels(now=SELLS) == TellingDone(queued=1)
    return told[0]


@pytest.fixture
def numbered(listed: RetailList) -> RetailList:
    """And customs gave it its number."""
    OutgoingMessage.objects.update(state=MessageState.SENT, sent_at=SELLS)
    OutgoingElement.objects.filter(kind="CEB621").update(their_number=INVT, pre_number=PRE)
    return listed


def of(listed: RetailList, kind: str, turn: int = 1) -> OutgoingElement:
    return OutgoingElement.objects.get(retail_list=listed, kind=kind, turn=turn)


def business(element: OutgoingElement) -> Business:
    reading = read(unsqueezed(element.message.body))
    # It gets its signature when it leaves.
    reading.faults[:] = [one for one in reading.faults if one.path != element.kind]
    return message_of(reading).elements[element.position - 1]


def app_type(element: OutgoingElement) -> str:
    return business(element).head["appType"]


def turns(listed: RetailList) -> list[tuple[str, int]]:
    rows = OutgoingElement.objects.filter(retail_list=listed)
    return sorted(rows.values_list("kind", "turn"))


@pytest.mark.parametrize(
    ("status", "stays", "kind"),
    [
        *(("100", False, "1"), ("100", True, "2")),
        *(("-301001", False, "1"), ("-301001", True, "1"), ("4", False, "1")),
    ],
)
def test_what_customs_has_not_is_told_as_new(
    told: list[RetailList], settings: Settings, status: str, stays: bool, kind: str
) -> None:
    settings.BONDPOOL_RETURNED_STAYS = stays
    first = of(told[0], "CEB311")
    answered(first, status, at=SELLS)

    assert tell_anew(listed=told[0], now=LATER) == TellingDone(told=1)

    again = of(told[0], "CEB311", turn=2)
    assert (again.again, app_type(again)) == (first, kind)
    assert again.message.number != first.message.number
    assert again.guid == business(again).head["guid"] != first.guid
    assert (again.key, again.giver) == (first.key, first.giver)


def test_what_customs_says_that_it_has_is_told_as_a_change(told: list[RetailList]) -> None:
    answered(of(told[0], "CEB311"), "-301001", at=SELLS)
    tell_anew(listed=told[0], now=LATER)
    answered(of(told[0], "CEB311", turn=2), "-301010", at=LATER)

    assert tell_anew(listed=told[0], now=LAST) == TellingDone(told=1)

    again = of(told[0], "CEB311", turn=3)
    assert (again.again, app_type(again)) == (of(told[0], "CEB311", turn=2), "2")
    answered(again, "120", at=LAST)
    answered(of(told[0], "CEB511"), "120", at=LAST)
    assert tell_parcels(now=LAST) == TellingDone(queued=1)


def test_a_change_of_a_list_names_what_customs_called_it(
    numbered: RetailList, settings: Settings
) -> None:
    settings.BONDPOOL_RETURNED_STAYS = True
    answered(of(numbered, "CEB621"), "100", at=LATER)

    assert tell_anew(listed=numbered, now=LATER) == TellingDone(queued=1)

    head = business(of(numbered, "CEB621", turn=2)).head
    assert (head["appType"], head["preNo"], head["invtNo"]) == ("2", PRE, INVT)


def test_a_message_against_the_form_is_told_anew_element_by_element(
    told: list[RetailList],
) -> None:
    message = of(told[0], "CEB311").message
    check = {"oriCopMsgId": message.number, "returnStatus": "-0002", "oriBizMessage": ""}
    take_in(
        data=answer("CEB900", check),
        name="a",
        way=ReceiptWay.API,
        company=message.company,
        now=LATER,
    )
    match_due(now=LATER)

    assert tell_all_anew(lists=told, now=LATER) == ToldAnew(TellingDone(told=2))

    # Both go in one message again.
    assert of(told[0], "CEB311", 2).message == of(told[1], "CEB311", 2).message
    assert not OutgoingElement.objects.filter(kind="CEB511", turn=2).exists()


def test_what_could_not_be_sent_is_told_anew_and_not_sent_besides(
    told: list[RetailList], clerk: User
) -> None:
    message = of(told[0], "CEB311").message
    OutgoingMessage.objects.filter(pk=message.pk).update(state=MessageState.FAILED)
    assert waits_of(told[0]).refused
    assert set(RetailList.objects.filter(SOMETHING_IS_BACK)) == set(told)

    assert tell_anew(listed=told[0], now=LATER) == TellingDone(told=1)

    with pytest.raises(MessageToldAnew):
        retry_message(message=message, by=clerk, now=LATER)
    message.refresh_from_db()
    assert (message.state, message.retries.count()) == (MessageState.FAILED, 0)
    assert list(RetailList.objects.filter(SOMETHING_IS_BACK)) == [told[1]]
    with pytest.raises(NothingRefused):
        tell_anew(listed=told[0], now=LATER)
    # The other one of that message is told anew as well.
    assert tell_anew(listed=told[1], now=LATER) == TellingDone(told=1)


def test_what_is_tried_again_is_not_told_anew(told: list[RetailList], clerk: User) -> None:
    message = of(told[0], "CEB311").message
    OutgoingMessage.objects.filter(pk=message.pk).update(state=MessageState.FAILED)
    retry_message(message=message, by=clerk, now=LATER)

    with pytest.raises(NothingRefused):
        tell_anew(listed=told[0], now=LATER)
    assert turns(told[0]) == [("CEB311", 1), ("CEB511", 1)]


def test_a_refused_list_gets_another_waybill_and_follows_it(listed: RetailList) -> None:
    order = RetailOrder.objects.get(pk=listed.order_id)
    with pytest.raises(ParcelToldAlready):
        tell_papers(order=order, payment="", waybill="SF99", now=SELLS)
    answered(of(listed, "CEB621"), "-621001", at=SELLS)
    tell_papers(order=order, payment="", waybill="SF99", now=LATER)

    assert tell_anew(listed=listed, now=LATER) == TellingDone(told=1)

    waybill = of(listed, "CEB511", turn=2)
    assert (waybill.key, app_type(waybill)) == ("SF99", "1")
    assert not waits_of(listed).list_refused
    assert tell_parcels(now=LATER) == TellingDone()
    answered(waybill, "120", at=LATER)
    assert tell_parcels(now=LAST) == TellingDone(queued=1)
    again = of(listed, "CEB621", turn=2)
    assert (business(again).head["logisticsNo"], app_type(again)) == ("SF99", "1")
    assert tell_parcels(now=LAST) == TellingDone()
    assert turns(listed) == [
        *(("CEB311", 1), ("CEB511", 1), ("CEB511", 2), ("CEB621", 1), ("CEB621", 2))
    ]


def test_another_payment_changes_the_order_that_names_it(
    parties: RetailParties, orders: list[RetailOrder], anna: Company
) -> None:
    RetailParties.objects.update(sends_payments=True)
    for number, order in enumerate(orders):
        ParcelPapers.objects.create(order=order, seller=anna, payment=f"PAY{number}", told_at=SELLS)
    tell_parcels(now=SELLS)
    listed = RetailList.objects.get(order=orders[0])
    for kind, status in (("CEB311", "120"), ("CEB511", "120"), ("CEB411", "100")):
        answered(of(listed, kind), status, at=SELLS)
    papers = ParcelPapers.objects.get(order=orders[0])
    tell_papers(order=orders[0], payment="PAY9", waybill=papers.waybill, now=LATER)

    assert tell_anew(listed=listed, now=LATER) == TellingDone(told=1)

    payment, named = of(listed, "CEB411", turn=2), of(listed, "CEB311", turn=2)
    assert (payment.key, app_type(payment)) == ("PAY9", "1")
    assert (business(named).head["payTransactionId"], app_type(named)) == ("PAY9", "2")
    assert turns(listed).count(("CEB511", 1)) == 1
    assert ("CEB511", 2) not in turns(listed)


def test_a_refused_withdrawal_is_told_anew(numbered: RetailList, clerk: User) -> None:
    order = RetailOrder.objects.get(pk=numbered.order_id)
    cancel_order(order=order, by=clerk, now=SELLS)
    assert follow_up(now=SELLS) == 1
    fresh = RetailList.objects.get(pk=numbered.pk)
    assert not waits_of(fresh).refused
    answered(of(numbered, "CEB623"), "-623005", at=LATER)
    waits = waits_of(fresh)
    assert (waits.follows, [one.kind for one in waits.before]) == (True, ["CEB623"])

    assert tell_anew(listed=fresh, now=LATER) == TellingDone(queued=1)

    again = of(numbered, "CEB623", turn=2)
    assert (again.again, app_type(again)) == (of(numbered, "CEB623"), "1")
    assert business(again).head["invtNo"] == INVT
    assert follow_up(now=LAST) == 0
    with pytest.raises(NothingRefused):
        tell_anew(listed=fresh, now=LAST)


def test_refused_returns_are_told_anew_with_their_own_goods(
    parties: RetailParties, orders: list[RetailOrder], clerk: User
) -> None:
    tell_parcels(now=SELLS)
    listed = RetailList.objects.get(order=orders[1])
    for kind in ("CEB311", "CEB511"):
        answered(of(listed, kind), "120", at=SELLS)
    tell_parcels(now=SELLS)
    OutgoingMessage.objects.update(state=MessageState.SENT, sent_at=SELLS)
    OutgoingElement.objects.filter(kind="CEB621").update(their_number=INVT, pre_number=PRE)
    order = orders[1]
    order.refresh_from_db()
    handed_over(order, clerk)
    came(announced(order, clerk, 1), clerk, [1])
    assert follow_up(now=LATER) == 1
    answered(of(listed, "CEB625"), "-625009", at=LATER)

    assert tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LATER) == TellingDone(
        queued=1
    )

    again = of(listed, "CEB625", turn=2)
    assert again.again == of(listed, "CEB625")
    assert [line["qty"] for line in business(again).lines] == ["1"]
    # What comes back later is a return of its own, and not taken for the one told anew.
    came(announced(order, clerk, 1), clerk, [1])
    assert follow_up(now=LAST) == 1
    other = of(listed, "CEB625", turn=3)
    assert other.again is None
    # Both came back: each goes in its own place.
    for one in (again, other):
        one.message.state = MessageState.FAILED
        one.message.sent_at = None
        one.message.save(update_fields=["state", "sent_at"])
    assert tell_anew(listed=RetailList.objects.get(pk=listed.pk), now=LAST) == TellingDone(queued=2)
    assert [of(listed, "CEB625", turn).again for turn in (4, 5)] == [again, other]


def test_of_many_what_is_refused_is_said_and_holds_nothing_back(told: list[RetailList]) -> None:
    with pytest.raises(NothingRefused) as refusal:
        tell_all_anew(lists=told, now=LATER)

    assert refusal.value.facts == {"list": told[0].number}
    assert not OutgoingElement.objects.filter(turn=2).exists()
    for kind in ("CEB311", "CEB511"):
        answered(of(told[0], kind), "100", at=SELLS)
    found = tell_all_anew(lists=told, now=LATER)
    assert found.done == TellingDone(told=1)
    assert [(number, one.code) for number, one in found.refused] == [
        (told[1].number, "customs.nothing_refused")
    ]
    answered(of(told[1], "CEB311"), "100", at=SELLS)
    assert tell_all_anew(lists=told[1:], now=LATER) == ToldAnew(TellingDone(told=1))
    assert turns(told[0]) == [("CEB311", 1), ("CEB311", 2), ("CEB511", 1), ("CEB511", 2)]
    assert turns(told[1]) == [("CEB311", 1), ("CEB311", 2), ("CEB511", 1)]


def test_in_bulk_a_list_of_which_nothing_went_is_not_done(
    told: list[RetailList], anna: Company, clerk: User
) -> None:
    for one in told:
        answered(of(one, "CEB511"), "100", at=SELLS)
    HouseAtCustoms.objects.update(port_code="")
    (act,) = [one.each for one in RETAIL_LISTS.actions if one.name == "anew"]
    assert act is not None
    viewer = Viewer(clerk, anna, Role.SELLER, SELLS.date(), LATER, LATER)

    with pytest.raises(NothingWent) as refusal:
        act(told[0], viewer, LATER)

    assert refusal.value.facts == {"list": told[0].number}
    assert not OutgoingElement.objects.filter(turn=2).exists()
    assert MissingPaper.objects.get().retail_list == told[0]
    HouseAtCustoms.objects.update(port_code="3104")
    act(told[0], viewer, LATER)
    assert of(told[0], "CEB511", turn=2).again == of(told[0], "CEB511")


def test_the_database_lets_nobody_tell_a_document_twice(told: list[RetailList]) -> None:
    first = of(told[0], "CEB311")
    facts = {"message": first.message, "kind": "CEB311", "retail_list": told[0], "position": 50}
    with pytest.raises(IntegrityError, match="a_list_is_first_told_once"), transaction.atomic():
        OutgoingElementFactory.create(turn=2, **facts)
    OutgoingElementFactory.create(turn=2, again=first, **facts)

    with pytest.raises(IntegrityError, match="again_id"), transaction.atomic():
        OutgoingElementFactory.create(turn=3, again=first, **(facts | {"position": 51}))
