"""A person in front of a browser: signs in as people do, and hears everything that goes wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt
from django.utils.translation import gettext, override
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOCALES = {"zh-hans": "zh-CN", "en": "en-GB"}
#: A page that says in words why it was not done; the browser calls that an error.
REFUSED_IN_WORDS = {403, 404, 409, 422, 429}


@dataclass
class Visitor:
    """One browser window in one language."""

    context: BrowserContext
    page: Page
    language: str
    faults: list[str] = field(default_factory=list)
    email: str = ""
    #: Answers that this visit is about, which are no faults then.
    expected: set[int] = field(default_factory=set)

    def word(self, english: str) -> str:
        """What the pages say for it in this language."""
        with override(self.language):
            return gettext(english)

    def go(self, path: str) -> Page:
        self.page.goto(path)
        return self.page

    def press(self, english: str, *, kind: str = "button") -> None:
        """Press the first button, or follow the first link, of that name."""
        name = self.word(english)
        self.page.get_by_role(kind, name=name).first.click()  # type: ignore[arg-type]

    def reads(self, text: str) -> bool:
        """Whether the page's main part comes to say so within a few seconds."""
        self.page.locator("main", has_text=text).first.wait_for(timeout=10_000)
        return True


def watch(visitor: Visitor) -> None:
    """Console errors, broken policies, failed and refused requests become faults."""

    def on_console(message: ConsoleMessage) -> None:
        # The answer's status is judged below, by what was asked for.
        if message.type == "error" and "Failed to load resource" not in message.text:
            visitor.faults.append(f"console: {message.text} ({visitor.page.url})")

    def on_failed(request: Request) -> None:
        # A download and a page one has left are "aborted" in the browser's words.
        if request.failure and "ERR_ABORTED" not in request.failure:
            visitor.faults.append(f"failed: {request.method} {request.url} {request.failure}")

    def on_response(response: Response) -> None:
        is_page = response.request.is_navigation_request()
        if response.status in visitor.expected:
            return
        if response.status >= 400 and not (is_page and response.status in REFUSED_IN_WORDS):
            visitor.faults.append(f"{response.status}: {response.request.method} {response.url}")

    visitor.context.on("console", on_console)
    visitor.context.on("weberror", lambda error: visitor.faults.append(f"script: {error.error}"))
    visitor.context.on("requestfailed", on_failed)
    visitor.context.on("response", on_response)


@dataclass
class Authenticators:
    """Everybody's app, by e-mail. A code counts once, and the site takes that of the half minute
    before and after as well: three people's worth of signing in, and nobody waits."""

    secrets: Mapping[str, str]
    used: set[tuple[str, str]] = field(default_factory=set)

    def code(self, email: str) -> str:
        at = time.time()
        codes = [totp(self.secrets[email], at=at + shift) for shift in (0, 30, -30)]
        fresh = next(one for one in codes if (email, one) not in self.used)
        self.used.add((email, fresh))
        return fresh


def sign_in(visitor: Visitor, email: str, password: str, devices: Authenticators) -> None:
    """Through the form; with the code of an authenticator where one is asked for."""
    page = visitor.go("/login/")
    page.locator("input[autocomplete=username], input[type=email]").first.fill(email)
    page.locator("input[type=password]").first.fill(password)
    page.locator("input[type=password]").first.press("Enter")
    page.wait_for_load_state()
    code = page.locator("input[autocomplete=one-time-code]")
    if code.count():
        code.first.fill(devices.code(email))
        code.first.press("Enter")
    page.locator(".navbar-vertical").wait_for()


def authenticators() -> Authenticators:
    """The secret of each person's authenticator; none where none is asked for."""
    # The world's passkey has no key behind it; a browser would be asked for it.
    Authenticator.objects.filter(type="webauthn").delete()
    owned = Authenticator.objects.filter(type="totp").select_related("user")
    return Authenticators({one.user.email: decrypt(one.data["secret"]) for one in owned})


def totp(secret: str, *, at: float) -> str:
    """Six digits of RFC 6238, as an authenticator shows them."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8), casefold=True)
    digest = hmac.new(key, struct.pack(">Q", int(at) // 30), hashlib.sha1).digest()
    start = digest[-1] & 0xF
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFF_FFFF
    return f"{number % 1_000_000:06d}"


Visit = Callable[..., Visitor]
