from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.walls import platform_wide
from procurement.models import PoolRound
from procurement.services import replay_sharings


class Command(BaseCommand):
    help = (
        "Do every stored sharing of a round's units again from its inputs; exits with 1 when one "
        "comes to something else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("round", help="the code of the round: 2026-Q3")

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            round = PoolRound.objects.filter(code=options["round"]).first()
            if round is None:
                raise CommandError(f"there is no round {options['round']}")
            found = replay_sharings(round)
        for kept, differs in found:
            sign = "✗" if differs else "✓"
            said = f" {differs}" if differs else ""
            self.stdout.write(f"  {sign} {kept.what} {kept.document} {kept.digest[:16]}{said}")
        wrong = sum(bool(differs) for _kept, differs in found)
        if wrong:
            raise CommandError(f"{wrong} of {len(found)} sharings differ")
        self.stdout.write(f"All {len(found)} sharings of {options['round']} come to the same.")
