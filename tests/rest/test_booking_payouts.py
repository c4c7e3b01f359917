"""What finance's own books need of a payment is told by the API, as by the page."""

from __future__ import annotations

from datetime import date, timedelta

from core.walls import platform_wide
from settlement.models import BankAccount, Payment, SettlementBatch
from tests.factories.settlement import BankAccountFactory
from tests.rest.conftest import Hire
from tests.walls.world import SETTLES, World


def _payment(world: World) -> dict[str, object]:
    with platform_wide():
        paid = Payment.objects.get()
    return {
        "batch": world.batch.number,
        "supplier": world.batch.supplier.company.code,
        "end_to_end_id": world.batch.number,
        "uetr": str(paid.uetr),
        "value_date": "2026-11-03",
        "amount_minor": world.batch.total_minor,
        "currency": "EUR",
    }


def test_a_batch_tells_its_payment_and_who_let_it_go_when(world: World, hire: Hire) -> None:
    told = hire("finance").get(f"batches/{world.batch.number}").json()

    assert told["payment"] == _payment(world)
    assert told["payment_file"] == world.file.message_id
    assert told["created_at"] == told["approved_at"] == "2026-10-30T04:00:00Z"
    assert (told["rate_asked_for"], told["rate_on"]) == ("2026-10-30", "2026-10-30")
    assert told["price"]["saved_minor"] == (
        told["alone_minor"] - told["cny_minor"] - told["fee_minor"]
    )
    assert told["price"]["alone_fee_minor"] == 10_000
    assert told["price"]["spread_percent"] == "0.5"
    assert told["price"]["drift_minor"] + told["price"]["booked_minor"] < told["cny_minor"]


def test_a_file_tells_its_payments_and_a_list_of_files_only_how_many(
    world: World, hire: Hire
) -> None:
    robot = hire("finance")
    head = robot.get("payment-files").json()["data"][0]

    shown = robot.get(f"payment-files/{head['message_id']}")

    assert "payments" not in head
    assert head["payment_count"] == 1
    assert shown.json() == {**head, "payments": [_payment(world)]}
    again = robot.get(f"payment-files/{head['message_id']}", if_none_match=shown["ETag"])
    assert again.status_code == 304


def test_a_payment_names_the_account_it_went_to_though_another_took_its_place(
    world: World, hire: Hire
) -> None:
    robot, path = hire("finance"), f"batches/{world.batch.number}"
    before = robot.get(path).json()["paid_to"]
    later = SETTLES + timedelta(days=1)
    with platform_wide():
        old = BankAccount.objects.get(number=before["number"])
        BankAccount.objects.filter(pk=old.pk).update(state="closed", closed_at=later)
        BankAccountFactory.create(
            company=old.company, account="DE02120300000000202051", confirmed_at=later
        )

    assert before == {
        "number": world.account.number,
        "account": "DE89370400440532013000",
        "bic": "COBADEFFXXX",
        "bank_name": "Example Bank",
    }
    assert robot.get(path).json()["paid_to"] == before


def test_a_batch_that_waits_names_the_account_that_is_in_force(world: World, hire: Hire) -> None:
    robot = hire("finance")
    with platform_wide():
        waiting = SettlementBatch.objects.create(
            number="STB-2026-000099",
            supplier=world.batch.supplier,
            debtor=world.importer,
            currency="EUR",
            period_start=date(2026, 10, 1),
            period_end=date(2026, 12, 31),
            total_minor=1,
            created_by=world.people["finance"],
            created_at=SETTLES,
        )
        BankAccount.objects.filter(pk=world.account.pk).update(state="closed", closed_at=SETTLES)
    assert robot.get(f"batches/{waiting.number}").json()["paid_to"] is None

    with platform_wide():
        fresh = BankAccountFactory.create(company=world.account.company, confirmed_at=SETTLES)

    told = robot.get(f"batches/{waiting.number}").json()
    assert (told["payment"], told["paid_to"]["number"]) == (None, fresh.number)
    assert (told["price"], told["approved_at"]) == (None, None)
