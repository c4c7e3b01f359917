"""Every bulk action: each row is done or refused in words, and no worker's death does harm."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Max
from django.test import Client
from django.utils.timezone import localdate

from accounts.middleware import who
from accounts.models import Company, Membership, Role
from core.acting import acting
from core.history import EVENTS
from core.walls import platform_wide
from customs.models import Declaration
from jobs import services
from jobs.models import Job, JobOutcome, JobState
from jobs.services import working
from procurement.models import OrderState, PurchaseOrder
from settlement.models import PaymentFile, SettlementBatch
from settlement.services import approve_batch, open_batches, price_batch
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    confirm,
)
from tests.factories.catalog import TradingPartnerFactory
from tests.factories.procurement import PurchaseOrderFactory, PurchaseOrderLineFactory
from tests.factories.settlement import Q3, book, importer
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.jobs import lists, stock
from traceability.models import ItemIdentity, LabelSheet
from traceability.services import issue_labels, print_next_label_sheet
from warehouse.models import (
    BondedWarehouse,
    Lot,
    RetailOrder,
    RetailOrderState,
)
from warehouse.services import accept_orders
from web.tables import Viewer, tables

pytestmark = pytest.mark.django_db

#: A Friday noon in Shanghai; the last day of the embedded rates.
NOON = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)


@dataclass(frozen=True)
class Scene:
    """Who acts, on which rows; the last one is refused. ``count`` tells what was done so far."""

    actor: Membership
    rows: list[int]
    count: Callable[[], int]


def _orders() -> Scene:
    """Two drafted orders, and one that was placed before."""
    actor = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    drafted = [
        PurchaseOrderFactory.create(state=OrderState.DRAFT.value, placed_at=None) for _ in range(2)
    ]
    for order in drafted:
        PurchaseOrderLineFactory.create(order=order)
    placed = PurchaseOrderFactory.create()
    return Scene(
        actor,
        [*(one.pk for one in drafted), placed.pk],
        lambda: PurchaseOrder.objects.filter(state=OrderState.PLACED).count() - 1,
    )


def _lots() -> Scene:
    """Two lots without labels, and one whose units all have theirs."""
    seller = SellerFactory.create()
    for _ in range(3):
        received_stock({seller: 2})
    lots = list(Lot.objects.select_related("product").order_by("pk"))
    issue_labels(product=lots[2].product, lot_number=lots[2].number, count=2, now=SELLS)
    keeper = BondedWarehouse.objects.get().operator
    actor = MembershipFactory.create(company=keeper, role=Role.WAREHOUSE)
    return Scene(actor, [one.pk for one in lots], lambda: (ItemIdentity.objects.count() - 2) // 2)


def _retail() -> Scene:
    """Two orders that can be cancelled, and one whose list is drawn."""
    actor = MembershipFactory.create(company=SellerFactory.create(), role=Role.SELLER)
    received_stock({actor.company: 9})
    sku = Lot.objects.get().product.sku
    accept_orders(
        seller=actor.company,
        orders=[an_incoming_order(sku, number=f"T-{at}") for at in range(3)],
        now=SELLS,
    )
    made = list(RetailOrder.objects.order_by("pk"))
    RetailOrder.objects.filter(pk=made[2].pk).update(state=RetailOrderState.LISTED)
    return Scene(
        actor,
        [one.pk for one in made],
        lambda: RetailOrder.objects.filter(state=RetailOrderState.CANCELLED).count(),
    )


def _stock(step: str) -> Scene:
    return Scene(*stock.scene(step, now=NOON))


def _batches(step: str) -> Scene:
    """Three batches: two fit for the step, and one that is not."""
    platform = PlatformCompanyFactory.create()
    actor, maker = (MembershipFactory.create(company=platform, role=Role.FINANCE) for _ in range(2))
    debtor: Company = importer()
    seller = SellerFactory.create()
    for at in range(3):
        book(TradingPartnerFactory.create(), debtor, {seller.pk: 100_000}, number=f"INV-{at}")
    made = open_batches(
        debtor=debtor, period_start=Q3[0], period_end=Q3[1], created_by=maker.user, now=NOON
    )
    made.sort(key=lambda one: one.pk)
    checker = MembershipFactory.create(company=platform, role=Role.FINANCE)

    def price(batch: SettlementBatch, by: Membership = maker) -> None:
        price_batch(batch=batch, priced_by=by.user, now=NOON)

    def approve(batch: SettlementBatch) -> None:
        approve_batch(batch=batch, approved_by=checker.user, seen=NOON, now=NOON)

    if step == "price":
        price(made[2])
        approve(made[2])
    if step == "approve":
        price(made[0])
        price(made[1])
        # Whoever priced a batch is not who lets it go.
        price(made[2], actor)
    if step == "export":
        for batch in made[:2]:
            price(batch)
            approve(batch)
    found = SettlementBatch.objects
    counts = {
        "price": lambda: found.filter(state="priced").count(),
        "approve": lambda: found.filter(state="approved").count(),
        "export": lambda: PaymentFile.objects.count(),
    }
    return Scene(actor, [one.pk for one in made], counts[step])


SCENES: dict[tuple[str, str], Callable[[], Scene]] = {
    ("orders", "place"): _orders,
    ("lots", "labels"): _lots,
    ("retail-lists", "release"): lambda: Scene(*lists.scene()),
    ("retail-lists", "anew"): lambda: Scene(*lists.refused()),
    ("retail-orders", "cancel"): _retail,
    **{("stock", step): partial(_stock, step) for step in stock.SCENES},
    ("places", "close"): lambda: Scene(*stock.places()),
    ("messages-out", "retry"): lambda: Scene(*lists.messages()),
    ("declarations", "papers"): lambda: Scene(*lists.drafts()),
    ("batches", "price"): lambda: _batches("price"),
    ("batches", "approve"): lambda: _batches("approve"),
    ("batches", "export"): lambda: _batches("export"),
}
#: The books' one is tried in tests/customs/test_book_proof.py.
GATHERED = {
    *(("declarations", "zip"), ("label-sheets", "zip"), ("account-books", "reports")),
    # Tried in tests/customs/test_releasing_papers.py.
    ("declarations", "sets"),
}


def test_every_bulk_action_has_its_scene() -> None:
    # What a page of its own starts is tested with that page: tests/procurement/test_plan_pages.py.
    known = {
        (key, one.name) for key, table in tables().items() for one in table.actions if one.is_listed
    }

    assert set(SCENES) | GATHERED == known
    # Who had a message tried again stands in a row of its own; what is told anew is in messages.
    assert set(SCENES) - set(CHANGED) == {("messages-out", "retry"), ("retail-lists", "anew")}


@pytest.fixture(autouse=True)
def story_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    file = tmp_path / "clock"
    file.write_text(LATER.isoformat())
    monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(file))
    settings.FOREX_RATES_URL = "http://127.0.0.1:9/api/"


def _viewer(actor: Membership) -> Viewer:
    return Viewer(actor.user, actor.company, str(actor.role), localdate(NOON), NOON, NOON)


def _ask(scene: Scene, key: str, name: str) -> Job:
    table = tables()[key]
    action = next(one for one in table.actions if one.name == name)
    return services.start_action(
        viewer=_viewer(scene.actor),
        table=table,
        action=action,
        chosen=scene.rows,
        params={},
        is_every=False,
        # Everything of the scenes was made before.
        seen=dict.fromkeys(scene.rows, NOON),
        now=NOON,
    )


def _work(at: datetime) -> int:
    with platform_wide():
        return services.work(now=lambda: at)


@pytest.mark.parametrize(("key", "name"), SCENES)
def test_a_row_is_refused_in_words_and_a_death_between_two_rows_harms_none(
    key: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with platform_wide():
        scene = SCENES[key, name]()
        job = _ask(scene, key, name)
    act_on = working._act_on
    seen: list[int] = []

    def dies(job: Job, *told: Any) -> None:
        if seen:
            raise KeyboardInterrupt
        seen.append(job.pk)
        act_on(job, *told)

    monkeypatch.setattr(working, "_act_on", dies)
    with pytest.raises(KeyboardInterrupt):
        _work(NOON)
    monkeypatch.setattr(working, "_act_on", act_on)
    with platform_wide():
        assert JobOutcome.objects.count() == 1
    assert _work(NOON) == 0, "the lease is not over"
    assert _work(LATER) == 1

    with platform_wide():
        job = Job.objects.get()
        (refused,) = JobOutcome.objects.filter(is_done=False)
        done = scene.count()
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(scene.actor.user)
    confirm(client)
    page = client.get(f"/jobs/{job.public_id}/").content.decode()

    assert (job.state, job.done, job.total, job.refused) == (JobState.DONE, 3, 3, 1)
    assert done == 2
    assert refused.row == scene.rows[-1]
    assert refused.name in page
    assert refused.code
    assert refused.rule not in page, "the refusal is told in the reader's language"


#: What a worker's change leaves behind: the facts are told in the table of this kind of row.
CHANGED = {
    ("orders", "place"): "procurement.PurchaseOrder",
    ("lots", "labels"): "traceability.LabelSheet",
    ("retail-lists", "release"): "warehouse.RetailOrder",
    ("retail-orders", "cancel"): "warehouse.RetailOrder",
    **dict.fromkeys((("stock", step) for step in stock.SCENES), "warehouse.StockChange"),
    ("places", "close"): "warehouse.Location",
    ("declarations", "papers"): "customs.Declaration",
    ("batches", "price"): "settlement.SettlementBatch",
    ("batches", "approve"): "settlement.SettlementBatch",
    ("batches", "export"): "settlement.PaymentFile",
}


@pytest.mark.parametrize(("key", "name"), CHANGED)
def test_the_history_of_what_a_worker_changed_names_who_asked_for_it_and_from_where(
    key: str, name: str
) -> None:
    request = UUID("5b1f2c3d-0000-4000-8000-00000000cafe")
    with platform_wide():
        scene = SCENES[key, name]()
        before = max(last for last in map(_last_event, EVENTS) if last)
        with acting(
            request_id=request,
            address="198.51.100.7",
            method="POST",
            path=f"/lists/{key}/act/",
            **who(scene.actor, token="bp_abcd"),
        ):
            _ask(scene, key, name)
        asked_for = max(last for last in map(_last_event, EVENTS) if last)
    with acting(task="jobs.work"):
        _work(NOON)

    with platform_wide():
        told = {
            label: list(events.objects.filter(pgh_id__gt=before))
            for label, events in EVENTS.items()
        }
    assert asked_for == before, "nothing is changed before a worker has it"
    assert told[CHANGED[key, name]]
    for event in [one for events in told.values() for one in events]:
        assert event.pgh_person == scene.actor.user_id
        assert event.pgh_company == scene.actor.company_id
        assert event.pgh_context_id == request
        facts = {fact: event.pgh_context[fact] for fact in ("email", "address", "path", "token")}
        assert facts == {
            "email": scene.actor.user.email,
            "address": "198.51.100.7",
            "path": f"/lists/{key}/act/",
            "token": "bp_abcd",
        }
        assert event.pgh_context["task"] == "jobs.work"


def _last_event(label: str) -> int | None:
    last: int | None = EVENTS[label].objects.aggregate(last=Max("pgh_id"))["last"]
    return last


def test_a_job_that_is_thrown_away_leaves_who_asked_for_it_in_the_history(settings: Any) -> None:
    with platform_wide():
        scene = _retail()
        with acting(address="198.51.100.7", **who(scene.actor)):
            _ask(scene, "retail-orders", "cancel")
    _work(NOON)
    _work(NOON + timedelta(days=settings.BONDPOOL_NOTICES_KEPT_DAYS + 1))

    with platform_wide():
        assert not Job.objects.exists()
    client = Client(headers={"accept-language": "en"})
    client.force_login(scene.actor.user)
    page = client.get(f"/audit/warehouse.retailorder/{scene.rows[0]}/").content.decode()

    assert scene.actor.user.email in page
    assert "198.51.100.7" in page


def _zip_of(job: Job) -> zipfile.ZipFile:
    with platform_wide():
        content = b"".join(bytes(part.content) for part in job.parts.order_by("position"))
    return zipfile.ZipFile(io.BytesIO(content))


def test_papers_that_are_ready_are_packed_and_the_others_are_not() -> None:
    with platform_wide():
        scene = Scene(*lists.drafts())
        job = _ask(scene, "declarations", "zip")
    _work(NOON)

    with platform_wide():
        job = Job.objects.get()
        ready = Declaration.objects.get(pk=scene.rows[-1]).our_reference
    assert (job.state, job.result_name) == (JobState.DONE, "declarations.zip")
    assert _zip_of(job).namelist() == [f"{ready}.pdf"]


def test_when_no_paper_is_ready_the_job_ends_and_says_why() -> None:
    with platform_wide():
        scene = Scene(*lists.drafts())
        _ask(Scene(scene.actor, scene.rows[:2], scene.count), "declarations", "zip")
    _work(NOON)

    with platform_wide():
        job = Job.objects.get()
    assert job.state == JobState.FAILED
    assert job.error == "Choose at least one declaration whose paper is ready."


def test_label_sheets_that_are_printed_are_packed() -> None:
    with platform_wide():
        scene = _lots()
        print_next_label_sheet(now=lambda: NOON)
        sheet = LabelSheet.objects.get()
        _ask(Scene(scene.actor, [sheet.pk], scene.count), "label-sheets", "zip")
    _work(NOON)

    with platform_wide():
        job = Job.objects.get()
    assert job.state == JobState.DONE
    (name,) = _zip_of(job).namelist()
    assert _zip_of(job).read(name)[:5] == b"%PDF-"
    assert date(2026, 8, 1) <= localdate(job.finished_at)
