"""What sellers drew from bond in a quarter, told to procurement: it measures forecasts by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from notices.services import once
from procurement.services import record_drawn
from warehouse.days import day_of
from warehouse.queries import drawing


@transaction.atomic
def report_drawn(*, now: datetime) -> int:
    """Tell once a day what was drawn in the quarter that is over, returns taken off.

    Safe to run any number of times: what is known already is not written again. Ask
    ``platform_wide``. Returns how many figures are new.
    """
    if not once("sales.drawn", f"{day_of(now)}", now=now):
        return 0
    return record_drawn(drawn=drawing.drawn(drawing.quarter_before(now)), now=now)
