"""Messages as values: read, written again, printed, and put into their envelope."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from unittest.mock import ANY

import pytest
from lxml import etree

from customs.rules.ceb.envelope import (
    Envelope,
    EnvelopeInvalid,
    envelope_faults,
    open_envelope,
    write_envelope,
)
from customs.rules.ceb.fields import CharacterWrong, LengthWrong, TextMissing, TextTooLong
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import (
    Extension,
    MessageInvalid,
    as_json,
    canonical,
    faults_of,
    message_of,
    write,
)
from customs.rules.ceb.reading import read
from customs.rules.ceb.shape import ElementMissing, ElementUnknown
from tests.customs.ceb import made

ENVELOPE = Envelope(
    message_id="CEB621_T3111W000076_0001",
    sender="DXPENT0000018755",
    receivers=("DXPEDCCEB0000002",),
    created="2026-11-30T08:00:00",
    kind="CEB621Message",
    data=write(made.message("CEB621")),
    file_name="CEB621_0001.xml",
)


@pytest.mark.parametrize("code", KINDS)
def test_a_message_that_is_read_and_written_again_is_the_same(code: str) -> None:
    message = made.message(code, elements=1 if KINDS[code].most == 1 else 2, lines=3)
    data = write(message)
    again = message_of(read(data))
    assert again == message
    assert write(again) == data


def test_blanks_comments_and_prefixes_do_not_make_another_message() -> None:
    message = replace(
        made.message("CEB311", head={"note": " <&> \"'\r\n中文 ", "payCode": ""}),
        extension=Extension("own", "1", "<x>1</x>"),
        signature=made.SIGNATURE,
    )
    data = write(message)
    tree = etree.fromstring(data)
    etree.indent(tree)
    tree.insert(0, etree.Comment("from the shop"))
    spread = etree.tostring(tree, encoding="utf-8").replace(b"ceb:", b"q:")
    spread = spread.replace(b"xmlns:ceb", b"xmlns:q")
    assert spread != data
    again = message_of(read(spread))
    assert again.elements == message.elements
    assert again.elements[0].head["note"] == " <&> \"'\r\n中文 "
    assert again.elements[0].head["payCode"] == ""
    assert canonical(write(again)) == canonical(spread)


def test_a_message_is_printed_as_it_stands() -> None:
    told: Any = as_json(made.message("CEB621", head={"freight": "10.50"}))
    assert json.loads(json.dumps(told)) == told
    assert (told["message"], told["guid"], told["version"]) == ("CEB621", made.GUID, "1.0")
    (one,) = told["Inventory"]
    assert one["InventoryHead"]["freight"] == "10.50"
    assert [line["gnum"] for line in one["InventoryList"]] == ["1"]
    assert told["Signature"] == {
        "algorithm": "http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3",
        "DigestValue": "b2FtM/jHvW4fnJpMMPWk/177RwA=",
        "SignatureValue": "AAAA",
        "KeyName": "0001",
    }
    told = as_json(made.message("CEB622"))
    assert [receipt["returnStatus"] for receipt in told["InventoryReturn"]] == ["120"]


def test_nothing_is_taken_from_an_invalid_message() -> None:
    data = write(made.message("CEB622")).replace(b">120<", b"><")
    with pytest.raises(MessageInvalid) as refusal:
        message_of(read(data))
    assert refusal.value.facts == {
        "line": 2,
        "field": "CEB622/InventoryReturn[1]/returnStatus",
        "why": ANY,
        "faults": 1,
    }
    assert type(refusal.value.facts["why"]) is TextMissing


def test_values_are_held_against_the_form_before_they_are_written() -> None:
    assert faults_of(made.message("CEB621", elements=2, lines=2)) == []
    wrong = made.message(
        "CEB621", head={"guid": "A" * 35, "orderNo": None}, line={"gname": "x" * 251}
    )
    found = [(one.element, one.line, one.field, type(one.error)) for one in faults_of(wrong)]
    assert found == [
        (1, None, "guid", LengthWrong),
        (1, None, "orderNo", ElementMissing),
        (1, 1, "gname", TextTooLong),
    ]
    message = made.message("CEB311")
    assert message.transfer is not None
    extra = replace(message, transfer=dict(message.transfer) | {"colour": "red"})
    found = [(one.element, one.line, one.field, type(one.error)) for one in faults_of(extra)]
    assert found == [(0, None, "colour", ElementUnknown)]


@pytest.mark.parametrize("text", ["a\x0bb", "\ufffe", "\ud800", "\0"])
def test_a_character_that_cannot_stand_in_xml_is_a_fault(text: str) -> None:
    (fault,) = faults_of(made.message("CEB311", head={"note": text}))
    assert (fault.field, type(fault.error)) == ("note", CharacterWrong)


@pytest.mark.parametrize("xml", ['<x xmlns="">1</x>', "<x:a xmlns:x='shop'/>", "<x/>"])
@pytest.mark.parametrize("prefix", ["ceb", None])
def test_the_senders_own_document_stays_what_it_was(xml: str, prefix: str | None) -> None:
    own = Extension("a\rb", "1", xml)
    data = write(replace(made.message("CEB311"), extension=own, prefix=prefix))
    again = message_of(read(data))
    assert again.extension is not None
    assert again.extension.name == "a\rb"
    tag = etree.fromstring(data).find(".//{*}ExtendMessage/{*}Message")[0].tag  # type: ignore[index]
    twice = etree.fromstring(write(again)).find(".//{*}ExtendMessage/{*}Message")[0].tag  # type: ignore[index]
    assert twice == tag


def test_an_end_of_a_day_and_an_offset_are_times() -> None:
    for created in ("2026-11-30T24:00:00", "2026-11-30T08:00:00.5+08:00", "2026-11-30T08:00:00Z"):
        envelope = replace(ENVELOPE, created=created)
        assert open_envelope(etree.fromstring(write_envelope(envelope))) == envelope


def test_an_envelope_is_written_and_opened() -> None:
    assert open_envelope(etree.fromstring(write_envelope(ENVELOPE))) == ENVELOPE


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (' ver="1.0"', ' ver="2.0"', "DxpMsg"),
        ("<ReceiverId>DXPEDCCEB0000002</ReceiverId>", "", "DxpMsg/TransInfo/ReceiverIds"),
        (
            "<ReceiverId>DXPEDCCEB0000002</ReceiverId>",
            "<ReceiverId>A</ReceiverId>" * 6,
            "DxpMsg/TransInfo/ReceiverIds/ReceiverId[6]",
        ),
        ("DXPENT0000018755", "DXPENT00000187551", "DxpMsg/TransInfo/SenderId"),
        ("2026-11-30T08:00:00", "2026-11-30", "DxpMsg/TransInfo/CreatTime"),
        ("2026-11-30T08:00:00", "today", "DxpMsg/TransInfo/CreatTime"),
        ("2026-11-30T08:00:00", "2026-W48-1T08:00:00", "DxpMsg/TransInfo/CreatTime"),
        ("2026-11-30T08:00:00", "2026-11-30T08:00:00+0800", "DxpMsg/TransInfo/CreatTime"),
        ("2026-11-30T08:00:00", "2026-02-30T08:00:00", "DxpMsg/TransInfo/CreatTime"),
        ("CEB621_0001.xml", "", "DxpMsg/AddInfo/FileName"),
        ("CEB621_0001.xml", "x" * 256, "DxpMsg/AddInfo/FileName"),
        ("<AddInfo>", "<AddInfo><Colour/>", "DxpMsg/AddInfo/Colour"),
        ("<Data>", "<Data>?", "DxpMsg/Data"),
    ],
)
def test_a_wrong_envelope_is_named_and_not_opened(old: str, new: str, path: str) -> None:
    data = write_envelope(ENVELOPE).decode()
    assert old in data
    root = etree.fromstring(data.replace(old, new, 1).encode())
    assert [one.path for one in envelope_faults(root)] == [path]
    with pytest.raises(EnvelopeInvalid):
        open_envelope(root)


def test_an_envelope_that_nobody_would_open_is_not_written() -> None:
    with pytest.raises(EnvelopeInvalid) as refusal:
        write_envelope(replace(ENVELOPE, sender=""))
    assert refusal.value.facts["field"] == "DxpMsg/TransInfo/SenderId"
    with pytest.raises(EnvelopeInvalid):
        write_envelope(replace(ENVELOPE, sender="a\x0bb"))
