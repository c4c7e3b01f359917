"""Pictures that a clerk takes at the gate."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from procurement.models import ShipmentLine
from tests.factories.pictures import drawn
from tests.factories.warehouse import ARRIVES
from warehouse.models import GatePicture
from warehouse.services import Sent, keep_pictures


def keep(
    line: ShipmentLine, clerk: User, *files: bytes, whole: bool = False, **more: Any
) -> list[GatePicture]:
    told: dict[str, Any] = {
        "line": None if whole else line,
        "keeper": line.shipment.bound_for,
    } | more
    sent = [Sent(f"{n}.jpg", content) for n, content in enumerate(files, 1)]
    return keep_pictures(shipment=line.shipment, sent=sent, taken_by=clerk, now=ARRIVES, **told)


def colored(first: int, end: int, **more: Any) -> list[bytes]:
    """Pictures that differ from each other."""
    return [drawn(color=f"#{n * 20:02x}80{255 - n * 20:02x}", **more) for n in range(first, end)]
