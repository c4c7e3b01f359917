"""A real worker is killed in the middle of an export; the file is made once, and whole."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from accounts.models import Role
from catalog.models import Product
from catalog.tables import PRODUCTS
from core import queue
from core.clock import now
from core.walls import inside, platform_wide
from jobs import services
from jobs.models import Job, JobPart, JobState
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import ProductFactory, gtin
from tests.killing import Workers, wait_until
from web.tables import Viewer

ROWS = 12_000


@pytest.fixture
def workers(transactional_db: None, broker: str) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


def test_a_killed_export_is_finished_exactly_once(workers: Workers) -> None:
    seller = MembershipFactory.create(role=Role.SELLER)
    Product.objects.bulk_create(
        ProductFactory.build(sku=f"S-{n:06d}", gtin=gtin(n)) for n in range(ROWS)
    )
    viewer = Viewer(seller.user, seller.company, Role.SELLER, now().date(), now(), now())
    with inside(seller.company_id):
        job = services.start_export(viewer=viewer, table=PRODUCTS, params={}, kind="csv", now=now())

    def state() -> Job:
        return Job.objects.get(pk=job.pk)

    with platform_wide():
        workers.start()
        queue.ring("jobs.work")
        wait_until(lambda: state().done > 0, 60, "the worker began")
        workers.kill()
        cut_short = state()
        workers.start()

        def finished() -> bool:
            queue.ring_all()
            return state().state == JobState.DONE

        wait_until(finished, 90, "another worker ended it")
        done = state()
        parts = [bytes(part.content) for part in JobPart.objects.order_by("position")]

    assert cut_short.state == JobState.RUNNING
    assert 0 < cut_short.done < ROWS
    assert done.attempts == 2
    rows = list(csv.reader(io.StringIO(b"".join(parts).decode("utf-8-sig"))))
    assert [row[1] for row in rows[1:]] == [f"S-{n:06d}" for n in range(ROWS)]
