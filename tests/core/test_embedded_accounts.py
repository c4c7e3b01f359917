"""Whose the embedded servers and their folders are, started by root or without its rights."""

import contextlib
import os
import pwd
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from core.embedded.places import Places, ServerTrouble
from core.embedded.postgres import ADMIN
from tests.core.checkouts import (
    CHECKOUT,
    Command,
    a_checkout,
    connect,
    eventually,
    note,
    postmaster,
    remove,
    stopped,
)

AS_ROOT = os.geteuid() == 0


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
