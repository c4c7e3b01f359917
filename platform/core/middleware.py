from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from core.errors import DomainError


class RefusalMiddleware:
    """Turns any refusal of the domain into one shape: a page, or JSON for who asks for it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        message = gettext(error.rule())
        if request.accepts("text/html"):
            facts = {name: value for name, value in error.facts.items() if name != "rows"}
            context = {"message": message, "code": error.code, "facts": facts}
            return render(request, "web/refused.html", context, status=error.status)
        body = {"code": error.code, "rule": message, "facts": error.facts}
        return JsonResponse(body, status=error.status, json_dumps_params={"default": str})
