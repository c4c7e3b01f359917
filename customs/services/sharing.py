"""Declarations from before owners' parts were kept get them, exactly as a new draft would."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef

from core.errors import DomainError
from customs.models import Declaration, DeclarationLine, DeclarationShare
from customs.rules.goods import ListLine
from customs.services.goods import keep_shares


@dataclass(frozen=True, slots=True)
class SharedOut:
    """How many declarations got parts, and which are refused: reference and code."""

    given: int
    refused: tuple[tuple[str, str], ...]


def share_declarations() -> SharedOut:
    """Give each declaration without owners' parts its parts, whatever became of it.

    Each in a transaction of its own; safe to run any number of times. Ask ``platform_wide``.
    """
    parts = DeclarationShare.objects.filter(line__declaration=OuterRef("pk"))
    lines = DeclarationLine.objects.filter(declaration=OuterRef("pk"))
    waiting = Declaration.objects.filter(Exists(lines), ~Exists(parts)).order_by("pk")
    given, refused = 0, []
    for declaration in waiting.select_related("shipment"):
        try:
            given += _share(declaration)
        except DomainError as refusal:
            refused.append((declaration.our_reference, refusal.code))
    return SharedOut(given, tuple(refused))


@transaction.atomic
def _share(declaration: Declaration) -> int:
    # Of two who give at once the second sees what the first gave.
    held = (
        Declaration.objects.select_for_update(of=("self",))
        .select_related("shipment")
        .get(pk=declaration.pk)
    )
    kept = list(held.lines.select_related("goods_line").order_by("position"))
    if DeclarationShare.objects.filter(line__in=kept).exists():
        return 0
    keep_shares(
        held,
        kept,
        [
            ListLine(
                key=one.order_line_id,
                position=one.position,
                goods=one.goods_line.position,
                quantity=one.quantity,
                legal_quantity=one.legal_quantity,
                legal_unit=one.legal_unit,
                second_quantity=one.second_quantity,
                second_unit=one.second_unit,
                unit_price=one.unit_price,
                total=one.total_minor,
                net_weight=one.net_weight_g,
                gross_weight=one.gross_weight_g,
            )
            for one in kept
        ],
    )
    return 1
