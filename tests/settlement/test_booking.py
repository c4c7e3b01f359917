from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.errors import DomainError
from core.models import NumberSeries
from core.walls import inside
from ledger import queries as ledger
from ledger.models import JournalEntry
from settlement import rates, rules, services
from settlement.models import Payable, PayableShare, PayableState, RateQuote
from settlement.services.booking import InvoiceAlreadyBooked, InvoiceWithoutNumber
from tests.factories import settlement as make

from .conftest import World


def test_an_invoice_is_booked_at_the_rate_of_its_own_day(world: World) -> None:
    payable = make.book(world.supplier, world.importer, {world.first.pk: 10_000_000})

    assert payable.number == "PAB-2026-000001"
    assert payable.state == PayableState.OPEN
    assert payable.rate.source == "ecb-embedded"
    assert str(payable.rate.value) == "7.7891000000"
    assert payable.rate.value_date == date(2026, 8, 3)
    code, company = world.supplier.company.code, world.importer.pk
    assert ledger.balance(f"payable:{company}:{code}:EUR") == -10_000_000
    assert ledger.balance(f"goods_in_transit:{company}:CNY") == 77_891_000
    assert ledger.trial_balance() == {"CNY": 0, "EUR": 0}
    assert JournalEntry.objects.get().document == payable.number


def test_the_sellers_shares_are_kept_and_those_of_nothing_are_not(world: World) -> None:
    shares = {world.second.pk: 40, world.first.pk: 60, world.importer.pk: 0}

    payable = make.book(world.supplier, world.importer, shares)

    assert list(
        PayableShare.objects.filter(payable=payable).values_list("seller_id", "amount_minor")
    ) == [(world.first.pk, 60), (world.second.pk, 40)]


def test_an_invoice_in_yuan_needs_no_conversion(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 500}, currency="CNY")

    assert ledger.trial_balance() == {"CNY": 0}
    assert JournalEntry.objects.get().lines.count() == 2


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"amount_minor": 101}, rules.SharesDoNotSum),
        ({"amount_minor": 0, "shares": {}}, rules.AmountNotPositive),
        ({"amount_minor": -5}, rules.AmountNotPositive),
        ({"shares": {1: 150, 2: -50}}, rules.SharesDoNotSum),
        ({"shares": {1: 100.0}}, rules.SharesDoNotSum),
        ({"due_on": date(2026, 8, 2)}, rules.DueBeforeInvoiced),
        ({"invoiced_on": date(2026, 10, 31)}, rules.InvoicedInFuture),
        ({"invoice_number": "  "}, InvoiceWithoutNumber),
        ({"invoice_number": "X" * 36}, InvoiceWithoutNumber),
        ({"currency": "VND"}, rates.NoRate),
    ],
)
def test_a_refused_invoice_leaves_nothing_behind(
    world: World, change: dict[str, Any], refusal: type[DomainError]
) -> None:
    told: dict[str, Any] = {
        "supplier": world.supplier,
        "debtor": world.importer,
        "invoice_number": "INV-1",
        "order_number": "PO-2026-000001",
        "currency": "EUR",
        "amount_minor": 100,
        "invoiced_on": date(2026, 8, 3),
        "due_on": date(2026, 10, 31),
        "shares": {world.first.pk: 100},
        "now": make.NOON,
    }

    with pytest.raises(refusal):
        services.book_invoice(**told | change)

    assert not Payable.objects.exists()
    assert not PayableShare.objects.exists()
    assert not JournalEntry.objects.exists()
    assert not RateQuote.objects.exists()
    assert not NumberSeries.objects.exists()


def test_an_invoice_is_booked_once(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 100}, number="INV-7")

    with pytest.raises(InvoiceAlreadyBooked):
        make.book(world.supplier, world.importer, {world.first.pk: 100}, number=" inv-7 ")

    assert Payable.objects.count() == 1
    assert JournalEntry.objects.count() == 1


def test_a_seller_sees_its_own_share_only(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 60, world.second.pk: 40})

    with inside(world.second.pk):
        assert list(PayableShare.objects.values_list("amount_minor", flat=True)) == [40]
        # Past the first wall the second one stands: the database shows no other row.
        assert list(PayableShare._base_manager.values_list("amount_minor", flat=True)) == [40]
