"""Sellers hear at once of what went wrong with a parcel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from notices.services import tell
from warehouse.models import Parcel
from warehouse.rules.handing import EventKind

#: What of a parcel's way its seller must hear of at once.
_TROUBLE = {
    EventKind.FAILED.value: "retail.delivery_failed",
    EventKind.RETURNED.value: "retail.parcel_returned",
}


def tell_parcels(told: Sequence[tuple[Parcel, str, datetime]], now: datetime) -> None:
    """``told``: parcels, the kinds of what happened to them, and when. Of most a seller reads on
    the order's page."""
    for parcel, kind, happened_at in told:
        if kind in _TROUBLE:
            tell(
                _TROUBLE[kind],
                subject=f"{parcel.number} {happened_at:%Y-%m-%d %H:%M:%S}",
                facts={"number": parcel.order_number, "parcel": parcel.number},
                companies=[parcel.seller_id],
                now=now,
            )
