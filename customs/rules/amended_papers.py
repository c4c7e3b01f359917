"""What customs amended holds for the papers behind the form as well.

An amendment is asked for because the ship notice or the catalogue was wrong, and neither is written
anew: without this the papers of the new version would disagree for good.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TypeVar

from core.money import Money
from customs.rules.charges import Kind, Mark
from customs.rules.countering import HEAD
from customs.rules.import_set import ImportSet
from customs.rules.shipped import Ordered, Sent, Voyage

_OF_GOODS = ("hs_code", "origin")
Row = TypeVar("Row", Ordered, Sent)


def as_amended(data: ImportSet, changed: Collection[tuple[int, str]]) -> ImportSet:
    """The set of a version with what amendments ``changed`` (goods line, 0 the head, and field)
    in its ship notice and order too: packages, freight and insurance as totals, codes, origins."""
    if not changed:
        return data
    head = {field for line, field in changed if line == HEAD}
    voyage = _charged(data, head)
    if "packages" in head:
        voyage = replace(voyage, packages=data.packages)
    told: dict[int, dict[str, str]] = {}
    for one in data.listed:
        own = {f: getattr(one, f) for f in _OF_GOODS if (one.goods_position, f) in changed}
        if own:
            told[one.key] = own
    return replace(
        data,
        amended=tuple(sorted(changed)),
        shipment=replace(voyage, lines=_told(voyage.lines, told)),
        order=replace(data.order, lines=_told(data.order.lines, told)),
        agreed=_told(data.agreed, told),
    )


def _told(rows: Collection[Row], told: dict[int, dict[str, str]]) -> tuple[Row, ...]:
    found = []
    for one in rows:
        own = told.get(one.key, {})
        code, origin = own.get("hs_code", one.hs_code), own.get("origin", one.origin)
        found.append(replace(one, hs_code=code, origin=origin))
    return tuple(found)


def _charged(data: ImportSet, head: Collection[str]) -> Voyage:
    """The notice has one currency for both, and no rates: what it cannot say it says as before."""
    voyage = data.shipment
    stands = {Kind.FREIGHT: voyage.freight, Kind.INSURANCE: voyage.insurance}
    told = {kind: data.charge(kind.value) for kind in stands if kind.value in head}
    if not told or any(one and one.mark != Mark.TOTAL for one in told.values()):
        return voyage
    kept = {voyage.freight_currency for kind, minor in stands.items() if minor and kind not in told}
    currencies = kept | {one.currency for one in told.values() if one}
    if len(currencies) > 1:
        return voyage
    for kind, one in told.items():
        stands[kind] = Money.rounded(one.value, one.currency).minor if one else 0
    return replace(
        voyage,
        freight=stands[Kind.FREIGHT],
        insurance=stands[Kind.INSURANCE],
        freight_currency=next(iter(currencies), voyage.freight_currency),
    )
