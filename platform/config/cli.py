"""The console script ``bondpool``: Django's management commands, with the servers they need."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from core.embedded.places import ServerTrouble
from core.embedded.programs import postgres_folder
from core.embedded.running import ensure_running, wanted

ROOT = Path(__file__).resolve().parents[2]

# These look at files only.
WITHOUT_SERVERS = {
    *("", "help", "version", "--help", "-h", "--version"),
    *("check", "collectstatic", "compilemessages", "makemessages", "makemigrations"),
    *("diffsettings", "findstatic", "rulebook", "customs_rulebook", "startapp", "sqlmigrate"),
    *("verify_statement", "ceb_check", "ceb_read"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one management command. Returns its exit code."""
    words = list(sys.argv if arguments is None else ["bondpool", *arguments])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    command = words[1] if len(words) > 1 else ""
    if command == "customs_simulator":
        return _simulate(words[2:])
    # Whatever it changes, the history names the command.
    os.environ["BONDPOOL_PROGRAM"] = f"bondpool {command}".strip()
    try:
        if _needs_servers(command, words[2:]):
            ensure_running(ROOT)
    except ServerTrouble as trouble:
        print(f"bondpool: {trouble}", file=sys.stderr)
        return 1
    if command == "dbshell" and "postgres" in wanted():
        os.environ["PATH"] = f"{postgres_folder() / 'bin'}{os.pathsep}{os.environ['PATH']}"

    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(words)
    except KeyboardInterrupt:
        return 130
    return 0


def _simulate(words: Sequence[str]) -> int:
    """The authority to practise with is no part of the site: it starts without it."""
    from customs.simulator.program import main as simulate

    var = Path(os.environ.get("BONDPOOL_VAR") or ROOT / "var")
    folders = Path(os.environ.get("BONDPOOL_GATEWAYS") or var / "gateways")
    return simulate(words, gateways=folders, schema=os.environ.get("BONDPOOL_CEB_XSD") or "")


def _needs_servers(command: str, options: Sequence[str]) -> bool:
    if "--help" in options or "-h" in options:
        return False
    if command == "check":
        return any(option.startswith("--database") for option in options)
    return command not in WITHOUT_SERVERS


if __name__ == "__main__":
    sys.exit(main())
