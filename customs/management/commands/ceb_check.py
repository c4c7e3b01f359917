"""``bondpool ceb_check FILE…``: are these messages as the authority's form demands?"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from core.errors import DomainError
from core.speaking import add_language
from customs.queries.messages import Checked, check
from customs.rules.ceb.shape import Fault
from customs.rules.ceb.signing import Proof
from web.templatetags.bondpool import sentence

_PROOFS = {
    Proof.HOLDS: gettext_noop("The signature holds."),
    Proof.KEYLESS: gettext_noop(
        "Signature: its digest fits; by which key it was made cannot be told, since no certificate "
        "stands in it."
    ),
    Proof.NATIONAL: gettext_noop(
        "Signature: it cannot be proved here, since its algorithm or key is one of a card or a "
        "server (SM2 with SM3)."
    ),
}


class Command(BaseCommand):
    help = (
        "Tell of files with messages of customs (CEB of retail import, INV and SAS of the bonded "
        "zone) what they are and whether they are valid; exits with 1 unless all are. No database "
        "is read."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", type=Path, nargs="+", help="messages, bare or in a DxpMsg")
        parser.add_argument(
            "--strict",
            action="store_true",
            help="what customs would send back makes a message invalid as well",
        )
        add_language(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        # A console of another encoding shows what it cannot write as its number.
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="backslashreplace")
        with translation.override(options["language"]):
            wrong = sum(not self._told(file, options["strict"]) for file in options["files"])
            if wrong:
                count = len(options["files"])
                raise CommandError(
                    ngettext(
                        "%(wrong)d of %(count)d file is not valid.",
                        "%(wrong)d of %(count)d files are not valid.",
                        count,
                    )
                    % {"wrong": wrong, "count": count}
                )

    def _told(self, file: Path, strict: bool) -> bool:
        try:
            checked = check(file.read_bytes())
        except OSError as problem:
            self.stdout.write(f"{file}: {problem.strerror}")
            return False
        except DomainError as problem:
            raise CommandError(sentence(problem)) from problem
        ok = checked.valid and not (strict and checked.remarks)
        self.stdout.write(f"{file}: {_head(checked, ok)}")
        for fault in checked.faults:
            self.stdout.write(f"  ✗ {_line(fault)}")
        proof = _PROOFS.get(checked.proof)
        if proof and checked.valid:
            self.stdout.write(f"  · {_(proof)}")
        for fault in checked.remarks:
            self.stdout.write(f"  {'✗' if strict else '!'} {_line(fault)}")
        return ok


def _head(checked: Checked, ok: bool) -> str:
    kind = checked.kind
    if kind is None:
        return _("not valid")
    name = kind.name_zh if translation.get_language() == "zh-hans" else kind.name_en
    count = ngettext("%(count)d element", "%(count)d elements", checked.elements)
    where = _("in an envelope") if checked.in_envelope else ""
    told_of = [f"{kind.code} {name}", count % {"count": checked.elements}, where]
    verdict = _("valid") if ok else _("not valid")
    return ", ".join(one for one in told_of if one) + f": {verdict}"


def _line(fault: Fault) -> str:
    where = [_("line %(line)d") % {"line": fault.line}] if fault.line else []
    where += [fault.path] if fault.path else []
    return (
        ", ".join(where) + (": " if where else "") + f"{sentence(fault.error)} [{fault.error.code}]"
    )
