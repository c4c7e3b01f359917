from __future__ import annotations

import threading
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from lxml import etree

from accounts.models import Company
from core.errors import DomainError
from core.models import NumberSeries
from core.walls import platform_wide
from ledger import queries as ledger
from ledger.models import JournalEntry
from settlement import pain001, rules, services
from settlement.models import (
    BatchState,
    Payable,
    PayableState,
    Payment,
    PaymentFile,
    SettlementBatch,
)
from settlement.proof import prove
from settlement.services.paying import NoPayingAccount, NothingToExport, OneDebtorPerFile
from tests.factories import settlement as make
from tests.factories.accounts import MembershipFactory
from tests.factories.catalog import TradingPartnerFactory

from .conftest import World, build_world
from .test_pain001 import assert_valid

NS = {"p": pain001.NAMESPACE}


def _approved(world: World) -> list[SettlementBatch]:
    """150,000.01 EUR in two invoices, and 90,000 JPY in one."""
    shares = {world.first.pk: 6_000_000, world.second.pk: 4_000_000}
    make.book(world.supplier, world.importer, shares, number="A")
    shares = {world.first.pk: 2_000_000, world.second.pk: 3_000_001}
    make.book(world.supplier, world.importer, shares, number="B", invoiced_on=date(2026, 9, 7))
    japanese = TradingPartnerFactory.create(currency="JPY")
    make.paid_to(japanese, currency="JPY", account="1234567", bic="BOTKJPJTXXX")
    make.book(japanese, world.importer, {world.first.pk: 90_000}, number="J", currency="JPY")
    return make.approved(world.importer, world.maker, world.checker)


def _nothing_exported() -> bool:
    return (
        not PaymentFile.objects.exists()
        and not Payment.objects.exists()
        and not JournalEntry.objects.exclude(kind="invoice").exists()
        and not SettlementBatch.objects.filter(state=BatchState.EXPORTED).exists()
        and not Payable.objects.filter(state=PayableState.PAID).exists()
        and not NumberSeries.objects.filter(prefix="PAY").exists()
    )


def test_batches_leave_in_one_file_and_everything_agrees(world: World) -> None:
    batches = _approved(world)

    file = services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)

    root = etree.fromstring(bytes(file.content))
    assert root.findtext(".//p:MsgId", "", NS) == file.message_id == "PAY-2026-000001"
    assert root.findtext(".//p:GrpHdr/p:CtrlSum", "", NS) == "240000.01"
    assert root.findtext(".//p:CreDtTm", "", NS) == "2026-10-30T12:00:00+08:00"
    payments = list(Payment.objects.order_by("pk"))
    assert [(p.end_to_end_id, p.currency, p.amount_minor, p.value_date) for p in payments] == [
        ("SB-2026-000001", "EUR", 15_000_001, date(2026, 11, 3)),
        ("SB-2026-000002", "JPY", 90_000, date(2026, 11, 3)),
    ]
    assert [e.text for e in root.iterfind(".//p:UETR", NS)] == [str(p.uetr) for p in payments]
    assert set(Payable.objects.values_list("state", flat=True)) == {PayableState.PAID}
    assert set(SettlementBatch.objects.values_list("state", flat=True)) == {BatchState.EXPORTED}
    proof = prove()
    assert proof.faults == []
    assert (
        proof.payments == proof.files == proof.paid_in_ledger == {"EUR": 15_000_001, "JPY": 90_000}
    )


def test_the_exported_file_is_valid_by_the_official_schema(world: World) -> None:
    file = services.export_batches(batches=_approved(world), made_by=world.maker, now=make.NOON)

    assert_valid(bytes(file.content))


def test_the_books_show_what_the_currency_cost_beyond_its_booked_worth(world: World) -> None:
    euro = _approved(world)[0]

    services.export_batches(batches=[euro], made_by=world.maker, now=make.NOON)

    company, code = world.importer.pk, world.supplier.company.code
    names = (
        *(f"payable:{company}:{code}:EUR", f"conversion:{company}:EUR:EUR"),
        *(f"conversion:{company}:EUR:CNY", f"bank:{company}:EUR", f"bank:{company}:CNY"),
        *(f"wire_fee:{company}:CNY", f"fx_result:{company}:CNY", f"bank_spread:{company}:CNY"),
    )
    # Booked 1,168,885.08, worth 1,114,890.07 on the pricing day: a gain of 53,995.01.
    assert [ledger.balance(name) for name in names] == [
        *(0, 0),
        *(0, 0, -111_833_474),
        *(10_000, -5_399_501, 334_467),
    ]
    assert ledger.trial_balance() == {"CNY": 0, "EUR": 0, "JPY": 0}


def test_a_batch_is_exported_once(world: World) -> None:
    batches = _approved(world)
    services.export_batches(batches=batches[:1], made_by=world.maker, now=make.NOON)

    with pytest.raises(rules.NotApproved):
        services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)

    assert PaymentFile.objects.count() == Payment.objects.count() == 1
    assert SettlementBatch.objects.get(pk=batches[1].pk).state == BatchState.APPROVED
    assert prove().faults == []


@pytest.mark.django_db(transaction=True)
def test_of_two_exports_at_once_one_pays() -> None:
    with platform_wide():
        world = build_world("EUR", "JPY")
        batches = _approved(world)
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def export() -> None:
        try:
            with platform_wide():
                start.wait()
                services.export_batches(
                    batches=list(reversed(batches)), made_by=world.maker, now=make.NOON
                )
            outcomes.append("paid")
        except rules.NotApproved:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=export) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert sorted(outcomes) == ["paid", "refused"]
    with platform_wide():
        assert Payment.objects.count() == 2
        assert PaymentFile.objects.count() == 1
        assert prove().faults == []


def _refused(refusal: type[DomainError], batches: list[SettlementBatch], world: World) -> None:
    with pytest.raises(refusal):
        services.export_batches(batches=batches, made_by=world.maker, now=make.NOON)
    assert _nothing_exported()


def test_what_is_not_approved_is_not_exported(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 100})
    batches = services.open_batches(
        debtor=world.importer,
        period_start=make.Q3[0],
        period_end=make.Q3[1],
        created_by=world.maker,
        now=make.NOON,
    )

    _refused(rules.NotApproved, batches, world)
    services.price_batch(batch=batches[0], priced_by=world.maker, now=make.NOON)
    _refused(rules.NotApproved, batches, world)
    _refused(NothingToExport, [], world)


def test_a_file_pays_for_one_company(world: World) -> None:
    batches = _approved(world)
    other = make.importer()
    make.book(world.supplier, other, {world.first.pk: 100}, number="OTHER")

    _refused(OneDebtorPerFile, [*batches, *make.approved(other, world.maker, world.checker)], world)


def test_without_an_account_in_the_currency_nothing_is_paid(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 100}, currency="GBP")

    _refused(NoPayingAccount, make.approved(world.importer, world.maker, world.checker), world)


@pytest.mark.parametrize(
    ("company", "account"),
    [
        ({"town": ""}, {}),
        ({"name_en": "供应商"}, {}),
        ({}, {"bic": "NOBANK"}),
        ({}, {"account": "DE00370400440532013000"}),
    ],
)
def test_a_supplier_with_wrong_bank_details_stops_the_whole_file(
    world: World, company: dict[str, str], account: dict[str, str]
) -> None:
    make.paid_to(world.supplier, **account)
    batches = _approved(world)
    Company.objects.filter(pk=world.supplier.company_id).update(**company or {"town": "Hamburg"})

    _refused(pain001.PaymentNotSendable, batches, world)


def test_a_seller_exports_nothing(world: World) -> None:
    batches = _approved(world)
    seller = MembershipFactory.create(user__password=None).user

    with pytest.raises(rules.FinanceOnly):
        services.export_batches(batches=batches, made_by=seller, now=make.NOON)

    assert _nothing_exported()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE settlement_payment SET amount_minor = 1",
        "UPDATE settlement_paymentfile SET content = ''",
        "DELETE FROM settlement_payment",
        "UPDATE settlement_ratequote SET value = 1",
        "UPDATE settlement_sellercharge SET goods_minor = 1",
        "UPDATE settlement_payableshare SET amount_minor = 1",
        "UPDATE settlement_settlementpolicy SET spread_bp = 0",
    ],
)
def test_what_was_sent_cannot_be_changed(world: World, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_books_prove_on_the_command_line(world: World) -> None:
    services.export_batches(batches=_approved(world), made_by=world.maker, now=make.NOON)
    told = StringIO()

    call_command("prove_ledger", stdout=told)

    assert "EUR 0.00" in told.getvalue()
    assert "EUR 150,000.01" in told.getvalue()
    assert "JPY 90,000" in told.getvalue()


def test_a_cent_off_is_found(world: World) -> None:
    services.export_batches(batches=_approved(world), made_by=world.maker, now=make.NOON)
    Payable.objects.filter(invoice_number="B").update(amount_minor=5_000_000)
    told = StringIO()

    with pytest.raises(CommandError):
        call_command("prove_ledger", stdout=StringIO(), stderr=told)

    assert "SB-2026-000001" in told.getvalue()
    assert "PAB-2026-000002" in told.getvalue()


def test_a_debt_marked_paid_without_a_payment_is_found(world: World) -> None:
    make.book(world.supplier, world.importer, {world.first.pk: 100})
    assert prove().faults == []

    Payable.objects.update(state=PayableState.PAID)

    assert len(prove().faults) == 3
