"""A site of its own for the browsers: a database, a web server and a worker beside the tests.

The site runs as in production, under the application's role, in processes of its own. Its
database is a second copy of the template, so what the browsers do stays out of the other
tests, and their rolled-back rows out of here.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState, sync_playwright

from core.ports import free_port
from demo.processes import child
from tests import database
from tests.browser import chromium
from tests.browser.town import NOW, Town, found
from tests.browser.visitor import (
    DESKTOP,
    LOCALES,
    PHONE,
    Authenticators,
    Visit,
    Visitor,
    authenticators,
    sign_in,
    watch,
)
from tests.browser.waiting import until_it_answers
from tests.factories.accounts import PASSWORD


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here not in item.path.parents:
            continue
        if chromium.PATH is None:
            item.add_marker(pytest.mark.skip(reason=chromium.MISSING))


@dataclass
class Site:
    """Where it is, who lives there, and its clock."""

    address: str
    town: Town
    folder: Path
    settings: dict[str, str]
    devices: Authenticators
    states: dict[str, StorageState]

    def clock(self, moment: datetime) -> None:
        """Set the clock of every door."""
        beside = self.folder / "clock.new"
        beside.write_text(moment.isoformat())
        beside.replace(self.folder / "clock")


@pytest.fixture(scope="session")
def site(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A town in a database of its own, and gunicorn in front of it."""
    from django.conf import global_settings, settings
    from django.db import connections
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("site")
    name = f"{database.RUN}{os.getpid()}_browser"
    here = settings.DATABASES["default"]["NAME"]
    broker = str((os.getpid() + 8191) % 16383 + 1)
    told = {
        "BONDPOOL_DATABASE": name,
        "BONDPOOL_BROKER_DB": broker,
        "BONDPOOL_CLOCK_FILE": str(folder / "clock"),
        "FOREX_RATES_URL": "http://127.0.0.1:9/api/",
        "BONDPOOL_LOG_LEVEL": "WARNING",
    }
    (folder / "clock").write_text(NOW.isoformat())

    def point_to(new: str) -> None:
        for alias in ("default", "owner"):
            connections[alias].close()
            connections[alias].settings_dict["NAME"] = new

    with database.connect(settings.DATABASES["owner"]) as server, ExitStack() as stack:
        database.drop(server, name)
        database.create(server, name, database.template_name())
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setenv("BONDPOOL_CLOCK_FILE", str(folder / "clock"))
        patch.setattr(settings, "FOREX_RATES_URL", told["FOREX_RATES_URL"])
        with django_db_blocker.unblock():
            point_to(name)
            # The site hashes as in production, and would hash anew what was hashed otherwise.
            with override_settings(PASSWORD_HASHERS=global_settings.PASSWORD_HASHERS):
                town = found()
            devices = authenticators()
            point_to(here)
        patch.undo()
        port = free_port("127.0.0.1", 18_000 + os.getpid() % 2_000, tries=100)
        stack.enter_context(
            child(
                ["django", "serve", "--port", str(port), "--exact", "--workers", "1"],
                log=folder / "site.log",
                extra=told,
            )
        )
        address = f"http://127.0.0.1:{port}"
        until_it_answers(address, folder / "site.log")
        yield Site(address, town, folder, told, devices, {})


@pytest.fixture(scope="module")
def worker(site: Site) -> Iterator[None]:
    """A real worker with its sweeper, on the site's clock."""
    with child(
        ["django", "worker"], log=site.folder / "worker.log", extra=site.settings
    ) as process:
        yield
        # Nobody waits for what it still has in hand, and it would be ten seconds.
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def browser(site: Site) -> Iterator[Browser]:
    """One Chromium for a module; it ends with it, so that no event loop outlives it."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop runs in this thread, and Django's tables are asked in it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        driven = playwright.chromium.launch(executable_path=chromium.PATH, args=chromium.FLAGS)
        yield driven
        driven.close()


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Visit]:
    """``visit("seller", "en")``: a window in which that person of the town has signed in.

    When the test ends, nothing may have gone wrong in any of its windows.
    """
    visitors: list[Visitor] = []

    def open_window(
        name: str = "",
        language: str = "zh-hans",
        *,
        phone: bool = False,
        dark: bool = False,
        by_form: bool = False,
        host: str = "127.0.0.1",
    ) -> Visitor:
        kept = None if by_form else site.states.get(name)
        context = browser.new_context(
            base_url=site.address.replace("127.0.0.1", host),
            locale=LOCALES[language],
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            storage_state=kept,
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(context, context.new_page(), language)
        watch(visitor)
        visitors.append(visitor)
        visitor.email = site.town.emails.get(name, "")
        if name and kept is None:
            sign_in(visitor, site.town.emails[name], PASSWORD, site.devices)
            site.states[name] = context.storage_state()
        return visitor

    yield open_window

    faults = [fault for visitor in visitors for fault in visitor.faults]
    for visitor in visitors:
        visitor.context.close()
    assert faults == []
