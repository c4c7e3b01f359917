"""Hundreds of label sheets wait, and a person asks the same workers for a paper: real workers, on
the real broker."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core import queue
from core.models import WorkState
from core.walls import platform_wide
from customs.models import DeclarationDocument
from tests.factories.customs import a_queued
from tests.factories.traceability import NOON, a_traced_lot
from tests.killing import Workers, wait_until
from traceability import services
from traceability.models import LabelSheet

SHEETS = 200
#: As many bells wait before the person's.
BELLS = 60
#: What may be printed from the moment a person asks until the paper is there.
MEANWHILE = 4


@pytest.fixture
def workers(transactional_db: None, broker: str) -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()


def _printed() -> int:
    return LabelSheet.objects.filter(state=WorkState.READY).count()


def _sheetswait_until() -> None:
    """One was issued; the others are as it."""
    lot = a_traced_lot(units=48)
    (first,) = services.issue_labels(
        product=lot.product, lot_number=lot.lot_number, count=48, now=NOON
    )
    fixed = {name: getattr(first, name) for name in ("keeper_id", "kind", "gtin", "lot_number")}
    LabelSheet.objects.bulk_create(
        LabelSheet(number=f"LBL-{n}", serials=first.serials, queued_at=NOON, due_at=NOON, **fixed)
        for n in range(SHEETS - 1)
    )


def test_a_persons_paper_is_made_while_hundreds_of_label_sheetswait_until(workers: Workers) -> None:
    at_once: set[int] = set()

    def is_made(paper: DeclarationDocument) -> bool:
        at_once.add(LabelSheet.objects.filter(state=WorkState.GENERATING).count())
        paper.refresh_from_db(fields=["state"])
        return paper.state == WorkState.READY

    def printed_while_a_person_waits(processes: int) -> int:
        workers.start(processes)
        begun = _printed()
        for _bell in range(BELLS):
            queue.ring("traceability.labels")
        wait_until(lambda: _printed() > begun, 60, "the worker never printed")
        before, paper = _printed(), a_queued()
        wait_until(lambda: is_made(paper), 60, "the paper was never made")
        meanwhile = _printed() - before
        wait_until(lambda: _printed() > before + meanwhile, 60, "the printing did not go on")
        workers.kill()
        return meanwhile

    with platform_wide():
        _sheetswait_until()
        beside_two, beside_one = (printed_while_a_person_waits(of) for of in (2, 1))
        waiting = SHEETS - _printed()

    assert beside_two <= MEANWHILE
    assert beside_one <= MEANWHILE
    assert at_once <= {0, 1}
    assert waiting > SHEETS // 2
