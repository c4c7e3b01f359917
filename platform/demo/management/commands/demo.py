from __future__ import annotations

import hashlib
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import InterfaceError, OperationalError
from django.utils import translation
from django.utils.translation import gettext, gettext_noop
from psycopg import sql
from rich.console import Console
from rich.table import Table

from core import clock
from core.errors import DomainError
from core.sheets import file_bytes
from core.walls import platform_wide
from demo import arrivals, house, papers, processes
from demo import chapters_accounts as accounts
from demo import chapters_bond as bond
from demo import chapters_buying as buying
from demo import chapters_credit as credit
from demo import chapters_customs as customs
from demo import chapters_paying as paying
from demo import chapters_storing as storing
from demo import chapters_today as today
from demo import chapters_way as way
from demo.calendar import Quarter
from demo.goods import read_goods, read_mapping
from demo.story import ForecastFile, Story
from demo.telling import Chapter, Teller
from settlement import ecb
from traceability.links import digital_link
from traceability.models import ItemIdentity

CHAPTERS: list[tuple[str, Callable[[Story, Chapter], None]]] = [
    (gettext_noop("stock the catalogue"), buying.stock_the_catalogue),
    (gettext_noop("sellers file forecasts"), buying.file_forecasts),
    (gettext_noop("the round closes: pool and order"), buying.close_the_round),
    (gettext_noop("place the orders"), buying.place_the_orders),
    (gettext_noop("sellers pay their bills"), accounts.pay_the_bills),
    (gettext_noop("ship the goods"), buying.ship_the_goods),
    (gettext_noop("declare into bond"), bond.declare_the_goods),
    (gettext_noop("open the shelves"), storing.open_the_shelves),
    (gettext_noop("receive into the warehouse"), bond.receive_into_bond),
    (gettext_noop("put the goods away"), storing.put_the_goods_away),
    (gettext_noop("book the suppliers' invoices"), buying.record_the_invoices),
    (gettext_noop("label the items"), bond.label_the_items),
    (gettext_noop("sell in the shops, tax each parcel"), bond.sell_in_the_shops),
    (gettext_noop("parcels and papers for customs"), customs.tell_customs),
    (gettext_noop("send the parcels on their way"), way.send_the_parcels),
    (gettext_noop("transfer, return, count"), storing.keep_the_warehouse),
    (gettext_noop("charge the storage"), storing.charge_the_storage),
    (gettext_noop("settle the period"), paying.settle_the_period),
    (gettext_noop("open the next round"), paying.open_the_next_round),
    (gettext_noop("score the forecasts, suggest quantities"), credit.score_and_suggest),
    (gettext_noop("what goes on today"), today.go_on_today),
    (gettext_noop("a shop sends its orders"), storing.connect_a_shop),
    (gettext_noop("count everything again"), paying.count_everything_again),
]


class Command(BaseCommand):
    help = "Runs one whole quarter on the demo's goods or on your own files, then serves the site."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--forecasts", type=Path, help="CSV: quarter,seller,sku,forecast_units")
        parser.add_argument(
            "--products", type=Path, help="CSV like platform/demo/data/products.csv"
        )
        parser.add_argument("--mapping", type=Path, help="TOML: completes a shorter products file")
        parser.add_argument("--no-serve", action="store_true", help="end after the summary")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        # A terminal says its language in LANG; the site asks the browser.
        translation.activate("zh-hans" if os.environ.get("LANG", "").startswith("zh") else "en")
        console = Console(width=None if sys.stdout.isatty() else 120)
        # Which source the rates came from stands in the summary.
        logging.getLogger("settlement.forex_gateway").setLevel(logging.ERROR)
        forecasts, products = options["forecasts"], options["products"]
        if (forecasts is None) != (products is None):
            raise CommandError("Give --forecasts and --products together, or neither.")
        if forecasts:
            _use_own_database(forecasts, products, options["mapping"])
        folder = _folder()
        call_command("migrate", verbosity=0, interactive=False)
        story_clock = folder / "clock"
        story_clock.write_text(clock.now().isoformat())
        try:
            with platform_wide(), processes.worker(folder, clock=story_clock):
                told = _tell(console, options, story_clock)
                laid = papers.lay_out(folder)
                code = ItemIdentity.objects.order_by("pk").first()
        except DomainError as refusal:
            raise CommandError(_in_words(refusal)) from refusal
        except (OperationalError, InterfaceError) as trouble:
            raise CommandError(
                "The database server went away in the middle of the story. What was written "
                "before is kept: the same command again goes on where this one stopped.\n"
                f"({str(trouble).strip().splitlines()[0] if str(trouble).strip() else trouble!r})"
            ) from trouble
        console.print(told)
        console.print(_whereabouts(laid))
        if code:
            link = digital_link(
                settings.BONDPOOL_PUBLIC_URL, code.gtin, code.lot_number, code.serial
            )
            console.print(gettext("Scan or open: %(link)s") % {"link": link}, soft_wrap=True)
        console.print(_people())
        console.print(
            gettext("Finance and operators also need a code, a new one every half minute:"),
            "bondpool second_factor operator@bondpool.example",
            soft_wrap=True,
        )
        if not options["no_serve"]:
            with processes.worker(folder):
                call_command("serve", port=options["port"])


def _tell(console: Console, options: dict[str, Any], story_clock: Path) -> Table:
    furnished = house.furnish()
    forecasts = options["forecasts"] or house.DATA / "forecasts.csv"
    products = options["products"] or house.DATA / "products.csv"
    currencies = {code: partner.currency for code, partner in furnished.partners.items()}
    mapping = read_mapping(options["mapping"].read_bytes()) if options["mapping"] else None
    content = file_bytes(forecasts)
    quarter = _quarter_of(content).told_by(min(clock.now().date(), ecb.last_day()))
    if quarter.days_earlier:
        console.print(
            gettext("%(quarter)s is not over yet: it is rehearsed %(days)s days earlier.")
            % {"quarter": quarter.name, "days": quarter.days_earlier}
        )
    with Teller(console, len(CHAPTERS)) as teller:
        story = Story(
            house=furnished,
            quarter=quarter,
            goods=read_goods(
                products.name, file_bytes(products), mapping=mapping, currencies=currencies
            ),
            forecasts=ForecastFile(forecasts.name, content),
            teller=teller,
            clock=story_clock,
            today=clock.now(),
        )
        for title, tell in CHAPTERS:
            with teller.chapter(gettext(title)) as chapter:
                tell(story, chapter)
    arrivals.knock(furnished, now=clock.now())
    arrivals.ask_for_another_account(furnished, now=clock.now())
    return teller.summary(gettext("The quarter %(quarter)s") % {"quarter": story.quarter.name})


def _quarter_of(content: bytes) -> Quarter:
    """The quarter of a forecast file's first row; the service checks that all rows agree."""
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    header = [name.strip() for name in lines[0].split(",")] if lines else []
    if "quarter" not in header or len(lines) < 2:
        raise CommandError("The forecast file needs a column quarter and at least one row.")
    return Quarter.named(lines[1].split(",")[header.index("quarter")].strip().strip('"'))


def _folder() -> Path:
    name = settings.DATABASES["default"]["NAME"]
    folder: Path = settings.VAR / ("demo" if name == "bondpool" else f"demo-{name}")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _use_own_database(*files: Path | None) -> None:
    """Own files get a database of their own, so that they never meet the demo's quarter.

    The same files find the same database again. With DATABASE_URL the caller has chosen one.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("BONDPOOL_DATABASE"):
        return
    for file in files:
        if file is not None and not file.is_file():
            raise CommandError(f"There is no file {file}.")
    seen = b"".join(file.read_bytes() for file in files if file)
    name = f"bondpool_{hashlib.sha256(seen).hexdigest()[:10]}"
    owner = settings.DATABASES["owner"]
    with psycopg.connect(
        host=owner["HOST"],
        port=owner["PORT"],
        dbname=owner["NAME"],
        user=owner["USER"],
        autocommit=True,
    ) as server:
        known = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not known:
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    # The settings were read with the other name; a fresh start of this command reads ours.
    os.environ["BONDPOOL_DATABASE"] = name
    os.environ["BONDPOOL_BROKER_DB"] = "1"
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - ourselves again


def _in_words(refusal: DomainError) -> str:
    rows = refusal.facts.pop("rows", [])
    said = [str(refusal)]
    if isinstance(rows, list):
        # A row of reference data has a refusal with words of its own.
        told = [getattr(row, "error", None) or row.message for row in rows[:50]]
        said += [
            f"  row {row.row}, {row.field}: {words}" for row, words in zip(rows, told, strict=False)
        ]
        if len(rows) > 50:
            said.append(f"  and {len(rows) - 50:,} more")
    return "\n".join(said)


def _whereabouts(laid: list[tuple[str, Path, int]]) -> Table:
    table = Table(title=gettext("Papers"), title_justify="left", show_header=False)
    for what, place, count in laid:
        table.add_row(what, str(count), os.path.relpath(place))
    return table


def _people() -> Table:
    title = gettext("Come in with (password %(password)s)") % {"password": house.PASSWORD}
    table = Table(title=title, title_justify="left", show_header=False)
    for login in house.logins():
        table.add_row(*login)
    return table
