from typing import Any

from django.core.management.base import BaseCommand

from core.rulebook import rulebook


class Command(BaseCommand):
    help = "Prints every refusal of the house in its own words (docs/rules.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(rulebook(), ending="")
