"""Which seller hears that its stock nears its expiry, or the end of its time in bond."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING

from notices.services import tell

if TYPE_CHECKING:
    from warehouse.queries.shelf_life import Nearing


def tell_expiring(
    each: Mapping[int, Nearing], waste: Mapping[int, int], *, days: int, day: date, now: datetime
) -> int:
    """``each``: by seller, what is so many days from its expiry since the last look; ``waste``:
    units that will not be sold before they expire, of all it has."""
    return tell(
        "stock.expiring",
        subject=f"{day} {days}",
        facts={"days": days},
        companies={pk: asdict(one) | {"wasted": waste.get(pk, 0)} for pk, one in each.items()},
        now=now,
    )


def tell_last_sales(
    each: Mapping[int, Nearing], *, channel: str, days: int, day: date, now: datetime
) -> int:
    """``each``: by seller, what is so many days from the last on which the shop may sell it;
    ``channel`` is empty for all shops without a minimum of their own."""
    return tell(
        "stock.last_sale",
        subject=f"{day} {days} {channel}".strip(),
        facts={"days": days, "channel": channel or "—"},
        companies={pk: asdict(one) for pk, one in each.items()},
        now=now,
    )


def tell_limit(each: Mapping[int, Nearing], *, days: int, day: date, now: datetime) -> int:
    """``each``: by seller, what is so many days from the end of its time in bond."""
    return tell(
        "stock.time_in_bond",
        subject=f"{day} {days}",
        facts={"days": days},
        companies={pk: asdict(one) for pk, one in each.items()},
        now=now,
    )
