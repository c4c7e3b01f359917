from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from core.clock import now
from settlement import rates
from settlement.queries import currencies_in_use


class Command(BaseCommand):
    """Safe to run twice: a rate that is stored is never asked for again."""

    help = "Ask the rate sources for a day's rates into CNY and store them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="a day, YYYY-MM-DD")
        parser.add_argument("currencies", nargs="*", help="ISO 4217 letters; all in use by default")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        told = rates.collect(
            currencies=[c.upper() for c in options["currencies"]] or currencies_in_use(),
            on=options["on"] or timezone.localdate(at),
            now=at,
        )
        for quote in told.quotes:
            self.stdout.write(
                f"1 {quote.base} = {quote.value} {quote.quote}  {quote.value_date}  {quote.source}"
            )
        for reason in told.refused:
            self.stderr.write(reason)
        if not told.is_live_reachable:
            self.stderr.write(_("The live source is unreachable; the embedded ECB file was used."))
