"""The second wall: what PostgreSQL itself refuses when the first wall is not there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from django_scopes import scopes_disabled

from accounts.models import Company
from core.history import EVENTS
from core.walls import OwnedManager, _session, platform_wide
from tests.factories.accounts import SellerFactory
from tests.walls.looked import Looked
from tests.walls.world import World

ROOT = Path(__file__).resolve().parents[2]

#: Tables that lead to a company and do not stand behind both walls, each with its reason.
WITHOUT_A_WALL = {
    "accounts_membership": "who may do what is read before it is known for whom one acts",
    "catalog_tradingpartner": "the company is the supplier itself; the catalogue is shared",
    "customs_remarkjudgement": "holds for all who import the goods; pages name nobody to others",
    "ledger_account": "read by finance only; no page of a company shows the books",
    "ledger_journalline": "read by finance only; no page of a company shows the books",
    "procurement_freightcontainer": "what a supplier's goods cost on their way, for operators",
    "procurement_freightterms": "what a supplier's goods cost on their way, for operators",
    "procurement_orderminimum": "a supplier's terms, which only operators are shown",
    "procurement_sharingrun": "everybody's wishes together: its second wall shows it to no company",
    "procurement_supplieroffer": "the supplier's terms for whoever pools; they are no company's",
    "procurement_pricebreak": "the supplier's terms for whoever pools; they are no company's",
    "settlement_batchline": "read by finance, and by a debtor's start page under its own name",
    "settlement_payable": "read by finance, and by a debtor's start page under its own name",
    "settlement_payment": "read by finance only",
    "settlement_paymentfile": "read by finance only",
    "settlement_settlementbatch": "read by finance and a debtor's start page; a charge names it",
    "settlement_settlementpolicy": "read by finance only",
    "traceability_traceevent": "public: who says so is part of what a consumer reads",
    "warehouse_bondedwarehouse": "an address that every declaration names",
}


def _migrated(operation: str) -> set[str]:
    """Every table that a migration protects or makes ``insert_only``, and none takes away."""
    found: set[str] = set()
    gone: set[str] = set()
    for pattern in ("*/migrations/*.py", "platform/*/migrations/*.py"):
        for path in ROOT.glob(pattern):
            text = path.read_text("utf-8")
            found |= set(re.findall(rf'{operation}\(\s*"(\w+)"', text))
            app = path.parts[-3]
            gone |= {f"{app}_{one.lower()}" for one in re.findall(r'DeleteModel\("(\w+)"', text)}
    return found - gone


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
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relrowsecurity "
        "AND relnamespace = 'public'::regnamespace"
    )


def _leading_to_a_company() -> set[type[models.Model]]:
    """Every table from which foreign keys lead to a company, over however many others."""
    found: set[type[models.Model]] = {Company}
    while True:
        more = {
            model
            for model in set(apps.get_models()) - found
            if any(field.related_model in found for field in model._meta.concrete_fields)
        }
        if not more:
            return found - {Company}
        found |= more


def test_every_table_that_leads_to_a_company_stands_behind_both_walls_or_has_a_reason(
    db: None,
) -> None:
    leading, walled = _leading_to_a_company(), _with_a_wall()
    behind_both = {
        model
        for model in leading
        if isinstance(model._default_manager, OwnedManager) and model._meta.db_table in walled
    }

    assert {one._meta.db_table for one in leading - behind_both} == set(WITHOUT_A_WALL)
    assert all(len(reason.split()) > 3 for reason in WITHOUT_A_WALL.values())


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

    assert (owned, powers) == (set(), set())


def test_facts_are_only_ever_added(db: None) -> None:
    facts = _migrated("insert_only") - _migrated("changes_only") | _migrated("walled")
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


#: One order in which both sellers have a part, and how its goods travelled and came in.
SHARED = {
    *("procurement_purchaseorder", "procurement_purchaseorderline"),
    *("procurement_shipment", "procurement_shipmentline"),
    *("warehouse_receipt", "warehouse_receiptline", "warehouse_lot"),
}


def _counts(company: str) -> dict[str, int]:
    found = {}
    with scopes_disabled(), _session(company), connection.cursor() as cursor:
        for table in sorted(_with_a_wall()):
            cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
            found[table] = cursor.fetchone()[0]
    return found


def test_without_the_first_wall_the_second_still_stands(world: World) -> None:
    everything = _counts("*")
    # Nobody's order was refused, or cancelled after its list was drawn; nothing has come back.
    empty = {"customs_retailrefusal", "customs_retailvoid", "customs_retailgiveback"}
    empty |= {"warehouse_retailreturned", "warehouse_retailmerge"}
    # Nor did it go with another; nobody has asked to be forgotten yet.
    empty |= {"warehouse_buyererasure", "warehouse_buyererasureevent"}
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
        *("procurement_roundbill", "procurement_billrun", "procurement_sellerentry"),
        *("procurement_revisedshare", "procurement_roundstatement"),
        *SHARED,
        *("warehouse_receiptshare", "warehouse_holding"),
        *("customs_declarationshare", "customs_declarationdocument", "warehouse_stockchange"),
        *("customs_collectivedocument", "warehouse_stockmovement", "warehouse_stockposting"),
        *("warehouse_storagecharge", "warehouse_storagebill", "warehouse_storagebillline"),
        *("settlement_payableshare", "settlement_sellercharge"),
        *("notices_notice", "notices_noticecopy", "notices_mail"),
        *("accounts_companyevent", "accounts_membershipevent", "procurement_forecastevent"),
    }
    assert {table for table in histories if mine[table]} >= {
        *("accounts_companyevent", "accounts_membershipevent"),
        *("procurement_forecastuploadevent", "warehouse_retailorderevent"),
        *("warehouse_retailuploadevent", "notices_webhookendpointevent"),
    }
    # A run says what had changed, to all who are billed by it.
    shared = (
        SHARED
        | {"procurement_billrun"}
        | {table for table in theirs if table.startswith("customs_decl")}
    )
    for table in theirs.keys() - shared:
        assert mine[table] + theirs[table] <= everything[table]


def test_a_warehouse_sees_what_it_keeps_and_nothing_else_of_its_owners(world: World) -> None:
    keeper, other = (
        _counts(str(world.people[name].memberships.get().company_id))
        for name in ("warehouse", "other_warehouse")
    )
    everything = _counts("*")
    of_itself = {"accounts_companyevent": 1, "accounts_membershipevent": 1}

    kept = (
        *SHARED,
        *("warehouse_receiptshare", "warehouse_holding", "warehouse_location"),
        *("warehouse_gatepicture", "warehouse_gatepicturewithdrawal"),
        *("warehouse_stockmovement", "warehouse_stockposting", "warehouse_stockchange"),
        *("warehouse_storagetariff", "warehouse_storagerun", "warehouse_storagecharge"),
        *("warehouse_storagebill", "warehouse_storagebillline"),
        *("warehouse_stocktransfer", "warehouse_transferconsent"),
        *("warehouse_retailhold", "warehouse_retailreturn", "warehouse_retailreturnline"),
        *("warehouse_stockcount", "warehouse_countline", "warehouse_countentry"),
        *("warehouse_countdecision", "warehouse_countterms", "warehouse_bondlimit"),
        *("warehouse_pickwave", "warehouse_pickwaveorder", "warehouse_parcel"),
        *("warehouse_pallet", "warehouse_palletmove"),
        *("warehouse_serialunit", "warehouse_serialstep", "warehouse_serialchange"),
        *("warehouse_carrier", "warehouse_handover", "warehouse_handedparcel"),
        "warehouse_manifestaccess",
        *("warehouse_parcelevent", "traceability_labelsheet"),
        *("customs_accountbook", "customs_bookrow", "customs_bookreceipt"),
        *("customs_bookline", "customs_booklot", "customs_bookfiling", "customs_filinganswer"),
    )
    told = ("notices_notice", "notices_noticecopy", "notices_mail")
    mine = {table: rows for table, rows in keeper.items() if rows and table not in told}
    assert mine == {
        **of_itself,
        **{table: everything[table] for table in kept},
        # The history of its house, its receipts, its lots and their labels is its own.
        "warehouse_bondedwarehouseevent": 1,
        "warehouse_receiptevent": everything["warehouse_receiptevent"],
        "traceability_labelsheetevent": everything["traceability_labelsheetevent"],
        "warehouse_locationevent": everything["warehouse_locationevent"],
        "warehouse_pickwaveevent": everything["warehouse_pickwaveevent"],
        "warehouse_carrierevent": everything["warehouse_carrierevent"],
        "warehouse_handoverevent": everything["warehouse_handoverevent"],
        "warehouse_lotevent": everything["warehouse_lotevent"],
        "warehouse_stockchangeevent": everything["warehouse_stockchangeevent"],
        "warehouse_storagetariffevent": everything["warehouse_storagetariffevent"],
        "customs_houseatcustoms": 1,
        "customs_housemode": 1,
        "customs_shipmententry": 1,
        "customs_houseatcustomsevent": 1,
    }
    assert {table: rows for table, rows in other.items() if rows} == {
        **of_itself,
        "warehouse_bondedwarehouseevent": 1,
    }


def test_a_warehouse_books_nothing_for_others_with_its_own_walls_alone(world: World) -> None:
    keeper = world.people["warehouse"].memberships.get().company
    for table in ("warehouse_holding", "procurement_shipment"):
        with (
            _session(str(keeper.pk)),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET id = id")  # noqa: S608


def test_a_seller_sees_no_word_of_another_in_any_walled_table(world: World) -> None:
    figures = Looked(["7919"])
    with scopes_disabled(), _session(str(world.stranger.pk)), connection.cursor() as cursor:
        for table in sorted(_with_a_wall()):
            cursor.execute(f'SELECT t::text FROM "{table}" t')  # noqa: S608
            rows = "\n".join(row[0] for row in cursor.fetchall())
            if table == "procurement_shipment":
                # The shipment of both: its ship, its papers, and no word of who buys.
                for shared in ("VESSELCANARY", "EXCANARYBL", "INV-CANARY"):
                    rows = rows.replace(shared, "")
            assert "CANARY" not in rows.upper()
            assert figures.found_in(rows) == []


def test_an_order_is_seen_by_its_buyer_and_by_who_has_a_share_and_written_by_its_buyer(
    world: World,
) -> None:
    late = SellerFactory.create()
    with platform_wide():
        keeper = world.lot.warehouse.operator
    companies = {
        "buyer": world.importer,
        "seller": world.seller,
        "stranger": world.stranger,
        "keeper": keeper,
        "other keeper": world.people["other_warehouse"].memberships.get().company,
        "other importer": world.other_importer,
        "without a share": late,
    }
    orders = ("procurement_purchaseorder", "procurement_purchaseorderline")
    shipments = ("procurement_shipment", "procurement_shipmentline")
    papers = ("procurement_orderdocument",)
    stock = ("warehouse_receipt", "warehouse_receiptline", "warehouse_lot")
    tables = (*orders, *shipments, *papers, *stock)
    counts = {name: _counts(str(company.pk)) for name, company in companies.items()}
    seen = {name: tuple(found[table] for table in tables) for name, found in counts.items()}

    assert seen == {
        "buyer": (1, 1, 1, 2, 1, 0, 0, 0),
        "seller": (1, 1, 1, 2, 0, 1, 2, 1),
        "stranger": (1, 1, 1, 2, 0, 1, 1, 1),
        "keeper": (1, 1, 1, 2, 0, 1, 2, 1),
        "other keeper": (0,) * 8,
        "other importer": (0,) * 8,
        "without a share": (0,) * 8,
    }
    for table in ("procurement_purchaseorder", "procurement_shipment"):
        with (
            _session(str(world.seller.pk)),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE {table} SET number = 'X'")  # noqa: S608


def _handed(model: type[models.Model], world: World) -> tuple[str, int]:
    """The column that says whose a row is, and what stands in it in a row of another company."""
    manager = cast(OwnedManager, model._default_manager)
    field, _, rest = manager._owner.partition("__")
    key = cast("models.ForeignKey[Any, Any]", model._meta.get_field(field))
    column = str(key.column)
    if not rest:
        return column, world.seller.pk
    of_another = key.related_model._base_manager.exclude(**{rest: world.stranger})
    return column, of_another.values_list("pk", flat=True)[0]


def test_a_row_cannot_be_put_into_another_company(world: World) -> None:
    """Copying one's neighbour's row, or handing it one's own, is refused for every table."""
    mine = str(world.stranger.pk)
    with platform_wide():
        columns = {
            model._meta.db_table: _handed(model, world)
            for model in apps.get_models()
            if isinstance(model._default_manager, OwnedManager)
            # Nobody writes history by hand at all: tests/core/test_history.py.
            and model not in EVENTS.values()
        }
    for table, (owner, theirs) in columns.items():
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
