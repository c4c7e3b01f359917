"""The places of a warehouse: made one by one, as a range or from a file; closed when empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext

from accounts.rules.seen import check_unchanged
from core.sheets import MOST_FAULTS, RowError, parse_sheet
from core.taking import take_turns
from warehouse.models import BondedWarehouse, Holding, Location
from warehouse.rules import places as rules
from warehouse.rules.pallets import PalletsStandThere
from warehouse.rules.places import NewPlace


@transaction.atomic
def make_places(
    *,
    house: BondedWarehouse,
    first: str,
    last: str,
    zone: str,
    volume_m3: Decimal | None = None,
    load_kg: Decimal | None = None,
) -> list[Location]:
    """One place, or all from ``first`` to ``last``, all alike.

    Raises WrongPlaceCode, NotARange, TooManyPlaces, WrongZone, WrongCapacity or PlaceCodeTaken;
    then nothing has been written.
    """
    codes = rules.span(first, last or first)
    alike = (
        rules.check_zone(zone),
        rules.check_capacity(volume_m3, field="volume_m3"),
        rules.check_capacity(load_kg, field="load_kg"),
    )
    rules.check_new(codes, _known(house))
    return _make(house, [NewPlace(code, *alike) for code in codes])


@transaction.atomic
def import_places(*, house: BondedWarehouse, file_name: str, content: bytes) -> list[Location]:
    """The places of a CSV or XLSX file, all or none.

    Raises PlaceFileWrong, with every wrong cell in ``rows`` (RowErrors), or what
    :func:`core.sheets.parse_sheet` refuses; then nothing has been written.
    """
    sheet = parse_sheet(
        file_name,
        content,
        columns=rules.COLUMNS,
        optional=rules.OPTIONAL,
        max_rows=rules.MOST,
    )
    told = {(one.row, one.field) for one in sheet.errors}
    places, faults = rules.read_rows(
        [(row.number, row.values) for row in sheet.rows], _known(house)
    )
    wrong = sheet.errors + [
        RowError(one.row, one.field, gettext(one.error.rule()))
        for one in faults
        if (one.row, one.field) not in told
    ]
    if wrong:
        shown = sorted(wrong, key=lambda one: (one.row, one.field))[:MOST_FAULTS]
        raise rules.PlaceFileWrong(file=file_name[:200], count=len(wrong), rows=shown)
    return _make(house, places)


def _known(house: BondedWarehouse) -> set[str]:
    """What is there; of two who make places of one warehouse, one waits for the other."""
    take_turns("places", house.code)
    return set(Location.objects.filter(warehouse=house).values_list("code", flat=True))


def _make(house: BondedWarehouse, places: Sequence[NewPlace]) -> list[Location]:
    return Location.objects.bulk_create(
        Location(
            warehouse=house,
            code=one.code,
            zone=one.zone,
            volume_m3=one.volume_m3,
            load_kg=one.load_kg,
        )
        for one in places
    )


@transaction.atomic
def change_capacity(
    *, place: Location, volume_m3: Decimal | None, load_kg: Decimal | None, seen: str = ""
) -> Location:
    """What the place bears, in m³ and kg; what lies there stays.

    Raises ChangedMeanwhile for a page that showed something else, PlaceClosed or WrongCapacity;
    then nothing has been written.
    """
    held: Location = Location.objects.select_for_update(of=("self",)).get(pk=place.pk)
    check_unchanged(seen, volume_m3=held.volume_m3, load_kg=held.load_kg)
    if held.closed_at:
        raise rules.PlaceClosed(place=held.code)
    held.volume_m3 = rules.check_capacity(volume_m3, field="volume_m3")
    held.load_kg = rules.check_capacity(load_kg, field="load_kg")
    held.save(update_fields=["volume_m3", "load_kg"])
    return held


@transaction.atomic
def close_place(*, place: Location, now: datetime) -> Location:
    """No goods come there any more. A place that is closed already stays as it is.

    Raises GateStaysOpen, PlaceNotEmpty or PalletsStandThere; then nothing has been written.
    """
    # Who brings goods there has the place for share until it commits: see services.posting.
    held: Location = Location.objects.select_for_update(of=("self",)).get(pk=place.pk)
    there = Holding.objects.filter(location=held, on_hand__gt=0).aggregate(units=Sum("on_hand"))
    rules.check_closable(held.code, there["units"] or 0)
    if pallets := held.pallets.filter(closed_at__isnull=True).count():
        raise PalletsStandThere(place=held.code, pallets=pallets)
    if held.closed_at is None:
        held.closed_at = now
        held.save(update_fields=["closed_at"])
    return held
