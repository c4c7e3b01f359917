"""Every pattern of the resolver, down to the last include, and how it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver
from django.urls.resolvers import RegexPattern

from config.urls import urlpatterns
from core.walls import platform_wide
from tests.factories.accounts import confirm
from tests.walls.addresses import PUBLIC, TABLE, Address, Person, path_of
from tests.walls.world import World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
API = "api/v1/"
ADMIN = "admin/"

#: Opened with nothing in the form, these find nothing that is named in it.
NAMED_IN_THE_FORM = {
    "act-for/",
    "lists/<slug:key>/file/",
    "lists/<slug:key>/act/",
    "labels/issue/",
    "notices/read/",
    "admissions/<int:pk>/",
    "companies/<str:code>/decide/",
    "people/<str:code>/members/<int:pk>/account/",
    "audit/people/<int:pk>/change/",
}
#: They lead on to another page, or only open in another state of one's own account.
LEADING_ON = {
    "apply/",
    "notices/<int:pk>/",
    "webhooks/<uuid:uid>/secret/",
    "channels/<uuid:uid>/secret/",
    "tokens/<int:pk>/made/",
    "warehouse/shipments/<str:number>/count/",
    "customs/shipments/<str:number>/declare/",
}

#: Served by whitenoise before any pattern is asked: files of the programs, nobody's data.
NOT_A_PATTERN = "/static/"


def every_pattern(patterns: Any = urlpatterns, before: str = "") -> Iterator[str]:
    """The routes, with those of the includes; a regular expression as it is written."""
    for one in patterns:
        route = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from every_pattern(one.url_patterns, route)
        elif isinstance(one, URLPattern):
            mark = "~" if isinstance(one.pattern, RegexPattern) else ""
            yield mark + route


def admin_path(route: str, world: World) -> str:
    """An address of Django's own admin, with the canary's row in it."""
    for part, value in {
        "<path:object_id>": world.seller.pk,
        "<int:content_type_id>": 1,
        "<path:url>": "accounts",
    }.items():
        route = route.replace(part, str(value))
    if route.startswith("~"):
        # Of its two expressions, one names an app and one is whatever else there may be.
        return "/admin/accounts/" if "app_label" in route else "/admin/nothing"
    return f"/{route}"


def table_of_the_house(world: World) -> dict[str, tuple[Address, str]]:
    """Route -> who may, and the path that names the canary's row. The API has its own table."""
    found = {
        route: (address, path_of(route, world))
        for route, address in TABLE.items()
        if route not in {API, ADMIN}
    }
    for route in every_pattern():
        if route.lstrip("~").startswith(ADMIN):
            # How one signs in and out there is the house's own, and for everybody.
            is_the_gate = route in {"admin/login/", "admin/logout/"}
            found[route] = (PUBLIC if is_the_gate else TABLE[ADMIN], admin_path(route, world))
    return found


@contextmanager
def undone() -> Iterator[None]:
    """What is written inside is taken back, so that every request meets the same world."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass
class Walker:
    """A browser of one person, that has the same session for every request."""

    person: Person
    client: Client
    session: str

    @classmethod
    def of(cls, person: Person, world: World) -> Walker:
        client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        if not person.is_signed_in:
            return cls(person, client, "")
        with platform_wide():
            client.force_login(world.people[person.name])
            confirm(client)
        return cls(person, client, client.cookies["sessionid"].value)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> HttpResponseBase:
        self.client.cookies.clear()
        if self.session:
            self.client.cookies["sessionid"] = self.session
        if method == "POST":
            return self.client.post(path, body or {})
        return self.client.generic(method, path)


def is_the_door(answer: HttpResponseBase) -> bool:
    """Sent to the page where one signs in, which tells nothing about what was asked for."""
    return answer.status_code == 302 and "login/?next=" in str(answer.headers["Location"])


def is_turned_away(answer: HttpResponseBase) -> bool:
    return is_the_door(answer) or answer.status_code in {404, 405}


def _opens(route: str, address: Address, method: str, answer: HttpResponseBase) -> bool:
    if answer.status_code >= 500:
        return False
    if address.public or route.startswith("account/"):
        # Which step of signing in opens is told in tests/accounts; nobody is turned away as such.
        return answer.status_code not in {401, 403} or route == "admin/login/"
    if method == "POST":
        is_refused = answer.status_code in {401, 403, 404, 405} or is_the_door(answer)
        return not is_refused or (route in NAMED_IN_THE_FORM and answer.status_code == 404)
    return answer.status_code == 200 or (route in LEADING_ON and answer.status_code == 302)


def is_wrong(
    route: str, address: Address, person: Person, method: str, answer: HttpResponseBase
) -> bool:
    """Whether this answer is not the one that the table foresees."""
    if person.name == "applicant" and answer.status_code == 409:
        return address.public or address.nobody
    if address.is_for(person, method):
        return not _opens(route, address, method, answer)
    if person.is_signed_in and is_the_door(answer):
        return not route.lstrip("~").startswith(ADMIN)
    return not is_turned_away(answer)
