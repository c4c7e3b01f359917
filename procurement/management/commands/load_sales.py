from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from core import clock
from core.errors import DomainError
from core.sheets import file_bytes
from core.walls import platform_wide
from procurement import services


class Command(BaseCommand):
    help = (
        "Records what many sellers sold, from a file with the columns quarter, seller, sku, "
        "actual_units and, where it has one, stocked_out."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            with platform_wide():
                count = services.import_sales_file(
                    file_name=path.name, content=file_bytes(path), now=clock.now()
                )
        except DomainError as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(_("Recorded: %(n)s figures of sales.") % {"n": f"{count:,}"})
