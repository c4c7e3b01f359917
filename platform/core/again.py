"""What the database gave up is done again."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from psycopg.errors import DeadlockDetected, SerializationFailure

from core.errors import DomainError
from core.middleware import refusal

log = logging.getLogger(__name__)


class AgainMiddleware:
    """Asks a page or an operation again when the database gave up its transaction for another's.

    Of two that wait for each other PostgreSQL ends one (SQLSTATE 40P01), or one that could not be
    put into an order (40001). Nothing of it is written, so it is simply done again; a person
    hears of it only when that has happened three times. A door whose work is several transactions
    may have done the first of them: what is done already is refused in words, as for any who
    come second.
    """

    TIMES = 3

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        for _time in range(self.TIMES):
            if not _was_given_up(error) or connection.in_atomic_block:
                break
            log.warning("asked again: %s", str(error).partition("\n")[0])
            _rewind(request)
            match = request.resolver_match
            if match is None:
                break
            try:
                answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
            except DomainError as refused:
                return refusal(request, refused)
            except OperationalError as again:
                error = again
            else:
                return answer
        return None


def _was_given_up(error: Exception) -> bool:
    cause = error.__cause__
    return isinstance(error, OperationalError) and isinstance(
        cause, DeadlockDetected | SerializationFailure
    )


def _rewind(request: HttpRequest) -> None:
    """Files that were read are read again from their beginning."""
    files = getattr(request, "_files", None)
    for _name, sent in files.lists() if files else ():
        for one in sent:
            one.seek(0)
