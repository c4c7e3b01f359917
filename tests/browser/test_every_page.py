"""Every page of every role: nothing serious in axe-core's eyes, and nothing too wide for a phone.

In English on a desk by day and by night, in Chinese on a phone.
"""

from __future__ import annotations

import pytest

from tests.browser.conftest import Site
from tests.browser.visitor import PHONE, Visit
from tests.browser.walk import PUBLIC, WALKERS, faults, overflows, stops


@pytest.mark.parametrize("walker", WALKERS)
def test_everybody_can_use_every_page(site: Site, visit: Visit, walker: str) -> None:
    name = "" if walker == PUBLIC else walker
    desk, phone = visit(name, "en"), visit(name, "zh-hans", phone=True)
    wrong = []
    seen = 0
    for stop in stops(walker):
        path = site.town.paths[stop.route]
        answer = desk.page.goto(path)
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        seen += 1
        wrong += [(path, "by day", fault) for fault in faults(desk.page)]
        desk.page.evaluate("document.documentElement.setAttribute('data-bs-theme', 'dark')")
        wrong += [(path, "by night", fault) for fault in faults(desk.page, "color-contrast")]
        desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wrong += [(path, "in English", wide) for wide in [overflows(desk.page)] if wide]
        desk.page.set_viewport_size({"width": 1280, "height": 900})

        phone.page.goto(path)
        wrong += [(path, "on a phone", fault) for fault in faults(phone.page, but="color-contrast")]
        wrong += [(path, "in Chinese", wide) for wide in [overflows(phone.page)] if wide]

    assert seen
    # As a list of lines: pytest cuts a long list of tuples short.
    assert not wrong, "\n".join(f"{path} {when}: {fault}" for path, when, fault in wrong)
