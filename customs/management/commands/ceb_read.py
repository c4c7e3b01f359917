"""``bondpool ceb_read FILE``: what a message says, as JSON; or the message written again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _

from core.errors import DomainError
from core.speaking import add_language
from customs.queries.messages import read_message
from customs.rules.ceb.messages import Message, as_json, write
from customs.rules.sas import documents as sas
from customs.rules.sas.telling import as_json as sas_as_json
from web.templatetags.bondpool import sentence


class Command(BaseCommand):
    help = (
        "Print a valid message of customs (CEB, INV, SAS) as JSON, every value as the text "
        "that stands in it. No database is read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a message, bare or in a DxpMsg")
        parser.add_argument(
            "--xml",
            action="store_true",
            help="write the message again instead, without blanks in between",
        )

        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self._read(**options)

    def _read(self, **options: Any) -> None:
        try:
            message = read_message(options["file"].read_bytes())
        except OSError as problem:
            raise CommandError(f"{options['file']}: {problem.strerror}") from problem
        except DomainError as problem:
            raise CommandError(f"{options['file']}: {sentence(problem)}") from problem
        if options["xml"]:
            self.stdout.write(_written(message).decode())
            return
        told = as_json(message) if isinstance(message, Message) else sas_as_json(message)
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))


def _written(message: Message | sas.Document) -> bytes:
    if isinstance(message, Message):
        return write(message)
    if not message.kind.written_by_us:
        raise CommandError(_("Only customs writes %(kind)s.") % {"kind": message.kind.code})
    return sas.write(message)
