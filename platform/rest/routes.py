"""Routers of the API: each operation says what it is, and is guarded and documented by that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError

from core.errors import DomainError
from core.listing import Listing
from rest import problems, schema
from rest.lists import Page, parameters_of
from rest.reading import StrictParser
from rest.serving import Need, guarded, tagging

F = TypeVar("F", bound=Callable[..., Any])


class Routes(Router):
    """The operations of one app."""

    def __init__(self, *, tags: list[str]) -> None:
        super().__init__(tags=tags)
        self.add_decorator(tagging, "operation")
        self.add_decorator(guarded, "view")

    def rows(
        self,
        path: str,
        *,
        scope: str,
        listing: Listing,
        row: Any,
        summary: str,
        any_standing: bool = False,
        applicants_too: bool = False,
    ) -> Callable[[F], F]:
        """GET: a list."""
        need = Need(
            scope=scope,
            listing=listing,
            any_standing=any_standing,
            applicants_too=applicants_too,
        )
        return self._add(
            "GET", path, need, Page[row], summary, {"parameters": parameters_of(listing)}
        )

    def show(
        self,
        path: str,
        *,
        scope: str,
        response: Any,
        summary: str,
        is_single: bool = True,
        any_standing: bool = False,
        applicants_too: bool = False,
        as_given: bool = False,
    ) -> Callable[[F], F]:
        """GET: one thing, with its ETag; ``as_given`` leaves out what was not told of it."""
        need = Need(
            scope=scope,
            is_single=is_single,
            any_standing=any_standing,
            applicants_too=applicants_too,
        )
        return self._add("GET", path, need, response, summary, as_given=as_given)

    def file(
        self,
        path: str,
        *,
        scope: str,
        media_type: str | Sequence[str],
        summary: str,
        any_standing: bool = False,
    ) -> Callable[[F], F]:
        """GET: bytes."""
        need = Need(scope=scope, is_file=True, any_standing=any_standing)
        kinds = [media_type] if isinstance(media_type, str) else media_type
        return self._add("GET", path, need, None, summary, schema.file_answer(*kinds))

    def create(
        self,
        path: str,
        *,
        scope: str,
        response: Any,
        summary: str,
        money: bool = False,
        status: int = 201,
        is_single: bool = True,
        any_standing: bool = False,
        applicants_too: bool = False,
        is_confirmed: bool = False,
    ) -> Callable[[F], F]:
        """POST: something new, once per Idempotency-Key."""
        need = Need(
            scope=scope,
            is_confirmed=is_confirmed,
            creates=True,
            money=money,
            is_single=is_single,
            any_standing=any_standing,
            applicants_too=applicants_too,
        )
        return self._add("POST", path, need, {status: response}, summary)

    def change(
        self,
        path: str,
        *,
        scope: str,
        current: Callable[..., Any],
        response: Any,
        summary: str,
        method: str = "POST",
        money: bool = False,
        is_confirmed: bool = False,
        any_standing: bool = False,
        applicants_too: bool = False,
    ) -> Callable[[F], F]:
        """POST or PATCH: a change of what ``current`` shows, under If-Match."""
        need = Need(
            scope=scope,
            current=current,
            is_single=True,
            money=money,
            is_confirmed=is_confirmed,
            any_standing=any_standing,
            applicants_too=applicants_too,
        )
        return self._add(method, path, need, response, summary)

    def ask(
        self,
        path: str,
        *,
        scope: str,
        response: Any,
        summary: str,
        media_type: str = "",
        any_standing: bool = False,
    ) -> Callable[[F], F]:
        """POST that changes nothing, or nothing that matters twice: a preview, several files."""
        extra = schema.file_answer(media_type) if media_type else {}
        need = Need(scope=scope, any_standing=any_standing)
        return self._add("POST", path, need, response, summary, extra)

    def _add(
        self,
        method: str,
        path: str,
        need: Need,
        response: Any,
        summary: str,
        extra: dict[str, Any] | None = None,
        *,
        as_given: bool = False,
    ) -> Callable[[F], F]:
        def add(operate: F) -> F:
            operate.need = need  # type: ignore[attr-defined]
            known = {"response": response} if response is not None else {}
            self.api_operation(
                [method],
                path,
                summary=summary,
                operation_id=operate.__name__,
                openapi_extra=schema.extra_of(need, method, extra or {}),
                exclude_unset=as_given,
                **known,
            )(operate)
            return operate

        return add


class Api(NinjaAPI):
    """The house's API: strict bodies, and every error as problem details."""

    def __init__(self, **told: Any) -> None:
        super().__init__(parser=StrictParser(), docs_url=None, openapi_url="", **told)
        for kind in (DomainError, HttpError, ValidationError):
            self.add_exception_handler(kind, _tell)

    def get_openapi_schema(self, **told: Any) -> Any:
        found = super().get_openapi_schema(**told)
        schema.complete(found)
        return found

    def create_response(self, request: HttpRequest, data: Any, **told: Any) -> HttpResponse:
        answer = super().create_response(request, data, **told)
        link = getattr(request, "link", "")
        if link:
            answer["Link"] = link
        return answer


def _tell(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
    if isinstance(error, type):
        error = error()
    return problems.of_exception(request, error)
