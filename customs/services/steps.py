"""A declaration's way from one state to the next, each step written down."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from customs.models import Declaration, DeclarationState, DeclarationStep
from customs.rules.declaring import WrongState
from procurement.models import Shipment


def advance(
    declaration: Declaration,
    to: DeclarationState,
    *,
    wanted: Collection[DeclarationState],
    now: datetime,
    note: str = "",
    **changes: Any,
) -> Declaration:
    """Compare-and-set to ``to`` when the state is one of ``wanted``, and write the step.

    Of two that race, one wins and the other is refused. Call inside a transaction.
    Raises WrongState.
    """
    moved = Declaration.objects.filter(pk=declaration.pk, state__in=wanted).update(
        state=to, **changes
    )
    fresh = Declaration.objects.get(pk=declaration.pk)
    if not moved:
        raise WrongState(
            declaration=fresh.our_reference, state=fresh.state, wanted=", ".join(sorted(wanted))
        )
    DeclarationStep.objects.create(declaration=fresh, state=to, at=now, note=note)
    return fresh


def held_with_declarations(shipment: Shipment) -> Shipment:
    """A shipment, locked, and its declarations after it. Call inside a transaction.

    Whoever orders a form holds its declaration: of the two, the second sees what the first did.
    """
    held = Shipment.objects.select_for_update(of=("self",)).get(pk=shipment.pk)
    list(Declaration.objects.select_for_update(of=("self",)).filter(shipment=held).order_by("pk"))
    return held
