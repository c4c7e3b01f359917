"""``bondpool seed_reference``: the code tables that come with the product, into a fresh house."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.clock import now
from core.errors import DomainError
from core.walls import platform_wide
from customs.management.commands.load_reference import person
from customs.services import SHIPPED, keep_shipped


class Command(BaseCommand):
    help = (
        "Load the tables of countries, currencies and units that come with the product, with the "
        "older codes of customs: once, before the tariff. A table of which anything is kept stays "
        "as it is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--by", required=True, help="who proposes: an operator's e-mail")
        parser.add_argument("--approve-by", required=True, help="another operator, who approves")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with platform_wide():
                made = keep_shipped(
                    proposed_by=person(options["by"]),
                    approved_by=person(options["approve_by"]),
                    now=now(),
                )
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        loaded = {one.kind: one for one in made}
        for table in SHIPPED:
            one = loaded.get(table)
            told = f"{one.added} codes ({one.number})" if one else "kept already, left as it is"
            self.stdout.write(f"{table}: {told}")
