"""What the migrations made is what the models say: each column, each foreign key, each index."""

import re
from collections.abc import Set
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

#: Of this house; a library may say of its tables what it does not make.
TABLES = [
    model
    for app in apps.get_app_configs()
    if "site-packages" not in Path(app.path).parts
    for model in app.get_models(include_auto_created=True)
    if model._meta.managed
]
FIELDS = [
    (model._meta.db_table, str(field.column), field)
    for model in TABLES
    for field in model._meta.local_fields
]
#: A part of this table is attached for each round, and fits it by what it is made for.
BY_ITS_PART = {("procurement_ordershare", "round_id", "procurement_poolround")}


def asked(statement: str) -> set[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return set(cursor.fetchall())


def in_postgresqls_words(kind: str | None) -> str:
    said = re.sub(r"^varchar", "character varying", kind or "")
    # How long an array may be is for Django to keep: PostgreSQL takes the number and forgets it.
    said = re.sub(r"\[\d+\]$", "[]", said)
    return re.sub(r"^(time|timestamp)\b(?! with)", r"\1 without time zone", said).replace(", ", ",")


def differences(wanted: Set[tuple[str, ...]], found: Set[tuple[str, ...]]) -> list[str]:
    return sorted(" ".join(one) for one in wanted - found)


@pytest.mark.django_db
def test_every_field_has_its_column_of_the_right_type() -> None:
    wanted = {
        (table, column, in_postgresqls_words(field.db_type(connection)))
        for table, column, field in FIELDS
    } | {(table, column, "never null") for table, column, field in FIELDS if not field.null}

    columns = (
        "FROM pg_attribute"
        " JOIN pg_class c ON c.oid = attrelid AND relnamespace = 'public'::regnamespace"
        " WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p')"
    )
    found = asked(
        f"SELECT c.relname, attname, format_type(atttypid, atttypmod) {columns}"
        f" UNION ALL SELECT c.relname, attname, 'never null' {columns} AND attnotnull"
    )

    assert len(wanted) > 2000
    assert differences(wanted, found) == []


@pytest.mark.django_db
def test_every_foreign_key_points_to_its_table() -> None:
    wanted = {
        (table, column, field.related_model._meta.db_table)
        for table, column, field in FIELDS
        if isinstance(field, models.ForeignKey) and field.db_constraint  # type: ignore[attr-defined]
    }

    found = asked(
        "SELECT c.relname, attname, o.relname FROM pg_constraint"
        " JOIN pg_class c ON c.oid = conrelid JOIN pg_class o ON o.oid = confrelid"
        " JOIN pg_attribute ON attrelid = conrelid AND attnum = conkey[1] WHERE contype = 'f'"
    )

    assert len(wanted) > 300
    assert differences(wanted - BY_ITS_PART, found) == []


@pytest.mark.django_db
def test_every_index_and_every_constraint_is_there() -> None:
    wanted = {
        (model._meta.db_table, str(one.name))
        for model in TABLES
        for one in (*model._meta.indexes, *model._meta.constraints)
    }

    found = asked(
        "SELECT c.relname, i.relname FROM pg_index JOIN pg_class c ON c.oid = indrelid"
        " JOIN pg_class i ON i.oid = indexrelid"
        " UNION SELECT c.relname, conname FROM pg_constraint JOIN pg_class c ON c.oid = conrelid"
    )

    assert len(wanted) > 300
    assert differences(wanted, found) == []
