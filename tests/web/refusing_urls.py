"""The house's addresses and a few doors behind which something is refused or breaks."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as house
from core.errors import DomainError, InputError


class ShelfFull(DomainError):
    """The shelf
    is full."""

    code = "tests.shelf_full"


class TooManyCrates(InputError):
    """So many crates cannot be counted."""

    code = "tests.too_many_crates"


def store(request: HttpRequest) -> HttpResponse:
    raise ShelfFull(places_left=0, crate="<b>A-7</b>", rows=[1, 2])


def count(request: HttpRequest) -> HttpResponse:
    raise TooManyCrates(crates=10**9)


def forbid(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret in a trace")


urlpatterns = [
    path("store/", store),
    path("count/", count),
    path("forbid/", forbid),
    path("fail/", fail),
    *house,
]
