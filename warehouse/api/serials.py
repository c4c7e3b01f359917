"""Serial numbers put right over the API, for the scanners of a warehouse."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from rest.calling import caller_of
from rest.fields import Body, one_of
from rest.routes import Routes
from warehouse import services
from warehouse.models import SerialAct
from warehouse.queries import stock
from warehouse.rules.renumbering import LONGEST_REASON, Act

routes = Routes(tags=["warehouses"])


class SerialChangeIn(Body):
    """What was found of one unit of a lot."""

    lot: str = Field(min_length=1, max_length=20, examples=["LOT-2026-000001"])
    serial: str = Field(
        description="The number it has so far", min_length=1, max_length=20, examples=["S-12"]
    )
    act: Literal["corrected", "destroyed", "written_off", "lost", "found"] = Field(
        description="``corrected`` takes ``right``; the units must have been written off before "
        "they are named",
        examples=["corrected"],
    )
    right: str = Field(
        "",
        description="The number it has in truth, of one that was mistyped",
        max_length=20,
        examples=["S-21"],
    )
    reason: str = Field(min_length=1, max_length=LONGEST_REASON, examples=["Digits swapped"])


class SerialChangeOut(Schema):
    """What was put right, by whom and when."""

    number: str = Field(examples=["SN-2026-000001"])
    lot: str = Field(examples=["LOT-2026-000001"])
    act: str = Field(json_schema_extra=one_of(*SerialAct.values), examples=["corrected"])
    before: str = Field(examples=["S-12"])
    after: str = Field(description="Empty unless it was corrected", examples=["S-21"])
    reason: str = Field(examples=["Digits swapped"])
    changed_at: datetime = Field(examples=["2026-08-02T09:00:00Z"])


@routes.create(
    "/serial-changes",
    scope="house:write",
    response=SerialChangeOut,
    summary=_("Put a serial number right"),
)
def create_serial_change(request: HttpRequest, told: SerialChangeIn) -> SerialChangeOut:
    """A mistyped number is corrected; a unit that is gone without an order, or found, is named."""
    caller = caller_of(request)
    lot = get_object_or_404(stock.lots(caller.company), number=told.lot)
    made = services.change_serial(
        lot=lot,
        serial=told.serial,
        act=Act(told.act),
        right=told.right,
        reason=told.reason,
        changed_by=caller.user,
        now=now(),
    )
    return SerialChangeOut(
        number=made.number,
        lot=lot.number,
        act=made.act,
        before=made.before,
        after=made.after,
        reason=made.reason,
        changed_at=made.changed_at,
    )
