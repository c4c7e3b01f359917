"""Lists in a real browser: what was typed stays, and what cannot be is said."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, expect

from tests.browser.conftest import Site
from tests.browser.visitor import Visit


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_filter_that_cannot_be_is_told_beside_the_list(visit: Visit, language: str) -> None:
    visitor = visit("seller", language)
    page = visitor.go("/products/")
    visitor.expected.add(422)
    page.locator(".list-more summary").click()
    page.locator("input[name=shelf_life_min]").fill("100")
    page.locator("input[name=shelf_life_max]").fill("90")
    page.locator(".list-more-body button[type=submit]").click()

    page.locator(".list-refused[role=alert]").wait_for()
    assert page.evaluate("document.activeElement.classList.contains('list-refused')")
    assert page.locator("input[name=shelf_life_min]").input_value() == "100"
    assert page.locator(".list tbody tr").count() > 0
    # htmx says on the console what the page says in words.
    visitor.faults[:] = [one for one in visitor.faults if "Status Error Code 422" not in one]


def test_quantities_that_were_typed_are_not_lost_without_a_question(
    visit: Visit, site: Site
) -> None:
    work = site.town.work["en"]
    visitor = visit(f"seller {work.quarter}", "en")
    page = visitor.go(f"/forecasts/{work.quarter}/edit/")
    asked: list[str] = []

    def refuse(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", refuse)
    field = page.locator("input.units").first
    field.fill("7")
    page.locator(".list-search button").click()
    page.wait_for_timeout(300)

    assert asked == ["What you typed is not filed yet. Leave it?"]
    assert page.locator("input.units").first.input_value() == "7"
    field.fill("")
    page.locator(".list-search button").click()
    page.wait_for_timeout(300)
    assert len(asked) == 1, "nothing is typed, so nothing is asked"


def test_the_focus_stays_on_the_sort_that_was_pressed(visit: Visit) -> None:
    page = visit("seller", "en").go("/products/")
    page.locator(".list-sort").first.focus()
    with page.expect_response(lambda answer: "sort=" in answer.url):
        page.keyboard.press("Enter")
    page.locator("th[aria-sort]").first.wait_for()
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)

    assert page.evaluate("document.activeElement.className") == "list-sort"


def test_a_job_on_many_rows_is_followed_through_a_reload(
    visit: Visit, request: pytest.FixtureRequest
) -> None:
    keeper = visit("warehouse", "zh-hans")
    page = keeper.go("/warehouse/lots/")
    page.locator("thead input[type=checkbox]").check()
    chosen = page.locator("tbody input[name=row]:checked").count()
    assert chosen > 0
    keeper.press("Print the missing labels")
    keeper.press("Print the missing labels")
    page.locator("#job [data-state=queued]").wait_for()
    page.reload()
    assert page.locator("#job [data-state=queued]").count() == 1
    assert page.locator("#job progress").get_attribute("value") == "0"
    page.locator("#job-stop").focus()
    page.evaluate("document.activeElement.dataset.mark = 'the same'")
    with page.expect_response(lambda answer: answer.request.headers.get("hx-target") == "job-poll"):
        pass
    expect(page.locator(".htmx-request, .htmx-settling")).to_have_count(0)
    assert page.evaluate("document.activeElement.dataset.mark") == "the same"
    said = page.locator("#job-said[role=status]").inner_text()

    request.getfixturevalue("worker")
    # Nobody presses anything: the page looks again by itself.
    page.locator("#job [data-state=done]").wait_for(timeout=60_000)
    page.locator("#job tbody tr").first.wait_for()

    # The button is gone; the focus follows when the page has settled.
    expect(page.locator("#progress")).to_be_focused()
    assert page.locator("#job-said").inner_text() != said
    assert page.locator("#job-poll").get_attribute("hx-get") is None, "it looks no more"
    assert page.locator("#job progress").get_attribute("value") == "100"
    assert page.locator("#job tbody tr").count() == chosen
    job = urlsplit(page.url).path
    assert keeper.go("/jobs/").locator(f"a[href='{job}']").count() == 1


@pytest.mark.parametrize("phone", [False, True], ids=["on a desk", "on a phone"])
def test_the_other_filters_open_inside_of_the_window(visit: Visit, phone: bool) -> None:
    page = visit("operator", "en", phone=phone).go("/orders/")
    page.locator(".list-more > summary").click()
    field = page.locator(".list-more > .list-more-body .form-control").first
    field.wait_for()

    box, wide = field.bounding_box(), page.evaluate("innerWidth")
    assert box is not None
    assert (box["x"] >= 0, box["x"] + box["width"] <= wide) == (True, True)
    assert page.evaluate("document.documentElement.scrollWidth") <= wide
