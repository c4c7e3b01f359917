"""The lists of a month are declared together: drawn, lodged, answered, set aside.

It goes the same way as a declaration of one shipment: its paper is ordered and made by a worker, a
person lodges it and records here what customs answers. Until it is sent back, set aside or
withdrawn its lists are in no other.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts.models import Company
from core.acting import because
from core.numbers import next_number
from customs.models import (
    CollectedLine,
    CollectedList,
    CollectiveCharge,
    CollectiveDeclaration,
    CollectiveGoods,
    CollectiveStep,
    Deadline,
    DeadlineKind,
    Declaration,
    DeclarationLine,
    DeclarationState,
)
from customs.queries.collecting import waiting_of, with_relations
from customs.queries.collective_set import findings_together
from customs.queries.stating import stated_on
from customs.rules import collecting as rules
from customs.rules import countering, declaring
from customs.rules.charges import Charge
from customs.rules.goods import GoodsLine
from customs.services.checking import refuse
from warehouse.days import day_of

WITH_CUSTOMS = (DeclarationState.LODGED, DeclarationState.RELEASED)
_ONCE = "a_customs_number_of_a_month_is_given_once"


@transaction.atomic
def draw_collective(
    *, importer: Company, lists: Sequence[str], now: datetime
) -> CollectiveDeclaration:
    """Draw one declaration of accepted lists, named by their references: list lines that agree in
    all that is declared become one goods line, and each line's parts stay their owners'.

    Raises NothingToCollect, ListUnknown, DeclaredAlone, ListNotAccepted, CollectedBefore,
    MonthNotOver, ListsDiffer or TooManyTogether; then nothing has been written.
    """
    today = day_of(now)
    named = list(dict.fromkeys(lists))
    if len(named) != len(lists):
        raise rules.NothingToCollect(lists=len(lists), most=rules.MOST_LISTS)
    # Whoever counters a list, or draws it as well, holds the same rows.
    held = list(
        with_relations(
            Declaration.objects.select_for_update(of=("self",)).filter(
                our_reference__in=named[: rules.MOST_LISTS + 1], importer=importer
            )
        ).order_by("pk")
    )
    unknown = set(named) - {one.our_reference for one in held}
    if unknown and len(named) <= rules.MOST_LISTS:
        raise rules.ListUnknown(lists=", ".join(sorted(unknown)))
    found = [
        replace(one.told, statement=stated_on(one.declaration, today))
        for one in waiting_of(held, today=today)
    ]
    rules.check_lists(found, today=today)
    lines = list(
        DeclarationLine.objects.filter(declaration__in=held).order_by("declaration", "position")
    )
    drawn = rules.merged(
        [rules.ListLine(one.pk, _figures(one)) for one in lines],
        most=settings.BONDPOOL_DECLARATION_LINES,
    )
    first, alike = held[0], found[0].alike
    collective = CollectiveDeclaration.objects.create(
        our_reference=next_number("COL", today.year),
        importer=importer,
        warehouse=first.warehouse,
        supplier_id=alike.supplier,
        month=alike.month,
        form=alike.form,
        supervision_mode=alike.mode,
        transport_mode=alike.transport,
        currency=alike.currency,
        incoterm=alike.terms,
        total_minor=sum(one.total for one in drawn.goods),
        packages=sum(one.packages for one in found),
        gross_weight_g=sum(one.gross_weight for one in drawn.goods),
        net_weight_g=sum(one.net_weight for one in drawn.goods),
        drafted_at=now,
    )
    keep_lists(collective, [one.pk for one in held])
    keep_charges(collective, rules.charges_together(found))
    goods = keep_goods(collective, drawn.goods)
    CollectedLine.objects.bulk_create(
        CollectedLine(goods=goods[drawn.places[one.pk]], line=one, importer=importer)
        for one in lines
    )
    step(collective, DeclarationState.DRAFT, now)
    return collective


def keep_lists(collective: CollectiveDeclaration, declarations: Sequence[int]) -> None:
    """Put lists (ids of their declarations) into it; the database keeps each in one that counts."""
    CollectedList.objects.bulk_create(
        CollectedList(
            collective=collective,
            declaration_id=key,
            importer_id=collective.importer_id,
            position=position,
        )
        for position, key in enumerate(declarations, 1)
    )


def keep_charges(collective: CollectiveDeclaration, charges: Sequence[Charge]) -> None:
    """Write the charges beside its price."""
    CollectiveCharge.objects.bulk_create(
        CollectiveCharge(
            collective=collective,
            importer_id=collective.importer_id,
            kind=one.kind.value,
            mark=one.mark.value,
            value=one.value,
            currency=one.currency,
        )
        for one in charges
    )


def keep_goods(
    collective: CollectiveDeclaration, goods: Sequence[GoodsLine]
) -> dict[int, CollectiveGoods]:
    """Write its goods lines; by their places."""
    made = CollectiveGoods.objects.bulk_create(
        CollectiveGoods(
            collective=collective,
            importer_id=collective.importer_id,
            position=one.position,
            hs_code=one.hs_code,
            name_zh=one.name_zh,
            specification=one.specification,
            origin=one.origin,
            quantity=one.quantity,
            unit=one.unit,
            legal_quantity=one.legal_quantity,
            legal_unit=one.legal_unit,
            second_quantity=one.second_quantity,
            second_unit=one.second_unit,
            unit_price=one.unit_price,
            total_minor=one.total,
            net_weight_g=one.net_weight,
            gross_weight_g=one.gross_weight,
        )
        for one in goods
    )
    return {one.position: one for one in made}


def _figures(line: DeclarationLine) -> GoodsLine:
    return GoodsLine(
        position=0,
        hs_code=line.hs_code,
        name_zh=line.name_zh,
        specification=line.specification,
        origin=line.origin,
        unit=line.unit,
        quantity=line.quantity,
        legal_quantity=line.legal_quantity,
        legal_unit=line.legal_unit,
        second_quantity=line.second_quantity,
        second_unit=line.second_unit,
        unit_price=line.unit_price,
        total=line.total_minor,
        net_weight=line.net_weight_g,
        gross_weight=line.gross_weight_g,
    )


@transaction.atomic
def lodge_collective(*, collective: CollectiveDeclaration, now: datetime) -> CollectiveDeclaration:
    """Record that a person lodged the paper with customs; the lists' deadline is met by it.

    Raises WrongState, or RulesBroken where the law has changed since the paper was ordered; then
    nothing has been written.
    """
    lodged = advance_collective(
        collective,
        DeclarationState.LODGED,
        wanted={DeclarationState.READY},
        now=now,
        lodged_at=now,
    )
    check_together(lodged, now)
    _meet(lodged, day_of(now))
    return lodged


@transaction.atomic
def release_collective(
    *, collective: CollectiveDeclaration, their_reference: str, now: datetime
) -> CollectiveDeclaration:
    """Record that customs closed it under its number. The goods were released list by list.

    Raises NotAnEntryNumber, EntryNumberTaken or WrongState; then nothing has been written.
    """
    number = declaring.entry_number(their_reference, now=now)
    if Declaration.objects.filter(their_reference=number).exists():
        raise declaring.EntryNumberTaken(number=number)
    try:
        with transaction.atomic():
            return advance_collective(
                collective,
                DeclarationState.RELEASED,
                wanted={DeclarationState.LODGED},
                now=now,
                note=number,
                their_reference=number,
                decided_at=now,
            )
    except IntegrityError as error:
        if _ONCE in str(error):
            raise declaring.EntryNumberTaken(number=number) from error
        raise


@transaction.atomic
def reject_collective(
    *, collective: CollectiveDeclaration, reason: str, now: datetime
) -> CollectiveDeclaration:
    """Record that customs sent it back, with its reason; its lists wait for another one.

    Raises ReasonMissing or WrongState; then nothing has been written.
    """
    stated = declaring.stated(reason)
    with because(stated):
        rejected = advance_collective(
            collective,
            DeclarationState.REJECTED,
            wanted={DeclarationState.LODGED},
            now=now,
            note=stated,
            rejection_reason=stated,
            decided_at=now,
        )
    free_lists(rejected, now)
    return rejected


@transaction.atomic
def drop_collective(
    *, collective: CollectiveDeclaration, reason: str, now: datetime
) -> CollectiveDeclaration:
    """Set aside one that was never lodged; its lists wait for another one.

    Raises RequestReasonMissing or WrongState; then nothing has been written.
    """
    said = countering.reasoned(reason)
    with because(said):
        dropped = advance_collective(
            collective,
            DeclarationState.WITHDRAWN,
            wanted={DeclarationState.DRAFT, DeclarationState.READY},
            now=now,
            note=said,
        )
    free_lists(dropped, now)
    return dropped


def advance_collective(
    collective: CollectiveDeclaration,
    to: DeclarationState,
    *,
    wanted: Collection[DeclarationState],
    now: datetime,
    note: str = "",
    **changes: Any,
) -> CollectiveDeclaration:
    """Compare-and-set to ``to`` when the state is one of ``wanted``, and write the step. Call in a
    transaction. Raises WrongState."""
    moved = CollectiveDeclaration.objects.filter(pk=collective.pk, state__in=wanted).update(
        state=to, **changes
    )
    fresh = CollectiveDeclaration.objects.select_related("importer", "warehouse__operator").get(
        pk=collective.pk
    )
    if not moved:
        raise declaring.WrongState(
            declaration=fresh.our_reference, state=fresh.state, wanted=", ".join(sorted(wanted))
        )
    step(fresh, to, now, note)
    return fresh


def step(
    collective: CollectiveDeclaration, state: DeclarationState, now: datetime, note: str = ""
) -> None:
    """Write a step of its way down."""
    CollectiveStep.objects.create(
        collective=collective,
        importer_id=collective.importer_id,
        state=state,
        at=now,
        note=note,
    )


def check_together(collective: CollectiveDeclaration, now: datetime) -> None:
    """Refuse one that customs would send back. Raises RulesBroken, line by line."""
    refuse(collective.our_reference, findings_together(collective, day=day_of(now)))


def free_lists(collective: CollectiveDeclaration, now: datetime) -> None:
    """Its lists wait again, and so does their deadline; call in a transaction."""
    _deadlines(collective).update(met_on=None)
    CollectedList.objects.filter(collective=collective, freed_at__isnull=True).update(freed_at=now)


def _meet(collective: CollectiveDeclaration, day: date) -> None:
    _deadlines(collective).filter(met_on__isnull=True).update(met_on=day)


def _deadlines(collective: CollectiveDeclaration) -> QuerySet[Deadline]:
    living = CollectedList.objects.filter(collective=collective, freed_at__isnull=True)
    return Deadline.objects.filter(
        kind=DeadlineKind.COLLECT,
        shipment__in=list(living.values_list("declaration__shipment_id", flat=True)),
    )
