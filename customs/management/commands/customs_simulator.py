"""An authority to practise with, beside a gateway's folders."""

from __future__ import annotations

import csv
import re
import signal
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import get_language

from core import clock
from core.speaking import add_language
from customs.queries.messages import official_schema
from customs.simulator import goods, ledger, parcels
from customs.simulator.book import Book
from customs.simulator.judging import Habits
from customs.simulator.running import Authority, Script
from customs.simulator.taxing import Rate


class Command(BaseCommand):
    """Watches ``out/`` of a gateway's folder and lays answers into ``receipts/``."""

    help = "An authority to practise with: takes what a gateway sends and answers as customs would"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", help="a gateway's folder, or its code")
        parser.add_argument("--seed", type=int, default=0, help="of the dice of --shuffle")
        parser.add_argument("--delay", type=float, default=1.0, help="seconds between two answers")
        parser.add_argument("--twice", action="store_true", help="lay every answer twice")
        parser.add_argument("--shuffle", action="store_true", help="answer out of order")
        parser.add_argument("--refuse-every", type=int, default=0, metavar="N")
        parser.add_argument("--inspect-every", type=int, default=0, metavar="N")
        parser.add_argument("--tax-off", default="0", help="yuan that each tax bill is off by")
        parser.add_argument("--rates", help="CSV: hs_code, vat, consumption_tax, duty (fractions)")
        parser.add_argument(
            "--elsewhere",
            default="",
            metavar="KINDS",
            help="CEB311, CEB411, CEB511 that others send: no list waits for them",
        )
        parser.add_argument(
            "--patience", type=float, default=0.0, help="seconds until a waiting list comes back"
        )
        parser.add_argument("--positive", help="CSV: code, remarks, weight_limit_kg")
        parser.add_argument("--ledger", help="CSV: ems_no, item, hs_code, unit, quantity")
        parser.add_argument("--signed", action="store_true", help="refuse what is not signed")
        parser.add_argument(
            "--once", action="store_true", help="end when nothing waits and nothing is to be said"
        )
        add_language(parser)
        parser.add_argument("--book", action="store_true", help="print what it remembers, and end")

    def handle(self, *_args: Any, **options: Any) -> None:
        home = Path(options["folder"])
        if not home.is_absolute() and not home.is_dir():
            home = Path(settings.BONDPOOL_GATEWAYS) / options["folder"]
        if any(
            options[name] < 0 for name in ("delay", "refuse_every", "inspect_every", "patience")
        ):
            raise CommandError("no number here is below zero")
        is_chinese = (options["language"] or get_language() or "").startswith("zh")

        def say(chinese: str, english: str) -> None:
            told = chinese if is_chinese else english
            self.stdout.write(f"{time.strftime('%H:%M:%S')} {told}")
            self.stdout.flush()

        # The house's own time, and from there on as time goes: a told story may stand still.
        ahead = clock.now().timestamp() - time.time()
        authority = Authority(home, _script(options), say, lambda: time.time() + ahead)
        if options["book"]:
            self.stdout.write(authority.book.as_json())
            authority.close()
            return
        if options["ledger"]:
            _open_ledger(authority.book, Path(options["ledger"]))
        stop: list[int] = []
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda number, _frame: stop.append(number))
        say(f"模拟海关已启动：{home}", f"the simulated authority watches {home}")
        while not stop:
            worked = authority.take() + authority.lay()
            if options["once"] and not worked and not authority.book.waiting():
                break
            if not worked:
                time.sleep(0.05)
        authority.close()


def _script(options: dict[str, Any]) -> Script:
    try:
        tax_off = Decimal(options["tax_off"])
        rates = _rates(options["rates"]) if options["rates"] else {}
        positive = goods.read(Path(options["positive"])) if options["positive"] else {}
    except (InvalidOperation, OSError, KeyError, goods.GoodsFileWrong) as error:
        raise CommandError(f"--tax-off, --rates, --positive: {error}") from error
    elsewhere = frozenset(filter(None, re.split(r"[\s,]+", options["elsewhere"])))
    if unknown := elsewhere - parcels.NAMES.keys():
        raise CommandError(f"--elsewhere: {', '.join(sorted(unknown))}")
    return Script(
        habits=Habits(options["refuse_every"], options["inspect_every"], elsewhere, positive),
        seed=options["seed"],
        delay=options["delay"],
        twice=options["twice"],
        shuffle=options["shuffle"],
        tax_off=tax_off,
        rates=rates,
        schema=official_schema(settings.BONDPOOL_CEB_XSD) if settings.BONDPOOL_CEB_XSD else None,
        must_be_signed=options["signed"],
        patience=options["patience"],
    )


def _open_ledger(book: Book, path: Path) -> None:
    try:
        ledger.open_from(book, path)
    except (ledger.LedgerFileWrong, OSError) as error:
        raise CommandError(f"--ledger: {error}") from error


def _rates(path: str) -> dict[str, Rate]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {
            row["hs_code"]: Rate(
                Decimal(row["vat"]),
                Decimal(row.get("consumption_tax") or 0),
                Decimal(row.get("duty") or 0),
            )
            for row in csv.DictReader(file)
        }
