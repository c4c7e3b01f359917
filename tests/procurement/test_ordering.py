"""An order is placed, shipped, cleared, received and invoiced, each once and in turn."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from core.errors import DomainError
from core.models import WorkState
from procurement import services
from procurement.models import (
    OrderDocument,
    OrderState,
    PurchaseOrder,
    Shipment,
    ShipmentLine,
    ShipmentState,
)
from procurement.rules import ordering
from procurement.rules.parting import MoreThanIsOpen
from procurement.services import ShippedLine
from settlement.models import Payable, PayableShare
from tests.factories.accounts import WarehouseOperatorFactory
from tests.factories.procurement import AFTER, DURING
from traceability.models import TraceEvent

from .conftest import Market

PLACED = AFTER + timedelta(days=1)
LEFT = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
TOLD = LEFT + timedelta(hours=4)
ARRIVES = date(2026, 8, 5)


@pytest.fixture
def order(market: Market) -> PurchaseOrder:
    """Milk and soap: 120 and 10 units, wished for by two sellers."""
    for seller, lines in (
        (market.anna, {market.milk.pk: 70, market.soap.pk: 10}),
        (market.bela, {market.milk.pk: 46}),
    ):
        services.file_forecast(
            round=market.round, seller=seller, lines=lines, filed_by=None, now=DURING
        )
    (made,) = services.close_round(
        round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
    )
    return made


@pytest.fixture
def placed(order: PurchaseOrder) -> PurchaseOrder:
    return services.place_order(order=order, now=PLACED)


def ship(order: PurchaseOrder, *lines: ShippedLine, **other: Any) -> Shipment:
    told: dict[str, Any] = {
        "vessel": "EXAMPLE STAR",
        "voyage": "026E",
        "bill_of_lading": "EXBL00000001",
        "departed_at": LEFT,
        "expected_on": ARRIVES,
        "now": TOLD,
    }
    return services.ship_order(order=order, lines=lines, **{**told, **other})


def all_of(order: PurchaseOrder) -> list[ShippedLine]:
    return [ShippedLine(order_line_id=line.pk) for line in order.lines.order_by("position")]


def test_a_placed_order_queues_its_paper_and_leaves_a_trace(order: PurchaseOrder) -> None:
    services.place_order(order=order, now=PLACED)

    order.refresh_from_db()
    assert (order.state, order.placed_at) == (OrderState.PLACED, PLACED)
    paper = OrderDocument.objects.get(order=order)
    assert (paper.number, paper.state) == ("PO-2026-000001", WorkState.QUEUED)
    event = TraceEvent.objects.get()
    assert (event.event_type, event.action) == ("TransactionEvent", "ADD")
    assert "po:PO-2026-000001" in event.keys


def test_an_order_is_placed_once(placed: PurchaseOrder) -> None:
    with pytest.raises(ordering.OrderAlreadyPlaced):
        services.place_order(order=placed, now=PLACED)

    assert OrderDocument.objects.count() == 1
    assert TraceEvent.objects.count() == 1


def test_the_paper_says_what_was_ordered_in_both_languages(placed: PurchaseOrder) -> None:
    assert services.make_due_documents(now=lambda: PLACED) == 1

    paper = OrderDocument.objects.get()
    assert paper.state == WorkState.READY
    assert paper.content is not None
    content = bytes(paper.content)
    assert hashlib.sha256(content).hexdigest() == paper.sha256
    reader = PdfReader(io.BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    for words in (
        "采购订单",
        "Purchase order",
        "PO-2026-000001",
        "FOB Hamburg",
        "MILK",
        "54.00",
        "1,080.00",
        "EUR 1,105.00",
        "130",
    ):
        assert words in text, words
    assert len(reader.pages) == paper.page_count == 1


def test_the_same_order_makes_the_same_bytes(placed: PurchaseOrder) -> None:
    from procurement.papers import order_paper
    from procurement.services.documents import paper_of

    document = OrderDocument.objects.get()

    assert order_paper(paper_of(document)) == order_paper(paper_of(document))


def test_a_shipment_carries_what_is_open_and_knows_its_weight(
    market: Market, placed: PurchaseOrder
) -> None:
    milk, soap = placed.lines.order_by("position")

    first = ship(
        placed,
        ShippedLine(
            order_line_id=milk.pk,
            batch="B-77",
            produced_on=date(2026, 6, 1),
            expires_on=date(2028, 5, 31),
        ),
        freight_minor=45_000,
    )

    assert first.number == "ASN-2026-000001"
    assert (first.gross_weight_g, first.net_weight_g, first.packages) == (132_000, 108_000, 20)
    line = ShipmentLine.objects.get()
    assert (line.order_line, line.quantity, line.batch) == (milk, 120, "B-77")
    placed.refresh_from_db()
    assert placed.state == OrderState.PLACED

    ship(placed, ShippedLine(order_line_id=soap.pk))

    placed.refresh_from_db()
    assert placed.state == OrderState.SHIPPED
    steps = list(TraceEvent.objects.order_by("pk").values_list("biz_step", flat=True))
    assert steps == ["other", "commissioning", "departing", "commissioning", "departing"]
    making = TraceEvent.objects.filter(biz_step="commissioning").earliest("pk")
    assert making.asserted_by == market.supplier.company
    assert making.details["batch"] == "B-77"


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"lines": []}, ordering.NothingShipped),
        ({"lines": ["unknown"]}, ordering.NotOfThisOrder),
        ({"lines": ["milk", "milk"]}, ordering.NotOfThisOrder),
        ({"expected_on": date(2026, 6, 30)}, ordering.ShipmentDatesWrong),
        ({"produced_on": date(2026, 7, 2)}, ordering.ShipmentDatesWrong),
        ({"expires_on": date(2026, 8, 5)}, ordering.ShipmentDatesWrong),
        ({"freight_minor": -1}, ordering.AmountNegative),
        ({"packages": 0}, ordering.AmountNegative),
        ({"departed_at": TOLD + timedelta(minutes=1)}, DomainError),
    ],
)
def test_a_refused_shipment_leaves_nothing_behind(
    placed: PurchaseOrder, change: dict[str, Any], refusal: type[DomainError]
) -> None:
    milk = placed.lines.earliest("position").pk
    names = {"milk": milk, "unknown": 10**9}
    about = {name: change.pop(name, None) for name in ("produced_on", "expires_on")}
    chosen = [names[name] for name in change.pop("lines", ["milk"])]

    with pytest.raises(refusal):
        ship(placed, *(ShippedLine(order_line_id=pk, **about) for pk in chosen), **change)

    assert not Shipment.objects.exists()
    assert not ShipmentLine.objects.exists()
    assert TraceEvent.objects.count() == 1


def test_an_order_that_was_not_placed_is_not_shipped(order: PurchaseOrder) -> None:
    with pytest.raises(ordering.OrderNotPlaced):
        ship(order, *all_of(order))

    assert not Shipment.objects.exists()


def test_no_more_of_a_line_travels_than_is_open(placed: PurchaseOrder) -> None:
    milk = placed.lines.earliest("position")
    ship(placed, ShippedLine(order_line_id=milk.pk))

    with pytest.raises(MoreThanIsOpen):
        ship(placed, *all_of(placed))

    assert Shipment.objects.count() == 1


def test_a_shipment_is_cleared_then_received_each_once(placed: PurchaseOrder) -> None:
    milk, soap = placed.lines.order_by("position")
    first = ship(placed, ShippedLine(order_line_id=milk.pk))
    second = ship(placed, ShippedLine(order_line_id=soap.pk))

    with pytest.raises(ordering.ShipmentNotCleared):
        services.mark_received(shipment=first, now=TOLD)
    house = WarehouseOperatorFactory.create()
    for shipment in (first, second):
        services.clear_shipment(shipment=shipment, cleared_for=house, now=TOLD)
        assert shipment.bound_for == house
    with pytest.raises(ordering.ShipmentNotAtSea):
        services.clear_shipment(shipment=first, cleared_for=house, now=TOLD)
    with pytest.raises(ordering.ShipmentNotAtSea):
        services.bind_shipment(shipment=first, bound_for=WarehouseOperatorFactory.create())
    assert Shipment.objects.get(pk=first.pk).bound_for == house
    services.mark_received(shipment=first, now=TOLD)

    placed.refresh_from_db()
    assert placed.state == OrderState.SHIPPED

    services.mark_received(shipment=second, now=TOLD)

    placed.refresh_from_db()
    assert placed.state == OrderState.RECEIVED
    assert {s.state for s in Shipment.objects.all()} == {ShipmentState.RECEIVED}
    with pytest.raises(ordering.ShipmentNotCleared):
        services.mark_received(shipment=second, now=TOLD)


def test_an_invoice_is_carried_by_the_owners_of_the_goods(
    market: Market, placed: PurchaseOrder
) -> None:
    shipment = ship(placed, *all_of(placed))

    payable = services.record_invoice(
        shipment=shipment,
        invoice_number="RE-4711",
        invoiced_on=date(2026, 7, 1),
        due_on=date(2026, 9, 30),
        now=TOLD,
    )

    assert (payable.amount_minor, payable.currency) == (110_500, "EUR")
    assert (payable.debtor, payable.order_number) == (market.buyer, "PO-2026-000001")
    assert dict(PayableShare.objects.values_list("seller__code", "amount_minor")) == {
        "ANNA": 65_500,
        "BELA": 41_400,
        market.platform.code: 3_600,
    }
    with pytest.raises(ordering.ShipmentAlreadyInvoiced):
        services.record_invoice(
            shipment=shipment,
            invoice_number="RE-4712",
            invoiced_on=date(2026, 7, 1),
            due_on=date(2026, 9, 30),
            now=TOLD,
        )
    assert Payable.objects.count() == 1


def test_a_refused_invoice_leaves_the_shipment_open(placed: PurchaseOrder) -> None:
    shipment = ship(placed, *all_of(placed))

    with pytest.raises(DomainError):
        services.record_invoice(
            shipment=shipment,
            invoice_number="RE-1",
            invoiced_on=date(2026, 7, 1),
            due_on=date(2026, 6, 30),
            now=TOLD,
        )

    assert not Payable.objects.exists()
    assert Shipment.objects.get().invoice_number == ""
