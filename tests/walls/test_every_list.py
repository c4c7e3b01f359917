"""Every list of the house: its page costs as many queries with many rows as with few."""

from __future__ import annotations

import itertools
import secrets
import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import AccountEvent, Company
from core.clock import now
from core.walls import platform_wide
from procurement.models import EntryKind, PoolRound, SellerEntry
from tests.factories.accounts import SellerFactory, SupplierCompanyFactory
from tests.factories.catalog import ProductFactory
from tests.factories.procurement import PoolRoundFactory, PriceBreakFactory, SupplierOfferFactory
from tests.factories.settlement import BankAccountFactory
from tests.factories.warehouse import BondedWarehouseFactory
from tests.walls.world import World
from web.tables import Table, Viewer, tables

FEW, MANY = 3, 15
MOST_QUERIES = 40

PAGES = {
    "companies": ("/companies/", "operator"),
    "admissions": ("/admissions/", "operator"),
    "people": ("/people/{seller.code}/", "operator"),
    "account-events": ("/audit/accounts/", "operator"),
    "persons": ("/audit/people/", "operator"),
    "tokens": ("/tokens/", "seller"),
    "notices": ("/notices/", "seller"),
    "webhooks": ("/webhooks/", "seller"),
    "webhook-messages": ("/webhooks/{endpoint.uid}/", "seller"),
    "own-skus": ("/own-skus/", "seller"),
    "filings": ("/rounds/{round.quarter}/", "operator"),
    "round-bills": ("/rounds/{round.quarter}/bills/", "operator"),
    "forecast-lines": ("/forecasts/{round.quarter}/", "seller"),
    "lot-movements": ("/warehouse/lots/{lot.number}/", "warehouse"),
    "receipt-shares": ("/warehouse/receipts/{receipt.number}/", "warehouse"),
    "declaration-lines": ("/customs/declarations/{declaration.our_reference}/", "importer"),
    "jobs": ("/jobs/", "seller"),
    "failed-jobs": ("/jobs/failed/", "operator"),
    "job-outcomes": ("/jobs/{job.public_id}/", "seller"),
    "products": ("/products/", "seller"),
    "payables": ("/settlement/payables/", "finance"),
    "batches": ("/settlement/batches/", "finance"),
    "bank-accounts": ("/settlement/accounts/", "finance"),
    "payment-files": ("/settlement/files/", "finance"),
    "charges": ("/charges/", "seller"),
    "events": ("/trace/", "operator"),
    "label-sheets": ("/labels/", "operator"),
    "orders": ("/orders/", "operator"),
    "rounds": ("/rounds/", "operator"),
    "my-rounds": ("/forecasts/", "seller"),
    "my-sales": ("/sales/", "seller"),
    "forecast-scores": ("/credit/scores/", "operator"),
    "my-account": ("/owed/", "seller"),
    "seller-accounts": ("/sellers/accounts/", "finance"),
    "seller-entries": ("/sellers/accounts/{seller.code}/", "finance"),
    "deposits": ("/deposits/", "finance"),
    "my-deposits": ("/deposits/", "seller"),
    "offers": ("/offers/", "operator"),
    "warehouse-shipments": ("/warehouse/shipments/", "warehouse"),
    "receipts": ("/warehouse/receipts/", "warehouse"),
    "lots": ("/warehouse/lots/", "warehouse"),
    "claims": ("/claims/", "importer"),
    "places": ("/warehouse/places/", "warehouse"),
    "pallets": ("/warehouse/pallets/", "warehouse"),
    "hand-overs": ("/warehouse/hand-overs/", "warehouse"),
    "waves": ("/warehouse/waves/", "warehouse"),
    "parcels": ("/warehouse/packing/", "warehouse"),
    "stock": ("/warehouse/stock/", "operator"),
    "counts": ("/warehouse/counts/", "operator"),
    "transfers": ("/stock/transfers/", "seller"),
    "kept-transfers": ("/warehouse/transfers/", "operator"),
    "my-stock": ("/stock/", "seller"),
    "my-returns": ("/retail-returns/", "seller"),
    "house-returns": ("/warehouse/returns/", "warehouse"),
    "storage-charges": ("/storage/charges/", "seller"),
    "storage-bills": ("/storage/bills/", "finance"),
    "storage-bill-charges": ("/storage/bills/{storage_bill.number}/", "seller"),
    "storage-tariffs": ("/storage/tariffs/", "operator"),
    "movements": ("/warehouse/movements/", "operator"),
    "channels": ("/channels/", "seller"),
    "channel-deliveries": ("/channels/{channel.uid}/", "seller"),
    "retail-orders": ("/retail-orders/", "seller"),
    "declarations": ("/customs/declarations/", "importer"),
    "messages-out": ("/customs/messages/", "importer"),
    "export-lists": ("/customs/exports/", "importer"),
    "customs-receipts": ("/customs/receipts/", "importer"),
    "customs-receipt-files": ("/customs/receipts/files/", "importer"),
    "tax-bills": ("/customs/tax-bills/", "seller"),
    "account-books": ("/customs/books/", "operator"),
    "book-rows": ("/customs/books/{book.number}/", "warehouse"),
    "book-receipts": ("/customs/books/{book.number}/receipts/", "warehouse"),
    "tariff": ("/customs/tariff/", "operator"),
    "positive-list": ("/customs/positive-list/", "operator"),
    "exchange-rates": ("/customs/exchange-rates/", "importer"),
    "customs-codes": ("/customs/codes/", "importer"),
    "reference-proposals": ("/customs/reference/", "operator"),
    "reference-changes": ("/customs/reference/RD-2026-000001/", "operator"),
    "retail-lists": ("/retail-lists/", "seller"),
    "forecastable": ("/forecasts/{open_round.quarter}/edit/", "seller"),
}

#: The thing whose list it is.
PLACES = {
    "people": "{seller.code}",
    "webhook-messages": "{endpoint.uid}",
    "channel-deliveries": "{channel.uid}",
    "job-outcomes": "{job.public_id}",
    "filings": "{round.quarter}",
    "round-bills": "{round.quarter}",
    "seller-entries": "{seller.code}",
    "forecast-lines": "{round.quarter}.{forecast.version}",
    "forecastable": "{open_round.quarter}",
    "lot-movements": "{lot.number}",
    "receipt-shares": "{receipt.number}",
    "storage-bill-charges": "{storage_bill.number}",
    **dict.fromkeys(("book-rows", "book-receipts"), "{book.number}"),
    "declaration-lines": "{declaration.our_reference}",
    "reference-changes": "RD-2026-000001",
}
#: Worked out in memory from one row; tests/warehouse/test_upload_lists.py,
#: tests/procurement/test_file_lists.py.
IN_MEMORY = {
    *("retail-outcomes", "retail-faults", "order-owners", "line-owners"),
    *("demand", "forecast-file-rows", "forecast-file-faults"),
    *("sales-file-rows", "sales-file-faults"),
}
#: Worked out in memory from everything; tests/procurement/test_choosing.py,
#: tests/warehouse/test_ageing.py.
OF_EVERYTHING = {"categories", "ageing", "my-ageing", "restocking", "to-sell"}
#: Each row stands for several waiting orders of one buyer; tests/customs/test_merging.py.
OF_SEVERAL = {"mergeable-orders"}
#: Of many tables; its page has a search of its own. tests/audit/test_audit.py.
ONLY_FILES = {"history"}


def test_every_list_is_looked_at() -> None:
    assert set(PAGES) | IN_MEMORY | OF_EVERYTHING | OF_SEVERAL | ONLY_FILES == set(tables())
    assert set(PLACES) | IN_MEMORY == {key for key, table in tables().items() if table.within}


#: A quarter of its own for every copied round: numbers drawn by lot meet now and then.
YEARS = itertools.count(2100)


def copy_of(row: models.Model) -> models.Model:
    """Another row like this one, with its own numbers, and its own of what it has for itself."""
    kind = type(row)
    if kind is Company:
        return SupplierCompanyFactory.create()
    alone = {
        name
        for rule in kind._meta.constraints
        if isinstance(rule, models.UniqueConstraint)
        for name in rule.fields[:1]
    }
    fresh = kind._base_manager.get(pk=row.pk)
    its_own = set()
    if isinstance(fresh, PoolRound):
        fresh.quarter = fresh.code = f"{next(YEARS)}-Q1"
        its_own = {"quarter", "code"}
    for field in kind._meta.concrete_fields:
        if field.primary_key or field.name in its_own:
            continue
        value = getattr(fresh, field.attname)
        if isinstance(field, models.ForeignKey):
            is_its_own = field.name in alone and field.related_model is not Company
            if value is not None and (field.unique or is_its_own):
                other = field.related_model._base_manager.get(pk=value)
                setattr(fresh, field.name, copy_of(other))
        elif field.unique and isinstance(field, models.UUIDField):
            setattr(fresh, field.attname, uuid.uuid4())
        elif (field.unique or field.name in alone) and isinstance(field, models.CharField):
            length = min(field.max_length or 20, 20)
            if field.name == "gtin" or field.name == "hs_code":
                text = str(secrets.randbelow(10**length)).zfill(length)[: field.max_length]
            else:
                text = secrets.token_hex(16).upper()[:length]
            setattr(fresh, field.attname, text)
        elif field.name == "channel_order_number":
            setattr(fresh, field.attname, secrets.token_hex(8))
    fresh.pk = None
    fresh._state.adding = True
    fresh.save(force_insert=True)
    return fresh


def another(row: models.Model, **other: object) -> None:
    """The same row of the same thing, but for a seller, a product or a place of its own."""
    fresh = type(row)._base_manager.get(pk=row.pk)
    for name, value in other.items():
        setattr(fresh, name, value)
    fresh.pk = None
    fresh._state.adding = True
    fresh.save(force_insert=True)


def another_notice(row: Any) -> None:
    """One more of the same event, about something else: its reader hears of that."""
    notice = type(row.notice)._base_manager.get(pk=row.notice_id)
    notice.pk, notice.subject = None, secrets.token_hex(12)
    notice._state.adding = True
    notice.save(force_insert=True)
    another(row, notice=notice)


def another_outcome(one: Any) -> None:
    one.pk, one.row = None, secrets.randbelow(10**8) + 100
    one._state.adding = True
    one.save(force_insert=True)


def another_movement(row: Any) -> None:
    """One more posting like that of this movement; its legs are written together."""
    legs = list(row.posting.legs.order_by("pk"))
    posting = type(row.posting)._base_manager.get(pk=row.posting_id)
    posting.pk, posting.key = None, secrets.token_hex(12)
    posting._state.adding = True
    posting.save(force_insert=True)
    for leg in legs:
        leg.pk, leg.posting = None, posting
    type(row)._base_manager.bulk_create(legs)


def another_entry(row: Any, **told: Any) -> None:
    """A payment on the account beside what is there."""
    another(
        row,
        **{
            "number": secrets.token_hex(12),
            "kind": EntryKind.PAYMENT,
            "round": None,
            "run": None,
            "deposit": None,
            "due_on": None,
            "amount_minor": -100,
            "reference": secrets.token_hex(12),
            **told,
        },
    )


def another_pallet(row: Any) -> None:
    """One more, beside it."""
    code = str(10**17 + secrets.randbelow(10**17))
    location = type(row.location)._base_manager.get(pk=row.location_id)
    location.pk, location.code = None, code
    location._state.adding = True
    location.save(force_insert=True)
    another(row, sscc=code, location=location)


def drawn_letters() -> str:
    """A currency that nobody has."""
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _at in range(3))


#: How a thing gets one more row: what must differ within it.
MORE: dict[str, Callable[[Any], object]] = {
    "filings": lambda row: another(row, seller=SellerFactory.create()),
    "round-bills": lambda row: another(row, owner=SellerFactory.create()),
    "forecast-lines": lambda row: another(row, product=ProductFactory.create()),
    "forecastable": lambda row: PriceBreakFactory.create(
        offer=SupplierOfferFactory.create(product=ProductFactory.create())
    ),
    "own-skus": lambda row: another(row, own_sku=secrets.token_hex(12)),
    "my-sales": lambda row: another(row, product=ProductFactory.create()),
    "forecast-scores": lambda row: another(row, seller=SellerFactory.create()),
    "my-account": another_entry,
    "seller-entries": another_entry,
    "seller-accounts": lambda row: another_entry(
        SellerEntry.objects.filter(seller=row).order_by("pk")[0], seller=SellerFactory.create()
    ),
    "deposits": lambda row: another(
        row, seller=SellerFactory.create(), number=secrets.token_hex(12)
    ),
    "my-deposits": lambda row: another(
        row,
        round=PoolRoundFactory.create(quarter=f"{next(YEARS)}-Q1"),
        number=secrets.token_hex(12),
    ),
    "lot-movements": another_movement,
    "movements": another_movement,
    "receipt-shares": lambda row: another(row, owner=SellerFactory.create()),
    "storage-tariffs": lambda row: another(
        row,
        number=secrets.token_hex(10),
        warehouse=BondedWarehouseFactory.create(operator=row.keeper),
    ),
    "pallets": another_pallet,
    "storage-charges": another,
    "storage-bill-charges": another,
    "storage-bills": lambda row: another(
        row, number=secrets.token_hex(10), owner=SellerFactory.create()
    ),
    "tariff": lambda row: another(row, hs_code=str(10**9 + secrets.randbelow(10**9))),
    "positive-list": lambda row: another(row, code=str(10**7 + secrets.randbelow(10**7))),
    "exchange-rates": lambda row: another(row, currency=drawn_letters()),
    "customs-codes": lambda row: another(row, code=secrets.token_hex(8)),
    "reference-changes": another,
    "book-rows": lambda row: another(row, item=secrets.randbelow(10**8) + 100),
    "book-receipts": lambda row: another(row, declaration_line=None),
    "declaration-lines": lambda row: another(row, position=secrets.randbelow(10**8) + 100),
    "job-outcomes": another_outcome,
    "bank-accounts": lambda row: BankAccountFactory.create(),
    "notices": another_notice,
    "webhook-messages": lambda row: another(row, uid=secrets.token_hex(12)),
    "channels": lambda row: another(row, uid=uuid.uuid4(), name=secrets.token_hex(12)),
    "channel-deliveries": lambda row: another(
        row,
        uid=secrets.token_hex(12),
        delivery_id=secrets.token_hex(12),
        digest=secrets.token_hex(12),
    ),
}


def fill(table: Table, viewer: Viewer, place: str, count: int) -> None:
    first = table.rows_in(viewer, place).order_by("pk").first()
    assert first is not None, f"the world has no row for {table.key}"
    more = MORE.get(table.key, copy_of)
    for _at in range(count - table.rows_in(viewer, place).count()):
        more(first)
    assert table.rows_in(viewer, place).count() >= count, table.key


@pytest.mark.django_db
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    world: World,
    sign_in: Callable[[str], Client],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    clock = tmp_path / "day"
    clock.write_text((world.open_round.cutoff_at - timedelta(days=1)).isoformat())
    AccountEvent.objects.create(
        kind="signed_in",
        user=world.people["seller"],
        email=world.people["seller"].email,
        address="192.0.2.1",
        happened_at=now(),
    )
    with platform_wide():
        another(world.job, public_id=secrets.token_hex(12), state="failed", result_name="")
    told = {}
    for key, (path, name) in PAGES.items():
        if key == "forecastable":  # a page of a round that is open
            monkeypatch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
        table, client, person = tables()[key], sign_in(name), world.people[name]
        path = path.format(**vars(world))
        place = PLACES.get(key, "").format(**vars(world))
        with platform_wide():
            member = person.memberships.select_related("company").get()
        viewer = Viewer(person, member.company, str(member.role), now().date(), now(), now())
        counts = []
        for rows in (FEW, MANY):
            with platform_wide():
                fill(table, viewer, place, rows)
            if rows == FEW:
                client.get(path)  # What a process keeps for good is fetched before.
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path, {"limit": "200"})
            assert answer.status_code == 200, key
            assert answer.content.count(b'<th scope="row">') >= rows, key
            counts.append(len(queries))
        told[key] = counts

    assert {key: counts for key, counts in told.items() if counts[1] > counts[0]} == {}
    assert {key: counts for key, counts in told.items() if counts[1] > MOST_QUERIES} == {}
