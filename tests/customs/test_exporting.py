"""Released parcels leave the zone under export lists, each once; the book takes them off once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from pytest_django.fixtures import Settings

from accounts.models import Company, User
from catalog.models import Product
from core.errors import DomainError
from customs.models import (
    BookReceipt,
    ExportGoods,
    ExportList,
    ExportParcel,
    HouseAtCustoms,
    OutgoingElement,
    RetailList,
    RetailParties,
    TruckPass,
)
from customs.rules import exporting as rules
from customs.rules.passing import Truck, TruckWrong
from customs.rules.sas.documents import read
from customs.rules.sending import unsqueezed
from customs.rules.zone import NoGateway, ZoneDataMissing
from customs.services import (
    book_due,
    cancel_order,
    gather_anew,
    gather_daily,
    gather_exports,
    queue_out_pass,
    release_lists,
)
from customs.simulator.answering import client_took, of_zone
from notices.models import Notice
from tests.customs.booked import agree, anna, clerk, columns, counted, handed_over, released, wide
from tests.customs.receipts.sent_lists import come
from tests.customs.test_telling_parcels import orders, parties, tell_all, written
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import ImporterFactory
from tests.factories.messages import OutgoingElementFactory, OutgoingMessageFactory
from tests.factories.warehouse import SELLS
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse, Lot, Reservation, RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

LATER = SELLS + timedelta(hours=3)
TRUCK = Truck("浙B00001", 13_000_000)
NUMBER = "QD310526E000000017"


@pytest.fixture
def lists(parties: RetailParties, orders: list[RetailOrder], clerk: User) -> list[RetailList]:
    """Lists of one and of two tins: numbered and released by customs, and announced to the book."""
    tell_all()
    found = list(RetailList.objects.order_by("pk"))
    for place, one in enumerate(found, 1):
        element = OutgoingElement.objects.get(retail_list=one, kind="CEB621")
        OutgoingElement.objects.filter(pk=element.pk).update(their_number=f"310520261I{place:08d}")
    release(found, clerk)
    book_due(now=SELLS, everything=True)
    return found


def release(found: Sequence[RetailList], clerk: User) -> None:
    numbers = [one.number for one in found]
    release_lists(numbers=numbers, released_at=SELLS, recorded_by=clerk, now=SELLS)


@pytest.fixture
def importer(parties: RetailParties) -> Company:
    return parties.agent


def gathered(importer: Company, clerk: User | None = None) -> ExportList:
    (made,) = gather_exports(importer=importer, by=clerk, now=LATER)
    return made


def posted(made: ExportList, *, kind: str = "INV211") -> bytes:
    """What the zone says of it."""
    listed = {
        "bondInvtNo": NUMBER,
        "invtPreentNo": "202600000000000017",
        "putrecNo": "T3105W000001",
        "etpsInnerInvtNo": made.number,
        "impexpMarkcd": "E",
        "supvModecd": "1210",
    }
    result = {
        "etpsPreentNo": "202600000000000017",
        "businessId": NUMBER,
        "manageResult": "1",
        "manageDate": "2026-08-01 15:00:00",
    }
    row = {
        "bwsNo": "T3105W000001",
        "gdsSeqno": "1",
        "gdsMtno": "MILK",
        "gdecd": "1901101010",
        "gdsNm": "奶粉",
        "dclUnitcd": "122",
        "lawfUnitcd": "035",
        "invtNo": NUMBER,
    }
    parts = {
        "INV201": [("HdeApprResult", result), ("BondInvtBsc", listed)],
        "INV211": [("BondInvtBsc", listed), ("BwsDt", row)],
    }[kind]
    return of_zone(kind, parts, at=LATER.timestamp())


def test_a_list_has_the_prices_of_its_retail_lists_before_discounts(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    """A voucher is money's worth: customs taxed the goods at their prices."""
    RetailOrder.objects.update(discount_minor=500)

    document = read(unsqueezed(gathered(importer, clerk).element.message.body)).document

    told = [line for one in written("CEB621").elements for line in one.lines]
    prices = sum((Decimal(str(line["totalPrice"])) for line in told), Decimal(0))
    assert [Decimal(one["DclTotalAmt"]) for one in document.parts["InvtListType"]] == [prices]


def refuse(made: ExportList) -> None:
    come(made.element.message.gateway, client_took(made.number, "", deal="1", info="电子账册不符"))
    made.element.refresh_from_db()


def test_released_parcels_leave_under_one_list_of_their_house_and_book(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)

    document = read(unsqueezed(made.element.message.body))
    assert document.valid
    head = document.document.one("InvtHeadType")
    assert (head["InvtType"], head["ImpexpMarkcd"], head["DclcusFlag"]) == ("8", "E", "2")
    assert (head["EtpsInnerInvtNo"], head["PutrecNo"]) == (made.number, "T3105W000001")
    assert (head["StshipTrsarvNatcd"], head["TrspModecd"], head["ImpexpPortcd"]) == (
        *("142", "Y", "3104"),
    )
    assert [one["CbecBillNo"] for one in document.document.parts["InvtCbecBill"]] == [
        "310520261I00000001",
        "310520261I00000002",
    ]
    (line,) = document.document.parts["InvtListType"]
    assert (line["PutrecSeqno"], line["DclQty"], line["DclTotalAmt"]) == ("1", "3", "597")
    assert (line["LawfQty"], line["LawfUnitcd"], line["GrossWt"]) == ("2.7", "035", "3.3")
    assert (made.parcels, made.gathered_by) == (2, clerk)
    assert ExportGoods.objects.get().quantity == 3


def test_each_parcel_leaves_once(lists: list[RetailList], importer: Company, clerk: User) -> None:
    made = gathered(importer, clerk)
    before = all_rows()

    with pytest.raises(rules.NothingToExport):
        gather_exports(importer=importer, by=clerk, now=LATER)

    assert all_rows() == before
    with pytest.raises(IntegrityError), transaction.atomic():
        ExportParcel.objects.create(
            export_list=made,
            importer=importer,
            retail_list=lists[0],
            customs_number="310520261I00000001",
        )


def test_what_is_void_or_not_released_or_not_numbered_stays(
    parties: RetailParties, orders: list[RetailOrder], importer: Company, clerk: User
) -> None:
    tell_all()
    first, second = RetailList.objects.order_by("pk")
    OutgoingElement.objects.filter(kind="CEB621").update(their_number="310520261I00000009")
    book_due(now=SELLS, everything=True)
    with pytest.raises(rules.NothingToExport):
        gather_exports(importer=importer, by=clerk, now=LATER)
    release([first, second], clerk)
    cancel_order(order=orders[0], by=clerk, now=SELLS)

    made = gathered(importer, clerk)

    assert [one.retail_list_id for one in made.lines.all()] == [second.pk]


def test_a_parcel_of_goods_of_two_books_stays_and_holds_nobody_back(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    BondedWarehouse.objects.update(ledger_number="T3105W000002")
    declaration = released(lists[0].seller, number="310520261000000018")
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    reserved = Reservation.objects.get(line__order=lists[0].order_id)
    holding = reserved.holding
    holding.pk, holding.lot = None, Lot.objects.latest("pk")
    holding.save()
    reserved.pk, reserved.holding = None, holding
    reserved.save()

    made = gathered(importer, clerk)

    assert [one.retail_list_id for one in made.lines.all()] == [lists[1].pk]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda: HouseAtCustoms.objects.all().delete(), ZoneDataMissing),
        (lambda: RetailParties.objects.get().agent.gateways.update(is_open=False), NoGateway),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    lists: list[RetailList],
    importer: Company,
    clerk: User,
    change: object,
    refusal: type[DomainError],
) -> None:
    assert callable(change)
    change()
    before = all_rows()

    with pytest.raises(refusal):
        gather_exports(importer=importer, by=clerk, now=LATER)

    assert all_rows() == before


def test_the_book_takes_goods_off_once_whoever_says_so_first(
    lists: list[RetailList], orders: list[RetailOrder], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    assert columns() == (0, 3, 60, 0)
    handed_over_again(orders[0])
    book_due(now=LATER, everything=True)
    assert columns() == (0, 2, 60, 1)

    come(made.element.message.gateway, posted(made, kind="INV201"), posted(made))
    book_due(now=LATER, everything=True)
    book_due(now=LATER, everything=True)

    assert columns() == (0, 0, 60, 3)
    handed_over_again(orders[1])
    book_due(now=LATER, everything=True)
    assert columns() == (0, 0, 60, 3)
    out = BookReceipt.objects.filter(kind="inv211_out").order_by("document")
    assert [one.document for one in out] == [one.number for one in lists]
    agree()
    made.element.refresh_from_db()
    assert (made.element.their_number, made.element.standing.outcome) == (NUMBER, "done")
    assert not Notice.objects.filter(event="posting.differs").exists()


def handed_over_again(order: RetailOrder) -> None:
    handed_over(order, None)  # type: ignore[arg-type]


def test_after_a_refusal_the_parcels_are_gathered_anew_on_another_list(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    with pytest.raises(rules.ExportListCounts):
        gather_anew(listed=made, by=clerk, now=LATER)
    refuse(made)

    (again,) = gather_anew(listed=made, by=clerk, now=LATER)

    assert again.number != made.number
    assert again.parcels == 2
    assert {one.freed_at for one in made.lines.all()} == {LATER}
    with pytest.raises(rules.ExportListCounts):
        gather_anew(listed=made, by=clerk, now=LATER)


def test_a_list_is_cut_where_it_has_too_many_parcels(
    lists: list[RetailList], importer: Company, settings: Settings
) -> None:
    settings.BONDPOOL_EXPORT_PARCELS = 1

    made = gather_exports(importer=importer, by=None, now=LATER)

    assert [one.parcels for one in made] == [1, 1]
    assert [one.element.key for one in made] == [one.number for one in made]


def test_lists_are_made_by_themselves_once_a_day_from_the_hour_that_is_set(
    lists: list[RetailList], settings: Settings
) -> None:
    assert gather_daily(now=LATER) == 0
    settings.BONDPOOL_EXPORT_HOUR = 23
    assert gather_daily(now=LATER) == 0
    settings.BONDPOOL_EXPORT_HOUR = 10

    assert gather_daily(now=LATER) == 1
    assert gather_daily(now=LATER) == 0

    assert ExportList.objects.get().gathered_by is None


def test_what_goes_wrong_for_one_importer_does_not_stop_the_others(
    lists: list[RetailList], importer: Company, settings: Settings
) -> None:
    settings.BONDPOOL_EXPORT_HOUR = 10
    gateway = a_gateway(company=ImporterFactory.create(customs_code="3105260777"))
    one = RetailList.objects.get(order__lines__quantity=1)
    told = OutgoingElement.objects.get(retail_list=one, kind="CEB621")
    OutgoingElementFactory.create(
        message=OutgoingMessageFactory.create(gateway=gateway, company=gateway.company),
        kind="CEB621",
        retail_list=one,
        turn=2,
        again=told,
        their_number="310520261I00000009",
    )
    # Two such tins weigh more than the database counts.
    Product.objects.update(net_weight_g=2**31 - 1, gross_weight_g=2**31 - 1)

    assert gather_daily(now=LATER) == 1

    assert ExportList.objects.get().importer == gateway.company
    notice = Notice.objects.get(event="exports.held")
    assert (notice.company, notice.facts) == (importer, {"reason": "customs.exports_failed"})
    assert gather_daily(now=LATER) == 0


def test_one_truck_takes_a_list_out_once_it_has_its_number(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    refused(made, clerk, rules.PassNeedsExportList)
    refused(made, clerk, TruckWrong, truck=Truck("浙B00001", 0))
    OutgoingElement.objects.filter(pk=made.element_id).update(their_number=NUMBER)

    found = queue_out_pass(listed=made, truck=TRUCK, by=clerk, now=LATER)

    document = read(unsqueezed(found.element.message.body))
    assert document.valid
    head = document.document.one("PassportHead")
    assert (head["PassportTypecd"], head["IoTypecd"], head["RltNo"]) == ("3", "E", NUMBER)
    assert (head["TotalGrossWt"], head["TotalWt"]) == ("3.3", "13003.3")
    assert (found.packages, found.declaration) == (2, None)
    refused(made, clerk, rules.PassUnderWay)
    come(
        found.element.message.gateway, client_took(found.element.key, "", deal="1", info="车牌有误")
    )
    again = queue_out_pass(listed=made, truck=TRUCK, by=clerk, now=LATER)
    assert again.element.key == f"{made.number}-P2"
    assert TruckPass.objects.count() == 2


def refused(
    made: ExportList, clerk: User, refusal: type[DomainError], *, truck: Truck = TRUCK
) -> None:
    before = all_rows()
    with pytest.raises(refusal):
        queue_out_pass(listed=made, truck=truck, by=clerk, now=LATER)
    assert all_rows() == before


def test_an_item_that_the_list_has_not_is_told(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    answered_with = posted(made).replace(b"<gdsSeqno>1<", b"<gdsSeqno>9<")

    come(made.element.message.gateway, answered_with)

    told = Notice.objects.filter(event="postings.differ").first()
    assert told is not None
    assert told.facts["list"] == made.number
