"""A declaration's rows as the rules look at them, and what the rules have against it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import QuerySet, Sum
from django.utils.timezone import get_default_timezone

from customs.models import Declaration, DeclarationLine, DeclarationShare, DeclarationState
from customs.queries.countering import amended
from customs.queries.declarations import declared_charges
from customs.queries.filing import unfiled_of
from customs.queries.ports import office_told
from customs.queries.reference import holding_codes, positive_on, tariff_on
from customs.queries.stating import stated_on
from customs.rules import codes
from customs.rules.cautions import cautions
from customs.rules.countering import Change
from customs.rules.declared import Declared, Figures, Finding, Goods, Law
from customs.rules.declared_checks import findings
from customs.rules.declaring import form_for
from customs.rules.reference.seed import seed_of

#: Tables for which the product's own codes stand while they are not loaded.
_OF_GOODS = ("country", "currency", "unit", "deal-term")
_LOOKED_UP = ("hs_code", "origin")
_BEFORE_CUSTOMS = frozenset(
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


def looked_at(declaration: Declaration, *, now: datetime) -> tuple[list[Finding], list[Finding]]:
    """What customs would send one back for that it has not seen yet, and what a person looks at
    besides, which stops nothing."""
    if declaration.state not in _BEFORE_CUSTOMS:
        return [], []
    declared = declared_of(declaration, day=now.astimezone(get_default_timezone()).date())
    return findings(declared), cautions(declared.goods, declared.laws)


def declared_of(declaration: Declaration, *, day: date, changes: Sequence[Change] = ()) -> Declared:
    """A declaration in scope as the rules look at it; a fixed number of statements.

    The law and the countries are known of what ``changes`` name as well.
    """
    wanted = {field: {one.after for one in changes if one.field == field} for field in _LOOKED_UP}
    goods = list(declaration.goods.order_by("position"))
    listed = _sums(
        DeclarationLine.objects.filter(declaration=declaration),
        "goods_line__position",
        "total_minor",
    )
    # Who may see the declaration, its importer, sees all parts; the platform does anyway.
    owned = _sums(
        DeclarationShare.objects.filter(reference=declaration.our_reference),
        "goods_position",
        "amount_minor",
    )
    importer, house, shipment = declaration.importer, declaration.warehouse, declaration.shipment
    origins = {one.origin for one in goods} | wanted["origin"]
    deal_term, _name = codes.DEAL_TERMS.get(declaration.incoterm, ("", ""))
    units = {unit for one in goods for unit in (one.unit, one.legal_unit, one.second_unit)}
    none = Figures(0, 0, 0, 0)
    unfiled = unfiled_of(declaration)
    head = {
        "supervision_mode": ("supervision-mode", declaration.supervision_mode),
        "transport_mode": ("transport", shipment.transport_mode),
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
        charges=declared_charges(declaration),
        ledger_number=house.ledger_number,
        codes={
            "importer_customs_code": (importer.customs_code, 10),
            "importer_uscc": (importer.uscc, 18),
            "customs_district": (house.customs_district, 4),
            "office_of_port": (office_told(house.pk), 4),
            "entry_port": (house.entry_port, 6),
        },
        words={"vessel": shipment.vessel, "bill_of_lading": shipment.bill_of_lading},
        statement=stated_on(declaration, day),
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
                listed=listed.get(one.position, none),
                owned=owned.get(one.position, none) if owned else None,
                unfiled=unfiled.get(one.position, ()),
            )
            for one in goods
        ],
        laws=laws_on({one.hs_code for one in goods} | wanted["hs_code"], day),
        most_lines=settings.BONDPOOL_DECLARATION_LINES,
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


def laws_on(hs_codes: Iterable[str], day: date) -> Mapping[str, Law]:
    """What holds of each code on a day; nothing of a code that has no row in force."""
    asked = set(hs_codes)
    listed = positive_on(asked, day)
    return {
        code: Law(
            legal_unit=rate.legal_unit,
            second_unit=rate.legal_unit_2,
            elements=tuple(rate.elements),
            is_on_list=code in listed,
            remarks=tuple(listed[code].remarks) if code in listed else (),
            remark=listed[code].remark if code in listed else "",
        )
        for code, rate in tariff_on(asked, day).items()
    }


def _sums(rows: QuerySet[Any], place: str, total: str) -> dict[int, Figures]:
    found: Sequence[Mapping[str, Any]] = (
        rows.order_by()
        .values(place)
        .annotate(q=Sum("quantity"), t=Sum(total), n=Sum("net_weight_g"), g=Sum("gross_weight_g"))
    )
    return {row[place]: Figures(row["q"], row["t"], row["n"], row["g"]) for row in found}
