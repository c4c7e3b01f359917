"""``bondpool prove_stock``: do the holdings agree with the movements, to the unit?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.walls import platform_wide
from warehouse.queries.proving import prove_stock, proved_rows


class Command(BaseCommand):
    help = "Compare holdings, shares and reservations with the movements; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            differences = prove_stock()
            rows = proved_rows()
        for one in differences:
            self.stdout.write(
                _("%(proof)s: %(subject)s: booked %(booked)d, stands %(stands)d")
                % {
                    "proof": one.proof,
                    "subject": one.subject,
                    "booked": one.booked,
                    "stands": one.stands,
                }
            )
        if differences:
            count = len(differences)
            told = ngettext("%(count)d difference", "%(count)d differences", count)
            self.stderr.write(told % {"count": count})
            raise SystemExit(1)
        self.stdout.write(
            _("The stock agrees with its movements (%(rows)d rows).") % {"rows": rows}
        )
