"""Two who wait for each other: the database ends one of them, and it is asked again."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from psycopg.errors import DeadlockDetected

from core.again import AgainMiddleware
from core.errors import DomainError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]

asked: Counter[str] = Counter()
both_hold_one = Barrier(2)


class Refused(DomainError):
    """It is too late by now."""

    code = "core.too_late_by_now"


def crossing(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Holds one lock, waits until the other holds the other, and wants that."""
    asked[request.path] += 1
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [first])
        if asked[request.path] == 1:
            both_hold_one.wait(timeout=30)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [second])
    (file,) = request.FILES.getlist("file")
    return HttpResponse(request.POST["told"] + file.read().decode())


def never(request: HttpRequest) -> HttpResponse:
    asked[request.path] += 1
    raise OperationalError from DeadlockDetected()


def refused_then(request: HttpRequest) -> HttpResponse:
    asked[request.path] += 1
    if asked[request.path] == 1:
        raise OperationalError from DeadlockDetected()
    raise Refused


def gone(request: HttpRequest) -> HttpResponse:
    asked[request.path] += 1
    raise OperationalError("the connection is lost")


def handler500(request: HttpRequest) -> HttpResponse:
    return HttpResponse("a fault", status=500)


urlpatterns = [
    path("crossing/<int:first>/<int:second>/", crossing),
    path("never/", never),
    path("refused/", refused_then),
    path("gone/", gone),
]


@pytest.fixture(autouse=True)
def _fresh() -> None:
    asked.clear()
    both_hold_one.reset()


def test_of_two_that_wait_for_each_other_the_one_that_was_ended_is_asked_again() -> None:
    def ask(where: str) -> bytes:
        try:
            sent = {"told": "a form and ", "file": SimpleUploadedFile("f.txt", b"its file")}
            return bytes(Client().post(where, sent).content)
        except BrokenBarrierError:  # pragma: no cover - says what went wrong
            return b"alone"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(ask, ["/crossing/71/72/", "/crossing/72/71/"]))

    assert told == [b"a form and its file"] * 2
    assert sorted(asked.values()) == [1, 2]


def test_it_is_asked_three_times_more_and_then_the_fault_is_told() -> None:
    with pytest.raises(OperationalError):
        Client().get("/never/")

    assert asked["/never/"] == 1 + AgainMiddleware.TIMES


def test_what_is_refused_the_second_time_is_told_as_a_refusal() -> None:
    answer = Client(headers={"accept": "application/json"}).get("/refused/")

    assert (answer.status_code, answer.json()["code"]) == (409, "core.too_late_by_now")


def test_another_fault_of_the_database_is_not_tried_again() -> None:
    with pytest.raises(OperationalError, match="lost"):
        Client().get("/gone/")

    assert asked["/gone/"] == 1
