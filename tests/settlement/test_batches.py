from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from threading import Event, Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from core.walls import inside
from settlement import rates, rules, services
from settlement.models import (
    BatchLine,
    BatchState,
    Payable,
    PayableState,
    SellerCharge,
    SettlementBatch,
)
from settlement.queries import NoPolicy
from settlement.services.batching import NothingToSettle
from settlement.services.terms import PolicyAlreadySet, TermsOutOfRange
from tests.factories import settlement as make
from tests.factories.accounts import ImporterFactory, MembershipFactory
from tests.factories.catalog import TradingPartnerFactory

from .conftest import World


def _two_invoices(world: World) -> None:
    make.book(
        world.supplier,
        world.importer,
        {world.first.pk: 6_000_000, world.second.pk: 4_000_000},
        number="A",
    )
    make.book(
        world.supplier,
        world.importer,
        {world.first.pk: 2_000_000, world.second.pk: 3_000_001},
        number="B",
        invoiced_on=date(2026, 9, 7),
    )


def _approve(batch: SettlementBatch, by: User) -> None:
    services.approve_batch(batch=batch, approved_by=by, seen=make.NOON, now=make.NOON)


def _open(world: World) -> list[SettlementBatch]:
    return services.open_batches(
        debtor=world.importer,
        period_start=make.Q3[0],
        period_end=make.Q3[1],
        created_by=world.maker,
        now=make.NOON,
    )


def test_a_batch_holds_one_supplier_and_one_currency_of_the_period(world: World) -> None:
    other = TradingPartnerFactory.create()
    _two_invoices(world)
    make.book(world.supplier, world.importer, {world.first.pk: 90_000}, number="C", currency="JPY")
    make.book(other, world.importer, {world.first.pk: 700}, number="A")
    make.book(
        other, world.importer, {world.first.pk: 1}, number="OCT", invoiced_on=date(2026, 10, 1)
    )

    batches = _open(world)

    assert [(b.number, b.supplier_id, b.currency, b.total_minor) for b in batches] == [
        ("SB-2026-000001", world.supplier.pk, "EUR", 15_000_001),
        ("SB-2026-000002", world.supplier.pk, "JPY", 90_000),
        ("SB-2026-000003", other.pk, "EUR", 700),
    ]
    assert Payable.objects.get(state=PayableState.OPEN).invoice_number == "OCT"


def test_opening_again_finds_nothing_and_writes_nothing(world: World) -> None:
    _two_invoices(world)
    _open(world)
    # Came in late, for a batch that is there already: it waits for another period.
    make.book(world.supplier, world.importer, {world.first.pk: 5}, number="LATE")

    with pytest.raises(NothingToSettle):
        _open(world)

    assert SettlementBatch.objects.count() == 1
    assert BatchLine.objects.count() == 2
    assert Payable.objects.get(invoice_number="LATE").state == PayableState.OPEN


def test_a_period_upside_down_or_a_stranger_opens_nothing(world: World) -> None:
    _two_invoices(world)
    stranger = MembershipFactory.create(user__password=None).user

    with pytest.raises(rules.PeriodUpsideDown):
        services.open_batches(
            debtor=world.importer,
            period_start=make.Q3[1],
            period_end=make.Q3[0],
            created_by=world.maker,
            now=make.NOON,
        )
    with pytest.raises(rules.FinanceOnly):
        services.open_batches(
            debtor=world.importer,
            period_start=make.Q3[0],
            period_end=make.Q3[1],
            created_by=stranger,
            now=make.NOON,
        )

    assert not SettlementBatch.objects.exists()
    assert Payable.objects.filter(state=PayableState.OPEN).count() == 2


def test_a_batch_is_priced_with_a_stored_rate(world: World) -> None:
    _two_invoices(world)

    batch = services.price_batch(batch=_open(world)[0], priced_by=world.maker, now=make.NOON)

    assert batch.state == BatchState.PRICED
    assert batch.rate is not None
    assert (batch.rate.value, batch.rate.value_date) == (Decimal("7.4326"), date(2026, 10, 30))
    assert (batch.cny_minor, batch.fee_minor, batch.alone_minor) == (
        111_823_474,
        10_000,
        112_066_452,
    )
    assert not SellerCharge.objects.exists()


def test_a_priced_batch_can_be_priced_again_until_it_is_approved(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)

    again = services.price_batch(
        batch=batch, priced_by=world.maker, now=make.NOON, priced_on=date(2026, 10, 5)
    )

    assert again.rate is not None
    assert again.rate.asked_for == date(2026, 10, 5)
    _approve(batch, world.checker)
    with pytest.raises(rules.AlreadyApproved):
        services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)
    batch.refresh_from_db()
    assert batch.rate == again.rate


@pytest.mark.parametrize("day", [date(2026, 9, 29), date(2026, 10, 31)])
def test_nobody_picks_a_rate_from_before_the_period_ended(world: World, day: date) -> None:
    _two_invoices(world)
    batch = _open(world)[0]

    with pytest.raises(rules.PricingDayOutside):
        services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON, priced_on=day)

    batch.refresh_from_db()
    assert batch.state == BatchState.DRAFT


def test_without_a_rate_a_batch_stays_a_draft(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    much_later = make.NOON + timedelta(days=8)

    with pytest.raises(rates.NoRate):
        services.price_batch(batch=batch, priced_by=world.maker, now=much_later)
    batch.refresh_from_db()
    assert (batch.state, batch.rate, batch.cny_minor) == (BatchState.DRAFT, None, None)


def test_without_terms_a_batch_stays_a_draft(world: World) -> None:
    other = ImporterFactory.create()
    make.book(world.supplier, other, {world.first.pk: 5})
    batch = services.open_batches(
        debtor=other,
        period_start=make.Q3[0],
        period_end=make.Q3[1],
        created_by=world.maker,
        now=make.NOON,
    )[0]

    with pytest.raises(NoPolicy):
        services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)

    batch.refresh_from_db()
    assert batch.state == BatchState.DRAFT


def test_approval_fixes_what_each_seller_owes(world: World) -> None:
    _two_invoices(world)

    batch = make.approved(world.importer, world.maker, world.checker)[0]

    batch.refresh_from_db()
    assert (batch.state, batch.approved_by) == (BatchState.APPROVED, world.checker)
    charges = list(
        SellerCharge.objects.order_by("seller_id").values_list(
            "seller_id", "goods_minor", "fee_minor", "alone_minor"
        )
    )
    assert charges == [
        (world.first.pk, 59_639_182, 5_333, 59_768_104),
        (world.second.pk, 52_184_292, 4_667, 52_298_348),
    ]


def test_a_seller_sees_its_own_charge_only(world: World) -> None:
    _two_invoices(world)
    make.approved(world.importer, world.maker, world.checker)

    with inside(world.second.pk):
        assert list(SellerCharge.objects.values_list("goods_minor", flat=True)) == [52_184_292]
        assert SellerCharge._base_manager.count() == 1


def test_the_maker_does_not_approve(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    stranger = MembershipFactory.create(user__password=None).user

    with pytest.raises(rules.NotPricedYet):
        services.approve_batch(
            batch=batch, approved_by=world.checker, seen=make.NOON, now=make.NOON
        )
    services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)
    with pytest.raises(rules.SecondPersonNeeded):
        _approve(batch, world.maker)
    with pytest.raises(rules.FinanceOnly):
        _approve(batch, stranger)

    batch.refresh_from_db()
    assert (batch.state, batch.approved_by) == (BatchState.PRICED, None)
    assert not SellerCharge.objects.exists()


def test_who_picked_the_pricing_day_does_not_approve_either(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    services.price_batch(batch=batch, priced_by=world.checker, now=make.NOON)

    with pytest.raises(rules.SecondPersonNeeded):
        services.approve_batch(
            batch=batch, approved_by=world.checker, seen=make.NOON, now=make.NOON
        )

    batch.refresh_from_db()
    assert batch.state == BatchState.PRICED


def test_the_database_refuses_a_batch_approved_by_its_maker(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    services.price_batch(batch=batch, priced_by=world.checker, now=make.NOON)
    mine = SettlementBatch.objects.filter(pk=batch.pk)

    with pytest.raises(IntegrityError, match="the_maker_does_not_approve"), transaction.atomic():
        mine.update(state="approved", approved_by=world.maker, approved_at=make.NOON)
    with pytest.raises(IntegrityError, match="who_prices_does_not_approve"), transaction.atomic():
        mine.update(state="approved", approved_by=world.checker, approved_at=make.NOON)
    with pytest.raises(IntegrityError, match="no_export_without_approval"), transaction.atomic():
        mine.update(state="exported")


def test_terms_are_set_from_a_day_on_and_never_changed(world: World) -> None:
    new: dict[str, Any] = {
        "debtor": world.importer,
        "valid_from": date(2026, 10, 1),
        "wire_fee_minor": 5_000,
        "spread_bp": Decimal(40),
        "bulk_spread_bp": Decimal(20),
        "bulk_from_minor": 0,
    }

    services.set_policy(**new)

    with pytest.raises(PolicyAlreadySet):
        services.set_policy(**new)
    for wrong in (
        {"wire_fee_minor": -1},
        {"bulk_spread_bp": Decimal(41)},
        {"spread_bp": Decimal(1000)},
    ):
        with pytest.raises(TermsOutOfRange):
            services.set_policy(**new | wrong | {"valid_from": date(2026, 11, 1)})
    assert world.importer.policies.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_set_terms_for_one_day_the_second_is_told_so() -> None:
    new: dict[str, Any] = {
        "debtor": ImporterFactory.create(),
        "valid_from": date(2026, 10, 1),
        "spread_bp": Decimal(40),
        "bulk_spread_bp": Decimal(20),
        "bulk_from_minor": 0,
    }
    is_set, told = Event(), []

    def late() -> None:
        is_set.wait(timeout=10)
        try:
            services.set_policy(**new, wire_fee_minor=6_000)
        except PolicyAlreadySet:
            told.append("set already")
        finally:
            connection.close()

    other = Thread(target=late)
    other.start()
    with transaction.atomic():
        services.set_policy(**new, wire_fee_minor=5_000)
        is_set.set()
        other.join(timeout=0.5)
        assert told == [], "it waits"
    other.join(timeout=20)

    assert told == ["set already"]
    assert new["debtor"].policies.get().wire_fee_minor == 5_000


def test_a_price_that_was_made_after_the_look_is_not_approved(world: World) -> None:
    _two_invoices(world)
    batch = _open(world)[0]
    services.price_batch(batch=batch, priced_by=world.maker, now=make.NOON)
    looked = make.NOON + timedelta(minutes=1)
    services.price_batch(batch=batch, priced_by=world.maker, now=looked + timedelta(minutes=1))

    with pytest.raises(rules.PricedAnew):
        services.approve_batch(
            batch=batch, approved_by=world.checker, seen=looked, now=looked + timedelta(minutes=2)
        )

    batch.refresh_from_db()
    assert (batch.state, batch.approved_by) == (BatchState.PRICED, None)
    assert not SellerCharge.objects.exists()
