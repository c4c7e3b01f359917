"""A declaration's rows as the rules look at them, and what the rules have against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import JSONObject

from customs.models import (
    CollectiveDeclaration,
    Declaration,
    DeclarationLine,
    DeclarationShare,
    DeclarationState,
)
from customs.queries.counted import counted_in
from customs.queries.countering import amended
from customs.queries.declarations import declared_charges
from customs.queries.elements import ever_kept, kept_specifications
from customs.queries.filing import unfiled_in
from customs.queries.judging import as_judged, said_last
from customs.queries.kept_by_others import OfHouse, told_by_house
from customs.queries.ports import office_told
from customs.queries.reference import holding_codes, listed_tariff_on
from customs.queries.stating import stated_on
from customs.rules import codes
from customs.rules.cautions import cautions
from customs.rules.charges import Charge
from customs.rules.countering import Change
from customs.rules.declared import Declared, Figures, Finding, Goods, Law
from customs.rules.declared_checks import findings
from customs.rules.declaring import form_for
from customs.rules.import_set import Statement
from customs.rules.positive_list import NO_REMARK, Article, Remark
from customs.rules.reference.seed import seed_of
from warehouse.days import day_of

#: Tables for which the product's own codes stand while they are not loaded.
_OF_GOODS = ("country", "currency", "unit", "deal-term")
_LOOKED_UP = ("hs_code", "origin")
#: Customs has not seen it yet.
BEFORE_CUSTOMS = frozenset(
    {
        *(DeclarationState.DRAFT, DeclarationState.QUEUED),
        *(DeclarationState.GENERATING, DeclarationState.READY),
    }
)


def findings_of(
    declaration: Declaration, *, day: date, changes: Sequence[Change] = ()
) -> list[Finding]:
    """What customs would send a declaration back for, by the law and the tables of a day; with
    ``changes``, as an amendment would make it."""
    declared = declared_of(declaration, day=day, changes=changes)
    return findings(amended(declared, changes) if changes else declared)


def looked_at(
    declaration: Declaration, *, now: datetime, house: OfHouse | None = None
) -> tuple[list[Finding], list[Finding]]:
    """What customs would send one back for that it has not seen yet, and what a person looks at
    besides, which stops nothing. ``house``: what its keeper told, where it was read already."""
    if declaration.state not in BEFORE_CUSTOMS:
        return [], []
    declared = declared_of(declaration, day=day_of(now), house=house)
    return findings(declared), cautions(declared.mode, declared.goods, declared.laws)


def declared_of(
    declaration: Declaration,
    *,
    day: date,
    changes: Sequence[Change] = (),
    house: OfHouse | None = None,
) -> Declared:
    """A declaration in scope as the rules look at it; a fixed number of statements.

    The law and the countries are known of what ``changes`` name as well.
    """
    shipment = declaration.shipment
    told = house or told_by_house(declaration)
    return assembled(
        declaration,
        _goods_of(declaration),
        charges=declared_charges(declaration),
        statement=stated_on(declaration, day),
        transport=shipment.transport_mode,
        words={"vessel": shipment.vessel, "bill_of_lading": shipment.bill_of_lading},
        counted=counted_in(declaration, told.count),
        day=day,
        changes=changes,
        office=told.port_code,
    )


def assembled(
    declaration: Declaration | CollectiveDeclaration,
    goods: Sequence[Any],
    *,
    charges: Sequence[Charge],
    statement: Statement,
    transport: str,
    words: Mapping[str, str],
    counted: Mapping[int, int],
    day: date,
    changes: Sequence[Change] = (),
    office: str | None = None,
) -> Declared:
    """A form as the rules look at it: of one shipment, or of the lists of a month.

    ``goods`` are its goods lines as :func:`goods_to_check` gives them.
    """
    wanted = {field: {one.after for one in changes if one.field == field} for field in _LOOKED_UP}
    importer, house = declaration.importer, declaration.warehouse
    # Parts are kept of all its lines, or of none.
    is_shared = any(one.owned for one in goods)
    origins = {one.origin for one in goods} | wanted["origin"]
    deal_term, _name = codes.DEAL_TERMS.get(declaration.incoterm, ("", ""))
    units = {unit for one in goods for unit in (one.unit, one.legal_unit, one.second_unit)}
    head = {
        "supervision_mode": ("supervision-mode", declaration.supervision_mode),
        "transport_mode": ("transport", transport),
        "customs_district": ("customs-district", house.customs_district),
        "entry_port": ("port-domestic", house.entry_port),
    }
    known = holding_codes(
        {
            "country": origins,
            "currency": {declaration.currency},
            "unit": units,
            "deal-term": {deal_term},
            **{table: {code} for table, code in head.values()},
        },
        day,
    )
    # Without its table a code of these is what the product knows; of the head nobody can say.
    own = {table: known.get(table, seed_of(table).keys()) for table in _OF_GOODS}
    return Declared(
        form=declaration.form,
        form_wanted=form_for(house.operator.customs_code),
        mode=declaration.supervision_mode,
        currency=declaration.currency,
        incoterm=declaration.incoterm,
        total=declaration.total_minor,
        net_weight=declaration.net_weight_g,
        gross_weight=declaration.gross_weight_g,
        packages=declaration.packages,
        charges=charges,
        ledger_number=house.ledger_number,
        codes={
            "importer_customs_code": (importer.customs_code, 10),
            "importer_uscc": (importer.uscc, 18),
            "customs_district": (house.customs_district, 4),
            "office_of_port": (office_told(house.pk) if office is None else office, 4),
            "entry_port": (house.entry_port, 6),
        },
        words=words,
        statement=statement,
        goods=[
            Goods(
                position=one.position,
                hs_code=one.hs_code,
                name_zh=one.name_zh,
                specification=one.specification,
                origin=one.origin,
                unit=one.unit,
                figures=Figures(
                    one.quantity, one.total_minor, one.net_weight_g, one.gross_weight_g
                ),
                legal_quantity=one.legal_quantity,
                legal_unit=one.legal_unit,
                second_quantity=one.second_quantity,
                second_unit=one.second_unit,
                unit_price=one.unit_price,
                listed=_figures(one.listed),
                owned=_figures(one.owned) if is_shared else None,
                unfiled=tuple(one.unfiled or ()),
                counted=counted.get(one.position),
                kept=kept_specifications(one.articles or ()),
                articles=tuple(
                    Article(told["sku"], as_judged(told["judged"])) for told in one.articles or ()
                ),
            )
            for one in goods
        ],
        laws=laws_on({one.hs_code for one in goods} | wanted["hs_code"], day),
        most_lines=settings.BONDPOOL_DECLARATION_LINES,
        outside=settings.BONDPOOL_1239_DISTRICTS,
        bonded_modes=settings.BONDPOOL_BONDED_ONLY_MODES,
        countries=own["country"],
        currencies=own["currency"],
        units=own["unit"],
        terms={declaration.incoterm} if deal_term in own["deal-term"] else set(),
        unheld={
            field: code
            for field, (table, code) in head.items()
            if table in known and code not in known[table]
        },
    )


def _goods_of(declaration: Declaration) -> list[Any]:
    """The goods lines of one shipment's declaration, to be checked."""
    # Who may see the declaration, its importer, sees all parts; the platform does anyway.
    parts = DeclarationShare.objects.filter(
        reference=declaration.our_reference, goods_position=OuterRef("position")
    )
    return goods_to_check(
        declaration.goods.order_by("position"),
        DeclarationLine.objects.filter(goods_line=OuterRef("pk")).order_by("position"),
        parts,
        unfiled_in(declaration).filter(goods_line=OuterRef("pk")),
        line_of="goods_line",
        part_of="goods_position",
    )


def goods_to_check(
    goods: QuerySet[Any],
    lines: QuerySet[DeclarationLine],
    parts: QuerySet[DeclarationShare],
    unfiled: QuerySet[DeclarationLine],
    *,
    line_of: str,
    part_of: str,
) -> list[Any]:
    """Goods lines, each with the sums of its list lines (``listed``) and of its owners' parts
    (``owned``), its articles that are not filed, and all of them with what was said of them last
    under the positive list's remark, and ever filled in: one statement.

    ``line_of`` and ``part_of`` lead from a list line and a part to the goods line.
    """
    articles = lines.values(
        told=JSONObject(sku="product__sku", judged=said_last("product"), kept=ever_kept("product"))
    )
    found = goods.annotate(
        articles=ArraySubquery(articles),
        listed=_summed(lines, line_of, "total_minor"),
        owned=_summed(parts, part_of, "amount_minor"),
        unfiled=ArraySubquery(unfiled.values("product__sku")),
    )
    return list(found)


def _summed(rows: QuerySet[Any], by: str, total: str) -> Subquery:
    figures = JSONObject(
        quantity=Sum("quantity"),
        total=Sum(total),
        net_weight=Sum("net_weight_g"),
        gross_weight=Sum("gross_weight_g"),
    )
    return Subquery(rows.order_by().values(by).annotate(figures=figures).values("figures"))


def _figures(summed: Mapping[str, int] | None) -> Figures:
    return Figures(**summed) if summed else Figures(0, 0, 0, 0)


def laws_on(hs_codes: Iterable[str], day: date) -> Mapping[str, Law]:
    """What holds of each code on a day; nothing of a code that has no row in force."""
    asked = set(hs_codes)
    return {
        code: Law(
            legal_unit=rate.legal_unit,
            second_unit=rate.legal_unit_2,
            elements=tuple(rate.elements),
            is_on_list=entry is not None,
            remarks=tuple(entry["remarks"]) if entry else (),
            remark=Remark.of(entry["remarks"], entry["remark"]) if entry else NO_REMARK,
        )
        for code, (rate, entry) in listed_tariff_on(asked, day).items()
    }
