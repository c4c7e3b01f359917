from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext

from accounts.models import Company, Role
from core.clock import now
from core.errors import DomainError
from core.walls import platform_wide
from rest import queries, rules
from rest.services import issue_token


class Command(BaseCommand):
    help = "Makes a token for the API and prints it, once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--company", required=True, help="the company's code")
        parser.add_argument("--role", required=True, choices=Role.values)
        parser.add_argument(
            "--scope",
            action="append",
            default=[],
            help=f"may be given again; all of the role's without it: {', '.join(rules.SCOPES)}",
        )
        parser.add_argument("--days", type=int, default=90, help="how long it lives (90)")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--person", default="", help="e-mail of the member it acts for")

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            company = Company.objects.filter(code=options["company"]).first()
            if company is None:
                raise CommandError(f"no company {options['company']}")
            member = queries.member_for(company, options["role"], options["person"])
            if member is None:
                raise CommandError(rules.NoSuchMember.rule())
            try:
                _token, text = issue_token(
                    company=company,
                    role=options["role"],
                    created_by=member.user,
                    name=options["name"],
                    scopes=options["scope"] or rules.scopes_of(options["role"]),
                    days=options["days"],
                    now=now(),
                )
            except DomainError as error:
                raise CommandError(f"{gettext(error.rule())} {error.facts or ''}") from error
        self.stdout.write(text)
