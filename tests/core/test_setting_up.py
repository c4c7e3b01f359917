"""What happens before the first page: addresses, secrets, ports, files that are fetched."""

import os
import socket
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import PoFileError
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from config.addresses import database_from_url, kept_secret
from config.cli import _needs_servers
from core.catalogues import compile_catalogue
from core.embedded.postgres import ADMIN, OWNER
from core.ports import free_port
from core.vendoring import WANTED, copy_wanted


def test_a_database_address_is_taken_apart() -> None:
    found = database_from_url("postgresql://app_rw:p%40ss@db.example:5433/bond?sslmode=require")

    assert found == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "db.example",
        "PORT": "5433",
        "NAME": "bond",
        "USER": "app_rw",
        "PASSWORD": "p@ss",
        "OPTIONS": {"sslmode": "require"},
    }


def test_a_socket_folder_is_a_host() -> None:
    assert database_from_url("postgres://app_rw@/bond?host=/run/pg")["HOST"] == "/run/pg"


@pytest.mark.parametrize(
    "address", ["sqlite:///bond.db", "mysql://u:secret@h/d", "postgres://h/bond", "bond", ""]
)
def test_anything_but_postgresql_is_refused_and_no_password_is_told(address: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refusal:
        database_from_url(address)

    assert "secret" not in str(refusal.value)


def test_the_secret_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    place = tmp_path / "var" / "key"
    found: list[str] = []

    def ask(number: int) -> None:
        found.append(kept_secret(place, lambda: f"secret {number}"))

    askers = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()

    assert len(set(found)) == 1
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert os.listdir(place.parent) == ["key"]


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_taken_port_gives_the_next_free_one(taken: int) -> None:
    assert taken < free_port("127.0.0.1", taken) < taken + 100


def test_a_taken_port_is_refused_when_no_other_will_do(taken: int) -> None:
    with pytest.raises(OSError, match="in use"):
        free_port("127.0.0.1", taken, tries=1)


@pytest.mark.parametrize(
    ("words", "needed"),
    [
        (["migrate"], True),
        (["demo", "--no-serve"], True),
        (["demo", "--help"], False),
        (["makemigrations", "--check"], False),
        (["check"], False),
        (["check", "--database", "default"], True),
        ([""], False),
    ],
)
def test_servers_run_only_for_commands_that_need_them(words: list[str], needed: bool) -> None:
    assert _needs_servers(words[0], words[1:]) is needed


def test_the_pages_and_papers_have_their_files() -> None:
    root = Path(__file__).resolve().parents[2]

    assert [target for target in WANTED.values() if not (root / target).is_file()] == []
    assert (root / "platform/core/fonts/NotoSansSC-Regular.ttf").read_bytes()[:4] == b"\0\1\0\0"


def test_a_missing_package_is_named_and_nothing_is_thrown_away(tmp_path: Path) -> None:
    kept = tmp_path / "platform/core/fonts/kept.ttf"
    kept.parent.mkdir(parents=True)
    kept.touch()

    with pytest.raises(FileNotFoundError, match="npm ci"):
        copy_wanted(root=tmp_path)

    assert kept.exists()


def test_a_broken_catalogue_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text('msgid "lot"\nmsgstr "批次"\n', "utf-8")
    compiled = compile_catalogue(source)
    before = compiled.read_bytes()

    source.write_text("no catalogue at all\n", "utf-8")
    with pytest.raises(PoFileError):
        compile_catalogue(source)

    assert "批次".encode() in before
    assert compiled.read_bytes() == before


def findings() -> list[str | None]:
    found = checks.run_checks(tags=[checks.Tags.database], databases=["default"])
    return [message.id for message in found]


def test_the_role_we_work_under_is_accepted(db: None) -> None:
    assert findings() == []


@pytest.mark.skipif(bool(os.environ.get("DATABASE_URL")), reason="the roles of another server")
@pytest.mark.parametrize(("role", "refused"), [(ADMIN, "core.E001"), (OWNER, "core.E003")])
def test_a_role_that_steps_over_the_walls_is_refused(
    transactional_db: None, role: str, refused: str
) -> None:
    settings = connections["default"].settings_dict
    bound = settings["USER"]
    connections["default"].close()
    settings["USER"] = role
    try:
        assert refused in findings()
    finally:
        connections["default"].close()
        settings["USER"] = bound
