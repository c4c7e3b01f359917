"""PostgreSQL for one checkout: made once, started with our settings, reached by a socket only.

Three roles: ``bondpool_admin`` (superuser, used by this file alone), ``bondpool_owner`` (owns
the objects, migrates) and ``app_rw`` (the application). Who may take them is decided twice: the
socket lies in a folder that only the servers' account may enter, and PostgreSQL asks the kernel
who is calling (``peer``). So there is no password to keep.
"""

import os
import pwd
import shutil
import signal
from pathlib import Path

import psycopg
from psycopg import sql

from core.embedded import processes
from core.embedded.places import Places, ServerTrouble
from core.embedded.programs import usable_postgres

ADMIN, OWNER, APP = "bondpool_admin", "bondpool_owner", "app_rw"
DATABASE = "bondpool"

_CONFIGURATION = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "120",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # What a slow or locked query waits for is what one wants to know first.
    "log_lock_waits": "on",
    "log_min_duration_statement": "5s",
    "log_line_prefix": "%m [%p] %q%u@%d ",
}


class Postgres:
    """What the keeper needs to know about PostgreSQL."""

    name = "postgres"
    # An orderly but quick end: open transactions are rolled back, nobody is waited for.
    farewell = signal.SIGINT
    stops: tuple[tuple[signal.Signals, float], ...] = (
        (signal.SIGINT, 60.0),
        (signal.SIGQUIT, 20.0),
        (signal.SIGKILL, 10.0),
    )
    ready_within = 300.0

    def __init__(self, places: Places) -> None:
        self.places = places
        self.data = places.home / "postgres"
        self.cluster = f"bondpool-{places.key}"

    def leftovers(self) -> list[int]:
        """Live processes of this very data folder: of a keeper that was killed, for instance.

        ``postmaster.pid`` is not asked: after a crash or a restart of a container its number
        may be a zombie's or anybody's.
        """
        return processes.alive("postgres", self._belongs)

    def _belongs(self, process: Path) -> bool:
        # Where root may not look at another account's working folder, the command line and
        # the titles that the server gives its children tell as much.
        words = processes.command_line(process)
        return (
            processes.works_in(process, self.data)
            or words[1:3] == ["-D", str(self.data)]
            or words[0].startswith(f"postgres: {self.cluster}: ")
        )

    def prepare(self) -> list[str]:
        """Make the cluster if there is none, clear a dead server's traces, give the command."""
        installation = usable_postgres(self.places)
        if not self.data.is_dir():
            self._create(installation)
        self.places.private_folder(self.data)
        self._write_access_rules()
        # No process of this data folder lives (the keeper has made sure), so these files are a
        # dead server's. PostgreSQL itself would believe them if the pid is in use again.
        stale = [self.data / "postmaster.pid"]
        stale += [self.places.sockets / f".s.PGSQL.5432{end}" for end in ("", ".lock")]
        for path in stale:
            path.unlink(missing_ok=True)
        settings = {
            **_CONFIGURATION,
            "unix_socket_directories": str(self.places.sockets),
            "cluster_name": self.cluster,
        }
        command = [str(installation / "bin" / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        return command

    def answers(self) -> bool:
        """Whether the server lets us in, after a crash recovery if there is one."""
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def arrange(self) -> None:
        """Roles and the database, made if they are missing."""
        try:
            self._arrange()
        except psycopg.Error as problem:
            raise ServerTrouble(f"the roles and the database: {problem}") from problem

    def _arrange(self) -> None:
        with self._connect() as connection:
            roles = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, rights in ((OWNER, "CREATEDB"), (APP, "NOCREATEDB")):
                if role not in roles:
                    connection.execute(
                        sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS {}").format(
                            sql.Identifier(role), sql.SQL(rights)
                        )
                    )
            # Dropping a test database ends the sessions that are still in it.
            connection.execute(
                sql.SQL("GRANT pg_signal_backend TO {}").format(sql.Identifier(OWNER))
            )
            there = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if not there:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} OWNER {}").format(
                        sql.Identifier(DATABASE), sql.Identifier(OWNER)
                    )
                )

    def last_resort(self) -> bool:
        """The database is the truth: it is never thrown away to get a server started."""
        return False

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        return psycopg.connect(
            host=str(self.places.sockets),
            port=5432,
            user=ADMIN,
            dbname="postgres",
            connect_timeout=10,
            autocommit=True,
        )

    def _create(self, installation: Path) -> None:
        # Made beside its place and then renamed: a half-made cluster is never mistaken for one.
        unfinished = self.data.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        self.places.private_folder(unfinished)
        done = processes.run(
            [
                *(str(installation / "bin" / "initdb"), "-D", str(unfinished)),
                *(f"--username={ADMIN}", "--auth=peer", "--encoding=UTF8", "--data-checksums"),
                # Sorting and case rules that do not depend on the machine.
                *("--locale-provider=builtin", "--locale=C", "--builtin-locale=C.UTF-8"),
            ],
            account=self.places.account,
        )
        if done.returncode:
            raise ServerTrouble(f"initdb failed:\n{done.stdout}{done.stderr}")
        unfinished.rename(self.data)

    def _write_access_rules(self) -> None:
        callers = {pwd.getpwuid(os.geteuid()).pw_name}
        if self.places.account:
            callers.add(self.places.account.name)
        mapping = "".join(
            f'embedded "{caller}" "{role}"\n'
            for caller in sorted(callers)
            for role in (ADMIN, OWNER, APP)
        )
        for name, text in (
            ("pg_hba.conf", "local all all peer map=embedded\n"),
            ("pg_ident.conf", mapping),
        ):
            path = self.data / name
            path.write_text(text, "utf-8")
            path.chmod(0o600)
            self.places.give(path)
