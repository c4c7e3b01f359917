"""What follows from receipts: released, withdrawn, told, taxed; each once, beside people's acts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from accounts.models import Company, Role, User
from catalog.models import Product
from core.walls import platform_wide
from customs.models import (
    BookReceipt,
    Gateway,
    MessageKind,
    OutgoingElement,
    Receipt,
    ReceiptMatch,
    ReceiptWay,
    RetailList,
    RetailRelease,
    RetailVoid,
    TaxBill,
)
from customs.queries.tax_bills import guaranteed
from customs.rules.releasing import RetailListReleased
from customs.services import (
    cancel_order,
    draw_retail_lists,
    match_due,
    release_lists,
    take_in,
    work_effects,
)
from customs.services.effects import try_again
from notices.models import Notice
from tests.customs import zone
from tests.customs.receipts.answers import answer, of_list, told_of_list
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory, a_lodged
from tests.factories.messages import (
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)
from tests.factories.warehouse import ID_NUMBERS, SELLS, an_incoming_order, received_stock
from warehouse.services import accept_orders

pytestmark = pytest.mark.django_db

DRAWS = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
COMES = DRAWS + timedelta(hours=2)
#: 13:00 in China, an hour after the lists were drawn.

RELEASED = "20260801130000000"
NOTHING = Decimal(0)


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create(code="ningbo")


@pytest.fixture
def seller() -> Company:
    seller: Company = SellerFactory.create()
    MembershipFactory.create(company=seller, role=Role.SELLER)
    return seller


@pytest.fixture
def sent(seller: Company, gateway: Gateway) -> list[OutgoingElement]:
    """Two lists of the seller, drawn and sent."""
    TariffRateFactory.create()
    milk: Product = ProductFactory.create(sku="MILK")
    received_stock({seller: 20}, product=milk)
    accept_orders(
        seller=seller,
        orders=[
            replace(an_incoming_order("MILK", 2, number=f"T-{n}"), buyer_id_number=ID_NUMBERS[1])
            for n in range(2)
        ],
        now=SELLS,
    )
    draw_retail_lists(now=DRAWS)
    message = OutgoingMessageFactory.create(gateway=gateway, seller=seller, queued_at=DRAWS)
    return [
        OutgoingElementFactory.create(
            message=message,
            position=place,
            key=one.number,
            retail_list=one,
            retail_order=one.order,
        )
        for place, one in enumerate(RetailList.objects.order_by("pk"), 1)
    ]


def come(gateway: Gateway, *files: bytes) -> None:
    """Each file comes twice, and the work is done twice."""
    for _again in range(2):
        for at, data in enumerate(files):
            take_in(
                data=data,
                name=f"{at}.xml",
                way=ReceiptWay.API,
                company=gateway.company,
                now=COMES,
            )
            match_due(now=COMES)
            work_effects(now=COMES)


def effects() -> list[tuple[str, str, str]]:
    return sorted(ReceiptMatch.objects.values_list("receipt__status", "effect", "refusal"))


def test_a_released_list_lets_its_goods_be_picked_once(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    first, second = sent

    come(
        gateway,
        answer("CEB622", told_of_list(first.key, "800", RELEASED), told_of_list(second.key, "3")),
        of_list(first.key, "899", "20260801140000000"),
    )

    release = RetailRelease.objects.get()
    assert (release.retail_list, release.reference) == (first.retail_list, "310520261I00000017")
    assert (release.released_at, release.recorded_by) == (DRAWS + timedelta(hours=1), None)
    assert effects() == [("3", "none", ""), ("800", "done", ""), ("899", "done", "")]
    assert Notice.objects.filter(event="retail.released").count() == 1


def test_a_person_and_a_receipt_may_release_the_same_list_in_any_order(
    gateway: Gateway, sent: list[OutgoingElement], clerk: User
) -> None:
    by_hand, by_receipt = sent
    record = partial(
        release_lists, reference="paper", released_at=COMES, recorded_by=clerk, now=COMES
    )
    record(numbers=[by_hand.key])

    come(gateway, of_list(by_hand.key, "800", RELEASED), of_list(by_receipt.key, "800", RELEASED))

    assert sorted(RetailRelease.objects.values_list("reference", flat=True)) == [
        *("310520261I00000017", "paper")
    ]
    with pytest.raises(RetailListReleased):
        record(numbers=[by_receipt.key])
    assert RetailRelease.objects.count() == 2
    assert [effect for _status, effect, _why in effects()] == ["done", "done"]


def test_clocks_that_differ_keep_no_list_back(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    early, late = sent

    come(
        gateway,
        of_list(early.key, "800", "20260801115959000"),
        of_list(late.key, "800", "20260801150000000"),
    )

    assert sorted(RetailRelease.objects.values_list("released_at", flat=True)) == [DRAWS, COMES]


def test_a_release_of_a_void_list_is_kept_with_its_reason_and_the_others_go_on(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    void, good = sent
    assert void.retail_list is not None
    cancel_order(order=void.retail_list.order, by=None, now=COMES)

    come(
        gateway,
        answer(
            "CEB622",
            told_of_list(void.key, "800", RELEASED),
            told_of_list(good.key, "800", RELEASED),
        ),
    )

    assert list(RetailRelease.objects.values_list("retail_list__number", flat=True)) == [good.key]
    assert effects() == [
        ("800", "done", ""),
        ("800", "refused", "customs.retail_list_voided"),
    ]
    refused = ReceiptMatch.objects.get(effect="refused")
    assert refused.facts == {"list": void.key}
    assert (try_again(match=refused), work_effects(now=COMES)) == (True, 0)
    assert try_again(match=ReceiptMatch.objects.get(effect="done")) is False
    assert effects()[1] == ("800", "refused", "customs.retail_list_voided")


def test_a_list_that_comes_back_is_told_to_its_seller_and_its_sender_once(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    MembershipFactory.create(company=gateway.company, role=Role.IMPORTER)

    come(gateway, of_list(sent[0].key, "-621018", invt_no=None), of_list(sent[1].key, "120"))

    told = {one.event: one for one in Notice.objects.filter(event__endswith="sent_back")}
    assert told["retail.sent_back"].facts == {"lists": 1}
    assert told["retail.sent_back"].company_id == seller.pk
    assert told["customs.sent_back"].facts == {
        "messages": 1,
        "first": f"CEB621 {sent[0].key}: -621018",
    }
    assert Notice.objects.filter(event__endswith="sent_back").count() == 2
    assert not RetailRelease.objects.exists()


def test_a_refusal_behind_a_release_is_no_news(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    come(gateway, of_list(sent[0].key, "800", RELEASED), of_list(sent[0].key, "-621005"))
    assert not Notice.objects.filter(event__endswith="sent_back").exists()
    assert effects() == [("-621005", "none", ""), ("800", "done", "")]


def test_a_withdrawal_that_is_approved_takes_the_order_back_once(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    message = OutgoingMessageFactory.create(
        gateway=gateway, seller=seller, kind=MessageKind.WITHDRAWAL, queued_at=DRAWS
    )
    for place, one in enumerate(sent, 1):
        OutgoingElementFactory.create(
            message=message, position=place, key=one.key, retail_list=one.retail_list
        )
    assert sent[0].retail_list is not None
    cancel_order(order=sent[0].retail_list.order, by=None, now=COMES)

    told = [{"copNo": one.key, "returnStatus": "399", "returnTime": RELEASED} for one in sent]
    come(gateway, *(answer("CEB624", one) for one in told))

    assert RetailVoid.objects.count() == 2
    assert [effect for _status, effect, _why in effects()] == ["done", "none"]


def a_bill(
    list_number: str, vat: str, *, status: str = "1", at: str = RELEASED, line: str | None = None
) -> bytes:
    head: dict[str, str | None] = {
        "taxNo": f"T-{list_number}",
        "invtNo": list_number,
        "assureCode": "3302961HZ6",
        "customsTax": "0",
        "consumptionTax": "0",
        "valueAddedTax": vat,
        "status": status,
        "returnTime": at,
    }
    taxes = {"taxPrice": "50", "customsTax": "0", "consumptionTax": "0"}
    return answer("CEB816", head, lines=1, valueAddedTax=line or vat, **taxes)


def test_a_bill_beside_ours_and_what_differs_is_told(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    platform = PlatformCompanyFactory.create()
    MembershipFactory.create(company=platform, role=Role.OPERATOR)
    listed = [one.retail_list for one in sent]
    assert listed[0] is not None
    assert listed[1] is not None
    ours = [Decimal(one.vat_minor) / 100 for one in listed if one]
    numbers = [f"310520261I0000000{n}" for n in range(2)]

    come(
        gateway,
        a_bill(numbers[0], str(ours[0] + Decimal("0.01"))),
        a_bill(numbers[1], str(ours[1] + Decimal("0.011"))),
        *(
            of_list(one.key, "800", RELEASED, invt_no=number)
            for one, number in zip(sent, numbers, strict=True)
        ),
    )
    # Both bills came before the numbers by which they name their lists.
    match_due(now=COMES)
    work_effects(now=COMES)

    bills = TaxBill.objects.order_by("number")
    assert list(bills.values_list("retail_list", "differs")) == [
        *((listed[0].pk, False), (listed[1].pk, True))
    ]
    assert bills[1].difference == Decimal("0.011")
    told = {one.event: one.facts for one in Notice.objects.filter(event__contains="differs")}
    assert told == {
        "tax.differs": {"bills": 1, "first": f"T-{numbers[1]} (+0.01)"},
        "retail.tax_differs": {"bills": 1},
    }


def test_a_line_that_differs_while_the_whole_agrees_is_a_difference(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    assert sent[0].retail_list is not None
    vat = str(Decimal(sent[0].retail_list.vat_minor) / 100)
    come(
        gateway,
        of_list(sent[0].key, "120"),
        a_bill("310520261I00000017", vat, line="1"),
    )
    bill = TaxBill.objects.get()
    assert (bill.differs, bill.difference) == (True, NOTHING)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_the_status_of_a_bill_is_the_highest_and_counts_for_its_guarantor(
    gateway: Gateway, sent: list[OutgoingElement], order: tuple[int, ...]
) -> None:
    assert sent[0].retail_list is not None
    number = "310520261I00000017"
    vat = str(Decimal(sent[0].retail_list.vat_minor) / 100)
    summed = {"taxNo": f"T-{number}", "invtNo": number, "status": "2"}
    files = [
        a_bill(number, vat),
        answer("CEB818", summed | {"returnTime": "20260805120000000"}),
        of_list(sent[0].key, "800", RELEASED),
    ]

    come(gateway, *(files[at] for at in order))
    match_due(now=COMES)
    work_effects(now=COMES)

    bill = TaxBill.objects.get()
    assert (bill.status, bill.differs) == ("2", False)
    (row,) = guaranteed()
    assert (row.assure_code, row.made, row.summed, row.void) == (
        *("3302961HZ6", NOTHING, Decimal(vat), NOTHING),
    )
    come(gateway, answer("CEB818", summed | {"status": "3", "returnTime": "20260806120000000"}))
    (row,) = guaranteed()
    assert (row.made, row.summed, row.void) == (NOTHING, NOTHING, Decimal(vat))


def test_an_approved_import_list_is_announced_to_the_book_once(gateway: Gateway) -> None:
    declared = a_lodged()
    message = OutgoingMessageFactory.create(gateway=gateway, kind=MessageKind.BONDED_LIST)
    OutgoingElementFactory.create(message=message, key="A1", declaration=declared)
    client = (
        b"<CommonResponeMessage><SeqNo>202600000069440319</SeqNo><EtpsPreentNo>A1</EtpsPreentNo>"
        b"<CheckInfo>ok</CheckInfo><DealFlag>0</DealFlag></CommonResponeMessage>"
    )

    come(gateway, zone.answer("INV201", zone.RESULT), client)
    match_due(now=COMES)
    work_effects(now=COMES)

    assert set(Receipt.objects.values_list("state", flat=True)) == {"matched"}
    assert list(BookReceipt.objects.values_list("kind", "document")) == [
        ("inv201_in", declared.our_reference)
    ]
    element = OutgoingElement.objects.get(key="A1")
    assert (element.pre_number, element.their_number) == (
        *("202600000069440319", "QD311126I000067486"),
    )
