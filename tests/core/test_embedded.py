"""The embedded servers under bad treatment: real programs, real ``kill -9``."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from core.embedded.keeper import server_called
from core.embedded.places import Places
from core.embedded.postgres import APP, OWNER, Postgres
from tests.core.checkouts import (
    NAMES,
    Command,
    a_checkout,
    alive,
    connect,
    eventually,
    keepers,
    note,
    notes,
    ping,
    postmaster,
    remove,
    stopped,
)


@pytest.fixture(scope="module")
def root() -> Iterator[Path]:
    """One checkout for the tests that only start, kill and start again."""
    with a_checkout() as folder:
        yield folder


@pytest.fixture
def command(root: Path) -> Iterator[Command]:
    it = Command(root).until_up()
    yield it
    it.end()
    eventually(lambda: stopped(root))


def test_the_servers_run_while_a_command_does_and_stop_with_it(root: Path) -> None:
    command = Command(root).until_up()
    assert ping(root)
    note(root, "written by the first command")

    command.end()

    eventually(lambda: stopped(root))
    assert list(Places(root).sockets.iterdir()) == []
    again = Command(root).until_up()
    assert "written by the first command" in notes(root)
    again.end()
    eventually(lambda: stopped(root))


def test_the_second_command_keeps_what_the_first_one_started(root: Path) -> None:
    first = Command(root).until_up()
    second = Command(root).until_up()
    before = postmaster(root)

    first.end()
    time.sleep(0.5)

    assert postmaster(root) == before
    assert ping(root)
    second.end()
    eventually(lambda: stopped(root))


def test_commands_that_start_at_once_share_one_server(root: Path) -> None:
    commands = [Command(root) for _ in range(5)]
    for command in commands:
        command.until_up()

    assert len(keepers(root)) == len(NAMES)

    for command in commands:
        command.end()
    eventually(lambda: stopped(root))


def test_a_killed_command_leaves_no_server_behind(root: Path) -> None:
    command = Command(root).until_up()

    command.kill()

    eventually(lambda: stopped(root))


def test_a_killed_postgresql_comes_back_with_every_acknowledged_row(
    root: Path, command: Command
) -> None:
    note(root, "before the kill")
    killed = postmaster(root)

    os.kill(killed, signal.SIGKILL)

    def is_back() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            return "before the kill" in notes(root)
        return False

    eventually(is_back)
    assert postmaster(root) != killed


def test_a_killed_valkey_comes_back(root: Path, command: Command) -> None:
    valkey = server_called("valkey", Places(root))
    eventually(lambda: len(valkey.leftovers()) == 1)
    (killed,) = valkey.leftovers()

    os.kill(killed, signal.SIGKILL)

    eventually(lambda: ping(root) and killed not in alive(root))


def test_killed_keepers_take_their_servers_with_them_and_the_next_command_starts_anew(
    root: Path,
) -> None:
    command = Command(root).until_up()
    note(root, "under the first keeper")

    for pid in keepers(root):
        os.kill(pid, signal.SIGKILL)

    eventually(lambda: stopped(root))
    # The first command still lives; it does not stand in the way.
    other = Command(root).until_up()
    assert "under the first keeper" in notes(root)
    assert ping(root)
    command.end()
    other.end()
    eventually(lambda: stopped(root))


def test_everything_killed_at_once_is_no_harm(root: Path) -> None:
    command = Command(root).until_up()
    note(root, "before the end of the world")

    for pid in [*keepers(root), *alive(root), command.process.pid]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    command.kill()

    again = Command(root).until_up()
    assert "before the end of the world" in notes(root)
    again.end()
    eventually(lambda: stopped(root))


def test_a_pid_file_that_names_somebody_else_is_not_believed(root: Path) -> None:
    Command(root).until_up().end()
    eventually(lambda: stopped(root))
    places = Places(root)
    stranger = subprocess.Popen(["sleep", "60"])
    for stale in (
        Postgres(places).data / "postmaster.pid",
        places.sockets / ".s.PGSQL.5432.lock",
    ):
        stale.write_text(f"{stranger.pid}\n{Postgres(places).data}\n1795443000\n5432\n")
        places.give(stale)
    (places.sockets / ".s.PGSQL.5432").touch()
    places.valkey_socket.touch()

    command = Command(root).until_up()

    assert ping(root)
    assert postmaster(root) != stranger.pid
    assert stranger.poll() is None, "the stranger was left alone"
    stranger.kill()
    stranger.wait()
    command.end()
    eventually(lambda: stopped(root))


def test_a_damaged_broker_file_is_put_aside(root: Path) -> None:
    Command(root).until_up().end()
    eventually(lambda: stopped(root))
    for part in (Places(root).home / "valkey").rglob("*.manifest"):
        part.write_bytes(b"no manifest at all\n")

    command = Command(root).until_up()

    assert ping(root)
    assert list(Places(root).home.glob("valkey.damaged-*"))
    command.end()
    eventually(lambda: stopped(root))


def test_the_application_gets_in_as_no_superuser(root: Path, command: Command) -> None:
    rights = "SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    with connect(root, APP) as application, connect(root, OWNER) as owner:
        assert application.execute(rights).fetchone() == (False, False)
        assert owner.execute(rights).fetchone() == (False, False)
    for folder in (Places(root).sockets, Postgres(Places(root)).data):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.fixture(scope="module")
def neighbour() -> Iterator[Path]:
    """Another checkout, below a rather long path, in which making the database was cut short."""
    with a_checkout() as short:
        root = short / ("a-rather-long-folder-name/" * 6)
        root.mkdir(parents=True)
        places = Places(root)
        places.make_home()
        unfinished = places.home / "postgres.unfinished"
        places.private_folder(unfinished)
        (unfinished / "PG_VERSION").write_text("18\n")
        try:
            command = Command(root).until_up()
            yield root
            command.end()
            eventually(lambda: stopped(root))
        finally:
            remove(root)


def test_two_checkouts_do_not_meet(root: Path, command: Command, neighbour: Path) -> None:
    note(root, "here")

    note(neighbour, "there")

    assert notes(neighbour) == ["there"]
    assert "there" not in notes(root)


def test_a_long_path_gets_a_short_socket(neighbour: Path) -> None:
    assert len(str(neighbour)) > 150
    assert len(str(Places(neighbour).sockets / ".s.PGSQL.5432")) <= 107
    assert ping(neighbour)


def test_a_half_made_database_is_made_anew(neighbour: Path) -> None:
    note(neighbour, "made")

    assert "made" in notes(neighbour)
    assert not (Places(neighbour).home / "postgres.unfinished").exists()
