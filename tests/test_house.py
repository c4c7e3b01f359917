"""The rules of the house that no checker knows: folders, names, pins, and the word ``platform``."""

import json
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CODE = ("platform", "procurement", "warehouse", "customs", "traceability")
BANNED = {"utils", "helpers", "manager", "common"}
LOCKS = ("requirements.txt", "requirements-dev.txt", "package-lock.json")


def sources() -> list[Path]:
    return [path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]


def in_a_fresh_interpreter(code: str, *options: str, folder: Path = ROOT) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("options", [[], ["-S"], ["-I"]], ids=["plain", "no site", "isolated"])
def test_the_standard_library_keeps_its_module(options: list[str]) -> None:
    machine = in_a_fresh_interpreter("import platform; print(platform.machine())", *options)

    assert re.fullmatch(r"\w+", machine)


def test_the_standard_library_keeps_its_module_when_our_path_comes_first() -> None:
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'platform')!r}]; "
        "sys.modules.pop('platform', None); import platform; print(platform.machine())"
    )

    assert in_a_fresh_interpreter(code)


def test_platform_is_a_bare_folder() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert (ROOT / "platform" / "README.md").is_file()


def test_a_bare_checkout_runs_without_being_installed() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "version"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.startswith("5.2"), done.stderr


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [path for path in sources() if path.stem in BANNED] == []


def test_no_file_is_longer_than_a_sitting() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for path in (*sources(), *sorted((ROOT / "tests").rglob("*.py")))
        if "migrations" not in path.parts
    }

    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_only_doors_ask_for_the_time() -> None:
    """The clock is passed in; views, tasks and management commands are where it comes from."""
    asks = re.compile(r"\btimezone\.(now|localdate|localtime)\(\s*\)|\bdate(time)?\.(now|today)\(")
    doors = {"views", "tasks", "management", "api", "templatetags", "admin", "config", "clock"}

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources()
        if not doors & {*path.relative_to(ROOT).with_suffix("").parts}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if asks.search(line.partition("#")[0])
    ]

    assert found == []


def test_pages_load_nothing_from_elsewhere_and_nothing_inline() -> None:
    outside = re.compile(
        r"""(?:src|href)=["'](?:https?:)?//[^"']+\.(?:js|css|woff2?)|<script(?![^>]*\bsrc=)"""
        r"""(?![^>]*type=["']application/json)|\sstyle=["']|<style|\son(?:click|load|change|submit)="""
    )

    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in CODE
        for path in sorted((ROOT / folder).rglob("templates/**/*.html"))
        # A mailbox loads no style sheet and knows no policy of ours: letters carry their dress.
        if "mail" not in path.parts
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if outside.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("name", LOCKS)
def test_the_pins_name_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")

    assert "resolved" not in text
    assert "index-url" not in text
    assert "find-links" not in text
    if name == "package-lock.json":
        packages = json.loads(text)["packages"]
        assert all("integrity" in package for path, package in packages.items() if path)
        assert packages["node_modules/htmx.org"]["version"].startswith("2.")
        assert packages["node_modules/@tabler/core"]["version"].startswith("1.")
    else:
        assert "://" not in text


@pytest.mark.parametrize("python", ["3.11.2", "3.12.3", "3.13.5", "3.14.0"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_pins_serve_every_python_we_promise(python: str, machine: str) -> None:
    """They are made under one Python; another may need a package more."""
    pinned = {
        canonicalize_name(line.partition("==")[0])
        for line in (ROOT / "requirements.txt").read_text().splitlines()
        if "==" in line
    }
    # What a marker may ask for, as text.
    there: dict[str, str] = {
        **{name: str(value) for name, value in default_environment().items()},
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "platform_machine": machine,
        "extra": "",
    }

    missing = [
        f"{name} needs {wanted}"
        for name in sorted(pinned)
        for wanted in map(Requirement, distribution(name).requires or ())
        if (wanted.marker is None or wanted.marker.evaluate(there))
        and canonicalize_name(wanted.name) not in pinned
    ]

    assert missing == []


def test_celery_is_as_careful_as_the_rows_expect() -> None:
    from config.celery import app

    assert app.conf.task_acks_late is True
    assert app.conf.task_reject_on_worker_lost is True
    assert app.conf.worker_prefetch_multiplier == 1
    assert app.conf.accept_content == ["json"]
    assert not app.conf.result_backend
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} >= {"core.sweep"}
