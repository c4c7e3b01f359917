from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from core.money import Money
from core.walls import platform_wide
from procurement.queries.proving import prove_accounts


class Command(BaseCommand):
    """Ends with 1 when anything is off by a single fen."""

    help = "Prove the accounts of the sellers: bills = entries = ledger, to the fen."

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            proof = prove_accounts()
        for fault in proof.faults:
            self.stderr.write(fault)
        if proof.faults:
            raise CommandError(
                _("The sellers' accounts do not prove: %(count)d faults.")
                % {"count": len(proof.faults)}
            )
        self.stdout.write(
            _("The sellers' accounts prove: %(count)d entries, billed %(billed)s, owed %(owed)s.")
            % {
                "count": proof.entries,
                "billed": Money(proof.billed_minor, "CNY"),
                "owed": Money(proof.owed_minor, "CNY"),
            }
        )
