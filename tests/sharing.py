"""How several processes share the tests.

The tests of a file stay together: what they build for a module is built once. Those in a browser
stay together too, whichever file they are in, for they share a site; and with them those that
start workers of their own, for several workers beside a browser are more than two cores carry.
"""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from xdist.scheduler import LoadScopeScheduling

#: Here are the tests that last longest; they begin first, so that none of them ends alone.
LONG = ("browser", "demo", "walls", "rest")
#: Folders and files whose tests start workers.
WORKERS = frozenset(
    {
        *("browser", "demo", "test_killed_workers.py", "test_stopping.py"),
        "test_printing_beside_people.py",
    }
)


def stays_with(nodeid: str) -> str:
    """Tests with the same answer run one after the other in one process."""
    file = nodeid.partition("::")[0]
    path = PurePath(file)
    return "workers" if {path.parent.name, path.name} & WORKERS else file


def turn(path: PurePath) -> int:
    """When a file's turn comes."""
    folder = path.parent.name
    return LONG.index(folder) if folder in LONG else len(LONG)


def in_turn(config: Any, log: Any) -> object:
    """Files in the order of the collection; a process that is done takes the next."""
    config.option.loadscopereorder = False
    shares = LoadScopeScheduling(config, log)
    shares._split_scope = stays_with
    return shares
