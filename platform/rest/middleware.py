from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_request

from core.errors import DomainError
from core.middleware import API_ROOT
from rest.calling import bearer_of
from rest.problems import MEDIA_TYPE, of_status, problem
from rest.refusals import LengthMissing, TooLarge

#: Pages for people.
DOCS = "/api/docs/"


class ApiMiddleware:
    """Around everything under /api/: no cookie beside a token, no body that is too large, and
    every error as problem details, also those that come from below."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API_ROOT):
            return self.get_response(request)
        has_token = bearer_of(request) is not None
        # Below us a refusal is told in JSON, whatever kinds of answer the caller says it takes.
        request.is_for_programs = not request.path_info.startswith(DOCS)  # type: ignore[attr-defined]
        request.has_token = has_token  # type: ignore[attr-defined]
        if has_token:
            # A token is the whole identity: what a cookie says beside it is not even read.
            request.COOKIES = {}
            request.META.pop("HTTP_COOKIE", None)
        answer = self._answer(request)
        if has_token:
            answer.cookies.clear()
        if not answer.has_header("Cache-Control"):
            answer["Cache-Control"] = "private, no-cache"
        patch_vary_headers(answer, ["Accept-Language", "Authorization"])
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponse:
        refused = _refused_by_its_length(request)
        if refused is not None:
            with translation.override(get_language_from_request(request)):
                return problem(request, refused)
        answer = self.get_response(request)
        if answer.status_code == 405:
            answer["Allow"] = _allowed(answer["Allow"])
            if request.method == "OPTIONS":
                # What an address takes is in the schema, which anybody may read.
                return HttpResponse(status=204, headers={"Allow": answer["Allow"]})
        with translation.override(get_language_from_request(request)):
            is_told = str(answer.get("Content-Type", "")).startswith(MEDIA_TYPE)
            if answer.status_code >= 400 and not is_told:
                return of_status(request, answer)
        return answer


def _refused_by_its_length(request: HttpRequest) -> DomainError | None:
    """A body that is too large, or of which nobody says how large it is, is not read.

    Django reads as much as the header says: of a body in chunks nothing.
    """
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length and request.META.get("HTTP_TRANSFER_ENCODING"):
        return LengthMissing()
    most = settings.BONDPOOL_API_MOST_BYTES
    is_number = length.isascii() and length.isdecimal() and len(length) <= 12
    return TooLarge(most=most) if length and (not is_number or int(length) > most) else None


def _allowed(told: str) -> str:
    """What an address takes, with what every address takes."""
    methods = {one.strip() for one in told.split(",")} | {"OPTIONS"}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))
