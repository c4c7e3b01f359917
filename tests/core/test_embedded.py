"""The embedded servers under bad treatment: real programs, real ``kill -9``."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from core.embedded import processes
from core.embedded.keeper import server_called
from core.embedded.places import Places, ServerTrouble
from core.embedded.postgres import ADMIN, APP, OWNER, Postgres

CHECKOUT = Path(__file__).resolve().parents[2]
NAMES = ("postgres", "valkey")
AS_ROOT = os.geteuid() == 0

# A command as a person would start it: it wants the servers, says so, and works until told.
COMMAND = """
import sys
from pathlib import Path
from core.embedded.running import ensure_running
ensure_running(Path(sys.argv[1]))
print("up", flush=True)
sys.stdin.read()
"""


class Command:
    """A process that uses the servers of one checkout."""

    def __init__(self, root: Path, *, python: str = sys.executable, uid: int | None = None) -> None:
        environment = {
            name: value
            for name, value in os.environ.items()
            if name not in {"DATABASE_URL", "CELERY_BROKER_URL"}
        }
        environment["PYTHONPATH"] = os.pathsep.join(
            [str(CHECKOUT / "platform"), str(Path(psycopg.__file__).parents[1])]
        )
        self.process = subprocess.Popen(
            [python, "-c", COMMAND, str(root)],
            cwd="/",
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=uid,
            group=pwd.getpwuid(uid).pw_gid if uid else None,
            extra_groups=[] if uid else None,
        )

    def until_up(self) -> "Command":
        assert self.process.stdout
        assert self.process.stderr
        assert self.process.stdout.readline() == "up\n", self.process.stderr.read()
        return self

    def end(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def eventually(check: Callable[[], object], *, within: float = 60.0) -> None:
    deadline = time.monotonic() + within
    while not check():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def alive(root: Path) -> list[int]:
    """Every process of the two servers of this checkout."""
    return [pid for name in NAMES for pid in server_called(name, Places(root)).leftovers()]


def postmaster(root: Path) -> int:
    return int((Postgres(Places(root)).data / "postmaster.pid").read_text().splitlines()[0])


def keepers(root: Path) -> list[int]:
    return processes.alive("python", lambda entry: _is_keeper(entry, root)) + processes.alive(
        "python3", lambda entry: _is_keeper(entry, root)
    )


def _is_keeper(entry: Path, root: Path) -> bool:
    words = processes.command_line(entry)
    return "core.embedded.keeper" in words and str(root) in words


def stopped(root: Path) -> bool:
    return not alive(root) and not keepers(root)


def connect(root: Path, role: str = OWNER) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(
        host=str(Places(root).sockets), port=5432, user=role, dbname="bondpool", autocommit=True
    )


def ping(root: Path) -> bool:
    try:
        with redis.Redis(unix_socket_path=str(Places(root).valkey_socket)) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def note(root: Path, text: str) -> None:
    with connect(root) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS note (text text)")
        connection.execute("INSERT INTO note VALUES (%s)", [text])


def notes(root: Path) -> list[object]:
    with connect(root) as connection:
        return [text for (text,) in connection.execute("SELECT text FROM note ORDER BY text")]


def remove(root: Path) -> None:
    for pid in [*keepers(root), *alive(root)]:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    for folder in {Places(root).home, Places(root).sockets, root}:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def a_checkout(mode: int = 0o755) -> Iterator[Path]:
    """An empty folder that stands for a checkout. Not pytest's: that one is closed to others."""
    root = Path(tempfile.mkdtemp(prefix="bondpool-test-", dir="/tmp"))
    root.chmod(mode)
    try:
        yield root
    finally:
        remove(root)


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


def test_a_folder_prepared_by_somebody_else_is_refused() -> None:
    if not AS_ROOT:
        pytest.skip("only root can make a folder that belongs to somebody else")
    with a_checkout() as root:
        places = Places(root)
        places.make_home()
        os.chown(places.sockets, 12345, 12345)

        with pytest.raises(ServerTrouble, match="belongs to the user id 12345"):
            places.make_home()


def test_root_in_a_closed_folder_opens_no_folder() -> None:
    if not AS_ROOT:
        pytest.skip("only root becomes somebody else")
    with a_checkout(mode=0o700) as closed:
        root = closed / "checkout"
        root.mkdir()
        command = Command(root).until_up()

        note(root, "beside it")

        assert Places(root).home == Path("/var/lib/bondpool") / Places(root).key
        assert closed.stat().st_mode & 0o777 == 0o700
        with connect(root, ADMIN) as admin:
            assert admin.execute("SHOW data_checksums").fetchone() == ("on",)
        assert os.stat(f"/proc/{postmaster(root)}").st_uid != 0
        command.end()
        eventually(lambda: stopped(root))
        remove(root)


def test_without_root_it_works_the_same() -> None:
    if not AS_ROOT:
        pytest.skip("all the other tests show it")
    nobody = pwd.getpwnam("nobody")
    python = _python_for(nobody)
    if python is None:
        pytest.skip("no Python of this version that an ordinary user may run")
    with a_checkout() as root:
        os.chown(root, nobody.pw_uid, nobody.pw_gid)
        command = Command(root, python=python, uid=nobody.pw_uid).until_up()
        process = Path(f"/proc/{postmaster(root)}")

        assert process.stat().st_uid == nobody.pw_uid
        # PostgreSQL asks the kernel who calls: root is not in this server's list.
        with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer authentication failed"):
            connect(root)

        command.end()
        eventually(lambda: stopped(root))


def _python_for(user: pwd.struct_passwd) -> str | None:
    """A Python of our version, with our packages within reach, for somebody without rights."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        with contextlib.suppress(OSError):
            tried = subprocess.run(
                [python, "-c", "import psycopg, redis, core.embedded.keeper"],
                cwd="/",
                env={
                    "PYTHONPATH": os.pathsep.join(
                        [str(CHECKOUT / "platform"), str(Path(psycopg.__file__).parents[1])]
                    )
                },
                capture_output=True,
                check=False,
                user=user.pw_uid,
                group=user.pw_gid,
                extra_groups=[],
            )
            if tried.returncode == 0:
                return python
    return None
