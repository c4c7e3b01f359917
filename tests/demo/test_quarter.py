"""One quarter from the sellers' forecasts to the consumer's scan, with a real worker.

The story is cut short in the middle and goes on where it stopped; ``make slow`` tells it in one
go too.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import F, Model, Sum
from django.test import Client

from accounts.models import Company
from catalog.models import Product
from core.money import Money
from core.walls import inside
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationState,
    OutgoingElement,
    OutgoingMessage,
    PaperRelease,
    Receipt,
    RetailList,
    TaxBill,
)
from demo import chapters_paying as paying
from demo import story as stories
from demo.story import Story
from ledger.models import JournalLine
from procurement.models import (
    Deposit,
    DepositEvent,
    Forecast,
    ForecastLine,
    LateWish,
    LineRevision,
    OrderCancellation,
    OrderDocument,
    OrderShare,
    PoolRound,
    PurchaseOrder,
    PurchaseOrderLine,
    RoundCredit,
    SellerEntry,
    SellerSku,
    Shipment,
    ShipmentState,
)
from settlement.models import Payable, Payment, PaymentFile, SettlementBatch
from tests.demo.conftest import forecast_rows
from tests.demo.cutting import cut_short, tell
from traceability.models import ItemIdentity, LabelSheet, TraceEvent
from warehouse.models import (
    ChannelDelivery,
    Holding,
    Location,
    Lot,
    ReceiptLine,
    ReceiptShare,
    RetailMerge,
    RetailOrder,
    RetailReturn,
    StockCount,
    StockMovement,
    StockTransfer,
    StorageBill,
    StorageCharge,
    SupplierClaim,
    Zone,
)

COUNTED: list[type[Model]] = [
    *(Forecast, ForecastLine, PurchaseOrder, PurchaseOrderLine, OrderShare, OrderDocument),
    *(Deposit, DepositEvent, LateWish, LineRevision, OrderCancellation, SellerSku),
    *(Shipment, Declaration, DeclarationDocument, Lot, ReceiptShare, StockMovement),
    *(RetailOrder, RetailList, Payable, SettlementBatch, Payment, PaymentFile, JournalLine),
    *(TraceEvent, ItemIdentity, LabelSheet, Location, StockCount, StockTransfer),
    *(RetailMerge, RetailReturn, ChannelDelivery, StorageCharge, StorageBill, SupplierClaim),
    *(Receipt, TaxBill, PaperRelease),
]


WAYS = ["cut short", "in one go"][: 2 if os.environ.get("BONDPOOL_EVERY_TEXT") else 1]


def _counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in COUNTED}


@pytest.mark.usefixtures("at_work")
@pytest.mark.parametrize("way", WAYS)
def test_a_quarter_is_told_once_and_adds_up(
    tellable: Callable[[list[dict[str, str]]], Story], monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    rows = forecast_rows()
    filed = [row for row in rows if row["sku"] != "US-CHERRY-2"]
    story = tellable(rows)

    if way == "cut short":
        # What a dead worker left is asked for soon.
        monkeypatch.setattr(stories, "NUDGE_SECONDS", 1)
        cut_short(story)
    tell(story)
    first = _counts()
    tell(story)

    assert _counts() == first, "a second telling doubles nothing"
    _pooled_is_the_sum_of_shares(story, filed)
    _received_is_the_sum_of_lots()
    _stock_is_the_sum_of_movements()
    _the_warehouse_is_kept()
    _payments_are_file_and_ledger()
    _papers_are_whole()
    _customs_has_answered(story)
    _a_round_of_each_phase_is_under_way(story)
    _a_seller_sees_its_own_and_nobody_elses()
    _a_consumer_reads_where_it_comes_from()
    _all_but_one_is_received()
    _what_does_not_add_up_is_told(story)


def _all_but_one_is_received() -> None:
    """The last chapter leaves one part of an order on its way."""
    states = Counter(Shipment.objects.values_list("state", flat=True))
    assert states.pop(ShipmentState.SHIPPED) == 1
    assert states.keys() == {ShipmentState.RECEIVED}


def _what_does_not_add_up_is_told(story: Story) -> None:
    with story.teller.chapter("again") as told:
        paying.count_everything_again(story, told)
    Product.objects.update(volume_cm3=F("volume_cm3") * 100)
    with pytest.raises(paying.Uneven), story.teller.chapter("too large") as told:
        paying.count_everything_again(story, told)


def _pooled_is_the_sum_of_shares(story: Story, filed: list[dict[str, str]]) -> None:
    wanted = sum(int(row["forecast_units"]) for row in filed)
    platform = Company.objects.get(code="BONDPOOL")
    told = PurchaseOrderLine.objects.filter(order__round=story.round)
    lines = told.aggregate(w=Sum("wanted"), q=Sum("quantity"))
    parts = OrderShare.objects.filter(line__in=told)
    shares = parts.exclude(owner=platform).aggregate(q=Sum("quantity"))
    surplus = parts.filter(owner=platform).aggregate(q=Sum("quantity"))["q"] or 0
    assert lines["w"] == shares["q"] == wanted
    assert lines["q"] == wanted + surplus
    for line in PurchaseOrderLine.objects.all():
        mine = line.shares.aggregate(q=Sum("quantity"), a=Sum("amount_minor"))
        assert (mine["q"], mine["a"]) == (line.quantity, line.amount_minor)
    for order in PurchaseOrder.objects.all():
        assert order.amount_minor == order.lines.aggregate(a=Sum("amount_minor"))["a"]
    worse = OrderShare.objects.exclude(owner=platform).filter(amount_minor__gt=F("alone_minor"))
    assert not worse.exists(), "nobody pays more than alone"


def _a_round_of_each_phase_is_under_way(story: Story) -> None:
    ordered, waiting = PoolRound.objects.exclude(category="").order_by("pk")
    assert (ordered.code, ordered.state) == ("2026-Q4-kitchen", "closed")
    # Bills are due sixty days after the orders, not fourteen, and every wish counts by credit.
    assert (ordered.payment_days, story.round.payment_days) == (60, 14)
    days = SellerEntry.objects.filter(round=ordered, kind="bill").values_list(
        "value_date", "due_on"
    )
    assert {billed_on + timedelta(days=60) for billed_on, _due_on in days} == {
        due_on for _billed_on, due_on in days
    }
    assert (ordered.is_credit_applied, story.round.is_credit_applied) == (True, False)
    factors = set(RoundCredit.objects.filter(round=ordered).values_list("factor", flat=True))
    assert len(factors) > 1
    wished = ForecastLine.objects.filter(forecast__round=ordered).aggregate(q=Sum("quantity"))["q"]
    counted = PurchaseOrderLine.objects.filter(order__round=ordered).aggregate(w=Sum("wanted"))["w"]
    assert 0 < counted < wished
    assert LineRevision.objects.filter(order_line__order__round=ordered).exists()
    assert Shipment.objects.filter(order__round=ordered).exists()
    assert OrderCancellation.objects.filter(order__round=ordered).exists()
    assert (waiting.state, waiting.ends_at < story.today) == ("open", True)
    paid = {event.deposit_id for event in DepositEvent.objects.filter(step="paid")}
    asked = set(Deposit.objects.filter(round=waiting).values_list("pk", flat=True))
    assert paid < asked, "some have paid, others not"
    assert LateWish.objects.filter(round=waiting).exists()
    assert SellerSku.objects.exists()


def _received_is_the_sum_of_lots() -> None:
    for line in ReceiptLine.objects.select_related("lot"):
        arrived = StockMovement.objects.filter(lot=line.lot, kind="received", account="stock")
        assert line.counted == arrived.aggregate(q=Sum("quantity"))["q"]
        shares = line.shares.aggregate(e=Sum("entitled"), r=Sum("received"))
        assert (shares["e"], shares["r"]) == (line.announced, line.counted)
    assert ReceiptLine.objects.filter(counted__lt=F("announced")).exists(), "short on purpose"


def _stock_is_the_sum_of_movements() -> None:
    for holding in Holding.objects.all():
        moved = StockMovement.objects.filter(
            lot=holding.lot_id,
            owner=holding.owner_id,
            location=holding.location_id,
            status=holding.status,
        )
        assert holding.on_hand == moved.aggregate(q=Sum("quantity"))["q"]
    gone = RetailOrder.objects.exclude(state__in=["cancelled", "allocated"])
    assert RetailList.objects.count() == gone.count() > 0
    # The one that its buyer sent back, and the one that the seller's own shop sent today.
    states = {"released", "handed_over", "delivered", "returned", "listed", "merged"}
    assert set(gone.values_list("state", flat=True)) == states


def _the_warehouse_is_kept() -> None:
    at_the_gate = Holding.objects.filter(location__zone=Zone.GATE, on_hand__gt=0)
    assert not at_the_gate.exists(), "all is put away"
    assert list(SupplierClaim.objects.values_list("state", flat=True)) == ["sent", "sent"]
    assert sorted(StockCount.objects.values_list("state", flat=True)) == ["counted", "done"]
    assert RetailReturn.objects.get().state == "arrived"
    told = sorted(ChannelDelivery.objects.values_list("state", flat=True))
    assert told == ["done", "refused"]
    # The platform's own surplus is on nobody's account.
    sellers = StorageBill.objects.exclude(owner__code="BONDPOOL")
    billed = sellers.aggregate(q=Sum("total_minor"))["q"]
    owed = SellerEntry.objects.filter(kind="storage").aggregate(q=Sum("amount_minor"))["q"]
    assert billed == owed
    assert billed > 0


def _payments_are_file_and_ledger() -> None:
    (file,) = PaymentFile.objects.all()
    assert hashlib.sha256(bytes(file.content)).hexdigest() == file.sha256
    in_file = re.findall(r'<InstdAmt Ccy="(\w+)">([\d.]+)<', bytes(file.content).decode())
    rows = sorted((p.currency, p.amount_minor) for p in Payment.objects.all())
    assert rows == sorted((code, Money.of(text, code).minor) for code, text in in_file)
    assert sum(p.amount_minor for p in Payment.objects.filter(currency="EUR")) == sum(
        p.amount_minor for p in Payable.objects.filter(currency="EUR")
    )
    for row in JournalLine.objects.values("currency").annotate(s=Sum("amount_minor")):
        assert row["s"] == 0
    batch = SettlementBatch.objects.first()
    assert batch is not None
    assert batch.approved_by_id != batch.created_by_id
    charged = batch.charges.aggregate(s=Sum(F("goods_minor") + F("fee_minor")))["s"]
    assert charged == (batch.cny_minor or 0) + (batch.fee_minor or 0)


def _papers_are_whole() -> None:
    for document in (*OrderDocument.objects.all(), *DeclarationDocument.objects.all()):
        assert document.content is not None
        assert bytes(document.content).startswith(b"%PDF-")
    states = set(Declaration.objects.values_list("state", flat=True))
    assert states == {DeclarationState.RELEASED, DeclarationState.REJECTED}
    released = Declaration.objects.filter(state=DeclarationState.RELEASED).first()
    assert released is not None
    told = [step.at for step in released.steps.order_by("pk")]
    assert told == sorted(told), "the worker's steps carry the story's days"


def _customs_has_answered(story: Story) -> None:
    """Of one shop every list: one came back, one answer is of none of them, a set is released."""
    quarter = story.quarter.name
    told = OutgoingElement.objects.filter(
        kind="CEB621", retail_list__order__channel_order_number__startswith=f"{quarter}-"
    )
    assert set(told.values_list("seller__code", flat=True)) == {"S001"}
    refused = told.get(standing__outcome="refused")
    assert refused.standing.status == "100"
    assert told.filter(retail_list__release__isnull=True).get() == refused
    assert TaxBill.objects.filter(differs=False).count() == told.count() - 1
    assert not TaxBill.objects.filter(differs=True).exists()
    assert Receipt.objects.get(state="waiting").key == "RL-0000-000001"
    messages = OutgoingMessage.objects.filter(elements__in=told)
    assert set(messages.values_list("state", flat=True)) == {"sent"}
    release = PaperRelease.objects.get()
    with inside(Company.objects.get(code="S001").pk):
        sheet = DeclarationDocument.objects.get()
    assert (sheet.kind, sheet.declaration_id) == ("share_sheet", release.declaration_id)


def _a_seller_sees_its_own_and_nobody_elses() -> None:
    seller = Company.objects.get(code="S001")
    with inside(seller.pk):
        assert set(OrderShare.objects.values_list("owner_id", flat=True)) <= {seller.pk}
        assert set(Forecast.objects.values_list("seller_id", flat=True)) <= {seller.pk}


def _a_consumer_reads_where_it_comes_from() -> None:
    item = ItemIdentity.objects.filter(product__sku="DE-PAN-28").first()
    assert item is not None
    page = Client(headers={"accept-language": "en"}).get(
        f"/01/{item.gtin}/10/{item.lot_number}/21/{item.serial}"
    )
    text = page.content.decode()
    assert page.status_code == 200
    for word in ("Non-stick frying pan 28 cm", "Germany", "Rheinguss Kochgeschirr GmbH"):
        assert word in text
    assert "Hangzhou Qingning" not in text, "no seller is named on an item nobody has bought"


def test_a_wrong_forecast_file_stops_the_story_and_leaves_nothing(
    tellable: Callable[[list[dict[str, str]]], Story],
) -> None:
    from procurement.rules.forecasting import ForecastRefused

    rows = forecast_rows()[:6]
    rows[1] = {**rows[1], "sku": "NO-SUCH-THING"}
    rows[3] = {**rows[3], "forecast_units": "-4"}
    rows[4] = {**rows[4], "forecast_units": "2.5"}
    story = tellable(rows)

    with pytest.raises(ForecastRefused) as refused:
        tell(story)

    told = {(error.row, error.field) for error in refused.value.facts["rows"]}  # type: ignore[attr-defined]
    assert told == {(3, "sku"), (5, "units"), (6, "units")}
    assert not Forecast.objects.exists()
    assert PoolRound.objects.get().state == "open"
