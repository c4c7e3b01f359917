from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast
from uuid import uuid4

from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBadRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, gettext, override

from core.errors import DomainError, InputError
from core.logs import current_request

#: The largest file that is taken (20 MB, core.sheets) and the form around it.
LARGEST_BODY = 21_000_000

#: Under it stand the operations of the API; everything else is a page or a file.
API_ROOT = "/api/"
_OF_PAGES = ("GET", "HEAD", "POST")


class BodyTooLarge(InputError):
    """What was sent is larger than anything that is taken here; nothing of it was read."""

    code = "core.body_too_large"
    status = 413


#: What is mostly words; papers and pictures are packed already.
_WORDS = ("text/html", "application/json", "application/problem+json")


class PackingMiddleware(GZipMiddleware):
    """Pages and the API's answers travel packed where the browser takes it: a tenth of the bytes.

    How well a page packs tells nobody its form's secret (BREACH): the secret is masked anew in
    each page, and each answer has a random length. An answer with an ETag stays as it is, for a
    packed one could no longer be named in ``If-Match``.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        is_words = str(response.get("Content-Type", "")).startswith(_WORDS)
        if not is_words or response.streaming or response.has_header("ETag"):
            return response
        return super().process_response(request, response)


class RequestNumberMiddleware:
    """Numbers every request. The number stands in its log lines, in the history of what it
    changed and in its answer's ``X-Request-ID``, so that a person can quote it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = uuid4()
        before = current_request.set(number)
        try:
            answer = self.get_response(request)
        finally:
            current_request.reset(before)
        answer["X-Request-ID"] = str(number)
        return answer


class MethodMiddleware:
    """Which methods the house knows at all.

    Pages know GET, HEAD and POST: any other is refused here, whoever asks and whatever for, so
    that no page can forget it. HEAD is answered on every address that answers GET, also of the
    API, as RFC 9110 wants: the same headers, no body.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in _OF_PAGES and not request.path_info.startswith(API_ROOT):
            return HttpResponseNotAllowed(_OF_PAGES)
        is_head = request.method == "HEAD"
        if is_head:
            request.method = "GET"
            # For who counts what people looked at.
            request.is_head = True  # type: ignore[attr-defined]
        answer = self.get_response(request)
        if answer.status_code == 405 and answer.has_header("Allow"):
            answer["Allow"] = _with_head(answer["Allow"])
        return _without_body(answer) if is_head else answer


def _with_head(allow: str) -> str:
    methods = {one.strip() for one in allow.split(",") if one.strip()}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def _without_body(answer: HttpResponseBase) -> HttpResponseBase:
    if isinstance(answer, HttpResponse):
        answer["Content-Length"] = str(len(answer.content))
        answer.content = b""
    elif isinstance(answer, StreamingHttpResponse):
        answer.streaming_content = ()
    return answer


class NulMiddleware:
    """Answers 400 to a request with a NUL character in its address, a cookie or a form.

    PostgreSQL stores none, and the driver's complaint would be a crash of the page.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        told = (request.path_info, *request.COOKIES.values(), *_texts(request.GET))
        if any("\x00" in text for text in told):
            return _not_readable(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        # Here, because a form may only be read once the page has chosen how files are taken. The
        # API reads one once it knows from whom it comes (rest.serving).
        if request.path_info.startswith(API_ROOT):
            return None
        nul = request.method == "POST" and any("\x00" in text for text in _texts(request.POST))
        return _not_readable(request) if nul else None


def _not_readable(request: HttpRequest) -> HttpResponse:
    """The page that Django shows for what cannot be read, in the visitor's language."""
    with override(get_language_from_request(request)):
        return HttpResponseBadRequest(render_to_string("400.html"))


def _texts(told: QueryDict) -> Iterator[str]:
    for name, values in told.lists():
        yield name
        yield from map(str, values)


class RefusalMiddleware:
    """Turns any refusal of the domain into one shape: a page, or JSON for who asks for it.

    The first refusal is its own: a body that is too large is not read, neither into memory
    nor into a temporary file. (No more is ever read than the header says.)
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST_BODY:
            too_large = BodyTooLarge(megabytes=LARGEST_BODY // 1_000_000)
            return cast(HttpResponse, self.process_exception(request, too_large))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, DomainError):
            return None
        return refusal(request, error)


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """How a refusal is told: in the portal's look, or on the page that the door has named as its
    ``refused_page``."""
    message = gettext(error.rule())
    if request.accepts("text/html") and not getattr(request, "is_for_programs", False):
        facts = {name: value for name, value in error.facts.items() if name != "rows"}
        context = {"message": message, "code": error.code, "facts": facts}
        page = getattr(request, "refused_page", "web/refused.html")
        return render(request, page, context, status=error.status)
    body = {"code": error.code, "rule": message, "facts": error.facts}
    return JsonResponse(body, status=error.status, json_dumps_params={"default": str})
