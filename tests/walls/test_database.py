"""The second wall: what PostgreSQL itself refuses when the first wall is not there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django_scopes import scopes_disabled

from accounts.models import Company
from core.history import EVENTS
from core.walls import OwnedManager, _session, platform_wide
from tests.factories.accounts import SellerFactory
from tests.walls.world import World

ROOT = Path(__file__).resolve().parents[2]

#: Tables that name a company and have no row-level security, each with its reason.
WITHOUT_A_WALL = {
    "accounts_membership": "who may do what is read before it is known for whom one acts",
    "catalog_tradingpartner": "the company is the supplier itself; the catalogue is shared",
    "ledger_account": "read by finance only; no page of a company shows the books",
    "settlement_bankaccount": "read by finance only",
    "settlement_payable": "read by finance only; what a seller bears is a PayableShare",
    "settlement_paymentfile": "read by finance only",
    "settlement_settlementbatch": "read by finance only; what a seller bears is a SellerCharge",
    "settlement_settlementpolicy": "read by finance only",
    "traceability_traceevent": "public: who says so is part of what a consumer reads",
    "warehouse_bondedwarehouse": "an address that every declaration names",
}


def _migrated(operation: str) -> set[str]:
    """Every table that a migration names in ``protected`` or ``insert_only``."""
    found = set()
    for pattern in ("*/migrations/*.py", "platform/*/migrations/*.py"):
        for path in ROOT.glob(pattern):
            found |= set(re.findall(rf'{operation}\(\s*"(\w+)"', path.read_text("utf-8")))
    return found


def _said_to_be_insert_only() -> set[str]:
    """Every table whose model says so in its docstring."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        if "Insert-only" in (model.__doc__ or "")
    }


def _catalogue(query: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {row[0] for row in cursor.fetchall()}


def _with_a_wall() -> set[str]:
    return _catalogue(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relrowsecurity "
        "AND relnamespace = 'public'::regnamespace"
    )


def test_every_table_that_names_a_company_has_a_wall_or_a_reason(db: None) -> None:
    naming = {
        model._meta.db_table
        for model in apps.get_models()
        if any(
            isinstance(field, models.ForeignKey | models.OneToOneField)
            and field.related_model is Company
            for field in model._meta.get_fields()
        )
    }

    assert naming - _with_a_wall() == set(WITHOUT_A_WALL)


def test_every_owned_table_has_both_walls(db: None) -> None:
    owned = {
        model._meta.db_table
        for model in apps.get_models()
        if isinstance(model._default_manager, OwnedManager)
    }

    assert owned <= _with_a_wall() == _migrated("protected") | _migrated("walled")


def test_the_application_neither_owns_a_table_nor_steps_over_a_policy(db: None) -> None:
    owned = _catalogue("SELECT tablename FROM pg_tables WHERE tableowner = current_user")
    powers = _catalogue(
        "SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') "
        "AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)"
    )

    assert owned == set()
    assert powers == set()


def test_facts_are_only_ever_added(db: None) -> None:
    facts = _migrated("insert_only") | _migrated("walled")
    assert facts >= _said_to_be_insert_only()

    allowed = _catalogue(
        "SELECT tablename || ' ' || privilege FROM pg_tables, "
        "unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege "
        "WHERE schemaname = 'public' "
        "AND has_table_privilege(current_user, quote_ident(tablename), privilege)"
    )
    columns = _catalogue(
        "SELECT DISTINCT table_name FROM information_schema.column_privileges "
        "WHERE grantee = current_user AND privilege_type = 'UPDATE'"
    )

    assert {one.split()[0] for one in allowed} & facts == set()
    assert columns & facts == set()
    assert not [one for one in allowed if one.endswith("TRUNCATE")]


def test_the_ledger_and_the_trace_refuse_a_change(world: World) -> None:
    for table in ("ledger_journalline", "traceability_traceevent", "warehouse_stockmovement"):
        for statement in (f'DELETE FROM "{table}"', f'UPDATE "{table}" SET id = id'):  # noqa: S608
            with (
                platform_wide(),
                pytest.raises(ProgrammingError, match="permission denied"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(statement)


def _counts(company: str) -> dict[str, int]:
    found = {}
    with scopes_disabled(), _session(company), connection.cursor() as cursor:
        for table in sorted(_with_a_wall()):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_without_the_first_wall_the_second_still_stands(world: World) -> None:
    everything = _counts("*")
    empty = {"customs_retailrefusal"}  # nobody's order was refused
    histories = {events._meta.db_table for events in EVENTS.values()}
    assert {table for table, rows in everything.items() if not rows} == empty

    # The importer beside owns nothing at all; the seller beside has its part of one round.
    other = _counts(str(world.other_importer.pk))
    assert {table: rows for table, rows in other.items() if rows} == {
        # that it was admitted, and its one person
        "accounts_companyevent": 1,
        "accounts_membershipevent": 1,
    }
    assert set(_counts("").values()) == {0}, "unset means nobody"
    mine = _counts(str(world.seller.pk))
    theirs = _counts(str(world.stranger.pk))
    assert {table for table, rows in theirs.items() if rows} == {
        *("procurement_forecast", "procurement_forecastline", "procurement_ordershare"),
        *("procurement_purchaseorder", "procurement_shipment"),
        *("warehouse_receiptshare", "warehouse_holding", "warehouse_stockmovement"),
        *("settlement_payableshare", "settlement_sellercharge"),
        *("notices_notice", "notices_noticecopy", "notices_mail"),
        *("accounts_companyevent", "accounts_membershipevent"),
    }
    assert {table for table in histories if mine[table]} >= {
        *("accounts_companyevent", "accounts_membershipevent"),
        *("procurement_forecastuploadevent", "warehouse_retailorderevent"),
        *("warehouse_retailuploadevent", "notices_webhookendpointevent"),
    }
    shared = {"procurement_purchaseorder", "procurement_shipment"}
    shared |= {table for table in theirs if table.startswith("customs_decl")}
    for table in theirs.keys() - shared:
        assert mine[table] + theirs[table] <= everything[table]


def test_a_seller_sees_no_word_of_another_in_any_walled_table(world: World) -> None:
    with scopes_disabled(), _session(str(world.stranger.pk)), connection.cursor() as cursor:
        for table in sorted(_with_a_wall()):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            rows = "\n".join(row[0] for row in cursor.fetchall())
            if table == "procurement_shipment":
                # The shipment of both: its ship, its papers, and no word of who buys.
                for shared in ("VESSELCANARY", "EXCANARYBL", "INV-CANARY"):
                    rows = rows.replace(shared, "")
            assert "CANARY" not in rows.upper()
            assert "7919" not in rows


def test_an_order_is_seen_by_its_buyer_and_by_who_has_a_share_and_written_by_its_buyer(
    world: World,
) -> None:
    late = SellerFactory.create()
    companies = {
        "buyer": world.importer,
        "seller": world.seller,
        "stranger": world.stranger,
        "other importer": world.other_importer,
        "without a share": late,
    }
    tables = ("procurement_purchaseorder", "procurement_shipment")
    counts = {name: _counts(str(company.pk)) for name, company in companies.items()}
    seen = {name: tuple(found[table] for table in tables) for name, found in counts.items()}

    assert seen == {
        "buyer": (1, 1),
        "seller": (1, 1),
        "stranger": (1, 1),
        "other importer": (0, 0),
        "without a share": (0, 0),
    }
    for table in ("procurement_purchaseorder", "procurement_shipment"):
        with (
            _session(str(world.seller.pk)),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET number = 'X'")  # noqa: S608


def test_a_row_cannot_be_put_into_another_company(world: World) -> None:
    """Copying one's neighbour's row, or handing it one's own, is refused for every table."""
    with _session("*"), scopes_disabled():
        columns = {
            model._meta.db_table: next(
                field.column
                for field in model._meta.concrete_fields
                if field.related_model is Company
            )
            for model in apps.get_models()
            if isinstance(model._default_manager, OwnedManager)
            # Nobody writes history by hand at all: tests/core/test_history.py.
            and model not in EVENTS.values()
        }
    mine, theirs = str(world.stranger.pk), world.seller.pk
    for table, owner in columns.items():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT column_name FROM information_schema.columns "
                "WHERE table_name = %s AND column_name NOT IN ('id', %s)",
                [table, owner],
            )
            others = ", ".join(f'"{row[0]}"' for row in cursor.fetchall())
        # The policy is checked before any constraint: an empty row is enough to be refused.
        values = ", ".join("NULL" for _ in others.split(", "))
        statement = f'INSERT INTO "{table}" ("{owner}", {others}) VALUES (%s, {values})'  # noqa: S608
        with (
            _session(mine),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [theirs])


def test_a_row_cannot_be_handed_over(world: World) -> None:
    with (
        _session(str(world.stranger.pk)),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE warehouse_holding SET owner_id = %s", [world.seller.pk])
