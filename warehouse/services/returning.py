"""Consumers send goods back: announced, taken in at the gate, or refused there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.errors import DomainError
from core.numbers import next_number
from core.walls import platform_wide
from traceability.rules import Fact
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import (
    Lot,
    Reservation,
    RetailOrder,
    RetailOrderState,
    RetailReturn,
    RetailReturned,
    RetailReturnLine,
    ReturnState,
)
from warehouse.queries.returning import coming_for, went_for
from warehouse.rules import order_way
from warehouse.rules import returning as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.posting import Kind, Posting
from warehouse.services import telling
from warehouse.services.advancing import fact_of
from warehouse.services.posting import post
from warehouse.services.refusing import kept
from warehouse.services.serials import take_serials_back


@transaction.atomic
def announce_return(
    *,
    order: RetailOrder,
    released_at: datetime | None,
    units: Mapping[int, int],
    reason: str,
    announced_by: User,
    now: datetime,
) -> RetailReturn:
    """A buyer sends units (by line of the order) back; the warehouse they left hears of it.

    ``released_at`` is customs' moment of the parcel's release. Raises ReturnReasonMissing,
    NotGoneYet, ReturnTooLate, NothingComesBack or MoreThanWent; then nothing has been written.
    """
    told = rules.check_why(reason)
    held: RetailOrder = RetailOrder.objects.select_for_update().get(pk=order.pk)
    wanted = rules.check_announced(
        held.state,
        released_on=day_of(released_at) if released_at else None,
        today=day_of(now),
        went=went_for(held),
        coming=coming_for(held),
        units=units,
    )
    lines = {one.position: one for one in held.lines.filter(position__in=wanted)}
    first = Reservation.objects.filter(line__order=held).select_related("holding").first()
    assert released_at is not None  # noqa: S101 - what is gone was released
    assert first is not None  # noqa: S101 - and was reserved
    back: RetailReturn = RetailReturn.objects.create(
        number=next_number("RT", day_of(now).year),
        order=held,
        order_number=held.number,
        seller_id=held.seller_id,
        keeper_id=first.holding.keeper_id,
        reason=told,
        announced_at=now,
        announced_by=announced_by,
        comes_until=rules.comes_until(day_of(released_at)),
    )
    RetailReturnLine.objects.bulk_create(
        RetailReturnLine(
            back=back,
            seller_id=back.seller_id,
            keeper_id=back.keeper_id,
            position=position,
            product_id=lines[position].product_id,
            quantity=n,
        )
        for position, n in wanted.items()
    )
    telling.tell_return_announced(back, sum(wanted.values()), now)
    return back


@transaction.atomic
def receive_return(
    *,
    back: RetailReturn,
    keeper: Company,
    counted: Mapping[int, int],
    received_by: User,
    now: datetime,
    serials: Sequence[str] = (),
) -> RetailReturn:
    """Take in what came back, as counted by reservation (id): it lies in quarantine until it is
    looked at. What comes too late is not taken in: the return is refused, and says so. ``serials``
    are those of the units of which serial numbers left with the order.

    Raises ReturnEnded, NothingComesBack, CountOverReturn, SerialDidNotLeave, SerialSeenTwice or
    SerialsMissing; then nothing has been written.
    """
    with platform_wide():
        found, order = _locked(back, keeper)
        try:
            rules.check_in_time(found.comes_until, day_of(now))
        except rules.CameTooLate as late:
            return _refuse(found, late, received_by, now)
        went = went_for(order)
        announced = dict(found.lines.values_list("position", "quantity"))
        taken = rules.plan_arrival(went, announced=announced, counted=counted)
        take_serials_back(found, [(one.lot, n) for one, n in taken], serials)
        post(
            postings=[
                Posting(
                    key=f"sendback:{found.number}",
                    kind=Kind.SENT_BACK,
                    document=found.number,
                    owner=found.seller_id,
                    keeper=found.keeper_id,
                    moved_at=now,
                    legs=rules.legs_of(taken),
                    by=received_by.pk,
                )
            ],
            now=now,
        )
        RetailReturned.objects.bulk_create(
            RetailReturned(
                back=found,
                seller_id=found.seller_id,
                keeper_id=found.keeper_id,
                reservation_id=one.reservation,
                lot_id=one.lot,
                position=one.position,
                quantity=n,
            )
            for one, n in taken
        )
        if rules.is_all_back(went, taken):
            order_way.check_follows(order.state, Stage.RETURNED, order=order.number)
            RetailOrder.objects.filter(pk=order.pk).update(state=RetailOrderState.RETURNED)
        _end(found, ReturnState.ARRIVED, received_by, now)
        record(_fact(found, [(one.lot, n) for one, n in taken], "returned", now), now=now)
        telling.tell_return_arrived(found, announced, taken, now)
        return found


@transaction.atomic
def refuse_return(
    *, back: RetailReturn, keeper: Company, reason: str, refused_by: User, now: datetime
) -> RetailReturn:
    """What came is not of the order, or not as it left: it is not taken in, and the trace says so.

    Raises ReturnReasonMissing or ReturnEnded; then nothing has been written.
    """
    told = rules.check_why(reason)
    with platform_wide():
        found, _order = _locked(back, keeper)
        return _refuse(found, rules.NotAsTheyLeft(reason=told), refused_by, now)


def _locked(back: RetailReturn, keeper: Company) -> tuple[RetailReturn, RetailOrder]:
    """The order first, as everywhere. Raises ReturnEnded."""
    order = RetailOrder.objects.select_for_update().get(pk=back.order_id)
    found = RetailReturn.objects.select_for_update().get(pk=back.pk, keeper=keeper)
    rules.check_open(found.state)
    return found, order


def _refuse(
    found: RetailReturn, refusal: DomainError, refused_by: User, now: datetime
) -> RetailReturn:
    found.refusal = kept(refusal)
    _end(found, ReturnState.REFUSED, refused_by, now)
    lots = Reservation.objects.filter(
        line__order_id=found.order_id, line__position__in=found.lines.values("position")
    ).values_list("holding__lot_id", "quantity")
    record(_fact(found, list(lots), "non_conformant", now), now=now)
    telling.tell_return_refused(found, now)
    return found


def _end(found: RetailReturn, state: ReturnState, by: User, now: datetime) -> None:
    found.state, found.ended_at, found.ended_by = state, now, by
    found.save(update_fields=["state", "ended_at", "ended_by", "refusal"])


def _fact(
    found: RetailReturn, units: Sequence[tuple[int, int]], disposition: str, now: datetime
) -> Fact:
    """The warehouse had the goods of an order before it again; nothing about the buyer."""
    lots = Lot.objects.select_related("product", "warehouse").in_bulk([lot for lot, _n in units])
    return fact_of(
        found.order_number,
        [(lots[lot], n) for lot, n in units],
        biz_step="receiving",
        disposition=disposition,
        now=now,
    )
