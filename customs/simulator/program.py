"""The authority to practise with as a program: its switches, and its round until somebody ends it.

It needs neither the site's settings nor its database, so it starts in a moment.
"""

from __future__ import annotations

import argparse
import csv
import os
import re
import signal
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from core.errors import DomainError
from customs.rules.ceb.official import official_schema
from customs.simulator import goods, ledger, parcels
from customs.simulator.book import Book
from customs.simulator.judging import Habits
from customs.simulator.running import Authority, Script
from customs.simulator.taxing import Rate

NAME = "customs_simulator"
ABOUT = "An authority to practise with: takes what a gateway sends and answers as customs would"
#: No file, in another encoding, no table, a cell that is missing or no number.
_UNREADABLE = (OSError, UnicodeDecodeError, csv.Error, TypeError, InvalidOperation)


class SwitchWrong(Exception):
    """A switch, or a file that one names, cannot be used; says which."""


def add_switches(parser: argparse.ArgumentParser) -> None:
    """All but the language, which the shell has a say in."""
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
    parser.add_argument("--book", action="store_true", help="print what it remembers, and end")


def main(words: Sequence[str], *, gateways: Path, schema: str) -> int:
    """From the command line: ``gateways`` holds the folders that a code names, ``schema`` is the
    official one, if it is given. Returns the exit status."""
    parser = argparse.ArgumentParser(prog=f"bondpool {NAME}", description=ABOUT)
    add_switches(parser)
    parser.add_argument(
        "--language",
        choices=("zh-hans", "en"),
        default="zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en",
        help="the language of what is said (the shell's, if not given)",
    )
    told = parser.parse_args(words)
    try:
        run(told, gateways=gateways, schema=schema, write=print_at_once)
    except SwitchWrong as wrong:
        print(f"bondpool: {wrong}", file=sys.stderr)
        return 1
    return 0


def print_at_once(line: str) -> None:
    """A console of another encoding shows what it cannot write as its number."""
    encoding = sys.stdout.encoding or "utf-8"
    print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)


def run(
    told: argparse.Namespace, *, gateways: Path, schema: str, write: Callable[[str], None]
) -> None:
    """Take, judge and answer until a signal comes (or, with ``--once``, until all is said).

    Raises SwitchWrong.
    """
    home = Path(told.folder)
    if not home.is_absolute() and not home.is_dir():
        home = gateways / told.folder
    if min(told.delay, told.refuse_every, told.inspect_every, told.patience) < 0:
        raise SwitchWrong("no number here is below zero")
    is_chinese = told.language.startswith("zh")

    def say(chinese: str, english: str) -> None:
        write(f"{time.strftime('%H:%M:%S')} {chinese if is_chinese else english}")

    # The house's own time, and from there on as time goes: a told story may stand still.
    ahead = _house_time() - time.time()
    authority = Authority(home, _script(told, schema), say, lambda: time.time() + ahead)
    try:
        if told.book:
            write(authority.book.as_json())
            return
        if told.ledger:
            _open_ledger(authority.book, Path(told.ledger))
        say(f"模拟海关已启动：{home}", f"the simulated authority watches {home}")
        _work(authority, is_once=told.once)
    finally:
        authority.close()


def _house_time() -> float:
    """Seconds since 1970; BONDPOOL_CLOCK_FILE names a file with a time that counts instead."""
    told = os.environ.get("BONDPOOL_CLOCK_FILE")
    return (
        datetime.fromisoformat(Path(told).read_text().strip()).timestamp() if told else time.time()
    )


def _work(authority: Authority, *, is_once: bool) -> None:
    stop: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda number, _frame: stop.append(number))
    while not stop:
        worked = authority.take() + authority.lay()
        if is_once and not worked and not authority.book.waiting():
            return
        if not worked:
            time.sleep(0.05)


def _script(told: argparse.Namespace, schema: str) -> Script:
    try:
        tax_off = Decimal(told.tax_off)
        rates = _rates(told.rates) if told.rates else {}
        positive = goods.read(Path(told.positive)) if told.positive else {}
        official = official_schema(schema) if schema else None
    except (*_UNREADABLE, KeyError, goods.GoodsFileWrong, DomainError) as error:
        raise SwitchWrong(f"--tax-off, --rates, --positive: {error}") from error
    elsewhere = frozenset(filter(None, re.split(r"[\s,]+", told.elsewhere)))
    if unknown := elsewhere - parcels.NAMES.keys():
        raise SwitchWrong(f"--elsewhere: {', '.join(sorted(unknown))}")
    return Script(
        habits=Habits(told.refuse_every, told.inspect_every, elsewhere, positive),
        seed=told.seed,
        delay=told.delay,
        twice=told.twice,
        shuffle=told.shuffle,
        tax_off=tax_off,
        rates=rates,
        schema=official,
        must_be_signed=told.signed,
        patience=told.patience,
    )


def _open_ledger(book: Book, path: Path) -> None:
    try:
        ledger.open_from(book, path)
    except (*_UNREADABLE, ledger.LedgerFileWrong) as error:
        raise SwitchWrong(f"--ledger: {error}") from error


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
