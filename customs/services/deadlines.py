"""By which day something must be done: worked out by the worker, told in time, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction

from accounts.models import Company, User
from customs import queries
from customs.models import CreditTier, Deadline, Facilitation
from customs.queries.deadlines import Under, under_way
from customs.rules import deadlines as rules
from notices.services import once, tell
from warehouse.days import day_of


class DeadlineOver(rules.DeadlineRefusal):
    """This deadline was met before, or no longer applies."""

    code = "customs.deadline_over"


def watch_deadlines(*, now: datetime) -> int:
    """Work out what is open and tell importers of what is near and of what is missed, once each.

    Each shipment in a transaction of its own. Ask ``platform_wide``. Safe to run any number of
    times, and beside itself. Returns how many were told.
    """
    today = day_of(now)
    for one in under_way(day=today):
        _keep(one, today, now)
    told = 0
    near = today + timedelta(days=settings.BONDPOOL_DEADLINE_DAYS)
    waiting = queries.open_deadlines().filter(due_on__lte=near).select_related("shipment")
    for deadline in waiting.order_by("due_on", "pk"):
        event = "deadline.missed" if deadline.due_on < today else "deadline.near"
        told += _tell(event, deadline, now)
    return told


@transaction.atomic
def _keep(one: Under, today: date, now: datetime) -> None:
    found = {due.kind.value: due for due in one.due}
    stands = {row.kind: row for row in Deadline.objects.filter(shipment_id=one.shipment)}
    for kind, due in found.items():
        row = stands.get(kind)
        if row is None:
            Deadline.objects.get_or_create(
                shipment_id=one.shipment,
                kind=kind,
                defaults={
                    "importer_id": one.importer,
                    "declaration_id": one.declaration,
                    "due_on": due.due_on,
                    "met_on": due.met_on,
                    "computed_at": now,
                },
            )
        elif row.met_on is None:
            Deadline.objects.filter(pk=row.pk, met_on__isnull=True).update(
                due_on=due.due_on,
                met_on=due.met_on,
                dropped_on=None,
                declaration_id=one.declaration,
                computed_at=now,
            )
    gone = [row.pk for kind, row in stands.items() if kind not in found]
    Deadline.objects.filter(pk__in=gone, met_on__isnull=True, dropped_on__isnull=True).update(
        dropped_on=today
    )


@transaction.atomic
def _tell(event: str, deadline: Deadline, now: datetime) -> int:
    if not once(event, f"{deadline.pk} {deadline.due_on}", now=now):
        return 0
    tell(
        event,
        subject=f"{deadline.shipment.number} {deadline.kind} {deadline.due_on}",
        facts={
            "shipment": deadline.shipment.number,
            "kind": deadline.kind,
            "due_on": deadline.due_on,
        },
        companies=[deadline.importer_id],
        now=now,
    )
    return 1


@transaction.atomic
def meet_deadline(*, deadline: Deadline, now: datetime) -> Deadline:
    """Record that something was done that nobody here sees, such as a payment.

    Raises MetByItself or DeadlineOver; then nothing has been written.
    """
    if rules.Kind(deadline.kind) not in rules.BY_HAND:
        raise rules.MetByItself(shipment=deadline.shipment.number)
    done = Deadline.objects.filter(
        pk=deadline.pk, met_on__isnull=True, dropped_on__isnull=True
    ).update(met_on=day_of(now))
    if not done:
        raise DeadlineOver(deadline=f"{deadline.due_on}")
    return Deadline.objects.get(pk=deadline.pk)


@transaction.atomic
def grant(
    *,
    importer: Company,
    valid_from: date,
    tier: CreditTier,
    flags: rules.Flags,
    evidence: str,
    set_by: User,
    now: datetime,
) -> Facilitation:
    """Keep what customs grants an importer from a day on.

    Raises EvidenceMissing, or NotGranted where a dishonest importer would be granted anything; then
    nothing has been written.
    """
    rules.check_grant(rules.Tier(tier), flags, evidence)
    return Facilitation.objects.create(
        importer=importer,
        valid_from=valid_from,
        tier=tier,
        in_advance=flags.in_advance,
        two_step=flags.two_step,
        first_in=flags.first_in,
        collective=flags.collective,
        summary_tax=flags.summary_tax,
        evidence=evidence.strip(),
        set_at=now,
        set_by=set_by,
    )
