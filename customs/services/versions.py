"""A declaration that customs amended: the same once more, with the changes, in its place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.db import models

from core.numbers import next_number
from customs.models import (
    Declaration,
    DeclarationCharge,
    DeclarationLine,
    DeclarationShare,
    DeclarationStep,
    GoodsLine,
)
from customs.rules.charges import Kind
from customs.rules.countering import HEAD, Change, read_charge
from warehouse.days import day_of

Row = TypeVar("Row", bound=models.Model)


def new_version(
    *, declaration: Declaration, changes: Sequence[Change], document: str, now: datetime
) -> Declaration:
    """The next version of a declaration that was just put out of force; call in its transaction.

    It keeps customs' number, its state and its days; ``document`` is the number of the amendment.
    """
    head = {one.field: one.after for one in changes if one.line == HEAD}
    fresh = _again(
        declaration,
        our_reference=next_number("DEC", day_of(now).year),
        replaces_id=declaration.pk,
        packages=int(head.get("packages", declaration.packages)),
        drafted_at=now,
    )
    fresh.save(force_insert=True)
    DeclarationCharge.objects.bulk_create(_charges(declaration, fresh, head))
    by_line: dict[int, dict[str, Any]] = {}
    for one in changes:
        if one.line != HEAD:
            by_line.setdefault(one.line, {})[one.field] = one.after
    _goods(declaration, fresh, by_line)
    DeclarationStep.objects.create(declaration=fresh, state=fresh.state, at=now, note=document)
    return fresh


def _goods(old: Declaration, fresh: Declaration, by_line: dict[int, dict[str, Any]]) -> None:
    goods = GoodsLine.objects.bulk_create(
        _again(one, declaration_id=fresh.pk, **by_line.get(one.position, {}))
        for one in old.goods.order_by("position")
    )
    places = {one.position: one for one in goods}
    before = list(old.lines.select_related("goods_line").order_by("position"))
    lines = DeclarationLine.objects.bulk_create(
        _again(
            one,
            declaration_id=fresh.pk,
            goods_line_id=places[one.goods_line.position].pk,
            **by_line.get(one.goods_line.position, {}),
        )
        for one in before
    )
    by_old = {one.pk: new for one, new in zip(before, lines, strict=True)}
    DeclarationShare.objects.bulk_create(
        (
            _again(
                one,
                line_id=by_old[one.line_id].pk,
                reference=fresh.our_reference,
                drafted_at=fresh.drafted_at,
                hs_code=by_old[one.line_id].hs_code,
                name_zh=by_old[one.line_id].name_zh,
                origin=by_old[one.line_id].origin,
            )
            for one in DeclarationShare.objects.filter(line__in=list(by_old)).order_by("pk")
        ),
        batch_size=5_000,
    )


def _charges(old: Declaration, fresh: Declaration, head: dict[str, str]) -> list[DeclarationCharge]:
    kept = [
        _again(one, declaration_id=fresh.pk) for one in old.charges.all() if one.kind not in head
    ]
    told = [read_charge(kind, head[kind.value]) for kind in Kind if kind.value in head]
    return kept + [
        DeclarationCharge(
            declaration=fresh,
            kind=one.kind.value,
            mark=one.mark.value,
            value=one.value,
            currency=one.currency,
        )
        for one in told
        if one is not None
    ]


def _again(row: Row, **changed: Any) -> Row:
    """The same row once more, not stored yet."""
    fields = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key
    }
    return type(row)(**(fields | changed))
