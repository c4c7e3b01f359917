"""``bondpool load_reference KIND FILE``: reference data is proposed, for another to approve."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, OutputWrapper

from accounts.models import User
from core.clock import now
from core.errors import DomainError
from core.sheets import file_bytes
from core.walls import platform_wide
from customs import queries
from customs.differences import difference_csv, left_out, told_changes
from customs.models import ReferenceProposal
from customs.rules.reference.kinds import KINDS
from customs.services import approve_reference, propose_reference

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Propose what a CSV or XLSX file changes of the tariff, the positive list, the customs "
        "exchange rates or a code table, and show the differences. It holds once another person "
        "has read them and approves it, on the page or with approve_reference. All rows or none. "
        "See docs/reference-data.md for the columns."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS), metavar="KIND", help=", ".join(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="who proposes it: an operator's e-mail")
        parser.add_argument(
            "--approve-by",
            default="",
            help="another operator who approves it now; only where nothing of the kind is kept yet",
        )
        parser.add_argument("--source", default="", help="of rows that name none")
        parser.add_argument(
            "--valid-from", type=date.fromisoformat, help="of rows that name no first day"
        )
        parser.add_argument(
            "--complete-from",
            type=date.fromisoformat,
            help="the file is all that holds from this day on: what it leaves out ends before",
        )
        parser.add_argument(
            "--first-of-repeated",
            action="store_true",
            help="of rows that repeat a code and a day the first one counts",
        )
        parser.add_argument("--report", type=Path, help="write all differences as CSV")

    def handle(self, *args: Any, kind: str, file: Path, **options: Any) -> None:
        try:
            with platform_wide():
                self._load(kind, file, options)
        except OSError as error:
            raise CommandError(f"{error.filename}: {error.strerror}") from error
        except DomainError as refusal:
            wrong = refusal.facts.get("rows")
            told = [str(one) for one in wrong] if isinstance(wrong, list) else []
            more = [f"... and {len(told) - MOST_SHOWN} more"] if len(told) > MOST_SHOWN else []
            lines = [refusal.rule(), *told[:MOST_SHOWN], *more] if told else [str(refusal)]
            raise CommandError("\n  ".join(lines)) from refusal

    def _load(self, kind: str, file: Path, options: dict[str, Any]) -> None:
        by = person(options["by"])
        other = person(options["approve_by"]) if options["approve_by"] else None
        if other is not None and other.pk == by.pk:
            raise CommandError("--approve-by names another person than --by.")
        if other is not None and queries.is_kept(kind):
            raise CommandError(
                "--approve-by is for the first file of a kind. What changes something is read "
                "first: bondpool approve_reference."
            )
        proposal = propose_reference(
            kind=kind,
            file_name=file.name,
            content=file_bytes(file),
            proposed_by=by,
            now=now(),
            source=options["source"],
            valid_from=options["valid_from"],
            complete_from=options["complete_from"],
            takes_first=options["first_of_repeated"],
        )
        show(self.stdout, proposal)
        if options["report"]:
            options["report"].write_bytes(difference_csv(proposal))
        if other is None:
            self.stdout.write(
                "Nothing holds yet. Another operator approves or refuses it on the page, or reads "
                f"it with: bondpool approve_reference {proposal.number} --by E-MAIL"
            )
            return
        approve_reference(
            proposal=proposal, decided_by=other, now=now(), progress=progress_to(self.stdout)
        )
        self.stdout.write(f"{proposal.number} is approved by {other.email}.")


def progress_to(out: OutputWrapper) -> Callable[[int, int], None]:
    """Says how many rows of an approval are written, on one line."""

    def tell(done: int, count: int) -> None:
        out.write(f"{done} of {count} rows", ending="\r" if done < count else "\n")
        out.flush()

    return tell


def show(out: OutputWrapper, proposal: ReferenceProposal) -> None:
    """What a proposal changes, its first lines one by one."""
    out.write(
        f"{proposal.number}: {proposal.rows} rows of {proposal.file_name} "
        f"(SHA-256 {proposal.sha256}): {proposal.added} new, {proposal.changed} changed, "
        f"{proposal.ended} ended, {proposal.unchanged} unchanged."
    )
    shown = told_changes(proposal, most=MOST_SHOWN)
    for line in shown:
        out.write("  " + line)
    for line in left_out(proposal):
        out.write("  " + line)
    rest = proposal.added + proposal.changed + proposal.ended - len(shown)
    if rest > 0:
        out.write(f"  ... and {rest} more")


def person(email: str) -> User:
    """Who has an e-mail address. Raises CommandError."""
    found = User.objects.filter(email__iexact=email).first()
    if found is None:
        raise CommandError(f"Nobody has the e-mail address {email}.")
    return found
