from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core.errors import DomainError
from core.money import Money
from core.speaking import add_language
from procurement.rules.sharing import wording
from procurement.rules.sharing.verifying import Check, read_statement, recompute

#: Checks whose numbers are no money.
NO_MONEY = frozenset({"units", "counted", "counted_less", "alone_units", "remainder", "basis"})
#: A statement of very many products is some megabytes; more than this is something else.
LARGEST_FILE = 64 * 1024 * 1024


class Command(BaseCommand):
    help = (
        "Compute every amount of a seller's round statement again from the file alone; "
        "exits with 1 when one differs. No database is read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="the statement, as the portal gave it (JSON)")
        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override(options["language"]):
            self._verify(options["file"])

    def _verify(self, file: Path) -> None:
        try:
            if file.stat().st_size > LARGEST_FILE:
                raise CommandError(_("%(file)s is too large for a statement.") % {"file": file})
            told = read_statement(file.read_bytes())
            checks = recompute(told)
            currency = str(told["currency"])
            whose = {"round": told["round"]["code"], "seller": told["seller"]["code"]}
            lines = [_line(check, currency) for check in checks]
            untold = sum(cost["pool"] is None and cost["rate"] is None for cost in told["costs"])
        except OSError as problem:
            raise CommandError(f"{file}: {problem.strerror}") from problem
        except DomainError as problem:
            raise CommandError(f"{file}: {_(problem.rule())}") from problem
        except (KeyError, TypeError) as problem:
            raise CommandError(
                _("%(file)s says nothing of its round or seller.") % {"file": file}
            ) from problem
        self.stdout.write(_("Statement of %(seller)s for round %(round)s") % whose)
        # The same number may stand in several places.
        for line in dict.fromkeys(lines):
            self.stdout.write(line)
        wrong = sum(not check.ok for check in checks)
        if wrong:
            raise CommandError(
                _("%(wrong)s of %(all)s numbers differ: this statement does not hold.")
                % {"wrong": wrong, "all": len(checks)}
            )
        self.stdout.write(
            _("All %(all)s numbers come to the same. Digest: %(digest)s")
            % {"all": len(checks), "digest": told["digest"]}
        )
        if untold:
            self.stdout.write(
                _("Shares that nothing in the file tells how to recompute: %(untold)s")
                % {"untold": untold}
            )
        self.stdout.write(
            _("Compare the digest with the one on the portal: it says whose file this is.")
        )


def _line(check: Check, currency: str) -> str:
    kind = wording.KINDS.get(check.kind, check.kind)
    # Spelled out so that the names of costs are looked up by their context.
    of = " ".join(word for word in (pgettext("cost", kind) if kind else "", check.of) if word)
    what = _(wording.CHECKS[check.code]) % {"of": of}
    told, found = (_amount(check.code, value, currency) for value in (check.told, check.found))
    if check.ok:
        return "  ✓ " + _("%(what)s: %(told)s") % {"what": what, "told": told}
    differs = _("%(what)s: the file says %(told)s, computed is %(found)s")
    return "  ✗ " + differs % {"what": what, "told": told, "found": found}


def _amount(code: str, value: int | str, currency: str) -> str:
    if type(value) is not int or code in NO_MONEY:
        return str(value)
    if code == "saving_percent":
        sign = "-" if value < 0 else ""
        return f"{sign}{abs(value) // 100}.{abs(value) % 100:02d} %"
    return str(Money(value, currency))
