"""Every page of every role: nothing serious in axe-core's eyes, and nothing too wide for a phone.

In English on a desk by day and by night, in Chinese on a phone. `make slow` looks at all of it;
`make test` measures the width of every third page, and lets axe see one in nine at one time of day.
"""

from __future__ import annotations

import os

import pytest

from tests.browser.conftest import Site
from tests.browser.visitor import DESKTOP, PHONE, Visit
from tests.browser.walk import PUBLIC, WALKERS, faults, overflows, stops

#: What a narrow window can spoil; the rest was looked at on the desk.
ON_A_PHONE = ("aria-hidden-focus", "scrollable-region-focusable", "target-size")

#: When, and by what light, axe looks.
TIMES = ("by day", "by night", "on a phone")

EVERY_LOOK = bool(os.environ.get("BONDPOOL_EVERY_LOOK"))


@pytest.mark.parametrize("walker", WALKERS)
def test_everybody_can_use_every_page(site: Site, visit: Visit, walker: str) -> None:
    name = "" if walker == PUBLIC else walker
    desk, phone = visit(name, "en"), visit(name, "zh-hans", phone=True)
    wrong = []
    for number, stop in enumerate(stops(walker)):
        if not EVERY_LOOK and number % 3:
            continue
        path = site.town.paths[stop.route]
        seen = TIMES if EVERY_LOOK else TIMES[number // 9 % 3 :][:1] if number % 9 == 0 else ()
        desk.page.goto(path)
        if "by day" in seen:
            wrong += [(path, "by day", fault) for fault in faults(desk.page)]
        if "by night" in seen:
            desk.page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
            wrong += [(path, "by night", fault) for fault in faults(desk.page, "color-contrast")]
        desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wrong += [(path, "in English", wide) for wide in [overflows(desk.page)] if wide]
        if "on a phone" in seen:
            wrong += [(path, "on a phone", fault) for fault in faults(desk.page, *ON_A_PHONE)]
        desk.page.set_viewport_size(DESKTOP)  # type: ignore[arg-type]
        if seen:
            phone.page.goto(path)
            wrong += [(path, "in Chinese", wide) for wide in [overflows(phone.page)] if wide]

    # As a list of lines: pytest cuts a long list of tuples short.
    assert not wrong, "\n".join(f"{path} {when}: {fault}" for path, when, fault in wrong)


def test_what_is_no_page_is_a_file_to_keep(site: Site, visit: Visit) -> None:
    wrong, seen = [], 0
    for walker in WALKERS[1:]:
        asked = visit(walker, "en").context.request
        for stop in stops(walker, files=True):
            seen += 1
            answer = asked.get(site.town.paths[stop.route])
            told = answer.headers.get("content-disposition", "")
            # A paper may open in the browser, and has a name to be kept under as well.
            if answer.status != 200 or "filename=" not in told:
                wrong.append((stop.route, answer.status, told))

    assert seen > 8
    assert wrong == []
