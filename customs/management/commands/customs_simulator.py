"""An authority to practise with, beside a gateway's folders.

``bondpool customs_simulator`` starts the program itself (``config.cli``); this is its place among
the commands, for whoever calls it from Python.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.speaking import add_language
from customs.simulator import program


class Command(BaseCommand):
    """Watches ``out/`` of a gateway's folder and lays answers into ``receipts/``."""

    help = program.ABOUT
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        program.add_switches(parser)
        add_language(parser)

    def handle(self, *_args: Any, **options: Any) -> None:
        def write(line: str) -> None:
            self.stdout.write(line)
            self.stdout.flush()

        try:
            program.run(
                argparse.Namespace(**options),
                gateways=Path(settings.BONDPOOL_GATEWAYS),
                schema=settings.BONDPOOL_CEB_XSD,
                write=write,
            )
        except program.SwitchWrong as wrong:
            raise CommandError(str(wrong)) from wrong
