"""Without a mouse: the skip link, the menus, faults that are announced; and the dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import Site
from tests.browser.visitor import Visit


def in_focus(page: Page) -> str:
    """What has the focus, by its text or name."""
    return str(
        page.evaluate(
            "() => { const it = document.activeElement; return it.id || it.name || "
            "it.className || it.tagName; }"
        )
    )


def test_the_first_key_leads_to_the_content(visit: Visit) -> None:
    page = visit("seller", "en").go("/stock/")
    page.keyboard.press("Tab")
    link = page.locator(".skip-link")

    assert in_focus(page) == "skip-link"
    box = link.bounding_box()
    assert box is not None
    assert box["x"] >= 0, "shown while it has the focus"
    page.keyboard.press("Enter")
    assert in_focus(page) == "main"


def test_the_focus_is_seen_on_everything_that_takes_it(visit: Visit) -> None:
    page = visit("finance", "en").go("/settlement/batches/")
    unseen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        told = page.evaluate(
            """() => {
              const it = document.activeElement, style = getComputedStyle(it);
              const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
              const seen = ring || style.boxShadow !== "none" || it === document.body;
              return [it.outerHTML.slice(0, 100), seen];
            }"""
        )
        if not told[1]:
            unseen.append(told[0])

    assert unseen == []


def test_the_menu_of_the_account_opens_and_closes_by_keys(visit: Visit) -> None:
    page = visit("seller", "en").go("/")
    button = page.locator("header .person")
    button.focus()
    page.keyboard.press("Enter")
    assert button.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("!!document.activeElement.closest('.dropdown-menu')")
    page.keyboard.press("Escape")

    assert button.get_attribute("aria-expanded") == "false"
    assert "person" in in_focus(page)


def test_the_menu_of_a_phone_opens_and_closes_by_keys(visit: Visit) -> None:
    page = visit("seller", "zh-hans", phone=True).go("/")
    button = page.locator(".navbar-toggler")
    button.focus()
    page.keyboard.press("Enter")
    page.locator("#sidebar.show").wait_for()
    assert page.get_by_role("link", name="我的库存").is_visible()
    page.keyboard.press("Escape")
    page.locator("#sidebar:not(.show)").wait_for(state="attached")

    assert button.get_attribute("aria-expanded") == "false"
    assert "navbar-toggler" in in_focus(page)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_wrong_field_is_announced_named_and_described(visit: Visit, language: str) -> None:
    operator = visit("operator", language)
    page = operator.go("/rounds/new/")
    page.locator("input[name=quarter]").fill("soon")
    page.locator("input[name=opens_at]").fill("2028-11-01T09:00")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.locator("main form button[type=submit]").click()
    summary = page.locator("[role=alert][data-focus]")
    summary.wait_for()

    assert page.evaluate("document.activeElement.matches('[data-focus]')")
    label = operator.word("Cut-off")
    assert label in summary.inner_text()
    wrong = page.locator("input[name=cutoff_at]")
    assert wrong.get_attribute("aria-invalid") == "true"
    described = (wrong.get_attribute("aria-describedby") or "").split()
    told = [page.locator(f"#{name}").inner_text() for name in described]
    assert operator.word("This field is required.") in told
    summary.get_by_role("link", name=label).press("Enter")
    assert in_focus(page) == "id_cutoff_at"


def test_a_second_press_sends_nothing(site: Site, visit: Visit) -> None:
    page = visit("operator", "en").go("/rounds/new/")
    sent = []

    def answer_nothing(route: Route) -> None:
        sent.append(route.request.method)
        route.fulfill(status=204)

    page.locator("input[name=quarter]").fill("2029-Q1")
    page.locator("input[name=opens_at]").fill("2028-11-01T09:00")
    page.locator("input[name=cutoff_at]").fill("2028-11-20T18:00")
    page.route("**/rounds/new/", answer_nothing)
    button = page.locator("main form button[type=submit]")
    with page.expect_request("**/rounds/new/"):
        button.dblclick()
    # Where a second one was under way it would follow at once.
    page.wait_for_timeout(200)

    assert sent == ["POST"]
    assert button.get_attribute("aria-busy") == "true"


def test_the_dark_follows_the_system_until_one_chooses_and_then_stays(visit: Visit) -> None:
    def theme(page: Page) -> str:
        return str(page.evaluate("document.documentElement.getAttribute('data-bs-theme')"))

    visitor = visit("operator", "en", dark=True)
    page = visitor.go("/")
    assert theme(page) == "dark"
    page.emulate_media(color_scheme="light")
    # A change of the system is followed.
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")

    page.locator("header [data-theme-switch]").click()
    assert theme(page) == "dark"
    page.emulate_media(color_scheme="light")
    visitor.go("/rounds/")
    assert theme(page) == "dark", "what one chose stays"


def test_a_chart_follows_the_dark_and_says_the_same_as_its_table(visit: Visit) -> None:
    page = visit("operator", "en").go("/")
    drawn = page.locator("[data-chart='stock'] canvas")
    drawn.wait_for()
    place = "document.querySelector('[data-chart=stock]')"
    colour = f"echarts.getInstanceByDom({place}).getOption().color[0]"
    by_day = page.evaluate(colour)
    page.locator("header [data-theme-switch]").click()
    by_night = page.evaluate(colour)

    assert by_day != by_night
    assert by_night == page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--chart-1').trim()"
    )
    figure = page.locator("figure", has=page.locator("[data-chart='stock']"))
    assert figure.locator("figcaption h2").inner_text().strip()
    figure.locator("summary").press("Enter")
    series = page.evaluate("JSON.parse(document.getElementById('stock').textContent).series")
    rows = zip(*(one["values"] for one in series), strict=True)
    assert figure.locator("tbody td").all_inner_texts() == [f"{n:,}" for row in rows for n in row]
