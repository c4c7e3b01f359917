from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.money import Money
from core.walls import platform_wide
from settlement.proof import prove


class Command(BaseCommand):
    """Ends with 1 when anything is off by a single minor unit."""

    help = "Prove the books: balanced in every currency, and payments = files = ledger."

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            proof = prove()
        line = _(
            "%(currency)s: trial balance %(total)s; paid %(paid)s, in files %(files)s, "
            "in the ledger %(ledger)s"
        )
        for currency, total in proof.trial_balance.items():
            self.stdout.write(
                line
                % {
                    "currency": currency,
                    "total": Money(total, currency),
                    "paid": Money(proof.payments.get(currency, 0), currency),
                    "files": Money(proof.files.get(currency, 0), currency),
                    "ledger": Money(proof.paid_in_ledger.get(currency, 0), currency),
                }
            )
        for fault in proof.faults:
            self.stderr.write(fault)
        if proof.faults:
            raise CommandError(
                _("The books do not prove: %(count)d faults.") % {"count": len(proof.faults)}
            )
        self.stdout.write(_("The books prove: %(count)d entries.") % {"count": proof.entries})
