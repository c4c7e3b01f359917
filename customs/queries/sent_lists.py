"""The bonded list that customs has of a declaration, as its message says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from decimal import Decimal

from core.money import exponent
from customs.models import Declaration
from customs.queries.reference import old_codes
from customs.queries.stating import stated_on
from customs.queries.zone_lists import ListAtZone, content_of
from customs.rules.articles import MATERIAL_ROOM, material_number
from customs.rules.sas.documents import Values
from customs.rules.sent_list import SentLine, SentList
from customs.rules.zone_lists import REMOVED
from warehouse.days import day_of


def sent_list(declaration: Declaration, listed: ListAtZone | None) -> SentList | None:
    """``listed`` is the newest that was told of it: what customs took of it last counts. None while
    customs has none of it, and once its message was emptied after its time."""
    told = None if listed is None else listed.in_force
    document = None if told is None else content_of(told)
    if document is None:
        return None
    head, lines = document.one("InvtHeadType"), document.parts["InvtListType"]
    day = day_of(declaration.drafted_at)
    names = _Names("country", day)
    currencies = _Names("currency", day)
    currency = lines[0]["DclCurrcd"] if lines else ""
    origins = {
        f"{place}": origin for place, origin in declaration.lines.values_list("position", "origin")
    }
    departure = stated_on(declaration, day).departure.country
    articles = _articles(declaration, {one["GdsMtno"] for one in lines})
    return SentList(
        ledger=head["PutrecNo"],
        district=head["DclPlcCuscd"],
        departure=names.of(head["StshipTrsarvNatcd"], departure),
        currency=currencies.of(currency, declaration.currency),
        lines=tuple(
            SentLine(
                sku=articles.get(one["GdsMtno"], one["GdsMtno"]),
                hs_code=one["Gdecd"],
                name=one["GdsNm"],
                specification=one["GdsSpcfModelDesc"],
                origin=names.of(one["Natcd"], origins.get(one["GdsSeqno"], "")),
                quantity=int(Decimal(one["DclQty"])),
                total=_minor(one, currencies.of(currency, declaration.currency)),
                net_weight=_grams(one["NetWt"]),
                gross_weight=_grams(one["GrossWt"]),
            )
            for one in lines
            if one["ModfMarkcd"] != REMOVED
        ),
        kind=head["InvtType"],
        form=head["DecType"],
    )


def _articles(declaration: Declaration, told: Collection[str]) -> dict[str, str]:
    """By the number that was told of them: products whose SKU had no room in it."""
    if all(len(one) < MATERIAL_ROOM for one in told):
        return {}
    skus = declaration.lines.values_list("product__sku", flat=True)
    return {material_number(sku): sku for sku in skus}


class _Names:
    """ISO codes by customs' older ones, of which some belong to several: then the one that is
    expected, if it is among them."""

    def __init__(self, table: str, day: date) -> None:
        self._found: dict[str, list[str]] = defaultdict(list)
        for code, old in sorted(old_codes(table, day, None).items()):
            self._found[old].append(code)

    def of(self, old: str, expected: str) -> str:
        """``old`` itself where no table knows it."""
        found = self._found.get(old, [old])
        return expected if expected in found else found[0]


def _minor(line: Values, currency: str) -> int:
    return int(Decimal(line["DclTotalAmt"]).scaleb(exponent(currency)))


def _grams(kilograms: str) -> int:
    return int(Decimal(kilograms).scaleb(3))
