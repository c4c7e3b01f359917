"""``bondpool share_declarations``: owners' parts for declarations from before they were kept."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from core.walls import platform_wide
from customs.services.sharing import share_declarations


class Command(BaseCommand):
    help = (
        "Write each owner's part of declarations that have none: units as ordered, amounts and "
        "weights shared exactly. Run it once after an update; running it again changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            done = share_declarations()
        self.stdout.write(f"{done.given} declarations have their owners' parts now.")
        for reference, code in done.refused:
            self.stderr.write(f"{reference}: {code}")
        if done.refused:
            raise SystemExit(1)
