import os
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.checks import Tags
from django.core.management.base import BaseCommand, CommandParser
from django.db import connections


class Command(BaseCommand):
    help = "Does the work that rows wait for, with the sweeper beside it, until Ctrl-C."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--concurrency", type=int, default=2, help="processes")
        parser.add_argument(
            "--no-sweeper", action="store_true", help="leave it to another worker, or to beat"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        self.check(tags=[Tags.database], databases=["default"])
        # The pool forks: no child may share this process's connection.
        connections.close_all()
        # This command has looked the house over; it is not done once more.
        os.environ.setdefault("CELERY_SKIP_CHECKS", "1")
        words = ["worker", "--concurrency", str(options["concurrency"]), "--loglevel", "WARNING"]
        words += ["--without-gossip", "--without-mingle"]
        if not options["no_sweeper"]:
            settings.VAR.mkdir(parents=True, exist_ok=True)
            words += ["--beat", "--schedule", str(settings.VAR / "beat")]
        self.stdout.write("The worker is at work (Ctrl-C ends it)")
        self.stdout.flush()
        current_app.worker_main(words)
