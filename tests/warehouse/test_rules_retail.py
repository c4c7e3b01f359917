"""What a consumer's order must say; rules only, no database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import InputError
from warehouse.rules.buyers import (
    IdNumberWrong,
    NumberRounded,
    check_id_number,
    digest,
    masked,
)
from warehouse.rules.fulfilling import NotEnoughStock, Shelf, Take
from warehouse.rules.retail import (
    DiscountTooHigh,
    FieldEmpty,
    FieldTooLong,
    IncomingLine,
    IncomingOrder,
    NoLines,
    NotPrintable,
    OrderDiffers,
    Outcome,
    PlacedInTheFuture,
    PriceOutOfRange,
    ProductUnknown,
    QuantityOutOfRange,
    TelephoneWrong,
    TooManyLines,
    TooManyOrders,
    decide,
    faults,
    tidy,
)
from warehouse.rules.retail_file import (
    NotAMoment,
    NotAnAmount,
    Row,
    RowRepeated,
    RowsDisagree,
    read_amount,
    read_moment,
    read_orders,
)

NOW = datetime(2026, 8, 1, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
ORDER = IncomingOrder(
    channel="shop",
    order_number="T-1",
    placed_at=NOW - timedelta(hours=1),
    buyer_name="张三",
    buyer_id_number="360426199101010071",
    buyer_telephone="138 0000-0000",
    consignee_address="浙江省杭州市西湖区示例路 1 号",
    lines=(IncomingLine("MILK", 2, 19_900),),
)
ROW = {
    "channel": "shop",
    "order_number": "T-1",
    "placed_at": "2026-08-01 11:00",
    "buyer_name": "张三",
    "buyer_id_number": "360426199101010071",
    "buyer_telephone": "138 0000-0000",
    "consignee_address": "浙江省杭州市西湖区示例路 1 号",
    "freight": "",
    "product": "9520000000011",
    "quantity": "2",
    "unit_price": "199.00",
}
PRODUCTS = {"MILK": "MILK", "9520000000011": "MILK", "SOAP": "SOAP"}


def what_is_wrong(order: IncomingOrder) -> list[tuple[type[InputError], Mapping[str, object]]]:
    return [(type(one), one.facts) for one in faults(order, products={"MILK"}, now=NOW)]


def test_a_right_order_has_no_fault() -> None:
    assert what_is_wrong(ORDER) == []


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"channel": ""}, FieldEmpty, "channel"),
        ({"buyer_name": ""}, FieldEmpty, "buyer_name"),
        ({"consignee_address": ""}, FieldEmpty, "consignee_address"),
        ({"order_number": "9" * 61}, FieldTooLong, "order_number"),
        ({"consignee_address": "a\nb"}, NotPrintable, "consignee_address"),
        ({"order_number": "1.23457E+17"}, NumberRounded, "order_number"),
        ({"buyer_id_number": "360426199101010072"}, IdNumberWrong, "buyer_id_number"),
        ({"buyer_id_number": "3.60426E+17"}, NumberRounded, "buyer_id_number"),
        ({"buyer_telephone": "call me"}, TelephoneWrong, "buyer_telephone"),
        ({"placed_at": NOW + timedelta(seconds=1)}, PlacedInTheFuture, "placed_at"),
        ({"freight_minor": -1}, PriceOutOfRange, "freight"),
        ({"insurance_minor": 10_000_001}, PriceOutOfRange, "insurance"),
        ({"discount_minor": -1}, PriceOutOfRange, "discount"),
        ({"discount_minor": 39_801}, DiscountTooHigh, "discount"),
        ({"collected_tax_minor": -1}, PriceOutOfRange, "collected_tax"),
        ({"paid_minor": 10_000_001}, PriceOutOfRange, "paid"),
        ({"consignee_name": "李" * 101}, FieldTooLong, "consignee_name"),
        ({"consignee_telephone": "call me"}, TelephoneWrong, "consignee_telephone"),
        ({"lines": ()}, NoLines, "lines"),
        ({"lines": (IncomingLine("MILK", 1, 1),) * 51}, TooManyLines, "lines"),
        ({"lines": (IncomingLine("BEER", 1, 1),)}, ProductUnknown, "product"),
        ({"lines": (IncomingLine("MILK", 0, 1),)}, QuantityOutOfRange, "quantity"),
        ({"lines": (IncomingLine("MILK", 10_000, 1),)}, QuantityOutOfRange, "quantity"),
        ({"lines": (IncomingLine("MILK", 1, -1),)}, PriceOutOfRange, "unit_price"),
        ({"lines": (IncomingLine("MILK", 1, 10_000_001),)}, PriceOutOfRange, "unit_price"),
    ],
)
def test_each_fault_names_its_field(
    change: dict[str, object], error: type[InputError], field: str
) -> None:
    ((found, facts),) = what_is_wrong(replace(ORDER, **change))  # type: ignore[arg-type]

    assert (found, facts["field"]) == (error, field)


def test_a_voucher_may_pay_for_all_goods() -> None:
    assert what_is_wrong(replace(ORDER, discount_minor=39_800)) == []


def test_a_receiver_who_is_the_buyer_is_not_told_twice() -> None:
    same = replace(ORDER, consignee_name=" 张三", consignee_telephone="138 0000-0000 ")

    assert tidy(same) == tidy(ORDER)
    assert tidy(replace(ORDER, consignee_name="李四")).consignee_name == "李四"


@pytest.mark.parametrize(
    "number",
    [
        "",
        "36042619910101007",
        "360426199101010072",  # check digit
        "36042619911301007X",  # month 13
        "990426199101010071",  # no such region
        "３６０４２６１９９１０１０１００７１",  # full-width digits
        "36042619910101007x\n",
    ],
)
def test_an_identity_number_has_a_region_a_birthday_and_a_check_digit(number: str) -> None:
    with pytest.raises(IdNumberWrong) as refused:
        check_id_number(number)

    assert refused.value.facts == {"field": "buyer_id_number"}, "the number is personal data"


def test_stray_spaces_and_a_small_x_do_not_make_another_order() -> None:
    typed = replace(ORDER, buyer_id_number="33010619850412002x", channel=" shop ")

    assert tidy(typed) == replace(ORDER, buyer_id_number="33010619850412002X")


def shelves(on_hand: int) -> dict[str, list[Shelf]]:
    return {"MILK": [Shelf(7, 70, 1, date(2027, 1, 1), NOW, on_hand)]}


def outcomes(
    *orders: IncomingOrder, known: tuple[IncomingOrder, ...] = (), on_hand: int = 5
) -> list[Outcome]:
    found = decide(
        orders,
        known={order.key: order for order in known},
        products={"MILK"},
        shelves=shelves(on_hand),
        today=date(2026, 8, 1),
        now=NOW,
    )
    return [one.outcome for one in found]


def test_orders_are_served_in_the_order_given_each_all_or_nothing() -> None:
    big = replace(ORDER, order_number="T-2", lines=(IncomingLine("MILK", 4, 1),))
    last = replace(ORDER, order_number="T-3", lines=(IncomingLine("MILK", 3, 1),))

    decided = decide(
        [ORDER, big, last],
        known={},
        products={"MILK"},
        shelves=shelves(5),
        today=date(2026, 8, 1),
        now=NOW,
    )

    assert [one.outcome for one in decided] == ["accepted", "refused", "accepted"]
    assert decided[0].takes == ((1, Take(7, 70, 2)),)
    assert isinstance(decided[1].refusal, NotEnoughStock)
    assert decided[1].refusal.facts == {"line": 1, "product": "MILK", "wanted": 4, "available": 3}
    assert decided[2].takes == ((1, Take(7, 70, 3)),)


def test_an_order_taken_before_is_recognised_and_takes_nothing_again() -> None:
    assert outcomes(ORDER, known=(ORDER,), on_hand=0) == [Outcome.ALREADY_TAKEN]


def test_the_same_number_with_other_content_is_refused() -> None:
    other = replace(ORDER, lines=(IncomingLine("MILK", 1, 19_900),))

    (decision,) = decide(
        [other],
        known={ORDER.key: ORDER},
        products={"MILK"},
        shelves=shelves(5),
        today=date(2026, 8, 1),
        now=NOW,
    )

    assert isinstance(decision.refusal, OrderDiffers)


def test_one_that_took_the_place_of_others_is_recognised_by_what_it_sells() -> None:
    """Its seller told the minute, and its lines follow those of the others."""
    here = replace(
        ORDER,
        placed_at=ORDER.placed_at.replace(second=0),
        lines=tuple(IncomingLine("MILK", units, price) for units, price in ((2, 7), (1, 9))),
        took_place=True,
    )
    by_shop = replace(
        ORDER,
        placed_at=ORDER.placed_at.replace(second=41),
        lines=tuple(IncomingLine("MILK", 1, price) for price in (9, 7, 7)),
    )

    assert outcomes(by_shop, known=(here,), on_hand=0) == [Outcome.ALREADY_TAKEN]
    for other in (
        replace(by_shop, lines=by_shop.lines[1:]),
        replace(by_shop, lines=tuple(IncomingLine("MILK", 1, price) for price in (9, 9, 7))),
        replace(by_shop, freight_minor=by_shop.freight_minor + 1),
        replace(by_shop, buyer_telephone="13900000000"),
    ):
        assert outcomes(other, known=(here,)) == [Outcome.REFUSED]
    assert outcomes(by_shop, known=(replace(here, took_place=False),)) == [Outcome.REFUSED]


def test_an_order_that_stands_twice_in_a_batch_is_taken_once() -> None:
    assert outcomes(ORDER, ORDER) == [Outcome.ACCEPTED, Outcome.ALREADY_TAKEN]
    assert outcomes(ORDER, replace(ORDER, freight_minor=1)) == [Outcome.ACCEPTED, Outcome.REFUSED]


def test_the_digest_is_keyed_and_the_same_for_a_small_x() -> None:
    assert digest("33010619850412002x", b"key") == digest("33010619850412002X", b"key")
    assert digest("33010619850412002X", b"key") != digest("33010619850412002X", b"other")
    assert len(digest("33010619850412002X", b"key")) == 64


def test_masks_leave_enough_to_tell_two_people_apart() -> None:
    assert masked("360426199101010071", first=3, last=4) == "360***********0071"
    assert masked("张三丰", first=1, last=0) == "张**"
    assert masked("张三", first=3, last=4) == "张*"
    assert masked("", first=3, last=4) == ""


def read(*rows: dict[str, str]) -> tuple[list[IncomingOrder], list[tuple[int, str, str]]]:
    found = read_orders(
        [Row(number, row) for number, row in enumerate(rows, start=2)],
        products=PRODUCTS,
        zone=SHANGHAI,
        now=NOW,
    )
    return found.orders, [(one.row, one.field, type(one.error).__name__) for one in found.faults]


def test_a_row_becomes_an_order_by_sku_or_gtin_in_the_local_time() -> None:
    orders, wrong = read(ROW)

    assert wrong == []
    assert orders == [ORDER]


def test_a_row_tells_what_was_paid_and_who_receives_it() -> None:
    more = {
        "insurance": "1.50",
        "discount": "20",
        "collected_tax": "0",
        "paid": "379.50",
        "consignee_name": "李四",
        "consignee_telephone": "13900000000",
    }

    ((order,), wrong) = read(ROW | more)

    assert wrong == []
    assert (order.insurance_minor, order.discount_minor) == (150, 2_000)
    assert (order.collected_tax_minor, order.paid_minor) == (0, 37_950)
    assert (order.consignee_name, order.consignee_telephone) == ("李四", "13900000000")
    ((order,), wrong) = read(ROW | dict.fromkeys(more, ""))
    assert (order.collected_tax_minor, order.paid_minor, wrong) == (None, None, [])


def test_amounts_that_cannot_be_are_named_with_their_column() -> None:
    orders, wrong = read(
        ROW | {"discount": "398.01"}, ROW | {"order_number": "T-2", "paid": "CNY 5"}
    )

    assert orders == []
    assert wrong == [(2, "discount", "DiscountTooHigh"), (3, "paid", "NotAnAmount")]


def test_rows_of_one_order_are_its_lines_wherever_they_stand() -> None:
    second = ROW | {"order_number": "T-2"}
    orders, wrong = read(ROW, second, ROW | {"product": "SOAP", "quantity": "1", "unit_price": "5"})

    assert wrong == []
    assert [line.sku for line in orders[0].lines] == ["MILK", "SOAP"]
    assert [order.order_number for order in orders] == ["T-1", "T-2"]


def test_every_wrong_row_is_named_with_its_column_and_its_order_is_left_out() -> None:
    right = ROW | {"order_number": "T-9"}
    orders, wrong = read(
        ROW | {"quantity": "1.5"},
        ROW | {"quantity": "-2", "product": "SOAP"},
        ROW | {"order_number": "T-2", "product": "BEER"},
        ROW | {"order_number": "T-3", "unit_price": "1,000.00"},
        ROW | {"order_number": "T-4", "placed_at": "yesterday"},
        ROW | {"order_number": "T-5", "buyer_id_number": "1.1E+17"},
        ROW | {"order_number": "T-6", "unit_price": "-1"},
        ROW | {"order_number": "T-7", "quantity": ""},
        ROW | {"order_number": "T-8", "unit_price": "0.005"},
        right,
    )

    assert wrong == [
        (2, "quantity", "QuantityOutOfRange"),
        (3, "quantity", "QuantityOutOfRange"),
        (4, "product", "ProductUnknown"),
        (5, "unit_price", "NotAnAmount"),
        (6, "placed_at", "NotAMoment"),
        (7, "buyer_id_number", "NumberRounded"),
        (8, "unit_price", "PriceOutOfRange"),
        (9, "quantity", "FieldEmpty"),
        (10, "unit_price", "NotAnAmount"),
    ]
    assert [order.order_number for order in orders] == ["T-9"]


def test_rows_of_one_order_must_agree_on_the_buyer() -> None:
    _orders, wrong = read(ROW, ROW | {"product": "SOAP", "buyer_name": "李四"})

    assert wrong == [(3, "buyer_name", RowsDisagree.__name__)]


def test_a_row_that_stands_twice_is_refused_and_not_sold_twice() -> None:
    _orders, wrong = read(ROW, ROW)

    assert wrong == [(3, "product", RowRepeated.__name__)]


def test_a_fault_of_a_line_is_told_at_its_own_row() -> None:
    _orders, wrong = read(ROW, ROW | {"product": "SOAP", "quantity": "0"})

    assert wrong == [(3, "quantity", "QuantityOutOfRange")]


def test_more_orders_than_are_taken_at_once_are_refused_as_a_whole() -> None:
    with pytest.raises(TooManyOrders):
        read(*(ROW | {"order_number": f"T-{n}"} for n in range(1_001)))


@pytest.mark.parametrize(
    "text",
    [
        "2026-08-01 11:00",
        "2026-08-01T11:00:00",
        "2026/8/1 11:00",
        "2026-08-01T03:00:00Z",
        "2026-08-01T05:00+02:00",
    ],
)
def test_times_as_people_and_spreadsheets_write_them(text: str) -> None:
    assert read_moment(text, SHANGHAI) == datetime(2026, 8, 1, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-08-01", "2026-13-01 11:00", "11:00", "45870.5", "2026-08-01 25:00"]
)
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(NotAMoment):
        read_moment(text, SHANGHAI)


def test_amounts_are_exact_to_the_cent() -> None:
    assert read_amount("199") == 19_900
    assert read_amount("0.1") == 10
    assert read_amount("199.00") == 19_900
    for text in ("", "1e5", "1.001", "¥5", "NaN", "１"):
        with pytest.raises(NotAnAmount):
            read_amount(text)
