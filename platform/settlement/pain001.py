"""Credit transfers as an ISO 20022 pain.001.001.09 file.

Values in, bytes out: no database, no clock. The official schema lets through amounts with
too many decimals, amounts of zero, addresses without a town and mixed control sums, so
:func:`check` holds what the banks' guides ask for beyond it. Addresses are structured, with
town and country in their own elements, as all cross-border networks demand since
2026-11-14.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from lxml import etree
from stdnum import bic, iban

from core.errors import InputError
from core.money import Money

NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"
#: What a free text of remittance information may hold.
REMITTANCE_LIMIT = 140
#: ChrgBr: each side bears the charges of its own bank.
SHARED_CHARGES = "SHAR"


class PaymentNotSendable(InputError):
    """A payment cannot be sent as it stands; a field is missing or not as the bank wants it."""

    code = "settlement.payment_not_sendable"


@dataclass(frozen=True, slots=True)
class Address:
    """Structured: ``country`` is ISO 3166 alpha-2; street and postcode may be empty."""

    town: str
    country: str
    street: str = ""
    postcode: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """A name and where it is; ``account`` an IBAN or a national number at the bank ``bic``."""

    name: str
    address: Address
    account: str
    bic: str


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a transfer pays: the supplier's own number."""

    number: str
    written_on: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment; its identifiers were fixed before the file is made."""

    end_to_end_id: str
    uetr: UUID
    amount: Money
    creditor: Party
    invoices: tuple[Invoice, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Payments of one debtor account, in its currency, on one day (``PmtInf``)."""

    debtor: Party
    currency: str
    value_date: date
    transfers: tuple[Transfer, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One file (``GrpHdr`` and its blocks); ``made_at`` is aware."""

    message_id: str
    made_at: datetime
    initiator: str
    blocks: tuple[Block, ...]


_REFERENCE = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
_IBAN_LOOK = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
_COUNTRY = re.compile(r"[A-Z]{2}")
_NOT_LATIN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# Letters that do not come apart into a base letter and a mark.
_LETTERS = str.maketrans(
    {"ß": "ss", "Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "Œ": "OE", "œ": "oe", "Ł": "L", "ł": "l"}
    | {"Đ": "D", "đ": "d", "Þ": "Th", "þ": "th", "ð": "d", "&": "+", "–": "-", "—": "-", "’": "'"}
    | {"_": "-", ";": ",", "@": "(at)", "#": " ", "·": " "}
)
# Towns whose parties write their own address in Chinese; the networks carry Latin letters only.
_TOWNS = {
    "宁波": "Ningbo",
    "杭州": "Hangzhou",
    "上海": "Shanghai",
    "广州": "Guangzhou",
    "深圳": "Shenzhen",
    "郑州": "Zhengzhou",
    "重庆": "Chongqing",
    "天津": "Tianjin",
    "青岛": "Qingdao",
    "北京": "Beijing",
    "厦门": "Xiamen",
    "福州": "Fuzhou",
    "苏州": "Suzhou",
    "南京": "Nanjing",
    "大连": "Dalian",
    "成都": "Chengdu",
    "武汉": "Wuhan",
    "西安": "Xi'an",
    "长沙": "Changsha",
    "海口": "Haikou",
    "义乌": "Yiwu",
    "珠海": "Zhuhai",
    "东莞": "Dongguan",
    "香港": "Hong Kong",
}


def latin(text: str) -> str:
    """In the character set that payment networks carry; what has no such letter is dropped."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join(_NOT_LATIN.sub(" ", bare).split())


def town(text: str) -> str:
    """A town in Latin letters; empty when it has none."""
    return _TOWNS.get(text.strip().removesuffix("市")) or latin(text)


def check(message: Message) -> None:
    """What would come back from the bank. Raises PaymentNotSendable, naming the field."""
    if not _REFERENCE.fullmatch(message.message_id):
        raise PaymentNotSendable(field="MsgId", value=message.message_id)
    if not latin(message.initiator):
        raise PaymentNotSendable(field="InitgPty/Nm", value=message.initiator)
    if not message.blocks:
        raise PaymentNotSendable(field="PmtInf", value="none")
    accounts: set[tuple[str, str, date]] = set()
    for block in message.blocks:
        key = (block.debtor.account, block.currency, block.value_date)
        if key in accounts:
            raise PaymentNotSendable(
                field="PmtInf", value="the same account, currency and day twice"
            )
        accounts.add(key)
        _check_block(block, message.made_at.date())
    transfers = [t for block in message.blocks for t in block.transfers]
    _once("EndToEndId", (t.end_to_end_id for t in transfers))
    _once("UETR", (str(t.uetr) for t in transfers))
    _once("invoice", ((t.creditor.account, i.number) for t in transfers for i in t.invoices))


def write(message: Message) -> bytes:
    """The file, UTF-8. Raises PaymentNotSendable (see :func:`check`)."""
    check(message)
    document = etree.Element(f"{{{NAMESPACE}}}Document", nsmap={None: NAMESPACE})  # type: ignore[dict-item]
    root = _under(document, "CstmrCdtTrfInitn")
    every = [t for block in message.blocks for t in block.transfers]
    header = _under(root, "GrpHdr")
    _under(header, "MsgId", message.message_id)
    _under(header, "CreDtTm", message.made_at.isoformat(timespec="seconds"))
    _under(header, "NbOfTxs", str(len(every)))
    # Across currencies this is a bare sum of figures; that is what the standard asks for.
    _under(header, "CtrlSum", _sum(every))
    _under(_under(header, "InitgPty"), "Nm", latin(message.initiator)[:140])
    for position, block in enumerate(message.blocks, start=1):
        _block(root, f"{message.message_id}-{position}", block)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _check_block(block: Block, made_on: date) -> None:
    _check_party("Dbtr", block.debtor)
    if not block.transfers:
        raise PaymentNotSendable(field="CdtTrfTxInf", value="none")
    if block.value_date < made_on or block.value_date.isoweekday() > 5:
        raise PaymentNotSendable(field="ReqdExctnDt", value=block.value_date)
    for transfer in block.transfers:
        told = {"payment": transfer.end_to_end_id}
        if not _REFERENCE.fullmatch(transfer.end_to_end_id):
            raise PaymentNotSendable(field="EndToEndId", **told)
        if transfer.uetr.version != 4:
            raise PaymentNotSendable(field="UETR", value=transfer.uetr, **told)
        if transfer.amount.currency != block.currency:
            raise PaymentNotSendable(field="InstdAmt/Ccy", value=transfer.amount.currency, **told)
        if transfer.amount.minor <= 0:
            raise PaymentNotSendable(field="InstdAmt", value=transfer.amount.amount, **told)
        paid = sum(invoice.amount.minor for invoice in transfer.invoices)
        if any(i.amount.currency != block.currency for i in transfer.invoices):
            raise PaymentNotSendable(field="RmtInf/Ccy", **told)
        if paid != transfer.amount.minor:
            raise PaymentNotSendable(field="RmtInf", value="invoices do not sum", **told)
        for invoice in transfer.invoices:
            if not 0 < len(latin(invoice.number)) <= 35:
                raise PaymentNotSendable(field="RmtInf/Nb", value=invoice.number, **told)
        _check_party("Cdtr", transfer.creditor, **told)


def _check_party(role: str, party: Party, **told: object) -> None:
    told["party"] = party.name
    if not latin(party.name):
        raise PaymentNotSendable(field=f"{role}/Nm", **told)
    if not 0 < len(town(party.address.town)) <= 35:
        raise PaymentNotSendable(field=f"{role}/PstlAdr/TwnNm", value=party.address.town, **told)
    if not _COUNTRY.fullmatch(party.address.country):
        raise PaymentNotSendable(field=f"{role}/PstlAdr/Ctry", value=party.address.country, **told)
    if not bic.is_valid(party.bic):
        raise PaymentNotSendable(field=f"{role}Agt/BICFI", value=party.bic, **told)
    account = _compact(party.account)
    if _IBAN_LOOK.fullmatch(account) and not iban.is_valid(account):
        raise PaymentNotSendable(field=f"{role}Acct/IBAN", value=party.account, **told)
    if not re.fullmatch(r"[A-Z0-9\-]{1,34}", account):
        raise PaymentNotSendable(field=f"{role}Acct/Id", value=party.account, **told)


def _once(field: str, values: Iterable[object]) -> None:
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise PaymentNotSendable(field=field, value=value, reason="twice in one file")
        seen.add(value)


def _block(root: etree._Element, number: str, block: Block) -> None:
    info = _under(root, "PmtInf")
    _under(info, "PmtInfId", number)
    _under(info, "PmtMtd", "TRF")
    _under(info, "BtchBookg", "false")
    _under(info, "NbOfTxs", str(len(block.transfers)))
    _under(info, "CtrlSum", _sum(block.transfers))
    _under(_under(_under(info, "PmtTpInf"), "CtgyPurp"), "Cd", "SUPP")
    _under(_under(info, "ReqdExctnDt"), "Dt", block.value_date.isoformat())
    _party(info, "Dbtr", block.debtor)
    # Without its currency a multi-currency account may be debited in another one.
    _account(info, "DbtrAcct", block.debtor.account, block.currency)
    _agent(info, "DbtrAgt", block.debtor.bic)
    _under(info, "ChrgBr", SHARED_CHARGES)
    for transfer in block.transfers:
        _transfer(info, transfer)


def _transfer(info: etree._Element, transfer: Transfer) -> None:
    tx = _under(info, "CdtTrfTxInf")
    ids = _under(tx, "PmtId")
    _under(ids, "InstrId", transfer.end_to_end_id)
    _under(ids, "EndToEndId", transfer.end_to_end_id)
    _under(ids, "UETR", str(transfer.uetr))
    _amount(_under(tx, "Amt"), "InstdAmt", transfer.amount)
    _agent(tx, "CdtrAgt", transfer.creditor.bic)
    _party(tx, "Cdtr", transfer.creditor)
    _account(tx, "CdtrAcct", transfer.creditor.account, "")
    _under(_under(tx, "Purp"), "Cd", "GDDS")
    _remittance(_under(tx, "RmtInf"), transfer.invoices)


def _remittance(parent: etree._Element, invoices: Sequence[Invoice]) -> None:
    # Banks pass on one free text; where the numbers do not fit, each is told structured.
    text = "INV " + ", ".join(latin(i.number) for i in invoices)
    if len(text) <= REMITTANCE_LIMIT:
        _under(parent, "Ustrd", text)
        return
    for invoice in invoices:
        told = _under(parent, "Strd")
        document = _under(told, "RfrdDocInf")
        _under(_under(_under(document, "Tp"), "CdOrPrtry"), "Cd", "CINV")
        _under(document, "Nb", latin(invoice.number))
        _under(document, "RltdDt", invoice.written_on.isoformat())
        _amount(_under(told, "RfrdDocAmt"), "RmtdAmt", invoice.amount)


def _party(parent: etree._Element, tag: str, party: Party) -> None:
    element = _under(parent, tag)
    _under(element, "Nm", latin(party.name)[:140])
    address = _under(element, "PstlAdr")
    # A street without a word of Latin letters tells a bank abroad nothing.
    street = latin(party.address.street)[:70]
    if re.search(r"[A-Za-z]{2}", street):
        _under(address, "StrtNm", street)
    if postcode := latin(party.address.postcode)[:16]:
        _under(address, "PstCd", postcode)
    _under(address, "TwnNm", town(party.address.town))
    _under(address, "Ctry", party.address.country)


def _account(parent: etree._Element, tag: str, number: str, currency: str) -> None:
    element = _under(parent, tag)
    compact = _compact(number)
    identity = _under(element, "Id")
    if iban.is_valid(compact):
        _under(identity, "IBAN", compact)
    else:
        _under(_under(identity, "Othr"), "Id", compact)
    if currency:
        _under(element, "Ccy", currency)


def _agent(parent: etree._Element, tag: str, code: str) -> None:
    _under(_under(_under(parent, tag), "FinInstnId"), "BICFI", bic.compact(code))


def _amount(parent: etree._Element, tag: str, amount: Money) -> None:
    _under(parent, tag, f"{amount.amount:f}").set("Ccy", amount.currency)


def _sum(transfers: Iterable[Transfer]) -> str:
    return f"{sum((t.amount.amount for t in transfers), Decimal(0)):f}"


def _compact(account: str) -> str:
    return re.sub(r"\s", "", account).upper()


def _under(parent: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    element.text = text
    return element
