"""One whole quarter, told by calling the use cases as the doors do.

Each chapter looks at what is there before it acts, so a story that was interrupted goes on
and one that was told is not told twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

from django.db.models import Max

from core.errors import DomainError
from core.models import QueuedDocument, WorkState
from demo.calendar import Quarter, Wave
from demo.goods import Goods
from demo.house import House
from demo.telling import Teller
from procurement.models import PoolRound, PurchaseOrder

#: A worker that makes nothing for so long is not there.
PATIENCE_SECONDS = 120
#: After so long the clock is set behind the leases of workers that are no more.
NUDGE_SECONDS = 15


class WorkerSilent(DomainError):
    """The worker has made nothing for two minutes; its log says why."""

    code = "demo.worker_silent"


@dataclass(frozen=True, slots=True)
class ForecastFile:
    """A file of (quarter, seller, sku, forecast_units) and its name."""

    name: str
    content: bytes


@dataclass(slots=True)
class Story:
    """What every chapter needs. ``clock`` is the workers' clock file (``core.clock``)."""

    house: House
    quarter: Quarter
    goods: Sequence[Goods]
    forecasts: ForecastFile
    teller: Teller
    clock: Path
    today: datetime
    retail_orders_per_seller: int = 40

    def at(self, moment: datetime) -> datetime:
        """Set the workers' clock and give the moment back."""
        beside = self.clock.with_suffix(".new")
        beside.write_text(moment.isoformat())
        beside.replace(self.clock)
        return moment

    @property
    def round(self) -> PoolRound:
        return PoolRound.objects.get(quarter=self.quarter.name, category="")

    @property
    def orders(self) -> list[PurchaseOrder]:
        mine = PurchaseOrder.objects.filter(round=self.round)
        return list(mine.select_related("supplier__company", "buyer").order_by("pk"))

    @property
    def waves(self) -> list[Wave]:
        return [Wave(self.quarter, index) for index in range(3)]

    @property
    def prices(self) -> Mapping[str, int]:
        return {one.sku: one.retail_price_minor for one in self.goods}


def wait_for(
    story: Story, model: type[QueuedDocument], tell: Callable[[int], None] | None = None
) -> int:
    """Wait until the worker has made every document of a table; returns how many there are.

    The workers' clock stands still, so it is set on to the time of what was queued, and,
    when nothing moves for a while, behind the leases of workers that died in a telling
    before this one. Raises WorkerSilent when nothing moves all the same, naming what failed.
    """
    total, last, since = model._default_manager.count(), -1, monotonic()
    _set_on(story, model, "due_at")
    nudged = since
    while True:
        ready = model._default_manager.filter(state=WorkState.READY).count()
        if tell:
            tell(ready)
        if ready == total:
            return total
        if ready != last:
            last, since = ready, monotonic()
        if monotonic() - max(since, nudged) > NUDGE_SECONDS:
            nudged = monotonic()
            _set_on(story, model, "due_at")
            _set_on(story, model, "leased_until")
        failed = model._default_manager.filter(state=WorkState.FAILED).first()
        if failed or monotonic() - since > PATIENCE_SECONDS:
            raise WorkerSilent(
                waiting=total - ready, document=failed, error=failed.last_error if failed else ""
            )
        sleep(0.1)


def wait_until_none(count: Callable[[], int]) -> None:
    """Wait until the worker has left nothing that is counted. Raises WorkerSilent when nothing
    becomes less all the same."""
    last, since = -1, monotonic()
    while left := count():
        if left != last:
            last, since = left, monotonic()
        if monotonic() - since > PATIENCE_SECONDS:
            raise WorkerSilent(waiting=left)
        sleep(0.1)


def _set_on(story: Story, model: type[QueuedDocument], promise: str) -> None:
    """Move the workers' clock behind the latest promise of rows that wait, never back."""
    waiting = model._default_manager.exclude(state__in=[WorkState.READY, WorkState.FAILED])
    latest = waiting.aggregate(latest=Max(promise))["latest"]
    stands = datetime.fromisoformat(story.clock.read_text().strip())
    if latest and latest >= stands:
        story.at(latest + timedelta(seconds=1))
