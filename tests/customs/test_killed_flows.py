"""Shops send orders and take some back while ``kill -9`` meets the site's processes and the
workers at random points: 12 orders in ``make test``, 200 in ``make slow``.

A shop that gets no answer asks again with the same key, as the API tells it to.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from accounts.models import Company, Role
from core import clock, queue
from core.walls import platform_wide
from customs.models import RetailList, RetailVoid
from rest.rules import scopes_of
from rest.services import issue_token
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory
from tests.factories.warehouse import ID_NUMBERS, received_stock
from tests.killing import HOST, Site, Workers
from traceability.models import TraceEvent
from traceability.queries import check_chain
from warehouse.models import Reservation, RetailOrder, RetailOrderState, StockPosting
from warehouse.queries.proving import prove_stock

pytestmark = pytest.mark.django_db(transaction=True)

FLOWS = int(os.environ.get("BONDPOOL_FLOWS") or 12)
SHOPS = 4
#: Seconds a shop goes on asking.
PATIENCE = 240


@pytest.fixture
def site(transactional_db: None, embedded_servers: None) -> Iterator[Site]:
    started = Site()
    started.start()
    started.wait()
    yield started
    started.kill()


@pytest.fixture
def workers(transactional_db: None, broker: str) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


def _ask(site: Site, token: str, path: str, body: Any, **headers: str) -> tuple[int, Any]:
    """Again and again until there is an answer."""
    end = time.monotonic() + PATIENCE
    while True:
        line = http.client.HTTPConnection(HOST, site.port, timeout=20)
        try:
            told = {name.replace("_", "-"): value for name, value in headers.items()}
            told |= {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            line.request("POST", f"/api/v1/{path}", json.dumps(body), told)
            answer = line.getresponse()
            content = answer.read()
            # 409: who asked before and was killed may hold the key for a moment more.
            if answer.status < 500 and b"rest.busy" not in content:
                return answer.status, json.loads(content)
        except (OSError, http.client.HTTPException):
            pass
        finally:
            line.close()
        assert time.monotonic() < end, f"nobody answered {path}"
        time.sleep(0.1)


def _flow(site: Site, token: str, sku: str, n: int, dice: random.Random) -> tuple[str, bool]:
    """The number of the order, and whether it was taken back."""
    order = {
        "channel": "shop",
        "order_number": f"T-{n}",
        "placed_at": "2026-08-01T14:05:00+08:00",
        "buyer_name": "张三",
        "buyer_id_number": ID_NUMBERS[n % 2],
        "consignee_address": "浙江省杭州市西湖区示例路 1 号",
        "lines": [{"sku": sku, "quantity": 1 + n % 2, "unit_price_minor": 1_990}],
    }
    status, told = _ask(site, token, "retail-orders", order, Idempotency_Key=f"flow-{n}")
    assert status == 201, told
    if n % 3:
        return told["number"], False
    time.sleep(dice.random() / 4)
    path = f"retail-orders/{told['number']}/cancel"
    status, answer = _ask(site, token, path, {}, If_Match="*")
    # The answer that it is done may have been lost: then it is done already.
    assert status in {200, 409}, answer
    return told["number"], True


class Killer:
    """Strikes a little after it is told to: a process of the site, the workers, or all the site."""

    def __init__(self, site: Site, workers: Workers, dice: random.Random) -> None:
        self.site, self.workers, self.dice = site, workers, dice
        self.kills = Counter[str]()
        self.one_at_a_time = threading.Lock()
        self.timers: list[threading.Timer] = []

    def strike_soon(self) -> None:
        with self.one_at_a_time:
            timer = threading.Timer(self.dice.random() / 4, self._strike)
            self.timers.append(timer)
        timer.start()

    def _strike(self) -> None:
        with self.one_at_a_time:
            queue.ring_all()
            at = self.dice.random()
            if at < 0.6:
                self.site.kill_one(self.dice.randrange(2))
                self.kills["one of the site"] += 1
            elif at < 0.95:
                self.workers.kill()
                self.workers.start()
                self.kills["workers"] += 1
            else:
                self.site.kill()
                self.site.start()
                self.kills["the site"] += 1

    def wait(self) -> None:
        for timer in self.timers:
            timer.join()


def test_killed_processes_lose_no_order_and_double_none(site: Site, workers: Workers) -> None:
    seed = int(os.environ.get("BONDPOOL_KILL_SEED") or random.randrange(10**9))
    print(f"repeat with BONDPOOL_KILL_SEED={seed}")
    with platform_wide():
        TariffRateFactory.create()
        milk, seller = ProductFactory.create(), SellerFactory.create()
        received_stock({seller: 2 * FLOWS}, product=milk)
        token = _token(seller)
    workers.start()
    killer = Killer(site, workers, random.Random(seed))

    def flow(n: int) -> tuple[str, bool]:
        if n % 2:
            killer.strike_soon()
        return _flow(site, token, milk.sku, n, random.Random(seed + n))

    with ThreadPoolExecutor(SHOPS) as pool:
        done = list(pool.map(flow, range(FLOWS)))
    killer.wait()
    print(f"{FLOWS} orders, killed: {dict(killer.kills)}")
    with platform_wide():
        _wait_for_lists()
        workers.kill()
        _check(done)
    assert sum(killer.kills.values()) == FLOWS // 2


def _token(seller: Company) -> str:
    person = MembershipFactory.create(company=seller, role=Role.SELLER).user
    _token, text = issue_token(
        company=seller,
        role=Role.SELLER,
        created_by=person,
        name="shop",
        scopes=scopes_of(Role.SELLER),
        days=1,
        now=clock.now(),
    )
    return text


def _wait_for_lists() -> None:
    end = time.monotonic() + 60
    while RetailOrder.objects.filter(state=RetailOrderState.ALLOCATED).exists():
        assert time.monotonic() < end, "not every list was drawn in the end"
        queue.ring_all()
        time.sleep(0.1)


def _check(done: list[tuple[str, bool]]) -> None:
    """Each order once, with its stock, its list and its trace, or taken back with neither."""
    orders = {one.number: one for one in RetailOrder.objects.all()}
    assert sorted(orders) == sorted(number for number, _back in done)
    assert len({one.channel_order_number for one in orders.values()}) == FLOWS
    back = {number for number, one in orders.items() if one.state == RetailOrderState.CANCELLED}
    assert back <= {number for number, is_back in done if is_back}
    listed = list(RetailList.objects.values_list("order__number", flat=True))
    assert len(set(listed)) == len(listed)
    # A list that was drawn before its order was taken back is void.
    void = list(RetailVoid.objects.values_list("retail_list__order__number", flat=True))
    assert sorted(void) == sorted(back & set(listed))
    assert set(listed) - set(void) == orders.keys() - back
    keys = Counter(StockPosting.objects.values_list("document", "kind"))
    assert {key: n for key, n in keys.items() if n > 1 and key[1] in {"reserved", "returned"}} == {}
    assert prove_stock() == []
    assert {one.line.order.number for one in _held()} == orders.keys() - back
    reserved = TraceEvent.objects.filter(biz_step="reserving")
    assert reserved.count() == FLOWS
    assert check_chain().is_whole


def _held() -> Any:
    return Reservation.objects.filter(state="held").select_related("line__order")
