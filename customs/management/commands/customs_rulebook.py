from typing import Any

from django.core.management.base import BaseCommand

from customs.rulebook import customs_rulebook


class Command(BaseCommand):
    help = "Prints the rules of customs in Chinese and English (docs/customs-rules.md)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(customs_rulebook(), ending="")
