"""A forecast and the closing of its round at the same moment: one waits for the other."""

from __future__ import annotations

import threading
import time

from django.db import connection, transaction

from core.walls import platform_wide
from procurement.models import Forecast, PurchaseOrderLine
from procurement.rules.forecasting import RoundClosed
from procurement.services import close_round, file_forecast
from tests.factories.procurement import AFTER, DURING

from .conftest import Market


def test_no_forecast_slips_in_while_its_round_closes(committed_market: Market) -> None:
    market, told = committed_market, []
    closing = threading.Event()

    def file_late() -> None:
        # Its request began before the cut-off: the clock alone would let it in.
        closing.wait(timeout=10)
        try:
            with platform_wide():
                file_forecast(
                    round=market.round,
                    seller=market.bela,
                    lines={market.milk.pk: 50},
                    filed_by=None,
                    now=DURING,
                )
            told.append("filed")
        except RoundClosed:
            told.append("refused")
        finally:
            connection.close()

    late = threading.Thread(target=file_late)
    late.start()
    with platform_wide():
        file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 60},
            filed_by=None,
            now=DURING,
        )
        with transaction.atomic():
            close_round(round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER)
            closing.set()
            time.sleep(0.5)  # the other one comes to the lock, and waits
            assert told == []
    late.join(timeout=10)

    assert told == ["refused"]
    with platform_wide():
        assert Forecast.objects.count() == 1
        assert PurchaseOrderLine.objects.get().wanted == 60
