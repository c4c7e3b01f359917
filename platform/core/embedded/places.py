"""Where the embedded servers of one checkout live, and as which account they run."""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

# A unix socket's address holds 107 bytes; the longest name below the folder is
# "/.s.PGSQL.5432", 14 bytes. A little room is left.
LONGEST_SOCKET_FOLDER = 90


class ServerTrouble(Exception):
    """An embedded server cannot be started or used; the text says why, for a person."""


@dataclass(frozen=True)
class Account:
    """The operating-system account a server runs as."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Places:
    """Every path follows from the checkout, so two checkouts never meet."""

    root: Path

    @cached_property
    def key(self) -> str:
        return hashlib.sha256(os.fsencode(self.root)).hexdigest()[:12]

    @cached_property
    def locks(self) -> Path:
        return self.root / "var" / "locks"

    @cached_property
    def home(self) -> Path:
        """The folder of all server data.

        Below ``var/`` of the checkout. Root's servers run as an account that may not be able
        to enter the checkout (``/root`` is closed, and stays closed): then below
        ``/var/lib/bondpool``.
        """
        if os.geteuid() == 0 and not _anyone_may_enter(self.root):
            return Path("/var/lib/bondpool") / self.key
        return self.root / "var" / "embedded"

    @cached_property
    def sockets(self) -> Path:
        """A folder that only the servers' account (and root) may enter, with a short path."""
        inside = self.home / "run"
        if len(os.fsencode(inside)) <= LONGEST_SOCKET_FOLDER:
            return inside
        return Path("/tmp") / f"bondpool-{os.geteuid()}-{self.key}"  # noqa: S108 (checked by private_folder)

    @cached_property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @cached_property
    def logs(self) -> Path:
        return self.home / "log"

    @cached_property
    def account(self) -> Account | None:
        """Whom root becomes for a server; None when not root, since then nothing changes."""
        return _unprivileged_account() if os.geteuid() == 0 else None

    def make_home(self) -> None:
        """Make the folders that hold server data, or say why they cannot be used."""
        self.locks.mkdir(parents=True, exist_ok=True)
        self.home.mkdir(parents=True, exist_ok=True)
        # A folder that another command has made but not yet handed over would look foreign.
        lock = os.open(self.locks / "home", os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self.home.stat().st_uid == os.geteuid():
                # Root's home must let the servers' account through to its own folders.
                self.home.chmod(0o711 if self.account else 0o700)
            self.private_folder(self.logs)
            self.private_folder(self.sockets)
        finally:
            os.close(lock)

    def private_folder(self, folder: Path) -> None:
        """Make ``folder`` for the servers' account alone.

        Raises ServerTrouble when something is there that belongs to somebody else: a folder
        that another user prepared must never be trusted.
        """
        owner = self.account.uid if self.account else os.geteuid()
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
                raise ServerTrouble(
                    f"{folder} belongs to {_name_of(found.st_uid)}, not to {_name_of(owner)}. "
                    "Were the servers first started by another user? Go on as that user, or "
                    "move the folder away to begin with an empty database."
                ) from None
            if stat.S_IMODE(found.st_mode) != 0o700:
                folder.chmod(0o700)
        else:
            self.give(folder)

    def give(self, path: Path) -> None:
        """Hand a file or folder that root made to the servers' account."""
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)


def _anyone_may_enter(folder: Path) -> bool:
    return all(step.stat().st_mode & stat.S_IXOTH for step in (folder, *folder.parents))


def _name_of(uid: int) -> str:
    try:
        return f"the account {pwd.getpwuid(uid).pw_name!r}"
    except KeyError:
        return f"the user id {uid}"


def _unprivileged_account() -> Account:
    """PostgreSQL refuses to run as root, rightly; a system account of its own is used.

    Without ``useradd`` it is ``nobody``. ``BONDPOOL_OS_USER`` names another account.
    """
    name = os.environ.get("BONDPOOL_OS_USER") or "bondpool"
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    for candidate in (name, "nobody"):
        if candidate == "bondpool" and not _known(candidate) and useradd:
            # Another checkout may be doing the same; what counts is that it is there after.
            subprocess.run(
                [
                    *(useradd, "--system", "--user-group", "--no-create-home"),
                    *("--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", candidate),
                ],
                check=False,
                capture_output=True,
            )
        if known := _known(candidate):
            if known.uid == 0:
                raise ServerTrouble(f"the account {candidate!r} is root: name another one")
            return known
    raise ServerTrouble(f"there is no account {name!r} for the servers to run as")


def _known(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(name=name, uid=found.pw_uid, gid=found.pw_gid)
