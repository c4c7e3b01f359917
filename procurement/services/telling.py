"""Who hears of what happens to rounds, orders and shipments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

import pandas as pd
from django.db.models import Sum

from accounts.models import Company, CompanyKind, CompanyStatus
from core.money import shared
from core.walls import platform_wide
from notices.services import amount, tell
from procurement.models import (
    Forecast,
    LateWish,
    OrderCancellation,
    OrderConfirmation,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    Shipment,
    ShipmentLine,
)
from procurement.queries.standing import open_before, owners
from procurement.rules.crediting import Score


def sellers() -> list[int]:
    """Every admitted seller's id."""
    found = Company.objects.filter(
        kinds__contains=[CompanyKind.SELLER], status=CompanyStatus.ADMITTED
    )
    return list(found.order_by("pk").values_list("pk", flat=True))


def tell_opened(round: PoolRound, now: datetime) -> None:
    _tell_dates("round.opened", round, now)


def tell_closing(round: PoolRound, now: datetime) -> None:
    _tell_dates("round.closing", round, now)


def tell_filling(round: PoolRound, now: datetime) -> None:
    """Who filed may still fill packs."""
    filed = Forecast.objects.filter(round=round).order_by("seller_id").values_list("seller_id")
    who = [seller for (seller,) in filed.distinct()]
    facts = {"quarter": round.code, "fill_until": round.fill_until}
    tell("round.filling", subject=round.code, facts=facts, companies=who, now=now)


def tell_taken(wish: LateWish, forecast: Forecast, left_out: int, now: datetime) -> None:
    """The seller hears that what it wanted too late is filed."""
    facts = {
        "quarter": forecast.round.code,
        "missed": wish.round.code,
        "version": forecast.version,
        "left_out": left_out,
    }
    tell(
        "wish.taken",
        subject=forecast.round.code,
        facts=facts,
        companies=[wish.seller_id],
        now=now,
    )


def _tell_dates(event: str, round: PoolRound, now: datetime) -> None:
    facts = {"quarter": round.code, "cutoff_at": round.cutoff_at}
    tell(event, subject=round.code, facts=facts, companies=sellers(), now=now)


def tell_pooled(round: PoolRound, *, orders: int, sellers: int, now: datetime) -> None:
    """The operators hear that orders wait to be placed."""
    facts = {"quarter": round.code, "orders": orders, "sellers": sellers}
    tell("round.pooled", subject=round.code, facts=facts, now=now)


def tell_shares(
    round: PoolRound,
    shares: pd.DataFrame,
    *,
    billed: Mapping[int, int],
    due_on: date,
    now: datetime,
) -> None:
    """Each seller its share and its bill. ``shares``: owner_id, quantity; ``billed``: fen by
    seller's id."""
    mine = shares[shares["quantity"] > 0]
    by_owner = mine.groupby("owner_id")["quantity"].agg(["size", "sum"])
    each = {
        int(owner): {
            "products": int(products),
            "units": int(units),
            "amount": amount(billed.get(int(owner), 0), "CNY"),
            "due_on": due_on,
        }
        for owner, products, units in zip(
            by_owner.index.tolist(), by_owner["size"], by_owner["sum"], strict=True
        )
    }
    facts = {"quarter": round.code}
    tell("round.closed", subject=round.code, facts=facts, companies=each, now=now)


def tell_filed(
    round: PoolRound,
    filed: Sequence[Forecast],
    wanted: Mapping[int, tuple[int, int]],
    now: datetime,
) -> None:
    """``wanted``: by seller, how many products and units."""
    each = {}
    for forecast in filed:
        products, units = wanted.get(forecast.seller_id, (0, 0))
        each[forecast.seller_id] = {
            "version": forecast.version,
            "products": products,
            "units": units,
        }
    tell(
        "forecast.filed",
        subject={one.seller_id: f"{round.code} v{one.version}" for one in filed},
        facts={"quarter": round.code},
        companies=each,
        now=now,
    )


def tell_placed(order: PurchaseOrder, now: datetime) -> None:
    tell(
        "order.placed",
        subject=order.number,
        facts={
            "number": order.number,
            "quarter": order.round.code,
            "supplier": order.supplier.company,
            "amount": amount(order.amount_minor, order.currency),
            "incoterm": order.incoterm,
        },
        companies=[order.buyer_id],
        now=now,
    )
    tell(
        "share.ordered",
        subject=order.number,
        facts={"number": order.number, "quarter": order.round.code},
        companies=_units(order.lines.values_list("pk", flat=True)),
        now=now,
    )


def tell_shipped(order: PurchaseOrder, shipment: Shipment, now: datetime) -> None:
    facts = {"number": shipment.number, "expected_on": shipment.expected_on}
    tell(
        "shipment.shipped",
        subject=shipment.number,
        facts={**facts, "order": order.number, "vessel": shipment.vessel},
        companies=[order.buyer_id],
        now=now,
    )
    tell(
        "share.shipped",
        subject=shipment.number,
        facts={**facts, "quarter": order.round.code},
        companies=_on_board(shipment),
        now=now,
    )


def tell_cleared(shipment: Shipment, cleared_for: Company, now: datetime) -> None:
    tell(
        "shipment.cleared",
        subject=shipment.number,
        facts={"number": shipment.number},
        companies=[cleared_for.pk],
        now=now,
    )
    tell(
        "share.cleared",
        subject=shipment.number,
        facts={"number": shipment.number, "quarter": shipment.order.round.code},
        companies=_on_board(shipment),
        now=now,
    )


def tell_proposed(order: PurchaseOrder, confirmation: OrderConfirmation, now: datetime) -> None:
    """The operators hear that a supplier confirms otherwise than ordered."""
    tell(
        "order.proposed",
        subject=f"{order.number} {confirmation.position}",
        facts={"number": order.number, "supplier": order.supplier.company},
        now=now,
    )


def tell_late(order: PurchaseOrder, now: datetime) -> None:
    """The operators hear that a promised day has passed."""
    tell(
        "order.late",
        subject=f"{order.number} {order.promised_on}",
        facts={
            "number": order.number,
            "supplier": order.supplier.company,
            "promised_on": order.promised_on,
        },
        now=now,
    )


def tell_cancelled(order: PurchaseOrder, cancellation: OrderCancellation, now: datetime) -> None:
    """The importer hears of it, and each seller what is left of its goods."""
    facts: dict[str, object] = {"number": order.number, "document": cancellation.number}
    tell(
        "order.cancelled",
        subject=cancellation.number,
        facts={**facts, "amount": amount(cancellation.amount_minor, order.currency)},
        companies=[order.buyer_id],
        now=now,
    )
    lines = list(cancellation.lines.values_list("order_line_id", flat=True))
    tell_changed(order, lines, document=cancellation.number, now=now)


def tell_changed(
    order: PurchaseOrder, lines: Sequence[int], *, document: str, now: datetime
) -> None:
    """Each seller hears how many units of these lines are its own now."""
    with platform_wide():
        units = Counter[int]()
        for parts in owners(lines).values():
            units.update({owner: part.quantity for owner, part in parts.items()})
        each: dict[int, dict[str, object]] = {
            seller: {"units": units[seller]} for seller in _sellers_among(units)
        }
    tell(
        "share.changed",
        subject=f"{order.number} {document}",
        facts={"number": order.number, "quarter": order.round.code},
        companies=each,
        now=now,
    )


def _on_board(shipment: Shipment) -> dict[int, dict[str, object]]:
    """By seller, its units on a shipment. Customs asks inside the importer's walls."""
    with platform_wide():
        carried = list(ShipmentLine.objects.filter(shipment=shipment))
        before = open_before(carried, money=False)
        units = Counter[int]()
        for one in carried:
            turn = sorted(before[one.pk].items())
            had = [part.quantity for _owner, part in turn]
            parts = shared(min(one.quantity, sum(had)), had)
            units.update(dict(zip((owner for owner, _part in turn), parts, strict=True)))
        sellers = _sellers_among(owner for owner in units if units[owner])
        return {seller: {"units": units[seller]} for seller in sellers}


def _sellers_among(owners: Iterable[int]) -> list[int]:
    found = Company.objects.filter(pk__in=list(owners), kinds__contains=[CompanyKind.SELLER])
    return list(found.order_by("pk").values_list("pk", flat=True))


def _units(lines: Iterable[int]) -> dict[int, dict[str, object]]:
    """By seller, its units of these order lines. Customs asks inside the importer's walls."""
    with platform_wide():
        rows = (
            OrderShare.objects.filter(
                line__in=list(lines),
                quantity__gt=0,
                owner__kinds__contains=[CompanyKind.SELLER],
            )
            .order_by()
            .values("owner_id")
            .annotate(units=Sum("quantity"))
        )
        return {row["owner_id"]: {"units": row["units"]} for row in rows}


def tell_bands(quarter: str, changed: Mapping[int, tuple[str, Score]], now: datetime) -> None:
    """``changed``: by seller, the band it had and its new score."""
    tell(
        "credit.band",
        subject={pk: f"{quarter} {before}{one.band}" for pk, (before, one) in changed.items()},
        facts={"quarter": quarter},
        companies={
            pk: {"before": before, "band": one.band, "score": one.score}
            for pk, (before, one) in changed.items()
        },
        now=now,
    )
