from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.urls import reverse
from django.utils.translation import gettext

from accounts.services.founding import found
from core.clock import now
from core.errors import DomainError
from core.walls import platform_wide


class Command(BaseCommand):
    help = "Makes the platform's own company and prints, once, the link for its first operator."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the first operator's address")
        parser.add_argument("--code", default="PLATFORM", help="the company's code (PLATFORM)")
        parser.add_argument("--name-zh", required=True, help="the company's name in Chinese")
        parser.add_argument("--name-en", required=True, help="and in English")
        parser.add_argument("--country", default="CHN", help="three letters (CHN)")
        parser.add_argument("--uscc", default="", help="its unified social credit code")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"])
        except ValidationError as error:
            raise CommandError(str(error.messages[0])) from error
        said = {name: options[name] for name in ("name_zh", "name_en", "country", "uscc")}
        try:
            with platform_wide():
                token = found(email=options["email"], said=said, code=options["code"], now=now())
        except DomainError as error:
            raise CommandError(f"{gettext(error.rule())} {error.facts or ''}".strip()) from error
        self.stdout.write(settings.BONDPOOL_PUBLIC_URL + reverse("invitation", args=[token]))
