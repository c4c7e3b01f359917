"""The authority's tax beside ours, and the story of a list with both."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from accounts.models import Company, Role, User
from customs.models import (
    Gateway,
    MissingPaper,
    OutgoingElement,
    RetailList,
    TaxBill,
)
from customs.queries.billed import billed
from customs.queries.tax_bills import guaranteed
from customs.rules.ceb.messages import write
from customs.services import (
    book_due,
    match_due,
    work_effects,
)
from notices.models import Notice
from tests.customs.booked import counted, released, sold
from tests.customs.receipts.answers import answer, message, of_list, told_of_list
from tests.customs.receipts.sent_lists import (
    COMES,
    NOTHING,
    RELEASED,
    _wide,
    come,
    gateway,
    seller,
    sent,
)
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
)
from tests.factories.messages import OutgoingElementFactory, OutgoingMessageFactory
from tests.factories.warehouse import SELLS

pytestmark = pytest.mark.django_db

__all__ = ["_wide", "gateway", "seller", "sent"]


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


def test_a_seller_reads_the_story_of_its_list_and_both_taxes(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    first = sent[0]
    assert first.retail_list is not None
    come(
        gateway,
        answer(
            "CEB622",
            told_of_list(first.key, "120", "20260801121000000"),
            told_of_list(first.key, "800", RELEASED),
        ),
        a_bill("310520261I00000017", str(Decimal(first.retail_list.vat_minor) / 100 + 1)),
        of_list(sent[1].key, "-621018", invt_no=None, info="订购人超限"),
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(MembershipFactory.create(company=seller, role=Role.SELLER).user)

    page = client.get(f"/retail-lists/{first.key}/").content.decode()
    refused = client.get(f"/retail-lists/{sent[1].key}/").content.decode()
    bills = client.get("/customs/tax-bills/?differs=yes").content.decode()

    taken, released = page.index("taken in by customs"), page.index("</span> released")
    assert taken < released
    assert "T-310520261I00000017" in page
    assert "differs" in page
    assert "Above the buyer&#x27;s limit for the year" in refused
    assert "订购人超限" in refused
    assert first.key in bills
    assert "3302961HZ6" in bills
    assert "Customs' own bill by line" in page


def two_items(anna: Company, clerk: User) -> RetailList:
    """Three of her tins on one line, of which one is of the first item of the book."""
    earlier = released(anna)
    counted(earlier, clerk, units=1)
    product = earlier.lines.get().product
    counted(released(anna, "310520261000000025", product), clerk)
    book_due(now=SELLS, everything=True)
    sold(anna, 3)
    listed: RetailList = RetailList.objects.get()
    return listed


@pytest.mark.parametrize(("of_second", "first"), [("0", None), ("0.5", "#1 valueAddedTax +0.51")])
def test_a_line_of_two_items_is_compared_as_their_sum(
    gateway: Gateway, seller: Company, of_second: str, first: str | None
) -> None:
    PlatformCompanyFactory.create()
    listed = two_items(seller, UserFactory.create())
    OutgoingElementFactory.create(
        message=OutgoingMessageFactory.create(gateway=gateway, seller=seller, queued_at=SELLS),
        key=listed.number,
        retail_list=listed,
        retail_order=listed.order,
    )
    ours = Decimal(listed.vat_minor) / 100
    # Rounded by itself, each may be half a cent off.
    parts = [Decimal("30.005"), ours - 30 + Decimal("0.008") + Decimal(of_second)]
    come(gateway, of_list(listed.number, "120"), two_lines(ours, parts))

    assert TaxBill.objects.get().differs == (first is not None)
    told = Notice.objects.filter(event="tax.differs").first()
    assert (told and told.facts["first"]) == (first and f"T-1 ({first})")
    found = billed(listed)
    assert found is not None
    (line,) = found.lines
    assert (line.position, line.dutiable, line.vat.theirs) == (1, Decimal(300), sum(parts))
    assert line.differs == (first is not None)


def two_lines(vat: Decimal, parts: list[Decimal]) -> bytes:
    """A bill of the list whose number is the first, its tax in two lines."""
    made = message(
        "CEB816",
        {
            "taxNo": "T-1",
            "invtNo": "310520261I00000017",
            "valueAddedTax": str(vat),
            "customsTax": "0",
            "consumptionTax": "0",
            "status": "1",
            "returnTime": RELEASED,
        },
        lines=2,
        gcode="1901101010",
        taxPrice="150",
        customsTax="0",
        consumptionTax="0",
    )
    (one,) = made.elements
    lines = tuple(
        {**line, "valueAddedTax": str(part)} for line, part in zip(one.lines, parts, strict=True)
    )
    return write(replace(made, elements=(replace(one, lines=lines),)))


def test_the_api_tells_customs_bill_by_line_beside_ours_and_what_holds_a_list_back(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    first, second = (one.retail_list for one in sent[:2])
    assert first is not None
    assert second is not None
    come(
        gateway,
        of_list(sent[0].key, "120"),
        a_bill("310520261I00000017", "37.00", line="36.99"),
    )
    MissingPaper.objects.create(
        retail_list=second,
        seller=seller,
        gaps=[{"kind": "CEB511", "field": "logisticsNo", "code": "customs.ceb_text_missing"}],
        found_at=COMES,
        again_at=COMES,
    )
    client = Client(headers={"accept-language": "en"})
    client.force_login(
        MembershipFactory.create(company=seller, role=Role.SELLER, is_admin=True).user
    )

    told = client.get(f"/api/v1/retail-lists/{first.number}").json()
    held = client.get(f"/api/v1/retail-lists/{second.number}").json()
    page = client.get(f"/retail-lists/{second.number}/").content.decode()

    ours = first.lines.get().vat_minor
    (line,) = told["bill"]["lines"]
    assert Decimal(told["bill"]["total"]) == Decimal("37.00")
    assert (Decimal(line["vat"]["theirs"]), Decimal(line["vat"]["ours"]) * 100) == (
        *(Decimal("36.99"), ours),
    )
    assert (told["missing"], held["bill"]) == ([], None)
    assert held["missing"] == [
        {
            "what": "Waybill",
            "why": "This field must not be empty.",
            "told_by": "told by the seller, on the page of the parcel",
            "message": "CEB511",
            "field": "logisticsNo",
            "rule": "customs.ceb_text_missing",
            "line": None,
        }
    ]
    assert f'href="/customs/parcels/{second.order.number}/"' in page
