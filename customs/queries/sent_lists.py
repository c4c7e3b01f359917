"""The bonded list that customs has of a declaration, as its message says it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.timezone import get_default_timezone

from core.money import exponent
from customs.models import Declaration, OutgoingElement
from customs.queries.reference import old_codes
from customs.queries.zone import is_refused
from customs.rules.sas.documents import Values, read
from customs.rules.sending import unsqueezed
from customs.rules.sent_list import SentLine, SentList


def sent_list(declaration: Declaration, element: OutgoingElement | None) -> SentList | None:
    """``element`` is the newest that was told of it. None while customs has none of it, and once
    its message was emptied after its time."""
    if element is None or is_refused(element) or not element.message.body:
        return None
    document = read(unsqueezed(element.message.body)).document
    head, lines = document.one("InvtHeadType"), document.parts["InvtListType"]
    day = declaration.drafted_at.astimezone(get_default_timezone()).date()
    country = _by_old_code("country", day)
    currency = _by_old_code("currency", day)
    told = lines[0]["DclCurrcd"] if lines else ""
    # What customs amended since stands on the form; its list is of the version before.
    is_same = element.declaration_id == declaration.pk
    return SentList(
        ledger=head["PutrecNo"],
        district=head["DclPlcCuscd"],
        departure=country.get(head["StshipTrsarvNatcd"], head["StshipTrsarvNatcd"]),
        currency=currency.get(told, told),
        lines=tuple(
            SentLine(
                sku=one["GdsMtno"],
                hs_code=one["Gdecd"] if is_same else "",
                origin=country.get(one["Natcd"], one["Natcd"]) if is_same else "",
                quantity=int(Decimal(one["DclQty"])),
                total=_minor(one, currency.get(told, "CNY")),
                net_weight=_grams(one["NetWt"]),
                gross_weight=_grams(one["GrossWt"]),
            )
            for one in lines
        ),
    )


def _by_old_code(table: str, day: date) -> dict[str, str]:
    return {old: code for code, old in old_codes(table, day, None).items()}


def _minor(line: Values, currency: str) -> int:
    return int(Decimal(line["DclTotalAmt"]).scaleb(exponent(currency)))


def _grams(kilograms: str) -> int:
    return int(Decimal(kilograms).scaleb(3))
