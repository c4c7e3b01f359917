"""``bondpool approve_reference NUMBER``: another person reads the differences; then they hold."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from core.errors import DomainError
from core.walls import platform_wide
from customs.differences import fingerprint
from customs.management.commands.load_reference import person, progress_to, show
from customs.models import ReferenceProposal
from customs.services import approve_reference, check_approval


class Command(BaseCommand):
    help = (
        "Show what a proposal of reference data changes, with a fingerprint of all of it; said "
        "again with the fingerprint, the proposal holds. By another operator than who proposed it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", metavar="NUMBER", help="as load_reference said it")
        parser.add_argument("--by", required=True, help="who approves: an operator's e-mail")
        parser.add_argument(
            "--fingerprint", default="", help="of the differences that were read, as shown"
        )

    def handle(self, *args: Any, number: str, **options: Any) -> None:
        try:
            with platform_wide():
                self._approve(number, options["by"], options["fingerprint"])
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal

    def _approve(self, number: str, by: str, read: str) -> None:
        proposal = ReferenceProposal.objects.filter(number=number).first()
        if proposal is None:
            raise CommandError(f"There is no proposal {number}.")
        other = person(by)
        check_approval(proposal=proposal, decided_by=other)
        told = fingerprint(proposal)
        if read != told:
            if read:
                raise CommandError(f"{read} is not the fingerprint of what {number} changes.")
            show(self.stdout, proposal)
            self.stdout.write(f"Nothing holds yet. Having read it: --fingerprint {told}")
            return
        approve_reference(
            proposal=proposal, decided_by=other, now=now(), progress=progress_to(self.stdout)
        )
        self.stdout.write(f"{proposal.number} is approved by {other.email}.")
