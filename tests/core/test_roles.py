"""The application works under a role that can neither step over the walls nor change the house."""

import psycopg
import pytest
from django.db import ProgrammingError, connection

from accounts.models import Company


def test_the_application_is_no_superuser(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolname, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole "
            "FROM pg_roles WHERE rolname = current_user"
        )
        assert cursor.fetchone() == ("app_rw", False, False, False, False)


def test_the_owner_of_the_tables_is_no_superuser(as_owner: "psycopg.Connection[object]") -> None:
    row = as_owner.execute(
        "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    ).fetchone()

    assert row == ("bondpool_owner", False, False)


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "DROP TABLE accounts_company",
        "TRUNCATE accounts_company CASCADE",
        "ALTER TABLE accounts_company DISABLE ROW LEVEL SECURITY",
        "SET ROLE bondpool_owner",
    ],
)
def test_the_application_cannot_change_the_house(db: None, statement: str) -> None:
    with pytest.raises(ProgrammingError, match=r"denied|must be owner"):
        connection.cursor().execute(statement)


@pytest.mark.parametrize("round_number", [1, 2, 3])
def test_what_a_test_commits_is_gone_in_the_next(transactional_db: None, round_number: int) -> None:
    assert not Company.objects.exists()

    company = Company.objects.create(code="LANTING", kinds=["seller"], name_en="Lanting")

    # Numbers start again too, after a test that commits: who only rolled back before the first of
    # these has used some up.
    if round_number > 1:
        assert company.pk == 1
