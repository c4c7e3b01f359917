from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from customs.bench import measured


class Command(BaseCommand):
    help = (
        "Measures how many pages of declarations are drawn a second, beside a bare canvas that "
        "draws the same text in the same run; exit status 1 under half of its rate."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lines", type=int, default=50, help="goods lines of a declaration")
        parser.add_argument("--files", type=int, default=20, help="declarations")

    def handle(self, *args: Any, **options: Any) -> None:
        ours, bare = measured(options["lines"], options["files"])
        part = ours.per_second / bare.per_second
        self.stdout.write(
            f"{ours.files} declarations of {options['lines']} lines, {ours.pages} pages\n"
            f"  declarations  {ours.per_second:8.1f} pages/s   {ours.seconds:6.2f} s\n"
            f"  bare canvas   {bare.per_second:8.1f} pages/s   {bare.seconds:6.2f} s\n"
            f"  {part:.2f} of the bare canvas's rate (wanted: 0.50)"
        )
        if part < 0.5:
            raise SystemExit(1)
