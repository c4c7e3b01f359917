"""A real worker, killed while a receiver has its message in hand."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest

from core.walls import platform_wide
from notices.models import DeliveryState, WebhookDelivery
from notices.services import add_endpoint, deliver_due, ping
from tests.factories.accounts import MembershipFactory
from tests.notices.conftest import NOON
from tests.notices.receiving import Receiver, receiving

ROOT = Path(__file__).resolve().parents[2]
WORKER = f"""
import django; django.setup()
from datetime import datetime
from core.walls import platform_wide
from notices.services import deliver_due
with platform_wide():
    deliver_due(now=lambda: datetime.fromisoformat({NOON.isoformat()!r}))
"""


@pytest.mark.django_db(transaction=True)
def test_a_message_of_a_killed_worker_is_sent_again_under_its_id() -> None:
    with platform_wide(), receiving("hang", 200) as shop:
        clerk = MembershipFactory.create()
        endpoint, _secret = add_endpoint(
            company=clerk.company,
            role=clerk.role,
            url=shop.url,
            events=["round.opened"],
            created_by=None,
            now=NOON,
        )
        message = ping(endpoint=endpoint, now=NOON)
        _kill_on_the_way(shop)

        row = WebhookDelivery.objects.get()
        assert (row.state, row.attempts) == (DeliveryState.SENDING, 1)
        assert deliver_due(now=lambda: NOON + timedelta(seconds=120)) == 0
        assert deliver_due(now=lambda: NOON + timedelta(seconds=121)) == 1

    assert [got.headers["webhook-id"] for got in shop.got] == [message.uid] * 2
    assert shop.got[0].body == shop.got[1].body


def _kill_on_the_way(shop: Receiver) -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONPATH": os.pathsep.join([str(ROOT / "platform"), str(ROOT)]),
        },
    )
    try:
        latest = time.monotonic() + 60
        while not shop.got and time.monotonic() < latest:
            assert worker.poll() is None, "the worker ended by itself"
            time.sleep(0.02)
    finally:
        worker.kill()
        worker.wait()
    assert len(shop.got) == 1
