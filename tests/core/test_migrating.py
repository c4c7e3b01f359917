"""A database of another version is refused before anything in it is touched."""

import pytest
from django.core.management import CommandError, call_command

from tests import database


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_database_with_a_migration_we_do_not_know_is_left_alone(
    as_owner: database.Connection,
) -> None:
    as_owner.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('customs', '0099_later', now())"
    )
    before = as_owner.execute("SELECT count(*) FROM pg_default_acl").fetchone()
    try:
        with pytest.raises(CommandError, match=r"another version .*customs\.0099_later"):
            call_command("migrate", verbosity=0, interactive=False)
        assert as_owner.execute("SELECT count(*) FROM pg_default_acl").fetchone() == before
    finally:
        as_owner.execute("DELETE FROM django_migrations WHERE name = '0099_later'")


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_a_migration_that_a_library_took_into_another_is_no_reason(
    as_owner: database.Connection,
) -> None:
    as_owner.execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('axes', '0000_old', now())"
    )
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        as_owner.execute("DELETE FROM django_migrations WHERE name = '0000_old'")
