"""Order, payment, waybill and list of one parcel say the same, or the list comes back."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from customs.rules.ceb import agreeing as rules
from customs.rules.ceb.agreeing import disagreements
from customs.rules.ceb.messages import Business
from tests.customs.ceb.made import message

Changes = dict[str, str | None]


def one(code: str, head: Changes | None = None, line: Changes | None = None) -> Business:
    same: Changes = {"amountPaid": "222.11"} if code == "CEB411" else {}
    goods: Changes = {"itemName": "奶粉", "unit": "122"}
    lines = goods | (line or {}) if code in ("CEB311", "CEB621") else None
    return message(code, head=same | (head or {}), line=lines).elements[0]


def found(**changed: Business) -> list[tuple[str, type[DomainError]]]:
    parts = {
        "order": one("CEB311"),
        "payment": one("CEB411"),
        "waybill": one("CEB511"),
        "retail_list": one("CEB621"),
    }
    return [(told.path, type(told.error)) for told in disagreements(**(parts | changed))]


def test_four_messages_of_one_parcel_agree() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("part", "code", "field", "rule"),
    [
        ("payment", "CEB411", "orderNo", rules.PartiesDiffer),
        ("payment", "CEB411", "ebpCode", rules.PartiesDiffer),
        ("payment", "CEB411", "amountPaid", rules.PaymentDiffers),
        ("waybill", "CEB511", "logisticsNo", rules.PartiesDiffer),
        ("waybill", "CEB511", "orderNo", rules.PartiesDiffer),
        ("waybill", "CEB511", "consignee", rules.ConsigneeDiffers),
        ("waybill", "CEB511", "consigneeAddress", rules.ConsigneeDiffers),
        ("waybill", "CEB511", "consigneeTelephone", rules.ConsigneeDiffers),
        ("retail_list", "CEB621", "ebcName", rules.PartiesDiffer),
        ("retail_list", "CEB621", "buyerName", rules.BuyerDiffers),
        ("retail_list", "CEB621", "buyerIdNumber", rules.BuyerDiffers),
    ],
)
def test_each_difference_of_the_heads_is_found_alone(
    part: str, code: str, field: str, rule: type[DomainError]
) -> None:
    assert found(**{part: one(code, {field: "9"})}) == [(f"{code}/{field}", rule)]


@pytest.mark.parametrize("field", ["itemName", "unit", "qty", "price", "totalPrice"])
def test_a_line_of_the_list_names_the_goods_of_the_order(field: str) -> None:
    assert found(retail_list=one("CEB621", line={field: "999"})) == [
        (f"CEB621/InventoryList[1]/{field}", rules.GoodsOfLineDiffer)
    ]


def test_figures_are_compared_as_numbers_and_a_sold_name_may_be_left_out() -> None:
    assert found(retail_list=one("CEB621", line={"qty": "2.00000", "itemName": None})) == []


def test_a_list_with_a_line_more_is_found() -> None:
    longer = message("CEB621", lines=2).elements[0]

    assert found(retail_list=longer) == [("CEB621/InventoryList", rules.LinesDiffer)]


def test_a_buyers_own_words_are_told_to_nobody() -> None:
    (told,) = disagreements(
        order=one("CEB311"), retail_list=one("CEB621", {"buyerIdNumber": "11010119900307803X"})
    )

    assert told.error.facts == {"field": "buyerIdNumber"}


def test_payment_and_waybill_may_be_sent_by_others() -> None:
    assert disagreements(order=one("CEB311"), retail_list=one("CEB621")) == []
