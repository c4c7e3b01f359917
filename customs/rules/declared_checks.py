"""A declaration is held against the rules of ``declared``: everything that is wrong, at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from core.errors import DomainError
from core.money import exponent
from customs.rules import declared as rules
from customs.rules.charges import Kind, left_out
from customs.rules.declared import Declared, Finding, Goods
from customs.rules.elements import PARTED_BY, begins_rightly, has_all
from customs.rules.import_set import Statement
from customs.rules.legal_units import GRAM, KILOGRAM
from customs.rules.modes import Mode, ModeNotHere, ModeUnknown, is_allowed
from customs.rules.positive_list import FromBondOnly, against, is_shut
from customs.rules.stating import Answer

_HS_CODE = re.compile(r"[0-9]{10}")
_LEDGER = re.compile(r"[A-Z0-9]{12}")
_SAYS_NOTHING = frozenset({"", "空", "无", "/", "-", "null", "None"})
#: A unit price has four decimals: times the quantity it may miss half of the last one.
_HALF_LAST = Decimal("0.00005")

_Found = Iterator[tuple[str, DomainError]]


def findings(declared: Declared) -> list[Finding]:
    """Everything that customs would send it back for: of the head first, then line by line."""
    found = [Finding(error, 0, field) for field, error in _head(declared)]
    for one in declared.goods:
        found += [Finding(error, one.position, field) for field, error in _line(declared, one)]
    return found


def _head(declared: Declared) -> _Found:
    if not _LEDGER.fullmatch(declared.ledger_number):
        yield "ledger_number", rules.LedgerMissing(value=declared.ledger_number)
    yield from _mode(declared)
    if declared.form != declared.form_wanted:
        yield "form", rules.FormDiffers(value=declared.form, wanted=declared.form_wanted)
    for field, (code, places) in declared.codes.items():
        if len(code) != places:
            yield field, rules.CodeIncomplete(value=code, wanted=places)
    for field, code in declared.unheld.items():
        yield field, rules.CodeUnheld(value=code)
    for field, word in declared.words.items():
        if word.strip() in _SAYS_NOTHING:
            yield field, rules.HeadSaysNothing(value=word)
    yield from _statement(declared.statement)
    if declared.packages <= 0:
        yield "packages", rules.NoPackages(value=declared.packages)
    yield from _sums(declared)
    if declared.currency not in declared.currencies:
        yield "currency", rules.CurrencyUnknown(value=declared.currency)
    yield from _terms(declared)
    if len(declared.goods) > declared.most_lines:
        yield "lines", rules.TooManyLines(lines=len(declared.goods), most=declared.most_lines)
    numbers = [one.position for one in declared.goods]
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        yield "lines", rules.LinesNotNumbered()


def _statement(said: Statement) -> _Found:
    for field, answer in (
        ("special_relation", said.special_relation),
        ("price_influence", said.price_influence),
        ("royalties", said.royalties),
    ):
        if answer not in list(Answer):
            yield field, rules.NotStated()
    if not said.departure.code:
        yield "departure_port", rules.PortUnknown()
    elif said.special_relation and not said.call.code:
        yield "call_port", rules.PortUnknown()
    if not said.packing.code:
        yield "package_kind", rules.PackingUnknown()


def _sums(declared: Declared) -> _Found:
    if not 0 < declared.net_weight <= declared.gross_weight:
        told = {"net": declared.net_weight, "gross": declared.gross_weight}
        yield "net_weight", rules.NetAboveGross(**told)
    for field, stands, wanted in (
        ("total", declared.total, sum(one.figures.total for one in declared.goods)),
        ("net_weight", declared.net_weight, sum(one.figures.net_weight for one in declared.goods)),
        (
            "gross_weight",
            declared.gross_weight,
            sum(one.figures.gross_weight for one in declared.goods),
        ),
    ):
        if stands != wanted:
            yield field, rules.TotalsDiffer(value=stands, wanted=wanted)


def _terms(declared: Declared) -> _Found:
    if declared.incoterm not in declared.terms:
        yield "incoterm", rules.TermsUnknown(value=declared.incoterm)
        return
    wanted = left_out(declared.incoterm)
    there = {one.kind for one in declared.charges}
    for kind in (Kind.FREIGHT, Kind.INSURANCE):
        if kind in wanted and kind not in there:
            yield kind.value, rules.ChargeMissing(incoterm=declared.incoterm)
        if kind in there and kind not in wanted:
            yield kind.value, rules.ChargeTooMuch(incoterm=declared.incoterm)


def _mode(declared: Declared) -> _Found:
    district, _places = declared.codes.get("customs_district", ("", 4))
    if declared.mode not in list(Mode):
        yield "supervision_mode", ModeUnknown(value=declared.mode)
    elif not is_allowed(declared.mode, district, declared.outside):
        yield "supervision_mode", ModeNotHere(value=declared.mode, district=district)


def _line(declared: Declared, one: Goods) -> _Found:
    law = declared.laws.get(one.hs_code)
    if law is None or not _HS_CODE.fullmatch(one.hs_code):
        yield "hs_code", rules.CodeUnknown(value=one.hs_code)
    else:
        yield from _by_law(one, law)
        for error in against(one.articles, one.hs_code, law.remark):
            yield "hs_code", error
        if is_shut(law.remarks, declared.mode, declared.bonded_modes):
            yield "hs_code", FromBondOnly(value=one.hs_code, mode=declared.mode)
    if one.name_zh.strip() in _SAYS_NOTHING:
        yield "name_zh", rules.SaysNothing(value=one.name_zh)
    if one.origin not in declared.countries:
        yield "origin", rules.OriginUnknown(value=one.origin)
    for field, unit in (
        ("unit", one.unit),
        ("legal_unit", one.legal_unit),
        ("second_unit", one.second_unit),
    ):
        if unit not in declared.units and (unit or field != "second_unit"):
            yield field, rules.UnitUnknown(value=unit)
    yield from _quantities(one)
    yield from _amounts(one, exponent(declared.currency))
    for sku in one.unfiled:
        yield "specification", rules.NotFiled(product=sku)


def _by_law(one: Goods, law: rules.Law) -> _Found:
    if (one.legal_unit, one.second_unit) != (law.legal_unit, law.second_unit):
        yield (
            "legal_unit",
            rules.LegalUnitsDiffer(
                value=" ".join(filter(None, (one.legal_unit, one.second_unit))),
                wanted=" ".join(filter(None, (law.legal_unit, law.second_unit))),
            ),
        )
    if not law.is_on_list:
        yield "hs_code", rules.NotOnList(value=one.hs_code)
    parts = one.specification.split(PARTED_BY)
    kept = one.kept.get(one.specification)
    if not has_all(law.elements, one.specification):
        given = sum(1 for part in parts if part.strip())
        yield (
            "specification",
            rules.ElementsIncomplete(value=given, wanted=len(law.elements)),
        )
    elif law.elements and kept and law.elements not in kept:
        # The form gives values alone: those of other elements would pass for what is asked.
        yield (
            "specification",
            rules.ElementsIncomplete(
                value=PARTED_BY.join(kept[-1]), wanted=PARTED_BY.join(law.elements)
            ),
        )
    elif not begins_rightly(law.elements, one.specification):
        yield (
            "specification",
            rules.ElementsIncomplete(
                value=PARTED_BY.join(parts[:2]), wanted=PARTED_BY.join(law.elements[:2])
            ),
        )


def _quantities(one: Goods) -> _Found:
    figures = one.figures
    for field, quantity in (
        ("quantity", Decimal(figures.quantity)),
        ("legal_quantity", one.legal_quantity),
        ("second_quantity", one.second_quantity),
    ):
        if quantity is not None and quantity <= 0:
            yield field, rules.NotPositive(value=quantity)
    if bool(one.second_unit) != (one.second_quantity is not None):
        yield "second_unit", rules.SecondIncomplete()
    same = {
        one.unit: Decimal(figures.quantity),
        KILOGRAM: Decimal(figures.net_weight) / 1000,
        GRAM: Decimal(figures.net_weight),
    }
    for field, unit, stands in (
        ("legal_quantity", one.legal_unit, one.legal_quantity),
        ("second_quantity", one.second_unit, one.second_quantity),
    ):
        if stands is not None and unit in same and stands != same[unit]:
            yield field, rules.QuantitiesDiffer(value=stands, wanted=same[unit])


def _amounts(one: Goods, places: int) -> _Found:
    figures = one.figures
    wanted = one.unit_price * figures.quantity
    total = Decimal(figures.total).scaleb(-places)
    # The price of a merged line is that of each of its list lines, rounded for each.
    if abs(wanted - total) > _HALF_LAST * figures.quantity:
        yield "total", rules.LineTotalDiffers(value=total, wanted=wanted)
    if not 0 < figures.net_weight <= figures.gross_weight:
        told = {"net": figures.net_weight, "gross": figures.gross_weight}
        yield "net_weight", rules.NetAboveGross(**told)
    if one.listed != figures:
        yield "quantity", rules.ListDiffers(value=one.listed.quantity, wanted=figures.quantity)
    if one.counted is not None and one.counted != figures.quantity:
        yield "quantity", rules.CountDiffers(value=figures.quantity, wanted=one.counted)
    if one.owned is not None and one.owned != figures:
        yield "quantity", rules.PartsDiffer(value=one.owned.quantity, wanted=figures.quantity)
