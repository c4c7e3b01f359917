"""What a consumer paid is told as it was paid; what does not add up is said, and nothing goes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection

from accounts.models import Company, User
from catalog.models import Product
from customs.gap_words import in_words
from customs.models import MissingPaper, OutgoingMessage, ParcelPapers, RetailList, RetailParties
from customs.rules import retail_messages as made
from customs.rules.ceb.agreeing import disagreements
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message
from customs.rules.ceb.remarks import remarks
from customs.rules.parties import ParcelToldAlready
from customs.rules.retail_messages import Buyer, Parcel, Sent
from customs.rules.retail_tax import Parcel as TaxedParcel
from customs.rules.retail_tax import ParcelLine, Rates, dutiable_values
from customs.services import book_due, draw_retail_lists
from customs.services.parties import tell_papers
from customs.services.queueing import guid
from customs.services.telling_parcels import AGAIN, TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, counted, released, wide
from tests.customs.test_telling_parcels import tell_all, written
from tests.customs.ways import a_gateway, gateways
from tests.factories.messages import (
    HOUSE,
    PARTIES,
    SENDS,
    RetailPartiesFactory,
    a_parcel,
    at_customs,
)
from tests.factories.warehouse import SELLS, an_incoming_order
from warehouse.models import BondedWarehouse, RetailOrder
from warehouse.rules.retail import IncomingOrder, PriceOutOfRange
from warehouse.services import accept_orders

__all__ = ["anna", "clerk", "gateways", "wide"]

#: Two tins at 199.00, freight 12.00, insurance 3.00, a voucher of 20.00, tax 37.31.
PAID = replace(a_parcel(), insurance=300, discount=2_000)


def _told(parcel: Parcel) -> dict[str, Business]:
    sent = Sent(guid(), SENDS)
    return {
        "order": made.order(parcel, PARTIES, sent),
        "payment": made.payment(parcel, PARTIES, sent),
        "waybill": made.waybill(parcel, PARTIES, sent),
        "retail_list": made.retail_list(parcel, PARTIES, HOUSE, sent),
    }


def _remarks(parcel: Parcel) -> list[tuple[str, str]]:
    message = Message(KINDS["CEB311"], "", (_told(parcel)["order"],))
    return [(one.path.rpartition("/")[2], one.error.code) for one in remarks(message)]


def test_a_voucher_stays_in_the_price_and_insurance_has_its_fields() -> None:
    told = _told(PAID)
    order, payment = told["order"].head, told["payment"].head

    assert order["goodsValue"] == "398.00"
    assert order["freight"] == "15.00", "all that is not in the price"
    assert (order["discount"], order["taxTotal"]) == ("20.00", "37.31")
    assert order["acturalPaid"] == payment["amountPaid"] == "430.31"
    for kind in ("waybill", "retail_list"):
        head = told[kind].head
        assert (head["freight"], head["insuredFee"]) == ("12.00", "3.00")
    assert _remarks(PAID) == []
    assert disagreements(**told) == []


def test_what_is_told_as_paid_is_told_and_may_not_add_up() -> None:
    parcel = replace(PAID, told_paid=43_000)
    told = _told(parcel)

    assert told["order"].head["acturalPaid"] == told["payment"].head["amountPaid"] == "430.00"
    assert _remarks(parcel) == [("acturalPaid", "customs.ceb_paid_differs")]


def test_another_receiver_stands_on_order_and_waybill_and_not_on_the_list() -> None:
    buyer = replace(PAID.buyer, consignee="韩梅梅", consignee_telephone="13900000000")
    told = _told(replace(PAID, buyer=buyer))

    for kind in ("order", "waybill"):
        head = told[kind].head
        assert (head["consignee"], head["consigneeTelephone"]) == ("韩梅梅", "13900000000")
    assert told["order"].head["buyerName"] == told["retail_list"].head["buyerName"] == "李雷"
    assert disagreements(**told) == []
    assert Buyer("李雷", "1", "138", "x", consignee="韩梅梅").receiver == ("韩梅梅", "138")


def test_freight_and_insurance_are_dutiable_and_a_voucher_takes_nothing_off() -> None:
    rates = Rates(Decimal(0), Decimal("0.13"))
    lines = (ParcelLine(1, 10_000, "1", rates), ParcelLine(1, 20_000, "2", rates))

    assert dutiable_values(TaxedParcel(lines, freight=1_000, insurance=500)) == [10_500, 21_000]


@pytest.fixture
def parties(anna: Company, clerk: User) -> RetailParties:
    declaration = released(anna)
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    at_customs(BondedWarehouse.objects.get())
    made_of: RetailParties = RetailPartiesFactory.create(seller=anna, sends_payments=True)
    a_gateway(company=made_of.agent)
    return made_of


def _ordered(seller: Company, **more: object) -> RetailOrder:
    """Two tins at 199.00 with freight 12.00, insurance 3.00 and a voucher of 20.00: dutiable are
    413.00, and 37.58 of tax is due on it."""
    told: IncomingOrder = replace(
        an_incoming_order(Product.objects.get().sku, 2),
        freight_minor=1_200,
        insurance_minor=300,
        discount_minor=2_000,
        **more,  # type: ignore[arg-type]
    )
    (result,) = accept_orders(seller=seller, orders=[told], now=SELLS)
    assert result.refusal is None
    draw_retail_lists(now=SELLS)
    order = RetailOrder.objects.get()
    ParcelPapers.objects.create(order=order, seller=seller, payment="PAY1", told_at=SELLS)
    return order


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_insurance_is_taxed_and_nothing_told_is_worked_out(parties: RetailParties) -> None:
    _ordered(parties.seller)

    tell_all()

    listed = RetailList.objects.get()
    assert (listed.dutiable_minor, listed.tax_minor) == (41_300, 3_758)
    order = written("CEB311").elements[0].head
    assert (order["taxTotal"], order["acturalPaid"]) == ("37.58", "430.58")
    assert written("CEB411").elements[0].head["amountPaid"] == "430.58"


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_what_the_shop_collected_and_was_paid_is_told_as_it_was(parties: RetailParties) -> None:
    """The shop took no tax: 398.00 + 15.00 - 20.00."""
    _ordered(parties.seller, collected_tax_minor=0, paid_minor=39_300)

    tell_all()

    order = written("CEB311").elements[0].head
    assert (order["taxTotal"], order["acturalPaid"]) == ("0.00", "393.00")
    assert RetailList.objects.get().tax_minor == 3_758, "due all the same"


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_a_payment_that_does_not_add_up_waits_says_by_how_much_and_goes_once_it_is_mended(
    parties: RetailParties,
) -> None:
    order = _ordered(parties.seller, paid_minor=43_000)

    assert tell_parcels(now=SELLS) == TellingDone(missing=1)

    (gap,) = MissingPaper.objects.get().gaps
    assert gap == {
        "field": "acturalPaid",
        "code": "customs.ceb_paid_differs",
        "kind": "CEB311",
        "amounts": {"value": "430.00", "wanted": "430.58"},
    }
    (words,) = in_words([gap])
    assert words.what == "Paid in all"
    assert words.why == (
        "What was paid must be goods + freight + tax - discount. "
        "Told are CNY 430.00, worked out are CNY 430.58: -0.58."
    )
    assert not OutgoingMessage.objects.exists()

    with pytest.raises(PriceOutOfRange):
        tell_papers(order=order, payment="PAY1", waybill="", paid_minor=-1, now=SELLS)
    order.refresh_from_db()
    assert order.paid_minor == 43_000
    tell_papers(order=order, payment="PAY1", waybill="", paid_minor=43_058, now=SELLS)

    assert tell_parcels(now=SELLS + AGAIN) == TellingDone(told=1)
    assert written("CEB411").elements[0].head["amountPaid"] == "430.58"
    with pytest.raises(ParcelToldAlready):
        tell_papers(order=order, payment="PAY1", waybill="", paid_minor=1, now=SELLS)
    order.refresh_from_db()
    assert order.paid_minor == 43_058


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_another_receiver_is_kept_encrypted_and_told(parties: RetailParties) -> None:
    order = _ordered(parties.seller, consignee_name="韩梅梅", consignee_telephone="13900000000")

    assert order.consignee_name == "韩梅梅"
    with connection.cursor() as cursor:
        cursor.execute("SELECT consignee_name, consignee_telephone FROM warehouse_retailorder")
        assert all(told.startswith("gAAAA") for told in cursor.fetchone())
    tell_all()
    waybill = written("CEB511").elements[0].head
    assert (waybill["consignee"], waybill["consigneeTelephone"]) == ("韩梅梅", "13900000000")
