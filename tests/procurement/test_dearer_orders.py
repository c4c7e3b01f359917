"""The limits of approval hold too when a supplier's confirmation makes an order dearer."""

from __future__ import annotations

import pytest
from django.db import transaction

from accounts.models import Role, User
from procurement import services
from procurement.models import LineRevision, PoolRound, PurchaseOrder
from procurement.rules import confirming
from procurement.rules.confirming import Confirmed
from tests.factories.accounts import MembershipFactory
from tests.factories.procurement import AFTER

from .conftest import Market
from .test_order_lives import milk_of, order, written
from .test_ordering import PLACED, TOLD

__all__ = ["order"]


@pytest.fixture
def people(market: Market) -> tuple[User, User, User]:
    """Three operators: who enters, who approved the order, and another."""
    other, third = (
        MembershipFactory.create(company=market.platform, role=Role.OPERATOR).user for _ in range(2)
    )
    return market.operator, other, third


def approved(order: PurchaseOrder, by: User) -> PurchaseOrder:
    services.approve_order(order=order, by=by, now=AFTER)
    return services.place_order(order=order, now=PLACED)


def accept(order: PurchaseOrder, price: int, entered: User, accepted: User) -> None:
    told = services.confirm_order(
        order=order,
        lines={milk_of(order).pk: Confirmed(packs=20, pack_price_minor=price)},
        by=entered,
        now=TOLD,
    )
    before = written()
    try:
        with transaction.atomic():
            services.decide_confirmation(confirmation=told, is_accepted=True, by=accepted, now=TOLD)
    except confirming.DearerNeedsTwo:
        assert written() == before
        raise


def test_above_the_limit_who_approved_the_order_does_not_accept_alone(
    order: PurchaseOrder,
    people: tuple[User, User, User],
) -> None:
    """EUR 1,105.00, approved by one; at ten times the price it is EUR 10,825.00."""
    services.set_approval_limit(currency="EUR", amount_minor=1_000_000)
    enters, approver, _third = people
    placed = approved(order, approver)

    with pytest.raises(confirming.DearerNeedsTwo) as refused:
        accept(placed, 54_000, enters, approver)

    assert refused.value.facts == {"adds_minor": 972_000, "approvals": 1, "needed": 2}
    assert not LineRevision.objects.exists()


def test_another_person_accepts_it(
    order: PurchaseOrder,
    people: tuple[User, User, User],
) -> None:
    services.set_approval_limit(currency="EUR", amount_minor=1_000_000)
    enters, approver, third = people
    placed = approved(order, approver)

    accept(placed, 54_000, enters, third)

    assert LineRevision.objects.get().amount_minor == 1_080_000


def test_up_to_the_limit_one_person_accepts_as_before(
    order: PurchaseOrder,
    people: tuple[User, User, User],
) -> None:
    services.set_approval_limit(currency="EUR", amount_minor=1_000_000)
    enters, approver, _third = people

    accept(approved(order, approver), 5_500, enters, approver)

    assert LineRevision.objects.get().amount_minor == 110_000


def test_above_the_rounds_budget_two_people_say_yes(
    order: PurchaseOrder,
    people: tuple[User, User, User],
) -> None:
    services.set_approval_limit(currency="EUR", amount_minor=10**9)
    PoolRound.objects.update(budget_minor=880_000)
    enters, approver, _third = people
    placed = approved(order, approver)

    # The round costs about CNY 8,705.
    with pytest.raises(confirming.DearerNeedsTwo):
        accept(placed, 6_000, enters, approver)

    assert not LineRevision.objects.exists()
