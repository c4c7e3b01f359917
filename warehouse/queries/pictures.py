"""Which pictures of the gate there are, and who may look at them.

A keeper sees all of what came to its gate. A buyer sees what proves its claim: pictures of the
shipment as a whole, and of lines of which units came damaged. An owner sees those of lines of which
units of its own are damaged; never what is written beneath them, which may name other owners'
units. What was withdrawn is for its keeper alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import BooleanField, F, Func, QuerySet

from accounts.models import Company
from procurement.models import Shipment, ShipmentState
from warehouse.models import (
    GatePicture,
    ReceiptShare,
    SupplierClaim,
)
from warehouse.rules.pictures import Kept

#: Once customs has cleared it, a shipment may stand at the gate.
AT_GATE = (ShipmentState.CLEARED, ShipmentState.RECEIVED)
#: Bytes are read of the one picture that is looked at.
_BYTES = ("content", "thumbnail")
#: Those of the shipment as a whole first, then line by line, as taken.
_BY_LINE = (F("line_id").asc(nulls_first=True), "pk")
#: What the wall lets its buyer see. A buyer does not see the receipt that names the damaged lines,
#: so the wall is asked, by everybody: a claim shows the same pictures to its operator.
_PROVES = Func(F("pk"), F("buyer"), function="warehouse_shows_picture", output_field=BooleanField())


def shipments_at_gate(keeper: Company) -> QuerySet[Shipment]:
    """Those of which a keeper may take pictures."""
    return Shipment.objects.filter(bound_for=keeper, state__in=AT_GATE)


def pictures(keeper: Company | None = None) -> QuerySet[GatePicture]:
    """All of a keeper's, withdrawn ones too; everybody's when none is given."""
    found = GatePicture.objects.all()
    return found if keeper is None else found.filter(keeper=keeper)


def of_shipment(shipment: Shipment) -> list[GatePicture]:
    """For its keeper: those of the shipment as a whole first, then line by line, as taken."""
    found = (
        GatePicture.objects.filter(shipment=shipment)
        .select_related("line__order_line__product", "taken_by", "withdrawal__withdrawn_by")
        .defer(*_BYTES)
        .order_by(*_BY_LINE)
    )
    return list(found)


def kept_of(shipment: Shipment) -> list[Kept]:
    """What is kept of a shipment, as the rules count it."""
    rows = GatePicture.objects.filter(shipment=shipment).values_list(
        "line_id", "sha256", "size", "withdrawal"
    )
    return [Kept(line, sha256, size, gone is not None) for line, sha256, size, gone in rows]


def claimed(buyer: Company) -> QuerySet[GatePicture]:
    """What proves the claims of a buyer."""
    return GatePicture.objects.filter(_PROVES, buyer=buyer)


def of_claim(claim: SupplierClaim, *, with_thumbnails: bool = False) -> list[GatePicture]:
    """Those of the shipment first, then by line, as taken; the same for whoever asks."""
    found = (
        claimed(claim.buyer)
        .filter(shipment=claim.shipment_id)
        .select_related("line__order_line__product", "withdrawal")
        .defer(*(_BYTES[:1] if with_thumbnails else _BYTES))
        .order_by(*_BY_LINE)
    )
    return list(found)


def of_damage(owner: Company) -> QuerySet[GatePicture]:
    """Those of lines of which units of this owner are damaged."""
    damaged = ReceiptShare.objects.filter(owner=owner, damaged__gt=0)
    # The owners of a picture stand in the shares of its line, which the manager does not follow.
    return GatePicture._base_manager.filter(
        withdrawal__isnull=True, line__in=damaged.values("receipt_line__shipment_line")
    )


def with_pictures(owner: Company, shares: Iterable[ReceiptShare]) -> list[ReceiptShare]:
    """An owner's shares, each with its ``pictures``: keys, of those of which units are damaged."""
    found = list(shares)
    of: dict[int, list[int]] = defaultdict(list)
    lines = [one.receipt_line.shipment_line_id for one in found if one.damaged]
    if lines:
        rows = of_damage(owner).filter(line__in=lines).order_by("pk")
        for key, line in rows.values_list("pk", "line_id"):
            of[line].append(key)
    for one in found:
        own = of[one.receipt_line.shipment_line_id] if one.damaged else []
        one.pictures = own  # type: ignore[attr-defined]
    return found
