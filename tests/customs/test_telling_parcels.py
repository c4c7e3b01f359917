"""Parcels are told to customs when nothing is missing; what is missing is said, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import Company, User
from core.errors import DomainError
from customs.gap_words import in_words
from customs.models import (
    HouseAtCustoms,
    HouseMode,
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    ParcelPapers,
    RetailList,
    RetailParties,
)
from customs.queries.messages import check
from customs.rules.ceb.messages import Message, message_of
from customs.rules.ceb.reading import Reading, read
from customs.rules.modes import ModeNotHere, ModeUnknown
from customs.rules.parties import (
    AgentUnknown,
    AgentWithoutCode,
    AssureCodeWrong,
    CustomsCodeWrong,
    ItemRecordUnknown,
    ParcelToldAlready,
    PayerIncomplete,
    PortCodeWrong,
    PrefixWrong,
    SerialWrong,
    SiteCodeWrong,
    TrafficModeWrong,
    WaybillTaken,
)
from customs.rules.sending import unsqueezed
from customs.services import book_due
from customs.services.parties import PartiesTold, agree, tell_house, tell_papers, tell_parties
from customs.services.telling_parcels import AGAIN, TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, counted, released, sold, wide
from tests.customs.receipts.answers import answered
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.messages import RetailPartiesFactory, at_customs
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse, RetailOrder

__all__ = ["anna", "clerk", "gateways", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]


@pytest.fixture
def orders(anna: Company, clerk: User) -> list[RetailOrder]:
    """Two orders of hers, of one and of two tins, whose lists are drawn and whose goods are in the
    book."""
    declaration = released(anna)
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    return sold(anna, 1, 2)


@pytest.fixture
def parties(anna: Company, orders: list[RetailOrder]) -> RetailParties:
    at_customs(BondedWarehouse.objects.get())
    made: RetailParties = RetailPartiesFactory.create(seller=anna)
    a_gateway(company=made.agent)
    return made


def accepted(*kinds: str) -> None:
    """Customs has what was told of these kinds, whatever it answered before."""
    for one in OutgoingElement.objects.filter(kind__in=kinds):
        answered(one, "120", at=SELLS)


def tell_all() -> None:
    """The lists too: customs has accepted what goes before them."""
    tell_parcels(now=SELLS)
    accepted("CEB311", "CEB411", "CEB511")
    tell_parcels(now=SELLS)


def written(kind: str) -> Message:
    data = unsqueezed(OutgoingMessage.objects.get(kind=kind).body)
    reading: Reading = read(data)
    # The list gets its signature when it leaves.
    reading.faults[:] = [one for one in reading.faults if one.path != kind]
    return message_of(reading)


def test_a_list_waits_until_customs_has_its_order_and_waybill(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    assert tell_parcels(now=SELLS) == TellingDone(told=2)

    rows = OutgoingMessage.objects.order_by("kind").values_list("kind", "state", "count")
    assert list(rows) == [("CEB311", "queued", 2), ("CEB511", "queued", 2)]
    assert {row.seller_id for row in OutgoingMessage.objects.all()} == {parties.seller_id}
    assert not MissingPaper.objects.exists()
    assert tell_parcels(now=SELLS + AGAIN) == TellingDone()
    accepted("CEB311")
    assert tell_parcels(now=SELLS + AGAIN) == TellingDone(), "the waybill is not accepted yet"
    accepted("CEB511")

    assert tell_parcels(now=SELLS + AGAIN) == TellingDone(queued=2)

    row = OutgoingMessage.objects.get(kind="CEB621")
    assert (row.state, row.count, row.seller_id) == ("queued", 2, parties.seller_id)
    assert tell_parcels(now=SELLS + AGAIN) == TellingDone()


def test_the_messages_say_what_the_order_and_the_list_say(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    tell_all()
    listed = RetailList.objects.get(order=orders[1])

    order, waybill, told = (written(kind).elements[1] for kind in ("CEB311", "CEB511", "CEB621"))

    assert order.head["orderNo"] == told.head["orderNo"] == waybill.head["orderNo"] == "T-2"
    assert order.head["goodsValue"] == "398.00"
    assert order.head["taxTotal"] == f"{listed.tax_minor / 100:.2f}" == "36.22"
    assert order.head["acturalPaid"] == "434.22"
    assert waybill.head["logisticsNo"] == told.head["logisticsNo"] == f"SF{orders[1].pk:09d}"
    assert (waybill.head["weight"], told.head["netWeight"]) == ("2.200", "1.800")
    assert told.head["copNo"] == listed.number
    assert (told.head["emsNo"], told.head["portCode"]) == ("T3105W000001", "3104")
    (line,) = told.lines
    assert (line["itemRecordNo"], line["country"], line["gcode"]) == ("1", "304", "1901101010")
    assert (line["qty"], line["unit"], line["qty1"], line["unit1"]) == ("2", "122", "1.8", "035")
    assert ParcelPapers.objects.get(order=orders[1]).waybill == told.head["logisticsNo"]
    keys = set(OutgoingElement.objects.filter(retail_list=listed).values_list("kind", "key"))
    assert keys == {
        ("CEB311", "T-2"),
        ("CEB511", f"SF{orders[1].pk:09d}"),
        ("CEB621", listed.number),
    }


def test_the_orders_message_is_valid_as_a_file(parties: RetailParties) -> None:
    tell_parcels(now=SELLS)

    for kind in ("CEB311", "CEB511"):
        checked = check(unsqueezed(OutgoingMessage.objects.get(kind=kind).body))
        assert (list(checked.faults), list(checked.remarks)) == ([], [])


def test_what_is_missing_is_said_field_by_field_and_nothing_is_queued(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    HouseAtCustoms.objects.all().delete()
    RetailParties.objects.update(assure_code="", waybill_prefix="")

    assert tell_parcels(now=SELLS) == TellingDone(missing=2)

    missing = MissingPaper.objects.get(retail_list__order=orders[0])
    assert {(gap["kind"], gap["field"]) for gap in missing.gaps} == {
        ("CEB511", "logisticsNo"),
        ("CEB621", "logisticsNo"),
        ("CEB621", "assureCode"),
        ("CEB621", "portCode"),
        ("CEB621", "trafMode"),
    }
    assert not OutgoingMessage.objects.exists()
    assert tell_parcels(now=SELLS + timedelta(minutes=1)) == TellingDone(), "not all the time"


def test_a_list_goes_once_what_was_missing_is_there(parties: RetailParties) -> None:
    RetailParties.objects.update(ebp_code="")
    assert tell_parcels(now=SELLS) == TellingDone(missing=2)
    RetailParties.objects.update(ebp_code="3302961HZ1")

    assert tell_parcels(now=SELLS + AGAIN) == TellingDone(told=2)

    assert not MissingPaper.objects.exists()


def test_one_incomplete_parcel_does_not_hold_the_others(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    RetailOrder.objects.filter(pk=orders[0].pk).update(buyer_telephone="")

    assert tell_parcels(now=SELLS) == TellingDone(told=1, missing=1)

    assert OutgoingMessage.objects.get(kind="CEB311").count == 1
    assert MissingPaper.objects.get().retail_list.order_id == orders[0].pk


def test_a_payment_is_told_where_we_are_asked_to(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    RetailParties.objects.update(sends_payments=True)
    for number, order in enumerate(orders):
        ParcelPapers.objects.create(
            order=order, seller=order.seller, payment=f"PAY{number}", told_at=SELLS
        )

    assert tell_parcels(now=SELLS) == TellingDone(told=2)

    payment, told = written("CEB411").elements[1], written("CEB311").elements[1]
    assert payment.head["amountPaid"] == told.head["acturalPaid"] == "434.22"
    assert payment.head["payTransactionId"] == told.head["payTransactionId"] == "PAY1"
    assert payment.head["payTime"] == "20260801110000"


@pytest.mark.parametrize("change", [{"agreed_at": None}, {"is_automatic": False}])
def test_nothing_goes_by_itself_unless_both_want_it(
    parties: RetailParties, change: dict[str, object]
) -> None:
    RetailParties.objects.update(**change)

    assert tell_parcels(now=SELLS) == TellingDone()
    assert not OutgoingMessage.objects.exists()


def test_without_a_gateway_the_lists_wait_and_it_is_said(
    parties: RetailParties, tmp_path: Path
) -> None:
    parties.agent.gateways.update(is_open=False)

    assert tell_parcels(now=SELLS) == TellingDone(missing=2)

    assert MissingPaper.objects.earliest("pk").gaps == [
        {"field": "gateway", "code": "customs.no_gateway", "kind": ""}
    ]


TOLD = PartiesTold(
    ebp_code="3302961hz1",
    ebp_name="示例平台",
    ebc_code="3302961HZ2",
    ebc_name="示例电商",
    assure_code="3302961HZ2",
    logistics_code="3302961HZ3",
    logistics_name="示例快递",
    agent="IMP-D",
)


def test_a_seller_tells_its_agent_agrees_and_another_agent_has_to_agree_anew(
    anna: Company, clerk: User
) -> None:
    agent = ImporterFactory.create(code="IMP-D", customs_code="3302961HZ6")
    other = ImporterFactory.create(code="IMP-E", customs_code="")

    made = tell_parties(seller=anna, told=TOLD, now=SELLS)
    assert (made.ebp_code, made.agent, made.agreed_at) == ("3302961HZ1", agent, None)
    assert agree(parties=made, by=clerk, now=SELLS).agreed_at == SELLS
    assert tell_parties(seller=anna, told=TOLD, now=SELLS).agreed_at == SELLS

    changed = tell_parties(seller=anna, told=replace(TOLD, agent="IMP-E"), now=SELLS)
    assert (changed.agent, changed.agreed_at) == (other, None)
    with pytest.raises(AgentWithoutCode):
        agree(parties=changed, by=clerk, now=SELLS)
    assert RetailParties.objects.get().agreed_at is None


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"ebp_code": "12"}, CustomsCodeWrong),
        ({"assure_code": ""}, AssureCodeWrong),
        ({"waybill_prefix": "S-F"}, PrefixWrong),
        ({"sends_payments": True}, PayerIncomplete),
        ({"agent": "NOBODY"}, AgentUnknown),
    ],
)
def test_parties_that_cannot_be_are_refused_and_nothing_is_written(
    anna: Company, change: dict[str, str], refused: type[DomainError]
) -> None:
    ImporterFactory.create(code="IMP-D")

    with pytest.raises(refused):
        tell_parties(seller=anna, told=replace(TOLD, **change), now=SELLS)  # type: ignore[arg-type]

    assert not RetailParties.objects.exists()


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        ({"port_code": "31"}, PortCodeWrong),
        ({"traf_mode": "YY"}, TrafficModeWrong),
        ({"site_code": "a b"}, SiteCodeWrong),
        ({"item_record": "sku"}, ItemRecordUnknown),
        ({"mode": "9610"}, ModeUnknown),
        ({"mode": "1239"}, ModeNotHere),
    ],
)
def test_a_house_that_cannot_be_is_refused(
    orders: list[RetailOrder], change: dict[str, Any], refused: type[DomainError]
) -> None:
    HouseAtCustoms.objects.all().delete()
    told: dict[str, Any] = {"port_code": "3104", "traf_mode": "Y", "site_code": ""} | change

    with pytest.raises(refused):
        tell_house(
            house=BondedWarehouse.objects.get(), told_by=UserFactory.create(), now=SELLS, **told
        )

    assert not HouseAtCustoms.objects.exists()


def test_parcels_leave_in_the_mode_of_their_house(
    parties: RetailParties, orders: list[RetailOrder], settings: Any
) -> None:
    settings.BONDPOOL_1239_DISTRICTS = ("31",)
    house = BondedWarehouse.objects.get()
    told: dict[str, Any] = {"traf_mode": "Y", "site_code": "", "now": SELLS}
    person = UserFactory.create()
    for mode in ("1239", "1239", ""):
        tell_house(house=house, port_code="3104", mode=mode, told_by=person, **told)

    tell_all()

    assert {one.head["tradeMode"] for one in written("CEB621").elements} == {"1239"}
    # Told again it is the same, and what is not told stays.
    assert [(one.mode, one.told_by) for one in HouseMode.objects.all()] == [("1239", person)]


def test_the_record_number_is_what_the_houses_zone_reads(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    house = BondedWarehouse.objects.get()
    told: dict[str, Any] = {"traf_mode": "Y", "site_code": "", "now": SELLS}
    for choice in ("material", ""):
        tell_house(house=house, port_code="3104", item_record=choice, **told)

    tell_all()

    sku = orders[0].lines.get().product.sku
    (line,) = written("CEB621").elements[0].lines
    assert line["itemRecordNo"] == sku != "1"


def test_a_parcels_numbers_are_told_until_it_goes(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    first, second = orders
    tell_papers(order=first, payment="PAY-1", waybill="SF1", now=SELLS)
    for waybill, refused in (("SF1", WaybillTaken), ("S F", SerialWrong)):
        with pytest.raises(refused):
            tell_papers(order=second, payment="", waybill=waybill, now=SELLS)
    assert not ParcelPapers.objects.filter(order=second).exists()

    tell_all()

    assert written("CEB621").elements[0].head["logisticsNo"] == "SF1"
    with pytest.raises(ParcelToldAlready):
        tell_papers(order=first, payment="PAY-2", waybill="SF2", now=SELLS)
    assert ParcelPapers.objects.get(order=first).payment == "PAY-1"


def test_a_number_of_the_range_that_another_parcel_has_is_not_given_again(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    first, second = orders
    tell_papers(order=second, payment="", waybill=f"SF{first.pk:09d}", now=SELLS)

    assert tell_parcels(now=SELLS) == TellingDone(told=1, missing=1)

    assert MissingPaper.objects.get().retail_list.order_id == first.pk


def test_the_page_of_a_list_says_what_is_missing_and_whose_it_is() -> None:
    gaps = [
        {"kind": kind, "field": "assureCode", "code": "customs.ceb_text_missing"}
        for kind in ("CEB511", "CEB621")
    ]

    (told,) = in_words(gaps)

    assert (told.what, told.why) == ("Guarantor of the tax", "This field must not be empty.")
    assert told.whose == "told by the seller, on the page of who declares"
