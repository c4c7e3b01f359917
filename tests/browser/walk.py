"""Every page that somebody can read, each once, and what axe-core says about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.walls.addresses import EVERYBODY, TABLE

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
PUBLIC = "public"
#: Who is sent through the pages; a page of several roles is walked by the first of them.
WALKERS = (PUBLIC, "seller", "importer", "finance", "operator", "warehouse")
#: What a reader gets there is the way to another page, or what programs read.
NO_PAGES = {"logout/", "language/", "api/v1/openapi.json"}
#: Whoever made no recovery codes has no file of them (tests/accounts has one). Beside a bill that
#: was not worked out from a plan there is no other way of sharing it (tests/procurement has one).
NO_FILES = {"account/codes/codes.txt", "rounds/<str:code>/bills/beside.csv"}
#: The start page is another one for each role.
EACH_ITS_OWN = {""}


@dataclass(frozen=True)
class Stop:
    """One address of one walker."""

    route: str
    walker: str


def stops(walker: str, *, files: bool = False) -> list[Stop]:
    """The addresses which that walker looks at; ``files``: those where it fetches a file."""
    found = []
    for route, address in TABLE.items():
        if address.is_file is not files or route in NO_PAGES | NO_FILES:
            continue
        readers = {PUBLIC} if address.public else address.read & EVERYBODY
        first = next((one for one in WALKERS if one in readers), None)
        if first == walker or (route in EACH_ITS_OWN and walker in readers):
            found.append(Stop(route, walker))
    return found


#: Of rows and entries that are made alike a few stand for all.
ALIKE = [["tbody > tr:nth-child(n+9)"], [".api-entry:nth-of-type(n+6)"]]


@cache
def _axe() -> str:
    return AXE.read_text("utf-8")


def faults(page: Page, *rules: str) -> list[str]:
    """Serious and critical violations, by rule and element; ``rules``: of these only."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    found: list[dict[str, Any]] = page.evaluate(
        "async ([exclude, options]) => {"
        "  exclude = exclude.filter(([one]) => document.querySelector(one));"
        "  const all = {include: [['html']], exclude};"
        "  return (await axe.run(all, options)).violations; }",
        [ALIKE, options],
    )
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')!r}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]


def overflows(page: Page) -> str:
    """What reaches beyond a page that would have to be moved sideways; empty when nothing does.

    A chart follows the window a moment later.
    """
    told = _reaches(page)
    if told:
        page.wait_for_timeout(700)
        told = _reaches(page)
    return told


def _reaches(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              const width = window.innerWidth;
              if (document.documentElement.scrollWidth <= width) return "";
              const wide = [...document.querySelectorAll("body *")].filter(
                (one) => one.getBoundingClientRect().right > width + 1);
              const [all, last] = [document.documentElement.scrollWidth, wide.at(-1)];
              return `${all} px: ${last?.tagName}.${last?.className}`;
            }"""
        )
    )
