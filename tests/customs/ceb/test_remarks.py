"""What is well-formed and would still come back from customs."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from customs.rules.ceb import remarks as rules
from customs.rules.ceb.id_numbers import is_id_number
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.remarks import remarks
from tests.customs.ceb import made


def found(
    code: str,
    head: dict[str, str | None] | None = None,
    line: dict[str, str | None] | None = None,
    lines: int = 1,
) -> list[tuple[str, type[DomainError]]]:
    told = remarks(made.message(code, head=head, line=line, lines=lines))
    return [(one.path, type(one.error)) for one in told]


@pytest.mark.parametrize("code", KINDS)
def test_nothing_is_remarked_of_a_message_as_it_should_be(code: str) -> None:
    assert found(code) == []


HEAD = "CEB621/Inventory[1]/InventoryHead"
LINE = "CEB621/Inventory[1]/InventoryList[1]"


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [
        ("packNo", "2", rules.OnePackage),
        ("netWeight", "2", rules.NetAboveGross),
        ("netWeight", "0", rules.NotPositive),
        ("emsNo", None, rules.BondedIncomplete),
        ("areaCode", "", rules.BondedIncomplete),
        ("areaName", None, rules.BondedIncomplete),
        ("country", "116", rules.BondedFromAbroad),
        ("billNo", "EM190411", rules.BondedWithTransport),
        ("ieFlag", "E", rules.FlagWrong),
        ("buyerIdType", "2", rules.IdTypeUnknown),
        ("buyerName", "无", rules.SaysNothing),
        ("declTime", "20260230", rules.NotADay),
        ("appTime", "20261130250000", rules.NotADay),
        ("appTime", "2026-11-30T080", rules.NotADay),
        ("ebcCode", "３３０２Ｗ６０", rules.NotHalfWidth),
        ("emsNo", "  ", rules.BondedIncomplete),
        ("guid", made.GUID.lower(), rules.GuidNotCapital),
        ("appType", "4", rules.ValueUnknown),
        ("appStatus", "3", rules.ValueUnknown),
        ("tradeMode", "0110", rules.ValueUnknown),
        ("buyerIdNumber", "110101199003078995", rules.IdNumberWrong),
        ("buyerIdNumber", "110101199002308994", rules.IdNumberWrong),
        ("buyerIdNumber", "11010119900307899x", rules.IdNumberWrong),
        ("buyerIdNumber", "110101900307899", rules.IdNumberWrong),
        ("freight", "-0.01", rules.AmountNegative),
        ("insuredFee", "-1", rules.AmountNegative),
    ],
)
def test_the_head_of_a_list(field: str, value: str | None, rule: type[DomainError]) -> None:
    assert found("CEB621", {field: value}) == [(f"{HEAD}/{field}", rule)]


@pytest.mark.parametrize(
    ("values", "field", "rule"),
    [
        ({"itemRecordNo": None}, "itemRecordNo", rules.BondedIncomplete),
        ({"qty2": "2"}, "unit2", rules.SecondUnitIncomplete),
        ({"unit2": "007"}, "unit2", rules.SecondUnitIncomplete),
        ({"qty1": "0"}, "qty1", rules.NotPositive),
        ({"totalPrice": "199.02"}, "totalPrice", rules.LineTotalDiffers),
        ({"gname": "/"}, "gname", rules.SaysNothing),
        ({"gname": "  "}, "gname", rules.SaysNothing),
    ],
)
def test_a_line_of_a_list(
    values: dict[str, str | None], field: str, rule: type[DomainError]
) -> None:
    assert found("CEB621", line=values) == [(f"{LINE}/{field}", rule)]


def test_a_line_total_may_miss_what_rounding_takes() -> None:
    # 100.00 for three is 33.33333 each
    assert found("CEB621", line={"qty": "3", "price": "33.33333", "totalPrice": "100"}) == []
    assert found("CEB621", line={"qty": "1", "price": "0", "totalPrice": "0"}) == []


def test_two_lines_have_two_numbers() -> None:
    path = "CEB621/Inventory[1]/InventoryList[2]/gnum"
    assert found("CEB621", line={"gnum": "1"}, lines=2) == [(path, rules.LineRepeated)]
    told = remarks(made.message("CEB621", lines=2, line={"gnum": "01"}))
    assert [type(one.error) for one in told] == [rules.LineRepeated]


def test_two_elements_have_two_identifiers() -> None:
    told = remarks(made.message("CEB511", elements=2, head={"guid": made.GUID}))
    assert [(one.path, type(one.error)) for one in told] == [
        (f"CEB511/Logistics[{number}]/LogisticsHead/guid", rules.GuidRepeated) for number in (1, 2)
    ]


def test_a_list_direct_from_abroad_names_how_it_came() -> None:
    names = ("trafNo", "voyageNo", "billNo")
    assert found("CEB621", {"tradeMode": "9610"}) == [
        (f"{HEAD}/{name}", rules.DirectIncomplete) for name in names
    ]
    direct: dict[str, str | None] = {"tradeMode": "9610", "country": "116"}
    # a truck from Hong Kong has Chinese characters on its plate
    assert found("CEB621", direct | dict.fromkeys(names, "粤Z1234港")) == []


def test_what_was_paid_is_goods_freight_and_tax_without_the_discount() -> None:
    head = "CEB311/Order[1]/OrderHead"
    # 199 + 10 + 18.11 - 5
    assert found("CEB311", {"acturalPaid": "222.11"}) == []
    assert found("CEB311", {"acturalPaid": "222.12"}) == [
        (f"{head}/acturalPaid", rules.PaidDiffers)
    ]
    assert found("CEB311", {"goodsValue": "200", "acturalPaid": "223.11"}) == [
        (f"{head}/goodsValue", rules.GoodsDiffer)
    ]


def test_an_answer_below_zero_is_an_error_of_its_own_and_an_unknown_one_is_remarked() -> None:
    assert found("CEB622", {"returnStatus": "-621018"}) == []
    assert found("CEB622", {"returnStatus": "801"}) == [
        ("CEB622/InventoryReturn[1]/returnStatus", rules.StatusUnknown)
    ]


@pytest.mark.parametrize("text", ["20261330140000123", "20261130250000123"])
def test_a_time_of_an_answer_is_one_of_the_calendar(text: str) -> None:
    assert found("CEB622", {"returnTime": text}) == [
        ("CEB622/InventoryReturn[1]/returnTime", rules.NotADay)
    ]


def test_a_waybill_weighs_something_and_is_signed_for_once() -> None:
    assert found("CEB511", {"weight": "0"}) == [
        ("CEB511/Logistics[1]/LogisticsHead/weight", rules.NotPositive)
    ]
    assert found("CEB513", {"logisticsStatus": "R"}) == [
        ("CEB513/LogisticsStatus[1]/logisticsStatus", rules.FlagWrong)
    ]


@pytest.mark.parametrize(
    ("number", "is_one"),
    [
        ("110101199003078996", True),
        ("11010519491231002X", True),
        ("11010519491231002x", False),
        ("110105194912310021", False),
        ("11010519491331002X", False),
        ("1101051949123100", False),
        ("１１０１０５１９４９１２３１００２X", False),
    ],
)
def test_an_identity_number_has_a_birthday_and_a_check_digit(number: str, is_one: bool) -> None:
    assert is_id_number(number) is is_one


def test_the_number_of_a_person_is_not_told_back() -> None:
    (one,) = remarks(made.message("CEB621", head={"buyerIdNumber": "110101199003078995"}))

    assert one.error.facts == {}


@pytest.mark.parametrize(("code", "place"), [("CEB621", LINE), ("CEB625", "")])
def test_a_commodity_code_has_ten_digits(code: str, place: str) -> None:
    (told,) = found(code, line={"gcode": "19011010AB"})

    assert told[1] is rules.NotATariffCode
    assert told[0].endswith("/gcode")
    assert told[0].startswith(place)


@pytest.mark.parametrize("field", ["price", "totalPrice"])
def test_no_line_has_an_amount_below_zero(field: str) -> None:
    assert (f"{LINE}/{field}", rules.AmountNegative) in found("CEB621", line={field: "-99.5"})


def test_an_order_has_no_discount_below_zero() -> None:
    """Or what was paid could be made to fit."""
    head = "CEB311/Order[1]/OrderHead"

    assert found("CEB311", {"discount": "-5", "acturalPaid": "232.11"}) == [
        (f"{head}/discount", rules.AmountNegative)
    ]
    assert found("CEB411", {"amountPaid": "-1"}) == [
        ("CEB411/Payment[1]/PaymentHead/amountPaid", rules.AmountNegative)
    ]


def test_goods_out_of_bond_outside_the_pilot_cities_are_bonded_goods_too() -> None:
    assert found("CEB621", {"tradeMode": "1239"}) == []
    assert found("CEB621", {"tradeMode": "1239", "areaCode": None}) == [
        (f"{HEAD}/areaCode", rules.BondedIncomplete)
    ]


def test_a_parcel_is_delivered_into_the_store_once() -> None:
    twice = found("CEB711", line={"logisticsNo": "SF1000000001"}, lines=2)

    assert twice == [("CEB711/Delivery/DeliveryList[2]/logisticsNo", rules.WaybillRepeated)]
    assert found("CEB711", line={"logisticsNo": "SF1000000001"}) == []
