"""The payment file by itself: what is written, and what is refused before it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from lxml import etree

from core.money import Money
from settlement import pain001
from settlement.pain001 import Address, Block, Invoice, Message, Party, PaymentNotSendable, Transfer

SCHEMA = Path(__file__).resolve().parents[3] / "shared/data/iso20022/pain.001.001.09.xsd"
NS = {"p": pain001.NAMESPACE}

DEBTOR = Party(
    "Example Import Export Ltd",
    Address("宁波市", "CN", "Baoshui Road 1", "315800"),
    "33010100100200300",
    "BKCHCNBJ92A",
)
SUPPLIER = Party(
    "Müller & Söhne Bäckerei GmbH",
    Address("Köln", "DE", "Große Straße 5", "50667"),
    "DE89 3704 0044 0532 0130 00",
    "COBADEFFXXX",
)
JAPANESE = Party("Example Seika K.K.", Address("Osaka", "JP"), "1234567", "BOTKJPJTXXX")


def _transfer(number: int, amount: Money, creditor: Party, invoices: int = 1) -> Transfer:
    parts = amount.shared([1] * invoices)
    return Transfer(
        f"SB-2026-{number:06d}",
        UUID(int=(number << 80) | (4 << 76) | (8 << 60) | number),
        amount,
        creditor,
        tuple(
            Invoice(f"RE-{number}-{n:04d}", date(2026, 8, 3), part)
            for n, part in enumerate(parts, start=1)
        ),
    )


EURO = Block(
    DEBTOR, "EUR", date(2026, 11, 3), (_transfer(1, Money(15_000_001, "EUR"), SUPPLIER, 2),)
)
YEN = Block(DEBTOR, "JPY", date(2026, 11, 3), (_transfer(2, Money(90_000, "JPY"), JAPANESE, 14),))
FILE = Message("PAY-2026-000001", datetime(2026, 10, 30, 4, tzinfo=UTC), DEBTOR.name, (EURO, YEN))


@pytest.fixture(scope="module")
def root() -> etree._Element:
    return etree.fromstring(pain001.write(FILE))


def _texts(root: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in root.iterfind(path, NS)]


def assert_valid(content: bytes) -> None:
    if not SCHEMA.is_file():
        pytest.skip("the official schema lies beside the checkout; it is not there")
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    schema.assertValid(etree.fromstring(content))


def test_the_file_is_valid_by_the_official_schema() -> None:
    assert_valid(pain001.write(FILE))


def test_amounts_have_the_decimals_of_their_currency(root: etree._Element) -> None:
    amounts = root.findall(".//p:InstdAmt", NS)

    assert [(a.text, a.get("Ccy")) for a in amounts] == [("150000.01", "EUR"), ("90000", "JPY")]


def test_one_block_per_account_currency_and_day_with_its_own_sums(root: etree._Element) -> None:
    assert _texts(root, ".//p:PmtInfId") == ["PAY-2026-000001-1", "PAY-2026-000001-2"]
    assert _texts(root, ".//p:CtrlSum") == ["240000.01", "150000.01", "90000"]
    assert _texts(root, ".//p:NbOfTxs") == ["2", "1", "1"]
    assert _texts(root, ".//p:DbtrAcct/p:Ccy") == ["EUR", "JPY"]
    assert _texts(root, ".//p:ReqdExctnDt/p:Dt") == ["2026-11-03", "2026-11-03"]
    assert _texts(root, ".//p:ChrgBr") == ["SHAR", "SHAR"]


def test_addresses_are_structured_and_in_latin_letters(root: etree._Element) -> None:
    address = root.find(".//p:Cdtr/p:PstlAdr", NS)

    assert address is not None
    assert [(etree.QName(e).localname, e.text) for e in address] == [
        ("StrtNm", "Grosse Strasse 5"),
        ("PstCd", "50667"),
        ("TwnNm", "Koln"),
        ("Ctry", "DE"),
    ]
    assert _texts(root, ".//p:Cdtr/p:Nm")[0] == "Muller + Sohne Backerei GmbH"
    assert _texts(root, ".//p:Dbtr/p:PstlAdr/p:TwnNm") == ["Ningbo", "Ningbo"]
    assert _texts(root, ".//p:AdrLine") == []


def test_an_iban_goes_as_one_and_a_national_number_does_not(root: etree._Element) -> None:
    assert _texts(root, ".//p:CdtrAcct/p:Id/p:IBAN") == ["DE89370400440532013000"]
    assert _texts(root, ".//p:CdtrAcct/p:Id/p:Othr/p:Id") == ["1234567"]


def test_every_invoice_is_named_in_short_or_structured(root: etree._Element) -> None:
    assert _texts(root, ".//p:Ustrd") == ["INV RE-1-0001, RE-1-0002"]
    # Fourteen numbers do not fit in 140 characters.
    assert len(_texts(root, ".//p:Strd/p:RfrdDocInf/p:Nb")) == 14
    assert sum(int(a) for a in _texts(root, ".//p:RmtdAmt")) == 90_000


def test_the_same_message_makes_the_same_bytes() -> None:
    assert pain001.write(FILE) == pain001.write(FILE)


def _with_transfer(**change: object) -> Message:
    transfer = replace(EURO.transfers[0], **change)  # type: ignore[arg-type]
    return replace(FILE, blocks=(replace(EURO, transfers=(transfer,)),))


def _with_creditor(**change: object) -> Message:
    return _with_transfer(creditor=replace(SUPPLIER, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (_with_transfer(amount=Money(0, "EUR"), invoices=()), "InstdAmt"),
        (_with_transfer(amount=Money(-1, "EUR")), "InstdAmt"),
        (_with_transfer(amount=Money(15_000_001, "USD")), "InstdAmt/Ccy"),
        (_with_transfer(amount=Money(15_000_002, "EUR")), "RmtInf"),
        (_with_transfer(end_to_end_id="a//b"), "EndToEndId"),
        (_with_transfer(end_to_end_id="X" * 36), "EndToEndId"),
        (_with_transfer(uetr=UUID(int=1)), "UETR"),
        (_with_creditor(name="株式会社"), "Cdtr/Nm"),
        (_with_creditor(address=Address("", "DE")), "Cdtr/PstlAdr/TwnNm"),
        (_with_creditor(address=Address("北屯", "CN")), "Cdtr/PstlAdr/TwnNm"),
        (_with_creditor(address=Address("Koln", "DEU")), "Cdtr/PstlAdr/Ctry"),
        (_with_creditor(bic="COBADEF"), "CdtrAgt/BICFI"),
        (_with_creditor(account="DE89370400440532013001"), "CdtrAcct/IBAN"),
        (_with_creditor(account=""), "CdtrAcct/Id"),
        (replace(FILE, blocks=()), "PmtInf"),
        (replace(FILE, blocks=(EURO, EURO)), "PmtInf"),
        (replace(FILE, blocks=(replace(EURO, transfers=EURO.transfers * 2),)), "EndToEndId"),
        (replace(FILE, blocks=(replace(EURO, value_date=date(2026, 11, 1)),)), "ReqdExctnDt"),
        (replace(FILE, blocks=(replace(EURO, value_date=date(2026, 10, 29)),)), "ReqdExctnDt"),
        (replace(FILE, message_id="/PAY"), "MsgId"),
    ],
)
def test_what_a_bank_would_send_back_is_not_written(message: Message, field: str) -> None:
    with pytest.raises(PaymentNotSendable) as refusal:
        pain001.write(message)

    assert refusal.value.facts["field"] == field


def test_an_invoice_is_not_paid_twice_in_one_file() -> None:
    twin = replace(EURO.transfers[0], end_to_end_id="SB-2026-000009", uetr=YEN.transfers[0].uetr)

    with pytest.raises(PaymentNotSendable) as refusal:
        pain001.write(replace(FILE, blocks=(replace(EURO, transfers=(EURO.transfers[0], twin)),)))

    assert refusal.value.facts["field"] == "invoice"
