"""Who hears of what arrived at the gate, and in what state."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from notices.services import tell
from warehouse.days import day_of
from warehouse.models import Lot, Receipt, ReceiptLine, ReceiptShare, SupplierClaim
from warehouse.queries.sellers import sellers_among
from warehouse.rules.fulfilling import is_expired


def tell_received(
    receipt: Receipt,
    counted: Sequence[ReceiptLine],
    shares: Sequence[ReceiptShare],
    now: datetime,
) -> None:
    """The buyer hears of the whole shipment, each seller of its own part."""
    shipment = receipt.shipment
    announced, came = (
        sum(line.announced for line in counted),
        sum(line.counted for line in counted),
    )
    tell(
        "shipment.received",
        subject=shipment.number,
        facts={
            "number": shipment.number,
            "announced": announced,
            "counted": came,
            "missing": sum(line.missing for line in counted),
        },
        companies=[shipment.order.buyer_id],
        now=now,
    )
    units, missing = Counter[int](), Counter[int]()
    for share in shares:
        units[share.owner_id] += share.received
        missing[share.owner_id] += share.missing
    sellers = sellers_among(units)
    facts = {"number": shipment.number}
    tell(
        "stock.received",
        subject=shipment.number,
        facts=facts,
        companies={pk: {"units": units[pk]} for pk in sellers if not missing[pk]},
        now=now,
    )
    tell(
        "stock.short",
        subject=shipment.number,
        facts=facts,
        companies={
            pk: {"units": units[pk], "missing": missing[pk]} for pk in sellers if missing[pk]
        },
        now=now,
    )


def tell_unsellable(
    receipt: Receipt, lots: Mapping[int, Lot], shares: Sequence[ReceiptShare], now: datetime
) -> None:
    """Each seller hears what of its part came damaged, or expired on its way."""
    sellers = set(sellers_among(share.owner_id for share in shares))
    of_line: dict[int, dict[int, int]] = defaultdict(dict)
    for share in shares:
        lot = lots.get(share.receipt_line_id)
        if lot is None or share.owner_id not in sellers:
            continue
        units = share.received if is_expired(lot.expires_on, day_of(now)) else share.damaged
        if units:
            of_line[share.receipt_line_id][share.owner_id] = units
    for line, each in sorted(of_line.items()):
        tell(
            "stock.set_aside",
            subject=f"{receipt.number}/{lots[line].number}",
            facts={"number": receipt.number, "lot": lots[line].number},
            companies={owner: {"units": units} for owner, units in each.items()},
            now=now,
        )


def tell_claim(claim: SupplierClaim, now: datetime) -> None:
    """The importer hears that there is something to claim of a supplier."""
    tell(
        "claim.opened",
        subject=claim.number,
        facts={"number": claim.number, "shipment": claim.shipment.number},
        companies=[claim.buyer_id],
        now=now,
    )
