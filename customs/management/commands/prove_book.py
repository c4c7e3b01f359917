"""``bondpool prove_book``: do account books follow from their receipts and agree with the stock?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.clock import now
from core.walls import platform_wide
from customs.models import BookLine
from customs.queries.book_proof import prove_books


class Command(BaseCommand):
    help = "Replay the account books from their receipts and compare them; exit 1 on a difference."

    def handle(self, *args: Any, **options: Any) -> None:
        with platform_wide():
            faults = prove_books(now=now())
            rows = BookLine.objects.count()
        for one in faults:
            self.stdout.write(
                _("Book %(book)s, item %(item)s, %(what)s: %(says)s, and it stands at %(stands)s")
                % {
                    "book": one.book,
                    "item": one.item,
                    "what": one.what,
                    "says": one.says,
                    "stands": one.stands,
                }
            )
        if faults:
            count = len(faults)
            told = ngettext("%(count)d difference", "%(count)d differences", count)
            self.stderr.write(told % {"count": count})
            raise SystemExit(1)
        self.stdout.write(
            _("The account books follow from their receipts and agree (%(rows)d lines).")
            % {"rows": rows}
        )
