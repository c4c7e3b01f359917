"""Messages as companies and the authority write them, made up here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from customs.rules.ceb.fields import Fixed, Number, Text, Whole
from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message
from customs.rules.ceb.tables import ENTITIES

GUID = "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"
#: By a card: nobody here can tell whether it holds.
SIGNATURE = (
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:SignedInfo>'
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/TR/2001/REC-xml-c14n-20010315">'
    "</ds:CanonicalizationMethod>"
    '<ds:SignatureMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm2-sm3">'
    "</ds:SignatureMethod>"
    '<ds:Reference URI=""><ds:Transforms><ds:Transform '
    'Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>'
    "</ds:Transforms>"
    '<ds:DigestMethod Algorithm="http://www.chinaport.gov.cn/2022/04/xmldsig#sm3">'
    "</ds:DigestMethod>"
    "<ds:DigestValue>b2FtM/jHvW4fnJpMMPWk/177RwA=</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    "<ds:SignatureValue>AAAA</ds:SignatureValue><ds:KeyInfo><ds:KeyName>0001</ds:KeyName>"
    "</ds:KeyInfo></ds:Signature>"
)


def id_number(at: int) -> str:
    """The identity number of somebody, for each ``at`` below a thousand another."""
    places = f"11010119900307{at:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    added = sum(int(digit) * weight for digit, weight in zip(places, weights, strict=True))
    return places + "10X98765432"[added % 11]


BUYER = id_number(899)
_KNOWN = {
    "guid": GUID,
    "appType": "1",
    "appTime": "20261130080000",
    "appStatus": "2",
    "returnTime": "20261130080000123",
    "returnStatus": "120",
    "payTime": "20261130075900",
    "logisticsTime": "20261130080000",
    "declTime": "20261130",
    "ieDate": "20261130",
    "orderType": "I",
    "ieFlag": "I",
    "buyerIdType": "1",
    "payerIdType": "1",
    "buyerIdNumber": BUYER,
    "payerIdNumber": BUYER,
    "gcode": "1901101010",
    "logisticsStatus": "S",
    "tradeMode": "1210",
    "trafMode": "W",
    "packNo": "1",
    "dxpMode": "DXP",
    "country": "142",
    "qty": "2",
    "qty1": "1.6",
    "price": "99.5",
    "totalPrice": "199",
    "goodsValue": "199",
    "freight": "10",
    "discount": "5",
    "taxTotal": "18.11",
    "acturalPaid": "222.11",
    "grossWeight": "1.9",
    "netWeight": "1.6",
    "emsNo": "T3111W000076",
    "areaCode": "3302W60001",
    "areaName": "宁波保税仓",
    "itemRecordNo": "36",
}


def values(entity: str, **given: str | None) -> dict[str, str]:
    """The required fields of an entity and those that are known here; None leaves one out."""
    out: dict[str, str] = {}
    for field in ENTITIES[entity]:
        if field.name in given:
            value = given[field.name]
        elif field.name in _KNOWN:
            value = _KNOWN[field.name]
        else:
            value = _any(field) if field.required else None
        if value is not None:
            out[field.name] = value
    return out


def whole(code: str) -> Message:
    """A message in which every field stands, also those that may be left out."""
    one = message(code)
    kind = one.kind
    filled = {
        name: {field.name: _KNOWN.get(field.name) or _any(field) for field in ENTITIES[name]}
        for name in (kind.head or kind.element, kind.lines, "BaseTransfer", "BaseSubscribe")
        if name
    }
    business = Business(
        filled[kind.head or kind.element], (filled[kind.lines],) if kind.lines else ()
    )
    if one.transfer is None:
        return replace(one, elements=(business,))
    return replace(
        one,
        elements=(business,),
        transfer=filled["BaseTransfer"],
        subscribers=(filled["BaseSubscribe"],),
    )


def _any(field: Any) -> str:
    match field:
        case Fixed():
            return field.value
        case Number():
            return "1.5"
        case Whole():
            return "1"
        case Text():
            return "3" * max(field.least, 1)
    raise AssertionError(field)


def message(
    code: str,
    *,
    elements: int = 1,
    lines: int = 1,
    head: dict[str, str | None] | None = None,
    line: dict[str, str | None] | None = None,
) -> Message:
    """A valid message of ``elements`` with ``lines`` each; ``head`` and ``line`` change fields."""
    kind = KINDS[code]
    made = []
    for number in range(1, elements + 1):
        own = {"guid": f"{number:036d}"} if elements > 1 else {}
        below = (
            tuple(
                values(kind.lines, **{"gnum": str(place)} | (line or {}))
                for place in range(1, lines + 1)
            )
            if kind.lines
            else ()
        )
        made.append(Business(values(kind.head or kind.element, **own | (head or {})), below))
    signed = kind.signature is not None
    return Message(
        kind,
        GUID,
        tuple(made),
        values("BaseTransfer") if signed else None,
        signature=SIGNATURE if kind.signature == "required" else "",
        prefix="ceb" if signed else None,
    )
