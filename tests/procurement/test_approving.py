"""Who says yes to an order before it goes to its supplier."""

from __future__ import annotations

import pytest

from accounts.models import User
from procurement import services
from procurement.models import ApprovalLimit, OrderState, PurchaseOrder
from procurement.queries.solving import PlanningRateMissing
from procurement.rules import approving
from tests.factories.accounts import MembershipFactory

from .conftest import Market
from .test_offers import rate
from .test_order_lives import order as order
from .test_order_lives import written
from .test_ordering import PLACED


def person(market: Market) -> User:
    return MembershipFactory.create(company=market.platform, role="finance").user


def test_without_a_limit_an_order_is_placed_without_an_approval(order: PurchaseOrder) -> None:
    services.place_order(order=order, now=PLACED)

    assert order.state == OrderState.PLACED


def test_up_to_the_limit_one_other_person_approves(market: Market, order: PurchaseOrder) -> None:
    services.set_approval_limit(currency="EUR", amount_minor=order.amount_minor)
    before = written()

    with pytest.raises(approving.ApprovalMissing):
        services.place_order(order=order, now=PLACED)
    with pytest.raises(approving.DrafterApprovesAlone):
        services.approve_order(order=order, by=market.operator, now=PLACED)
    assert written() == before
    assert PurchaseOrder.objects.get().state == OrderState.DRAFT

    services.approve_order(order=order, by=person(market), now=PLACED)
    with pytest.raises(approving.NothingToApprove):
        services.approve_order(order=order, by=person(market), now=PLACED)
    services.place_order(order=order, now=PLACED, by=market.operator)

    assert order.state == OrderState.PLACED
    with pytest.raises(approving.NothingToApprove):
        services.approve_order(order=order, by=person(market), now=PLACED)


def test_above_the_limit_two_different_people_approve(market: Market, order: PurchaseOrder) -> None:
    services.set_approval_limit(currency="EUR", amount_minor=order.amount_minor - 1)
    first = person(market)
    services.approve_order(order=order, by=first, now=PLACED)
    before = written()

    with pytest.raises(approving.ApprovedTwice):
        services.approve_order(order=order, by=first, now=PLACED)
    with pytest.raises(approving.ApprovalMissing):
        services.place_order(order=order, now=PLACED)
    assert written() == before

    # Who drafted it may be one of two.
    services.approve_order(order=order, by=market.operator, now=PLACED)
    services.place_order(order=order, now=PLACED)
    assert order.state == OrderState.PLACED


def test_a_limit_in_yuan_counts_for_other_currencies_at_the_days_rate(
    market: Market, order: PurchaseOrder
) -> None:
    # EUR 1,105.00 at 8.00 is CNY 8,840.00.
    services.set_approval_limit(currency="CNY", amount_minor=883_999)
    rate("EUR", "8")
    services.approve_order(order=order, by=person(market), now=PLACED)
    with pytest.raises(approving.ApprovalMissing):
        services.place_order(order=order, now=PLACED)

    services.set_approval_limit(currency="CNY", amount_minor=884_000)
    services.place_order(order=order, now=PLACED)
    assert order.state == OrderState.PLACED


def test_a_limit_in_yuan_without_a_rate_places_nothing(order: PurchaseOrder) -> None:
    services.set_approval_limit(currency="CNY", amount_minor=1)
    far = PLACED.replace(year=2060)

    with pytest.raises(PlanningRateMissing):
        services.place_order(order=order, now=far)

    assert PurchaseOrder.objects.get().state == OrderState.DRAFT


@pytest.mark.parametrize(("currency", "amount"), [("XXX", 1), ("EUR", -1)])
def test_a_limit_that_cannot_be_is_refused(market: Market, currency: str, amount: int) -> None:
    with pytest.raises(approving.LimitRefused):
        services.set_approval_limit(currency=currency, amount_minor=amount)

    assert not ApprovalLimit.objects.exists()
