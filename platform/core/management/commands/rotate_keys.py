"""``bondpool rotate_keys``: everything encrypted goes under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from core.rotating import Rotated, rotate_keys
from core.walls import platform_wide


class Command(BaseCommand):
    help = (
        "Encrypt anew, under the first of BONDPOOL_FIELD_KEYS, whatever an older one encrypted; "
        "exit 1 when no key opens something."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            found = rotate_keys(told=self._tell)
        lost = [one for one in found if one.lost]
        for one in lost:
            rows = ", ".join(map(str, one.lost[:20]))
            self.stderr.write(
                _("%(table)s.%(column)s: no key opens %(count)d rows (%(rows)s)")
                % {
                    "table": one.table,
                    "column": one.column,
                    "count": len(one.lost),
                    "rows": rows,
                }
            )
        renewed = sum(one.renewed for one in found)
        seen = sum(one.seen for one in found)
        self.stdout.write(
            _("%(renewed)d of %(seen)d texts are encrypted anew.")
            % {"renewed": renewed, "seen": seen}
        )
        if lost:
            raise SystemExit(1)

    def _tell(self, one: Rotated) -> None:
        self.stdout.write(f"{one.table}.{one.column}: {one.renewed}/{one.seen}")
