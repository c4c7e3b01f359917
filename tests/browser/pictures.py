"""Pictures of the demo's pages for the README: ``make pictures`` after ``make demo SERVE=0``.

python -m tests.browser.pictures            those of the README, into docs/pictures
python -m tests.browser.pictures FOLDER     every page of every role, to be looked at
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "bondpool-demo"
PEOPLE = {
    "seller": "seller1@bondpool.example",
    "importer": "importer@bondpool.example",
    "finance": "finance1@bondpool.example",
    "checker": "finance2@bondpool.example",
    "warehouse": "warehouse@bondpool.example",
    "operator": "operator@bondpool.example",
}


@dataclass(frozen=True)
class Picture:
    """One page as one person sees it; ``follow`` is the link to press there first."""

    name: str
    who: str
    path: str
    follow: str = ""
    language: str = "zh-hans"
    phone: bool = False
    dark: bool = False


_DRAFT, _BATCH = "th a[href*='/declarations/D']", "th a[href*='/batches/']"
README = tuple(
    Picture(f"{name}{ending}", who, path, follow, language=language, **more)
    for name, who, path, follow, more in (
        ("seller", "seller", "/", "", {}),
        ("seller-phone", "seller", "/", "", {"phone": True}),
        ("operator-dark", "operator", "/", "", {"dark": True}),
        ("declaration", "importer", "/customs/declarations/", _DRAFT, {}),
        ("batch", "finance", "/settlement/batches/", _BATCH, {}),
        ("item", "", "ITEM", "", {"phone": True}),
    )
    for language, ending in (("zh-hans", ""), ("en", "-en"))
)


class Camera:
    """Signs in once per person and takes pictures."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        from tests.browser.visitor import authenticators

        self.browser, self.address, self.folder = browser, address, folder
        self.states: dict[str, str] = {}
        self.devices = authenticators()
        folder.mkdir(parents=True, exist_ok=True)

    @contextmanager
    def page(self, one: Picture) -> Iterator[Page]:
        from tests.browser.visitor import DESKTOP, LOCALES, PHONE, Visitor, sign_in

        state = self.folder / f".{one.who}.json"
        context = self.browser.new_context(
            base_url=self.address,
            locale=LOCALES[one.language],
            viewport=PHONE if one.phone else DESKTOP,  # type: ignore[arg-type]
            color_scheme="dark" if one.dark else "light",
            reduced_motion="reduce",
            storage_state=self.states.get(one.who),
        )
        page = context.new_page()
        if one.who and one.who not in self.states:
            visitor = Visitor(context, page, one.language)
            sign_in(visitor, PEOPLE[one.who], PASSWORD, self.devices)
            self.states[one.who] = str(state)
            context.storage_state(path=state)
        yield page
        context.close()

    def take(self, one: Picture, *, whole: bool = False) -> None:
        with self.page(one) as page:
            page.goto(an_item(one.language) if one.path == "ITEM" else one.path)
            if one.follow:
                page.locator(one.follow).first.click()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(500)
            path = self.folder / f"{one.name}.png"
            page.screenshot(path=path, full_page=whole)
        if one.path == "ITEM":
            return  # its shades want all colours
        # A third of the bytes; by coverage, so that the small red of the mark stays red.
        few = (
            Image.open(path)
            .convert("RGB")
            .quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        )
        few.save(path, optimize=True)

    def tidy(self) -> None:
        for state in self.states.values():
            Path(state).unlink(missing_ok=True)


def an_item(language: str) -> str:
    """The public address of one of the demo's items that were sold; of another one for each
    language, so that both are seen for the first time."""
    from core.walls import platform_wide
    from traceability.models import LabelSheet

    with platform_wide():
        sheet = LabelSheet.objects.order_by("pk").first()
        if sheet is None:
            sys.exit("No item is labelled yet: run `make demo SERVE=0` first.")
        return f"/01/{sheet.gtin}/21/{sheet.serials[1 if language == 'en' else 2]}"


def every_page() -> Iterator[Picture]:
    """The side bar of each role, in two languages, wide and narrow, light and dark."""
    from django.urls import reverse

    from accounts.models import Role
    from config.navigation import ITEMS

    for who in ("seller", "importer", "finance", "warehouse", "operator"):
        for item in ITEMS:
            if Role(who) not in item.roles:
                continue
            name, path = f"{who}-{item.url_name}", reverse(item.url_name)
            yield Picture(f"{name}-zh", who, path)
            yield Picture(f"{name}-en-phone-dark", who, path, language="en", phone=True, dark=True)


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django

    django.setup()
    from core.embedded.running import ensure_running
    from core.ports import free_port
    from demo.processes import child
    from tests.browser.chromium import FLAGS, PATH
    from tests.browser.waiting import until_it_answers

    ensure_running(ROOT)
    folder = Path(arguments[0]) if arguments else ROOT / "docs/pictures"
    port = free_port("127.0.0.1", 18_800, tries=100)
    address = f"http://127.0.0.1:{port}"
    log = ROOT / "var/pictures.log"
    with (
        child(["django", "serve", "--port", str(port), "--exact", "--workers", "1"], log=log),
        sync_playwright() as playwright,
    ):
        until_it_answers(address, log)
        browser = playwright.chromium.launch(executable_path=PATH, args=FLAGS)
        camera = Camera(browser, address, folder)
        for one in every_page() if arguments else README:
            camera.take(one, whole=bool(arguments))
            print(one.name)
        camera.tidy()
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
