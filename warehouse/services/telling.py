"""Who hears of what happens at the gate, on the shelves and to consumers' orders."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from accounts.models import Company
from notices.services import tell
from warehouse.days import day_of
from warehouse.models import (
    HoldAct,
    PickWaveOrder,
    RetailHold,
    RetailMissing,
    RetailOrder,
    RetailReturn,
    StockChange,
    StockStatus,
)
from warehouse.queries.sellers import sellers_among

if TYPE_CHECKING:
    from warehouse.queries.proving import Difference
    from warehouse.rules.retail import Decision, Taken
    from warehouse.rules.returning import Went
    from warehouse.services.missing import MissingUnits


def tell_taken(
    seller: Company, rows: Sequence[Taken], refused: Sequence[Decision], now: datetime
) -> None:
    """One notice for all that were taken together, one for all that were refused; not a word
    of the buyers."""
    if rows:
        tell(
            "retail.accepted",
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"orders": len(rows)},
            companies=[seller.pk],
            items={
                seller.pk: [
                    {
                        "number": row.number,
                        "channel": row.channel,
                        "channel_order_number": row.order_number,
                    }
                    for row in rows
                ]
            },
            now=now,
        )
    if refused:
        items = [
            {
                "channel": one.order.channel,
                "channel_order_number": one.order.order_number,
                "code": one.refusal.code if one.refusal else "",
            }
            for one in refused
        ]
        # Refused orders leave no row to name: the same ones, refused again the same day for
        # the same reasons, are the same news.
        told = hashlib.sha256(repr([sorted(item.items()) for item in items]).encode())
        tell(
            "retail.refused",
            subject=f"{day_of(now)} {told.hexdigest()[:32]}",
            facts={"orders": len(refused)},
            companies=[seller.pk],
            items={seller.pk: items},
            now=now,
        )


def tell_missing(
    seller: Company,
    numbers: Mapping[tuple[str, str], str],
    missing: Mapping[tuple[str, str], Sequence[MissingUnits]],
    now: datetime,
) -> None:
    """One notice for all orders taken together of which something was missing: line by line what
    was there. Both by the shop's key of an order."""
    if not missing:
        return
    first = numbers[next(iter(missing))]
    tell(
        "retail.part_served",
        subject=f"{first} +{len(missing) - 1}",
        facts={"orders": len(missing)},
        companies=[seller.pk],
        items={
            seller.pk: [
                {
                    "number": numbers[key],
                    "channel": key[0],
                    "channel_order_number": key[1],
                    "sku": one.sku,
                    "ordered": one.ordered,
                    "served": one.served,
                    "waits_until": f"{one.waits_until or ''}",
                }
                for key, several in missing.items()
                for one in several
            ]
        },
        now=now,
    )


def tell_served_later(seller: Company, rows: Sequence[Taken], now: datetime) -> None:
    """What was back-ordered is set aside now, as further parcels of their orders."""
    tell(
        "retail.served_later",
        subject=f"{rows[0].number} +{len(rows) - 1}",
        facts={"orders": len(rows)},
        companies=[seller.pk],
        items={
            seller.pk: [
                {
                    "number": row.number,
                    "channel": row.channel,
                    "channel_order_number": row.order_number,
                }
                for row in rows
            ]
        },
        now=now,
    )


def tell_given_up(lines: Sequence[RetailMissing], now: datetime) -> None:
    """Each seller hears what it waited for in vain, line by line."""
    each: dict[int, list[RetailMissing]] = defaultdict(list)
    for one in lines:
        each[one.seller_id].append(one)
    for seller, mine in each.items():
        tell(
            "retail.given_up",
            subject=f"{mine[0].order.number}/{mine[0].position} +{len(mine) - 1}",
            facts={"orders": len({one.order_id for one in mine})},
            companies=[seller],
            items={
                seller: [
                    {
                        "number": one.order.number,
                        "channel": one.order.channel,
                        "channel_order_number": one.order.channel_order_number,
                        "sku": one.product.sku,
                        "units": one.quantity,
                    }
                    for one in mine
                ]
            },
            now=now,
        )


def tell_return_announced(back: RetailReturn, units: int, now: datetime) -> None:
    """The warehouse hears that goods come back to it, and until when it takes them in."""
    tell(
        "return.announced",
        subject=back.number,
        facts={
            "number": back.number,
            "order": back.order_number,
            "units": units,
            "comes_until": back.comes_until,
        },
        companies=[back.keeper_id],
        now=now,
    )


def tell_return_arrived(
    back: RetailReturn,
    announced: Mapping[int, int],
    taken: Sequence[tuple[Went, int]],
    now: datetime,
) -> None:
    """The seller hears how much of it came; it lies in quarantine."""
    tell(
        "return.arrived",
        subject=back.number,
        facts={
            "number": back.number,
            "order": back.order_number,
            "units": sum(n for _one, n in taken),
            "announced": sum(announced.values()),
        },
        companies=[back.seller_id],
        now=now,
    )


def tell_return_refused(back: RetailReturn, now: datetime) -> None:
    tell(
        "return.refused",
        subject=back.number,
        facts={
            "number": back.number,
            "order": back.order_number,
            "code": back.refusal["code"],
        },
        companies=[back.seller_id],
        now=now,
    )


def tell_cancelled(orders: Sequence[RetailOrder], now: datetime) -> None:
    for order in orders:
        tell(
            "retail.cancelled",
            subject=order.number,
            facts={"number": order.number},
            companies=[order.seller_id],
            now=now,
        )


def tell_merged(orders: Sequence[RetailOrder], into: Taken, now: datetime) -> None:
    """The seller's systems hear which order took the place of which."""
    tell(
        "retail.merged",
        subject=into.number,
        facts={"number": into.number, "orders": len(orders)},
        companies=[orders[0].seller_id],
        items={
            orders[0].seller_id: [
                {
                    "number": one.number,
                    "channel": one.channel,
                    "channel_order_number": one.channel_order_number,
                }
                for one in orders
            ]
        },
        now=now,
    )


def tell_released(orders: Sequence[RetailOrder], now: datetime) -> None:
    """One notice for each seller, however many of its orders may leave."""
    tell_gone_on("retail.released", orders, now)


def tell_aside(parts: Sequence[PickWaveOrder], now: datetime) -> None:
    """Each seller hears of each order of its own that waits for missing units."""
    for part in parts:
        tell(
            "retail.put_aside",
            subject=f"{part.order_number} {part.wave_id}",
            facts={
                "number": part.order_number,
                "sku": part.missing["sku"],
                "units": part.missing["units"],
            },
            companies=[part.seller_id],
            now=now,
        )


def tell_gone_on(event: str, orders: Sequence[RetailOrder], now: datetime) -> None:
    """One notice for each seller of orders that came to their next stage together."""
    by_seller: dict[int, list[RetailOrder]] = defaultdict(list)
    for order in orders:
        by_seller[order.seller_id].append(order)
    for seller, rows in sorted(by_seller.items()):
        tell(
            event,
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"orders": len(rows)},
            companies=[seller],
            items={seller: [{"number": row.number} for row in rows]},
            now=now,
        )


def tell_expired(orders: Sequence[RetailOrder], now: datetime) -> None:
    """Each seller hears of its orders that nobody paid in time, of all that ran out together."""
    each: dict[int, list[RetailOrder]] = defaultdict(list)
    for one in orders:
        each[one.seller_id].append(one)
    for seller, mine in each.items():
        tell(
            "retail.unpaid",
            subject=f"{mine[0].number} +{len(mine) - 1}",
            facts={"orders": len(mine)},
            companies=[seller],
            items={
                seller: [
                    {
                        "number": one.number,
                        "channel": one.channel,
                        "channel_order_number": one.channel_order_number,
                    }
                    for one in mine
                ]
            },
            now=now,
        )


def tell_held(noted: RetailHold, now: datetime) -> None:
    """The seller hears that a warehouse holds its order back, or lets it go on."""
    facts = {"number": noted.number}
    is_held = noted.act == HoldAct.HELD
    tell(
        "retail.held" if is_held else "retail.let_go",
        subject=f"{noted.number} {noted.pk}",
        facts=facts | {"reason": noted.reason} if is_held else facts,
        companies=[noted.seller_id],
        now=now,
    )


def tell_differences(found: Sequence[Difference], *, day: date, now: datetime) -> int:
    """The operators hear how many there are, and of the first of them."""
    first = found[0]
    return tell(
        "stock.differs",
        subject=f"{day}",
        facts={
            "differences": len(found),
            "first": f"{first.proof}: {first.subject}: {first.booked}, {first.stands}",
        },
        now=now,
    )


def tell_changed(change: StockChange, now: datetime) -> None:
    """The owner hears that units can no longer be sold, can be sold again, or are no more."""
    event = {"": "stock.destroyed", StockStatus.AVAILABLE: "stock.freed"}
    tell(
        event.get(change.after, "stock.set_aside"),
        subject=change.number,
        facts={"number": change.number, "lot": change.lot.number, "units": change.quantity},
        companies=sellers_among([change.owner_id]),
        now=now,
    )
