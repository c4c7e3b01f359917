"""Messages read from bytes: what is valid, and every fault with its line, field and rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.errors import DomainError
from customs.rules.ceb.fields import (
    LengthWrong,
    NotANumber,
    NotAWholeNumber,
    OtherValue,
    TextMissing,
    TextTooLong,
    TooManyDecimals,
    TooManyDigits,
    field_of,
)
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import write
from customs.rules.ceb.parsing import (
    LARGEST,
    DoctypeRefused,
    EncodingWrong,
    MessageTooLarge,
    XmlBroken,
)
from customs.rules.ceb.reading import MessageUnknown, read
from customs.rules.ceb.shape import (
    AttributeWrong,
    ElementMissing,
    ElementOutOfPlace,
    ElementTooOften,
    ElementUnknown,
    StrayText,
)
from customs.rules.ceb.signed import NotBase64
from customs.rules.ceb.tables import ENTITIES
from tests.customs.ceb import made


def changed(code: str, old: str, new: str) -> list[tuple[str, type[DomainError]]]:
    """The faults of a message of that kind in which ``old`` is ``new``."""
    data = write(made.message(code)).decode()
    assert old in data
    found = read(data.replace(old, new, 1).encode()).faults
    return [(fault.path, type(fault.error)) for fault in found]


@pytest.mark.parametrize("code", KINDS)
def test_every_kind_of_message_is_read(code: str) -> None:
    reading = read(write(made.message(code)))
    assert (reading.kind.code, reading.faults) == (code, [])


def test_the_tables_have_every_field_of_the_edition() -> None:
    # 348 fields are in the schema; the sender's own document in a message has no form.
    assert sum(len(fields) for fields in ENTITIES.values()) == 347


def test_a_full_message_is_valid_and_one_more_of_anything_is_not() -> None:
    assert read(write(made.message("CEB621", elements=100, lines=1))).valid
    assert read(write(made.message("CEB621", lines=99))).valid
    found = read(write(made.message("CEB621", elements=101))).faults
    assert [(one.path, type(one.error)) for one in found] == [
        ("CEB621/Inventory[101]", ElementTooOften)
    ]
    found = read(write(made.message("CEB621", lines=100))).faults
    assert [(one.path, type(one.error)) for one in found] == [
        ("CEB621/Inventory[1]/InventoryList[100]", ElementTooOften)
    ]


@pytest.mark.parametrize("length", [35, 37])
def test_an_identifier_has_36_characters(length: int) -> None:
    text = "A" * length
    assert changed("CEB622", f"<guid>{made.GUID}<", f"<guid>{text}<") == [
        ("CEB622/InventoryReturn[1]/guid", LengthWrong)
    ]
    assert changed("CEB622", f'guid="{made.GUID}"', f'guid="{text}"') == [
        ("CEB622", AttributeWrong)
    ]


@pytest.mark.parametrize(
    ("old", "new", "path", "rule"),
    [
        ("<packNo>1</packNo>", "", "LogisticsHead", ElementMissing),
        ("<packNo>1</packNo>", "<packNo/>", "LogisticsHead/packNo", NotAWholeNumber),
        ("<packNo>", "<packets>2</packets><packNo>", "LogisticsHead/packets", ElementUnknown),
        ("<packNo>1</packNo>", "<packNo>1</packNo>" * 2, "LogisticsHead/packNo", ElementTooOften),
        ("<packNo>1</packNo>", "<packNo>1<b/></packNo>", "LogisticsHead/packNo/b", ElementUnknown),
        ("<packNo>", '<packNo unit="1">', "LogisticsHead/packNo", AttributeWrong),
        ("<packNo>", "one <packNo>", "LogisticsHead", StrayText),
        ("<packNo>", "\u3000<packNo>", "LogisticsHead", StrayText),
        ("<currency>142<", "<currency>502<", "LogisticsHead/currency", OtherValue),
    ],
)
def test_what_is_against_the_form_is_named(
    old: str, new: str, path: str, rule: type[DomainError]
) -> None:
    data = write(replace(made.message("CEB511"), prefix=None)).decode()
    assert old in data
    found = read(data.replace(old, new, 1).encode()).faults
    assert [(one.path, type(one.error)) for one in found] == [(f"CEB511/Logistics[1]/{path}", rule)]


def test_a_field_in_the_wrong_place_is_told_once() -> None:
    text = "<returnStatus>120</returnStatus>"
    data = write(made.message("CEB312")).decode().replace(text, "")
    moved = data.replace("<ebpCode>", f"{text}<ebpCode>").encode()
    found = read(moved).faults
    assert [(one.path, type(one.error)) for one in found] == [
        (f"CEB312/OrderReturn[1]/{name}", ElementOutOfPlace)
        for name in ("ebpCode", "ebcCode", "orderNo")
    ]


def test_a_fault_has_the_line_of_the_file() -> None:
    data = write(made.message("CEB312")).decode().replace("><", ">\n<")
    found = read(data.replace("<returnStatus>120<", "<returnStatus><").encode()).faults
    line = data.split("\n").index("<returnStatus>120</returnStatus>") + 1
    assert [(one.line, one.path, type(one.error)) for one in found] == [
        (line, "CEB312/OrderReturn[1]/returnStatus", TextMissing)
    ]


def test_a_list_must_be_signed_and_an_order_need_not() -> None:
    assert read(write(made.message("CEB311"))).valid
    assert changed("CEB621", made.SIGNATURE, "") == [("CEB621", ElementMissing)]
    assert changed("CEB621", ">AAAA<", ">not base64!<") == [
        ("CEB621/Signature/SignatureValue", NotBase64)
    ]


def test_an_answer_names_no_transferring_company() -> None:
    assert changed("CEB622", "</CEB622Message>", "<BaseTransfer/></CEB622Message>") == [
        ("CEB622/BaseTransfer", ElementUnknown)
    ]


@pytest.mark.parametrize(
    ("notation", "text", "rule"),
    [
        ("C4", "331", LengthWrong),
        ("C4", "", LengthWrong),
        ("C1..3", "", TextMissing),
        ("C1..3", "宁波海关", TextTooLong),
        ("N19,5", "1e5", NotANumber),
        ("N19,5", "1,5", NotANumber),
        ("N19,5", "٣", NotANumber),
        ("N19,5", ".", NotANumber),
        ("N19,5", "", NotANumber),
        ("N19,5", "1.123456", TooManyDecimals),
        ("N19,5", "123456789012345.12345", TooManyDigits),
        ("int", "1.0", NotAWholeNumber),
        ("int", "2147483648", NotAWholeNumber),
        ("int", "9" * 5000, NotAWholeNumber),
        ("int9", "1234567890", TooManyDigits),
        ("=142", "CNY", OtherValue),
    ],
)
def test_what_may_not_stand_in_a_field(notation: str, text: str, rule: type[DomainError]) -> None:
    assert type(field_of("x", notation).fault(text)) is rule


@pytest.mark.parametrize(
    ("notation", "text"),
    [
        ("C4", "宁波海关"),
        ("?C0..3", ""),
        ("N19,5", " -12345678901234.12345 "),
        ("N19,5", "0000000000000000000000001.500000"),
        ("N19,5", ".5"),
        ("int", "-2147483648"),
        ("int9", "0000000000123"),
        ("=142", ""),
        ("text", "x" * 9000),
    ],
)
def test_what_may_stand_in_a_field(notation: str, text: str) -> None:
    assert field_of("x", notation).fault(text) is None


def test_a_notation_that_nobody_knows_is_no_field() -> None:
    with pytest.raises(ValueError, match="X7"):
        field_of("x", "X7")


@pytest.mark.parametrize(
    ("data", "rule", "facts"),
    [
        (b"<a/>", MessageUnknown, {"line": 1, "root": "a"}),
        (b"", XmlBroken, None),
        (b"<a>\n<b></a>", XmlBroken, None),
        ('<?xml version="1.0" encoding="GBK"?><a>中</a>'.encode(), EncodingWrong, None),
        ("<a>中</a>".encode("gbk"), EncodingWrong, {"byte": 3}),
        ("<a/>".encode("utf-16"), EncodingWrong, {"byte": 0}),
        ("<!DOCTYPE a><a/>".encode("utf-16-le"), EncodingWrong, {"byte": 1}),
        (b"\xef\xbb\xbf" * 2 + b"<!DOCTYPE a><a/>", EncodingWrong, {"byte": 0}),
        (b"<!-- x -->\n<!DOCTYPE a><a/>", DoctypeRefused, {"line": 2}),
        (b"<a>&big;</a>", XmlBroken, None),
        (b" " * (LARGEST + 1), MessageTooLarge, {"bytes": LARGEST + 1, "most": LARGEST}),
    ],
)
def test_what_is_no_message_is_refused_in_words(
    data: bytes, rule: type[DomainError], facts: dict[str, object] | None
) -> None:
    with pytest.raises(rule) as refusal:
        read(data)
    if facts is not None:
        assert refusal.value.facts == facts


def test_a_bomb_and_a_foreign_file_are_not_even_looked_at() -> None:
    levels = "".join(
        f'<!ENTITY e{level} "{f"&e{level - 1};" * 10 if level else "boom"}">' for level in range(10)
    )
    for inside in (levels, '<!ENTITY e9 SYSTEM "file:///etc/passwd">'):
        data = f'<?xml version="1.0"?><!DOCTYPE a [{inside}]><a>&e9;</a>'.encode()
        with pytest.raises(DoctypeRefused):
            read(data)


def test_a_message_with_a_byte_order_mark_and_another_prefix_is_the_same_message() -> None:
    data = write(made.message("CEB311")).decode()
    other = data.replace("ceb:", "q:").replace("xmlns:ceb", "xmlns:q")
    assert read(b"\xef\xbb\xbf" + other.encode()).valid


def test_a_message_of_another_namespace_is_another_message() -> None:
    data = write(made.message("CEB311")).replace(b"gov.cn/ceb", b"gov.cn/sas")
    with pytest.raises(MessageUnknown):
        read(data)
