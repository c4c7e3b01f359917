"""``bondpool prove_storage``: do charges, bills and accounts agree with the ledger of the stock?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.walls import platform_wide
from warehouse.models import StorageCharge
from warehouse.queries.proving_fees import prove_storage


class Command(BaseCommand):
    help = "Work every charged day of storage out again and compare; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            faults = prove_storage()
            rows = StorageCharge.objects.count()
        for one in faults:
            self.stdout.write(one)
        if faults:
            count = len(faults)
            told = ngettext("%(count)d difference", "%(count)d differences", count)
            self.stderr.write(told % {"count": count})
            raise SystemExit(1)
        self.stdout.write(
            _("Charges, bills and accounts agree with the stock (%(rows)d charges).")
            % {"rows": rows}
        )
