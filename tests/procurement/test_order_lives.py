"""An order is approved, confirmed, changed, cancelled in part, and travels in parts."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import transaction

from accounts.models import Role
from core.errors import DomainError
from core.models import WorkState
from procurement import services
from procurement.models import (
    ConfirmationDecision,
    LineRevision,
    OrderApproval,
    OrderCancellation,
    OrderConfirmation,
    OrderDocument,
    OrderEvent,
    OrderState,
    PurchaseOrder,
    PurchaseOrderLine,
    RevisedShare,
    Shipment,
    ShipmentLine,
)
from procurement.queries import meeting, standing
from procurement.rules import confirming, parting
from procurement.rules.confirming import Confirmed
from procurement.services import ShippedLine
from settlement.models import Payable, PayableShare
from tests.factories.accounts import MembershipFactory
from tests.factories.procurement import AFTER, DURING

from .conftest import Market
from .test_ordering import PLACED, TOLD, ship

WHY = "The factory stands still"


@pytest.fixture
def order(market: Market) -> PurchaseOrder:
    """Milk: 120 units at EUR 9.00, of which Anna has 70, Bela 46 and the platform 4. Soap: 10."""
    for seller, lines in (
        (market.anna, {market.milk.pk: 70, market.soap.pk: 10}),
        (market.bela, {market.milk.pk: 46}),
    ):
        services.file_forecast(
            round=market.round, seller=seller, lines=lines, filed_by=None, now=DURING
        )
    (made,) = services.close_round(
        round=market.round,
        buyer=market.buyer,
        platform=market.platform,
        now=AFTER,
        closed_by=market.operator,
    )
    return made


@pytest.fixture
def placed(order: PurchaseOrder) -> PurchaseOrder:
    return services.place_order(order=order, now=PLACED)


def milk_of(order: PurchaseOrder) -> PurchaseOrderLine:
    return order.lines.get(product__sku="MILK")


def soap_of(order: PurchaseOrder) -> PurchaseOrderLine:
    return order.lines.get(product__sku="SOAP")


def written() -> list[int]:
    kinds = (OrderApproval, OrderConfirmation, ConfirmationDecision, OrderCancellation)
    more = (LineRevision, RevisedShare, OrderEvent, OrderDocument, Shipment, ShipmentLine)
    return [kind.objects.count() for kind in (*kinds, *more)]


def shares(line: PurchaseOrderLine) -> dict[str, tuple[int, int]]:
    from accounts.models import Company

    parts = standing.owners([line.pk])[line.pk]
    codes = dict(Company.objects.filter(pk__in=parts).values_list("pk", "code"))
    return {
        codes[owner] if codes[owner] in ("ANNA", "BELA") else "PLATFORM": (
            part.quantity,
            part.amount_minor,
        )
        for owner, part in parts.items()
    }


# Parts


def invoice(shipment: Shipment, number: str) -> Payable:
    return services.record_invoice(
        shipment=shipment,
        invoice_number=number,
        invoiced_on=date(2026, 7, 1),
        due_on=date(2026, 9, 30),
        now=TOLD,
    )


def test_a_line_travels_in_parts_whose_units_and_money_sum_to_it(
    market: Market, placed: PurchaseOrder
) -> None:
    milk, soap = milk_of(placed), soap_of(placed)
    parts = [ship(placed, ShippedLine(order_line_id=milk.pk, quantity=units)) for units in (37, 41)]
    placed.refresh_from_db()
    assert placed.state == OrderState.PLACED
    parts.append(
        ship(placed, ShippedLine(order_line_id=milk.pk), ShippedLine(order_line_id=soap.pk))
    )

    payables = [invoice(one, f"RE-{at}") for at, one in enumerate(reversed(parts))]

    assert placed.state == OrderState.SHIPPED
    assert [one.packages for one in parts] == [7, 7, 17]
    assert sum(one.amount_minor for one in payables) == placed.amount_minor == 110_500
    amounts = ShipmentLine.objects.filter(order_line=milk).order_by("pk")
    assert list(amounts.values_list("amount_minor", flat=True)) == [33_300, 36_900, 37_800]
    paid: Counter[str] = Counter()
    for code, minor in PayableShare.objects.values_list("seller__code", "amount_minor"):
        paid[code] += minor
    # The same as if everything had come at once.
    assert paid == {"ANNA": 65_500, "BELA": 41_400, market.platform.code: 3_600}


@pytest.mark.parametrize("units", [0, -1, 121])
def test_no_more_travels_than_is_open_and_nothing_is_written(
    placed: PurchaseOrder, units: int
) -> None:
    before = written()

    with pytest.raises(parting.MoreThanIsOpen):
        ship(placed, ShippedLine(order_line_id=milk_of(placed).pk, quantity=units))

    assert written() == before


# Confirmation


def test_a_confirmation_as_ordered_stands_at_once(placed: PurchaseOrder) -> None:
    milk = milk_of(placed)

    told = services.confirm_order(
        order=placed,
        lines={milk.pk: Confirmed(packs=20, pack_price_minor=5400)},
        reference="AB-1",
        now=TOLD,
    )

    assert not told.is_change
    assert not LineRevision.objects.exists()
    with pytest.raises(confirming.ConfirmationDecided):
        services.decide_confirmation(confirmation=told, is_accepted=True, now=TOLD)


def test_an_accepted_change_is_shared_again_by_the_rounds_rule(
    market: Market, placed: PurchaseOrder
) -> None:
    market.round.shortage_rule = "pro_rata"
    market.round.save()
    milk, later = milk_of(placed), date(2026, 9, 1)

    told = services.confirm_order(
        order=placed,
        lines={milk.pk: Confirmed(packs=15, pack_price_minor=5600, promised_on=later)},
        reference="AB-1",
        by=market.operator,
        now=TOLD,
    )
    assert told.is_change
    assert shares(milk)["ANNA"] == (70, 63_000), "nothing changes before the platform says yes"
    with pytest.raises(confirming.ConfirmationWaits):
        services.confirm_order(
            order=placed, lines={milk.pk: Confirmed(packs=20, pack_price_minor=5400)}, now=TOLD
        )
    services.decide_confirmation(confirmation=told, is_accepted=True, by=market.operator, now=TOLD)

    # 90 of 120: the platform's 4 go first, then 116 are cut to 90 in proportion.
    assert shares(milk) == {"ANNA": (54, 50_400), "BELA": (36, 33_600), "PLATFORM": (0, 0)}
    # Of all the order, of which the other line stands as it was.
    gone = {
        one.owner.code: (one.units - one.stands, one.ordered_minor - one.amount_minor)
        for one in meeting.share_totals(placed)
    }
    assert gone["ANNA"] == (70 - 54, 63_000 - 50_400)
    assert sum(units for units, _minor in gone.values()) == 30
    assert sum(minor for _units, minor in gone.values()) == 108_000 - 84_000
    revision = LineRevision.objects.get()
    assert (revision.quantity, revision.amount_minor, revision.document) == (90, 84_000, "AB-1")
    assert revision.promised_on == later
    placed.refresh_from_db()
    assert placed.promised_on is not None
    steps = list(OrderEvent.objects.order_by("pk").values_list("step", "by", "document"))
    assert steps[-2:] == [
        ("proposed", market.operator.pk, "AB-1"),
        ("accepted", market.operator.pk, "AB-1"),
    ]
    shipment = ship(placed, ShippedLine(order_line_id=milk.pk))
    assert invoice(shipment, "RE-1").amount_minor == 84_000


def test_a_dearer_order_is_accepted_by_another_person_than_who_entered_the_change(
    market: Market, placed: PurchaseOrder
) -> None:
    milk = milk_of(placed)
    told = services.confirm_order(
        order=placed,
        lines={milk.pk: Confirmed(packs=20, pack_price_minor=5401)},
        by=market.operator,
        now=TOLD,
    )
    before = written()

    with pytest.raises(confirming.DearerNeedsAnother), transaction.atomic():
        services.decide_confirmation(
            confirmation=told, is_accepted=True, by=market.operator, now=TOLD
        )

    assert written() == before
    other = MembershipFactory.create(company=market.platform, role=Role.OPERATOR).user
    services.decide_confirmation(confirmation=told, is_accepted=True, by=other, now=TOLD)
    assert LineRevision.objects.get().amount_minor == 108_020


def test_what_has_left_keeps_its_price_and_its_owners(
    market: Market, placed: PurchaseOrder
) -> None:
    milk = milk_of(placed)
    first = ship(placed, ShippedLine(order_line_id=milk.pk, quantity=60))
    gone = standing.shipped_parts([milk.pk])[milk.pk]
    told = services.confirm_order(
        order=placed, lines={milk.pk: Confirmed(packs=15, pack_price_minor=6000)}, now=TOLD
    )

    services.decide_confirmation(confirmation=told, is_accepted=True, now=TOLD)

    now = standing.owners([milk.pk])[milk.pk]
    assert all(now[owner].quantity >= part.quantity for owner, part in gone.items())
    assert sum(part.quantity for part in now.values()) == 90
    second = ship(placed, ShippedLine(order_line_id=milk.pk))
    # 60 units at EUR 9.00, 30 at EUR 10.00.
    assert invoice(first, "RE-1").amount_minor == 54_000
    assert invoice(second, "RE-2").amount_minor == 30_000
    assert sum(part.amount_minor for part in now.values()) == 84_000


def test_a_refused_change_changes_nothing(market: Market, placed: PurchaseOrder) -> None:
    milk = milk_of(placed)
    told = services.confirm_order(
        order=placed, lines={milk.pk: Confirmed(packs=1, pack_price_minor=5400)}, now=TOLD
    )

    services.decide_confirmation(
        confirmation=told, is_accepted=False, reason="Too few", by=market.operator, now=TOLD
    )

    assert not LineRevision.objects.exists()
    assert OrderEvent.objects.latest("pk").reason == "Too few"
    with pytest.raises(confirming.ConfirmationDecided):
        services.decide_confirmation(confirmation=told, is_accepted=True, now=TOLD)


@pytest.mark.parametrize(
    "told",
    [
        Confirmed(packs=21, pack_price_minor=5400),
        Confirmed(packs=9, pack_price_minor=5400),
        Confirmed(packs=20, pack_price_minor=0),
    ],
)
def test_a_confirmation_that_cannot_be_is_refused(placed: PurchaseOrder, told: Confirmed) -> None:
    milk = milk_of(placed)
    ship(placed, ShippedLine(order_line_id=milk.pk, quantity=60))
    before = written()

    with pytest.raises(confirming.ConfirmationRefused):
        services.confirm_order(order=placed, lines={milk.pk: told}, now=TOLD)
    with pytest.raises(DomainError):
        services.confirm_order(order=placed, lines={10**9: told}, now=TOLD)

    assert written() == before


def test_a_draft_is_not_confirmed(order: PurchaseOrder) -> None:
    milk = milk_of(order)

    with pytest.raises(confirming.NotConfirmable):
        services.confirm_order(
            order=order, lines={milk.pk: Confirmed(packs=20, pack_price_minor=5400)}, now=TOLD
        )

    assert not OrderConfirmation.objects.exists()


# Cancellation


def test_what_is_open_is_cancelled_by_a_document_of_its_own(
    market: Market, placed: PurchaseOrder
) -> None:
    milk = milk_of(placed)
    ship(placed, ShippedLine(order_line_id=milk.pk, quantity=60))

    told = services.cancel_open(
        order=placed, lines=[(milk.pk, 60)], reason=WHY, by=market.operator, now=TOLD
    )

    assert (told.number, told.amount_minor) == ("CN-2026-000001", 54_000)
    assert sum(units for units, _minor in shares(milk).values()) == 60
    assert sum(minor for _units, minor in shares(milk).values()) == 54_000
    assert placed.state == OrderState.PLACED, "the soap is open"
    services.cancel_open(order=placed, lines=[(soap_of(placed).pk, 10)], reason=WHY, now=TOLD)
    assert placed.state == OrderState.SHIPPED
    assert services.make_due_documents(now=lambda: TOLD) == 3
    paper = OrderDocument.objects.get(number=told.number)
    assert paper.state == WorkState.READY


def test_an_order_of_which_nothing_left_is_cancelled_altogether(placed: PurchaseOrder) -> None:
    lines = [(line.pk, line.quantity) for line in placed.lines.all()]

    services.cancel_open(order=placed, lines=lines, reason=WHY, now=TOLD)

    placed.refresh_from_db()
    assert (placed.state, placed.promised_on) == (OrderState.CANCELLED, None)
    assert {shares(milk_of(placed))[who] for who in ("ANNA", "BELA")} == {(0, 0)}
    with pytest.raises(confirming.NotConfirmable):
        services.cancel_open(order=placed, lines=lines, reason=WHY, now=TOLD)


@pytest.mark.parametrize(
    ("units", "reason", "refusal"),
    [
        (121, WHY, parting.MoreThanIsOpen),
        (0, WHY, confirming.NothingCancelled),
        (-1, WHY, confirming.NothingCancelled),
        (6, "  ", confirming.NothingCancelled),
    ],
)
def test_a_refused_cancellation_leaves_nothing_behind(
    placed: PurchaseOrder, units: int, reason: str, refusal: type[DomainError]
) -> None:
    before = written()

    with pytest.raises(refusal):
        services.cancel_open(
            order=placed, lines=[(milk_of(placed).pk, units)], reason=reason, now=TOLD
        )

    assert written() == before
    assert OrderCancellation.objects.count() == 0


# Late


def test_an_order_is_late_once_its_promised_day_has_passed(placed: PurchaseOrder) -> None:
    placed.refresh_from_db()
    # Milk takes 45 days, and so does soap.
    due = PLACED + timedelta(days=45)
    assert placed.promised_on == date(2026, 7, 17)

    assert services.remind_late(now=due) == 0
    assert services.remind_late(now=due + timedelta(days=1)) == 1
    assert services.remind_late(now=due + timedelta(days=2)) == 0
    assert OrderEvent.objects.latest("pk").step == "late"


def test_every_step_says_who_when_and_why(market: Market, placed: PurchaseOrder) -> None:
    ship(placed, ShippedLine(order_line_id=milk_of(placed).pk), by=market.operator)

    steps = list(OrderEvent.objects.order_by("pk").values_list("step", "by"))

    assert steps == [
        ("drafted", market.operator.pk),
        ("placed", None),
        ("shipped", market.operator.pk),
    ]


def test_of_a_ready_order_the_database_keeps_what_happened(placed: PurchaseOrder) -> None:
    from django.db import ProgrammingError, transaction

    event = OrderEvent.objects.latest("pk")
    with pytest.raises(ProgrammingError), transaction.atomic():
        OrderEvent.objects.filter(pk=event.pk).update(reason="other")
