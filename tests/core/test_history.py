"""Whatever way a row is changed, its history says who did it, and nobody can rewrite that."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, models, transaction

from accounts.models import Company, User
from core.acting import acting, acts, because
from core.history import EVENTS, events_of, snapshot
from core.walls import inside, platform_wide
from procurement.models import SupplierOffer
from tests.factories.accounts import MembershipFactory, SellerFactory, UserFactory
from tests.factories.procurement import DURING, PurchaseOrderFactory, SupplierOfferFactory
from warehouse.models import RetailOrder, RetailOrderState

pytestmark = pytest.mark.django_db

REQUEST = UUID("7d3f1c2e-0000-4000-8000-00000000beef")


@pytest.fixture(autouse=True)
def the_platform_works(db: None) -> Any:
    with platform_wide():
        yield


def told(row: models.Model, *names: str) -> list[tuple[Any, ...]]:
    """The history of a row, oldest first: the label and some values of each event."""
    events = events_of(row).objects.filter(pgh_obj=row.pk).order_by("pgh_id")
    return list(events.values_list("pgh_label", *names))


def sql(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def test_saving_updating_and_plain_sql_are_all_seen() -> None:
    company = SellerFactory.create(town="Ningbo")

    company.town = "Hangzhou"
    company.save()
    Company.objects.filter(pk=company.pk).update(town="Xiamen")
    sql("UPDATE accounts_company SET town = 'Tianjin' WHERE id = %s", company.pk)

    assert told(company, "town") == [
        ("insert", "Ningbo"),
        ("update", "Hangzhou"),
        ("update", "Xiamen"),
        ("update", "Tianjin"),
    ]


def test_a_deleted_row_keeps_its_history_and_what_it_was() -> None:
    offer = SupplierOfferFactory.create(minimum_quantity=1200)
    pk = offer.pk

    offer.delete()

    events = EVENTS["procurement.SupplierOffer"].objects.filter(pgh_obj=pk).order_by("pgh_id")
    assert list(events.values_list("pgh_label", "minimum_quantity")) == [
        ("insert", 1200),
        ("delete", 1200),
    ]


def test_bulk_statements_and_an_insert_that_turns_into_an_update_are_seen() -> None:
    first, second = SupplierOfferFactory.create_batch(2, lead_time_days=30)
    first.lead_time_days, second.lead_time_days = 45, 30

    SupplierOffer.objects.bulk_create(
        [first, second],
        update_conflicts=True,
        unique_fields=["product", "supplier", "currency", "incoterm", "valid_from"],
        update_fields=["lead_time_days"],
    )

    assert told(first, "lead_time_days") == [("insert", 30), ("update", 45)]
    assert told(second, "lead_time_days") == [("insert", 30)], "it stayed what it was"


def test_a_statement_that_changes_nothing_leaves_no_trace() -> None:
    company = SellerFactory.create(town="Ningbo")

    company.save()
    sql("UPDATE accounts_company SET town = town")
    sql("UPDATE accounts_company SET town = 'x' WHERE false")

    assert told(company) == [("insert",)]


def test_a_change_that_is_refused_leaves_no_trace() -> None:
    company = SellerFactory.create()

    def change_and_fail() -> None:
        Company.objects.filter(pk=company.pk).update(town="Xiamen")
        SellerFactory.create(code=company.code)

    with pytest.raises(IntegrityError), transaction.atomic():
        change_and_fail()

    assert told(company) == [("insert",)]


def test_who_where_and_why_stand_beside_every_change() -> None:
    one, other = SellerFactory.create_batch(2)
    person = UserFactory.create()

    with acting(
        request_id=REQUEST,
        person=person.pk,
        email=person.email,
        company=one.pk,
        role="operator",
        address="198.51.100.7",
        method="POST",
        path="/companies/",
    ):
        Company.objects.update(town="Ningbo")
        with because("the licence has run out"):
            sql("UPDATE accounts_company SET town = 'Xiamen' WHERE id = %s", other.pk)
        Company.objects.filter(pk=one.pk).update(town="Tianjin")

    names = ("town", "pgh_person", "pgh_company", "pgh_context_id", "pgh_context__reason")
    mine = (person.pk, one.pk, REQUEST)
    assert told(one, *names)[1:] == [
        ("update", "Ningbo", *mine, None),
        ("update", "Tianjin", *mine, None),
    ]
    assert told(other, *names)[1:] == [
        ("update", "Ningbo", *mine, None),
        ("update", "Xiamen", *mine, "the licence has run out"),
    ]
    last = events_of(other).objects.latest("pgh_id")
    assert last.pgh_context == {
        "person": person.pk,
        "email": person.email,
        "company": one.pk,
        "role": "operator",
        "address": "198.51.100.7",
        "method": "POST",
        "path": "/companies/",
    }


def test_where_nobody_said_who_acts_the_program_and_its_role_are_named() -> None:
    company = SellerFactory.create()

    assert told(company, "pgh_context", "pgh_person", "pgh_context_id") == [
        ("insert", {"program": "bondpool", "database_role": "app_rw"}, None, None)
    ]


def test_what_was_said_ends_with_its_block_even_after_a_failure() -> None:
    company = SellerFactory.create()

    with pytest.raises(IntegrityError), transaction.atomic(), acting(task="procurement.documents"):
        SellerFactory.create(code=company.code)
    assert acts() == {}

    with acting(task="procurement.documents"):
        assert acts() == {"task": "procurement.documents"}
    assert acts() == {}


def test_only_known_facts_are_told() -> None:
    with pytest.raises(TypeError, match="colour"), acting(colour="red"):
        pass


def test_a_reason_with_odd_characters_is_kept_as_it_was_said() -> None:
    company = SellerFactory.create()

    with because("'; DROP TABLE accounts_company; -- \\ \" 许可证已过期 \u202e%s{}\x00"):
        Company.objects.filter(pk=company.pk).update(town="Xiamen")

    assert told(company, "pgh_context__reason")[-1] == (
        "update",
        "'; DROP TABLE accounts_company; -- \\ \" 许可证已过期 \u202e%s{}",
    )


def test_secrets_and_buyers_are_not_in_the_history() -> None:
    kept = {label: {field.name for field in snapshot(events)} for label, events in EVENTS.items()}

    assert {"password", "last_login"} & kept["accounts.User"] == set()
    assert kept["warehouse.RetailOrder"] == {
        *("id", "number", "seller", "channel", "channel_order_number"),
        *("placed_at", "accepted_at", "state", "freight_minor"),
        *("part", "first", "holds", "paid_at", "unpaid_until"),
        *("insurance_minor", "discount_minor", "collected_tax_minor", "paid_minor"),
    }


def test_signing_in_is_no_change_of_a_person() -> None:
    person = UserFactory.create()

    User.objects.filter(pk=person.pk).update(last_login="2026-07-01T00:00:00Z", password="x")

    assert told(person) == [("insert",)]


def test_the_application_neither_writes_nor_changes_nor_deletes_history() -> None:
    company = SellerFactory.create()
    for events in EVENTS.values():
        table = events._meta.db_table
        for statement in (
            f'INSERT INTO "{table}" SELECT * FROM "{table}"',  # noqa: S608 - our own names
            f'UPDATE "{table}" SET pgh_label = pgh_label',  # noqa: S608 - our own names
            f'DELETE FROM "{table}"',  # noqa: S608 - our own names
            f'TRUNCATE "{table}"',
        ):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                sql(statement)

    assert told(company) == [("insert",)]


def test_the_application_cannot_switch_the_triggers_off() -> None:
    company = SellerFactory.create(town="Ningbo")

    with pytest.raises(ProgrammingError, match="must be owner"), transaction.atomic():
        sql("ALTER TABLE accounts_company DISABLE TRIGGER ALL")
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        sql("SET session_replication_role = replica")
    sql("SELECT set_config('pgtrigger.ignore', %s, true)", _all_triggers())
    Company.objects.filter(pk=company.pk).update(town="Xiamen")

    assert told(company, "town")[-1] == ("update", "Xiamen")


def a_retail_order() -> RetailOrder:
    return RetailOrder.objects.create(
        number=f"R-{RetailOrder.objects.count()}",
        seller=SellerFactory.create(),
        channel="shop",
        channel_order_number="T-1",
        placed_at=DURING,
        accepted_at=DURING,
        buyer_name="金丝雀",
        buyer_id_number="360426199101010071",
        buyer_id_digest="d" * 64,
        consignee_address="金丝雀路 1 号",
    )


def _all_triggers() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname::text)::text FROM pg_trigger")
        return str(cursor.fetchone()[0])


#: Facts that people write: who added them is all there is to tell.
ONLY_ADDED = {
    *("procurement.Forecast", "settlement.PaymentFile", "settlement.SettlementPolicy"),
    *("traceability.LabelSheet", "warehouse.Receipt", "warehouse.StockChange"),
    *("warehouse.BuyerErasure", "warehouse.HandOver"),
}


def test_every_tracked_table_has_its_triggers_with_the_owners_rights() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, t.tgname, t.tgenabled, p.prosecdef, p.proconfig "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid WHERE t.tgname LIKE 'pgtrigger_history_%%'"
        )
        rows = cursor.fetchall()

    found: dict[str, list[str]] = {}
    for table, name, enabled, definer, settings in rows:
        assert (enabled, definer, settings) == ("O", True, ["search_path=public, pg_temp"]), name
        found.setdefault(table, []).append(name.split("_")[2])
    assert {table: sorted(labels) for table, labels in found.items()} == {
        apps.get_model(label)._meta.db_table: (
            ["insert"] if label in ONLY_ADDED else ["delete", "insert", "update"]
        )
        for label in EVENTS
    }
    assert EVENTS.keys() > ONLY_ADDED


def test_a_seller_sees_the_history_of_its_own_rows_only() -> None:
    mine, theirs = a_retail_order(), a_retail_order()
    events = events_of(RetailOrder)
    RetailOrder.objects.update(state=RetailOrderState.CANCELLED)
    order = PurchaseOrderFactory.create()
    offer = SupplierOfferFactory.create()

    with inside(mine.seller_id):
        assert set(events.objects.values_list("pgh_obj_id", "pgh_label")) == {
            (mine.pk, "insert"),
            (mine.pk, "update"),
        }
        for label, hidden in (("accounts.Company", theirs.seller_id), ("accounts.User", None)):
            seen = EVENTS[label].objects.values_list("pgh_obj_id", flat=True)
            assert hidden not in seen
        assert not events_of(order).objects.exists()
        assert not events_of(offer).objects.exists()
    with inside(order.buyer_id):
        assert [row.pgh_obj_id for row in events_of(order).objects.all()] == [order.pk]


def test_a_change_is_kept_even_if_who_makes_it_may_not_read_it() -> None:
    person = MembershipFactory.create().user
    seller = SellerFactory.create()

    with inside(seller.pk):
        User.objects.filter(pk=person.pk).update(name="Somebody Else")
        assert not events_of(person).objects.exists()

    assert told(person, "name")[-1] == ("update", "Somebody Else")
