from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.core.management.commands import migrate
from django.db import connections
from django.db.migrations.loader import MigrationLoader

from core.rendering import near_tables_alone


class Command(migrate.Command):
    """Django's ``migrate``, run by the role that owns the objects.

    Before anything is made, the application's role gets its rights on whatever the owner will
    make; a migration then takes away what a table of facts must not allow.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(database="owner")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["database"] not in settings.DATABASES:
            raise CommandError("Set DATABASE_OWNER_URL: the application's role may not migrate.")
        if options["database"] == "owner" and not options["check_unapplied"]:
            _refuse_another_programs_database()
            _grant_rights_in_advance(str(settings.DATABASES["default"]["USER"]))
        with near_tables_alone():
            super().handle(*args, **options)


def _refuse_another_programs_database() -> None:
    """A migration of ours that is recorded but not here: the tables may be any, so touch nothing.

    A library may take several of its migrations together; its own loader knows which.
    """
    ours = {
        app.label for app in apps.get_app_configs() if "site-packages" not in Path(app.path).parts
    }
    loader = MigrationLoader(connections["owner"])
    strange = sorted(
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in ours and (app, name) not in loader.disk_migrations
    )
    if strange:
        raise CommandError(
            f"This database was made by another version of Bondpool ({', '.join(strange[:3])}"
            f"{', …' if len(strange) > 3 else ''}): use that version, or make the database anew. "
            "`make distclean` throws the embedded one away."
        )


def _grant_rights_in_advance(role: str) -> None:
    connection = connections["owner"]
    name = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {name}")
        for kind, rights in (
            ("TABLES", "SELECT, INSERT, UPDATE, DELETE"),
            ("SEQUENCES", "USAGE, SELECT"),
        ):
            cursor.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {name}"
            )
