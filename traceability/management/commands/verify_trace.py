from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from traceability import queries


class Command(BaseCommand):
    help = "Compute the hash chain of all trace events again and name the first broken event."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="hash of an event noted earlier: it must still be in the chain, "
            "which shows that nothing was cut off after it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = queries.check_chain()
        if report.broken:
            event = report.broken.event
            raise CommandError(
                f"BROKEN at event {report.broken.position}: {event.event_id} "
                f"({event.biz_step}, recorded {event.record_time.isoformat()}): "
                f"{report.broken.reason}"
            )
        noted = options["head"].strip().lower()
        if noted and not queries.has_hash(noted):
            raise CommandError(f"BROKEN: no event has the hash {noted}; the chain was cut off")
        self.stdout.write(f"{report.count} events, the chain is whole. Head: {report.head}")
