"""Real PostgreSQL, real roles: a test database of this run's own, made by the owner's role and
used by the application's.

Bare ``pytest`` works: the embedded servers are started when the first test wants them. Each run
has a database and a broker number of its own, so two runs do not meet.
"""

import gc
import os
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

from core.embedded.running import ensure_running
from tests import database
from tests.factories.hashing import QUICKLY
from tests.sharing import in_turn, turn

if TYPE_CHECKING:
    from tests.standing import Standing
    from tests.walls.world import World

ROOT = Path(__file__).resolve().parents[1]
EMPTIER = pytest.StashKey[database.Emptier]()
METHODS = "account_authentication_methods"

# Containers often keep no compiled files. Here each process would then compile every test anew,
# asserts rewritten, and each server and worker that a test starts the whole house.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# How long an example takes says how busy the machine is: a benchmark guards speed, not a test.
examples.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("house")


def pytest_configure() -> None:
    """Leave out what a test's client would do anew each time; ring the bells of this run on a
    broker number of its own, from the first one on."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = QUICKLY
    # Files are looked for when they are asked for, not all of them for each client.
    settings.WHITENOISE_AUTOREFRESH = True
    if os.environ.get("CELERY_BROKER_URL"):
        return
    number = str(os.getpid() % 16383 + 1)
    os.environ["BONDPOOL_BROKER_DB"] = number
    socket = settings.CELERY_BROKER_URL.partition("?")[0]
    settings.CELERY_BROKER_URL = f"{socket}?virtual_host={number}"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn(item.path))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """For ``--dist=loadgroup``, which is the house's; any other goes as it is asked for."""
    return in_turn(config, log) if config.getvalue("dist") == "loadgroup" else None


def pytest_collection_finish() -> None:
    """What was imported stays for good; looking through it for rubbish again and again took a
    tenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _nothing_noted(django_test_environment: None) -> Iterator[None]:
    """The test's client copies what each template of a page was given, down to the cells of a
    table. It takes a third of the time, and next to nobody asks."""
    from django.template import Template
    from django.test.utils import _TestState

    noting = Template._render  # type: ignore[attr-defined]
    Template._render = _TestState.saved_data.template_render  # type: ignore[attr-defined]
    yield
    Template._render = noting  # type: ignore[attr-defined]


@pytest.fixture
def contexts(monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that ask an answer for its ``context``."""
    from django.template import Template
    from django.test.utils import instrumented_test_render  # type: ignore[attr-defined]

    monkeypatch.setattr(Template, "_render", instrumented_test_render)


@pytest.fixture(autouse=True)
def forced_logins_have_shown_a_factor() -> Iterator[None]:
    """``force_login`` passes by the gate; what it leaves is a session that showed a second
    factor, an hour ago (so nothing was confirmed lately)."""
    from allauth.account.internal.flows.login import record_authentication
    from django.contrib.auth.signals import user_logged_in

    def record(sender: Any, request: Any, user: Any, **_more: Any) -> None:
        # Who came through the gate has a request with a method.
        if request.method is None and not request.session.get(METHODS):
            request.user = user
            record_authentication(request, user, method="mfa")
            request.session[METHODS][-1]["at"] -= 3600

    user_logged_in.connect(record)
    yield
    user_logged_in.disconnect(record)


@pytest.fixture(scope="session")
def embedded_servers() -> None:
    """PostgreSQL and Valkey run until the session ends."""
    ensure_running(ROOT)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest,
    embedded_servers: None,
    django_test_environment: None,
    django_db_blocker: Any,
) -> Iterator[None]:
    """Make the test database as the owner, migrated, and point both aliases to it.

    The migrated database is kept as a template and copied by the next run, until a migration
    changes (or ``--create-db`` says so).
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connections
    from django.test import TransactionTestCase

    if "owner" not in settings.DATABASES:
        pytest.exit("Set DATABASE_OWNER_URL as well: the tests make a database of their own.", 4)
    name, template = f"{database.RUN}{os.getpid()}", database.template_name()
    everyday = {alias: dict(settings.DATABASES[alias]) for alias in ("default", "owner")}

    def point_to(new: str) -> None:
        for alias in everyday:
            connections[alias].close()
            # One dictionary for all threads: their connections go there too.
            connections[alias].settings_dict["NAME"] = new
            settings.DATABASES[alias]["NAME"] = new
        # For workers and commands that a test starts as processes of their own.
        os.environ["BONDPOOL_DATABASE"] = new

    with database.connect(everyday["owner"]) as server, database.alone(server):
        database.drop_leftovers(everyday["owner"], template)
        if request.config.getvalue("create_db"):
            database.drop(server, template)
        if not database.exists(server, template):
            unfinished = f"{name}_unfinished"
            database.drop(server, unfinished)
            database.create(server, unfinished)
            point_to(unfinished)
            with django_db_blocker.unblock():
                call_command("migrate", verbosity=0, interactive=False)
                for alias in everyday:
                    connections[alias].close()
            database.rename(server, unfinished, template)
        database.drop(server, name)
        database.create(server, name, template)
    point_to(name)
    empty = database.Emptier(settings.DATABASES["owner"])
    TransactionTestCase._fixture_teardown = lambda self: empty()  # type: ignore[attr-defined]
    request.config.stash[EMPTIER] = empty

    yield

    with django_db_blocker.unblock():
        point_to(everyday["default"]["NAME"])
    os.environ.pop("BONDPOOL_DATABASE")


@pytest.fixture(scope="session")
def standing_world(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator["Standing[World]"]:
    """The quarter of tests/walls/world.py, built once for all tests that meet it."""
    from django.test import override_settings

    from core.walls import platform_wide
    from settlement import forex_gateway
    from tests.standing import Standing
    from tests.walls.world import SETTLES, build

    clock = tmp_path_factory.mktemp("standing") / "clock"
    clock.write_text((SETTLES + timedelta(hours=1)).isoformat())

    def built() -> "World":
        with platform_wide():
            return build()

    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        override_settings(FOREX_RATES_URL="http://127.0.0.1:9/api/"),
    ):
        patch.setenv("BONDPOOL_CLOCK_FILE", str(clock))
        forex_gateway.circuit.close()
        standing = Standing("world", built)
    yield standing
    with django_db_blocker.unblock():
        standing.tear_down()


@pytest.fixture
def _the_right_place(request: pytest.FixtureRequest) -> Iterator[None]:
    """Who meets the standing world meets it where it stands; who commits does not, for it
    would not stand much longer."""
    from tests.standing import commits

    if "standing_world" not in request.fixturenames or commits(request):
        yield
        return
    with request.getfixturevalue("standing_world").entered():
        yield


@pytest.fixture
def _django_db_helper(_the_right_place: None, _django_db_helper: None) -> None:
    """pytest-django's, which begins the test's transaction: first to the right database."""


@pytest.fixture
def empty_tables(request: pytest.FixtureRequest, django_db_setup: None) -> database.Emptier:
    """Takes away what a test has committed, in its midst; for ``transactional_db``."""
    return request.config.stash[EMPTIER]


@pytest.fixture
def as_owner(django_db_setup: None) -> Iterator[database.Connection]:
    """A connection to the test database as the role that owns the tables, in autocommit.

    It stands outside the test's transaction: it sees what was committed, and what it writes
    stays, so use it with ``transactional_db`` only.
    """
    from django.conf import settings

    with database.connect(settings.DATABASES["owner"]) as connection:
        yield connection


@pytest.fixture
def broker(embedded_servers: None) -> Iterator[str]:
    """This run's own broker, emptied before and after; give its address to nobody, the
    processes that a test starts find it by themselves."""
    import redis
    from django.conf import settings

    address = settings.CELERY_BROKER_URL
    with redis.Redis.from_url(_for_redis(address)) as client:
        client.flushdb()
        yield address
        client.flushdb()


def _for_redis(address: str) -> str:
    """Celery's way to write a socket's address, in the way of the redis library."""
    return address.replace("redis+socket://", "unix://").replace("virtual_host=", "db=")
