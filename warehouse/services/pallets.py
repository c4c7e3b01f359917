"""Goods are put onto pallets, and pallets go from place to place with all that lies on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Case, Value, When

from accounts.models import User
from core.numbers import next_number
from core.taking import take_turns
from core.walls import platform_wide
from warehouse.days import day_of
from warehouse.models import (
    BondedWarehouse,
    Holding,
    Location,
    Pallet,
    PalletMove,
    StockCount,
)
from warehouse.queries.pallets import goods_on
from warehouse.queries.putting import shelves_of
from warehouse.rules import counting
from warehouse.rules import pallets as rules
from warehouse.rules.places import PlaceClosed
from warehouse.rules.posting import Status
from warehouse.rules.putting import AlreadyThere, PlaceUnknown
from warehouse.services.moving import Move, move_within

#: The serial references of the platform's prefix: never begun anew, an SSCC is given out once. Of
#: a house's own prefix the next one follows on the last pallet that has it.
_SERIES = ("SSCC", 0)


@transaction.atomic
def make_pallet(
    *, house: BondedWarehouse, place: str, goods: Sequence[Move], made_by: User, now: datetime
) -> Pallet:
    """A new pallet at a place, and these goods moved onto it; where they go to, of ``goods`` is
    not asked.

    Raises PalletHoldsNothing, PlaceUnknown, PalletOnPallet, PlaceClosed, NoCompanyPrefix,
    PalletNumbersUsedUp or what :func:`move_stock` raises; then nothing has been written.
    """
    if not goods:
        raise rules.PalletHoldsNothing(units=0)
    # The owners' stock is written, which the keeper's own walls do not let it do.
    with platform_wide():
        stands = _place(house, place)
        _locked(stands.pk)
        code = _new_sscc(house)
        location = Location.objects.create(
            warehouse=house, code=code, zone=stands.zone, stands_at=stands
        )
        pallet: Pallet = Pallet.objects.create(
            sscc=code,
            location=location,
            keeper_id=house.operator_id,
            made_at=now,
            made_by=made_by,
        )
        move_within(house, [replace(one, destination=code) for one in goods], made_by, now)
        return pallet


@transaction.atomic
def move_pallet(
    *, house: BondedWarehouse, sscc: str, place: str, moved_by: User, now: datetime
) -> str:
    """A pallet goes to another place, with all that lies on it, also what is promised; returns the
    number of the move.

    Raises PalletUnknown, PlaceUnknown, PalletOnPallet, PlaceClosed, AlreadyThere, ZoneDoesNotFit,
    PlaceTooFull, BeingCounted or WrongCheckDigit; then nothing has been written.
    """
    with platform_wide():
        code = rules.sscc_of(sscc)
        pallet = Pallet.objects.filter(sscc=code, location__warehouse=house).first()
        if pallet is None:
            raise rules.PalletUnknown(field="sscc", given=sscc.strip()[:40])
        goal = _place(house, place)
        held = _locked(pallet.location_id, goal.pk)[pallet.location_id]
        assert held.stands_at_id is not None  # noqa: S101 - it is a pallet
        if held.stands_at_id == goal.pk:
            raise AlreadyThere(field="place", place=goal.code)
        _check_still(held)
        rules.check_pallet(goods_on(pallet), shelves_of(house, [goal.pk])[0])
        number = next_number("MV", day_of(now).year)
        PalletMove.objects.create(
            number=number,
            pallet=pallet,
            keeper_id=house.operator_id,
            origin_id=held.stands_at_id,
            destination=goal,
            moved_at=now,
            moved_by=moved_by,
        )
        Location.objects.filter(pk=held.pk).update(stands_at=goal)
        return number


def _new_sscc(house: BondedWarehouse) -> str:
    """A number that no pallet has. Raises NoCompanyPrefix or PalletNumbersUsedUp."""
    prefix = house.gs1_prefix
    if prefix and prefix != settings.BONDPOOL_GS1_PREFIX:
        take_turns("sscc", prefix)
        known = Pallet.objects.filter(sscc__startswith=rules.beginning(prefix))
        last = known.order_by("-sscc").values_list("sscc", flat=True).first()
        return rules.sscc(prefix, rules.serial_of(last, prefix) + 1 if last else 1)
    while True:
        number = int(next_number(*_SERIES).rpartition("-")[2])
        code = rules.sscc(settings.BONDPOOL_GS1_PREFIX, number)
        # The platform's prefix may have been a house's before.
        if not Pallet.objects.filter(sscc=code).exists():
            return code


def _place(house: BondedWarehouse, code: str) -> Location:
    """A place at which a pallet may stand. Raises PlaceUnknown or PalletOnPallet."""
    called = rules.place_code(code)
    found: Location | None = Location.objects.filter(warehouse=house, code=called).first()
    if found is None:
        raise PlaceUnknown(field="place", place=called[:40])
    if found.stands_at_id is not None:
        raise rules.PalletOnPallet(field="place", place=called)
    return found


def _locked(*places: int) -> dict[int, Location]:
    """Places (ids), by key. Who brings goods there has them for share until it commits, and who
    counts what fits there waits here. Raises PlaceClosed."""
    rows = Location.objects.filter(pk__in=places).order_by("pk")
    held = {one.pk: one for one in rows.select_for_update(of=("self",), no_key=True)}
    for one in held.values():
        if one.closed_at is not None:
            raise PlaceClosed(field="place", place=one.code)
    return held


def _check_still(held: Location) -> None:
    """What is being counted stays where it is. Raises BeingCounted, naming the count."""
    free_first = Case(When(status=Status.AVAILABLE, then=Value(0)), default=Value(1))
    lying = Holding.objects.filter(location=held).select_related("lot").order_by(free_first, "pk")
    for one in lying.select_for_update(of=("self",)):
        if one.frozen_by_id is not None:
            number = StockCount.objects.values_list("number", flat=True).get(pk=one.frozen_by_id)
            raise counting.BeingCounted(lot=one.lot.number, count=number)
