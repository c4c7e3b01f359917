"""Every list of the house: its page costs as many queries with many rows as with few."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Company
from core.clock import now
from core.walls import platform_wide
from tests.factories.accounts import SupplierCompanyFactory
from tests.walls.world import World
from web.tables import Table, Viewer, tables

FEW, MANY = 3, 15
MOST_QUERIES = 40

PAGES = {
    "jobs": ("/jobs/", "seller"),
    "products": ("/products/", "seller"),
    "payables": ("/settlement/payables/", "finance"),
    "batches": ("/settlement/batches/", "finance"),
    "payment-files": ("/settlement/files/", "finance"),
    "charges": ("/charges/", "seller"),
    "events": ("/trace/", "operator"),
    "label-sheets": ("/labels/", "operator"),
    "orders": ("/orders/", "operator"),
    "rounds": ("/rounds/", "operator"),
    "my-rounds": ("/forecasts/", "seller"),
    "offers": ("/offers/", "operator"),
    "warehouse-shipments": ("/warehouse/shipments/", "warehouse"),
    "receipts": ("/warehouse/receipts/", "warehouse"),
    "lots": ("/warehouse/lots/", "warehouse"),
    "stock": ("/warehouse/stock/", "operator"),
    "my-stock": ("/stock/", "seller"),
    "movements": ("/warehouse/movements/", "operator"),
    "retail-orders": ("/retail-orders/", "seller"),
    "declarations": ("/customs/declarations/", "importer"),
    "tariff": ("/customs/tariff/", "operator"),
    "retail-lists": ("/retail-lists/", "seller"),
}


def test_every_list_is_looked_at() -> None:
    assert set(PAGES) == set(tables())


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
    for field in kind._meta.concrete_fields:
        if field.primary_key:
            continue
        value = getattr(fresh, field.attname)
        if isinstance(field, models.ForeignKey):
            is_its_own = field.name in alone and field.related_model is not Company
            if value is not None and (field.unique or is_its_own):
                other = field.related_model._base_manager.get(pk=value)
                setattr(fresh, field.name, copy_of(other))
        elif field.unique and isinstance(field, models.UUIDField):
            setattr(fresh, field.attname, uuid.uuid4())
        elif field.unique and field.name == "quarter":
            setattr(fresh, field.attname, f"{secrets.randbelow(7000) + 2100}-Q1")
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


def fill(table: Table, viewer: Viewer, count: int) -> None:
    first = table.rows(viewer).order_by("pk").first()
    assert first is not None, f"the world has no row for {table.key}"
    while table.rows(viewer).count() < count:
        copy_of(first)


@pytest.mark.django_db
def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(
    world: World,
    sign_in: Callable[[str], Client],
) -> None:
    told = {}
    for key, (path, name) in PAGES.items():
        table, client, person = tables()[key], sign_in(name), world.people[name]
        with platform_wide():
            member = person.memberships.select_related("company").get()
        viewer = Viewer(person, member.company, str(member.role), now().date(), now())
        counts = []
        for rows in (FEW, MANY):
            with platform_wide():
                fill(table, viewer, rows)
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                answer = client.get(path, {"limit": "200"})
            assert answer.status_code == 200, key
            assert answer.content.count(b'<th scope="row">') >= rows, key
            counts.append(len(queries))
        told[key] = counts

    assert {key: counts for key, counts in told.items() if counts[1] > counts[0]} == {}
    assert {key: counts for key, counts in told.items() if counts[1] > MOST_QUERIES} == {}
