from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import flush

from core.emptying import empty, owner_connection


class Command(flush.Command):
    """Django's ``flush``, done by the role that owns the tables.

    The application's role has no right to empty a table. Also used by the tests, between two
    that commit.
    """

    def handle(self, **options: Any) -> None:
        if "owner" not in settings.DATABASES:
            raise CommandError("Set DATABASE_OWNER_URL: the application's role may not flush.")
        name = settings.DATABASES["owner"]["NAME"]
        if options["interactive"]:
            answer = input(f"This removes ALL DATA from {name!r}. Type 'yes' to go on: ")
            if answer != "yes":
                self.stdout.write("Nothing was removed.")
                return
        with owner_connection(settings.DATABASES["owner"]) as connection:
            empty(connection)
