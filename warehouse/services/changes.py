"""The warehouse sets goods aside, frees them, and destroys what nobody may have."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.models import Company, User
from core.numbers import next_number
from core.walls import platform_wide
from traceability.models import Evidence
from traceability.rules import Fact, gtin_key, lot_key, quantity
from traceability.services import record
from warehouse.days import day_of
from warehouse.models import Holding, StockChange
from warehouse.rules import changing as rules
from warehouse.rules.posting import Place, Posting, Status
from warehouse.services import telling
from warehouse.services.posting import post


@transaction.atomic
def change_stock(
    *,
    holding: Holding,
    keeper: Company,
    after: Status | None,
    changed_by: User,
    now: datetime,
    units: int | None = None,
) -> StockChange:
    """Bring what lies in a holding into another status, or destroy it (``after`` None).

    ``units``: so many of them, or all. It leaves a record under a number of its own, and the
    owner hears of it; what is destroyed is told to the trace.

    Raises NothingLiesThere, NotExpiredYet, StatusDoesNotFollow, NotToBeDestroyed, or StockShort
    for more than is there (any more); then nothing has been written.
    """
    # The owner's stock is written, which the keeper's own walls do not let it do.
    with platform_wide():
        found: Holding = Holding.objects.select_related("lot__product", "lot__warehouse").get(
            pk=holding.pk, keeper=keeper
        )
        return _change(found, after, changed_by, found.on_hand if units is None else units, now)


def _change(
    held: Holding, after: Status | None, changed_by: User, units: int, now: datetime
) -> StockChange:
    before = Status(held.status)
    kind, legs = rules.plan_change(
        Place(held.lot_id, held.owner_id, held.location_id, before),
        units,
        after=after,
        expires_on=held.lot.expires_on,
        today=day_of(now),
    )
    number = next_number("SC", day_of(now).year)
    post(
        postings=[
            Posting(
                key=f"change:{number}",
                kind=kind,
                document=number,
                owner=held.owner_id,
                keeper=held.keeper_id,
                moved_at=now,
                legs=legs,
                by=changed_by.pk,
            )
        ],
        now=now,
    )
    change: StockChange = StockChange.objects.create(
        number=number,
        lot=held.lot,
        owner_id=held.owner_id,
        keeper_id=held.keeper_id,
        location_id=held.location_id,
        before=before.value,
        after=after.value if after else "",
        quantity=units,
        changed_at=now,
        changed_by=changed_by,
    )
    if after is None:
        record(_destroyed(change, now), now=now)
    telling.tell_changed(change, now)
    return change


def _destroyed(change: StockChange, now: datetime) -> Fact:
    """Units of a lot are no more; not a word of whose they were."""
    lot = change.lot
    warehouse = lot.warehouse
    return Fact(
        event_type="ObjectEvent",
        action="OBSERVE",
        biz_step="destroying",
        disposition="destroyed",
        event_time=now,
        asserted_by=warehouse.operator_id,
        evidence=Evidence.DECLARED,
        biz_location=warehouse.code,
        keys=(gtin_key(lot.product.gtin), lot_key(lot.product.gtin, lot.number)),
        quantities=(quantity(lot.product.gtin, change.quantity, lot.number),),
        details={"place_zh": warehouse.name_zh, "place_en": warehouse.name_en},
    )
