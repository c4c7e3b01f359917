"""Which methods the house knows: as the server sends it, not as a test client trims it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    StreamingHttpResponse,
)
from django.http import HttpResponseNotAllowed as NotAllowed
from django.test import RequestFactory

from core.middleware import MethodMiddleware


def _sent(
    method: str, answer: HttpResponseBase, path: str = "/api/v1/me"
) -> tuple[HttpResponseBase, list[str | None], bytes]:
    """The answer, the method that the page saw, and the body that would leave the house."""
    seen: list[str | None] = []

    def page(request: HttpRequest) -> HttpResponseBase:
        seen.append(request.method)
        return answer

    told = MethodMiddleware(page)(RequestFactory().generic(method, path))
    return told, seen, b"".join(told)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_is_get_without_its_body(method: str) -> None:
    told, seen, body = _sent(method, HttpResponse(b"words", headers={"ETag": '"1"'}))

    assert (told.status_code, seen, told["ETag"]) == (200, ["GET"], '"1"')
    assert body == (b"words" if method == "GET" else b"")
    if method == "HEAD":
        assert told["Content-Length"] == "5", "the length that GET would have had"


def test_a_file_that_is_sent_in_pieces_is_not_even_read() -> None:
    read: list[int] = []

    def pieces() -> Iterator[bytes]:
        read.append(1)
        yield b"piece"

    answer = StreamingHttpResponse(pieces(), headers={"Content-Length": "5"})
    told, _seen, body = _sent("HEAD", answer)

    assert (body, told["Content-Length"], read) == (b"", "5", [])


def test_an_open_file_is_closed_all_the_same(db: None) -> None:
    file = open(__file__, "rb")  # noqa: SIM115 - the answer closes it
    told, _seen, body = _sent("HEAD", FileResponse(file))

    assert body == b""
    told.close()
    assert file.closed


def test_a_wrong_method_is_told_that_head_is_right() -> None:
    told, _seen, _body = _sent("DELETE", NotAllowed(["POST", "GET"]))
    other, _seen, _body = _sent("HEAD", NotAllowed(["POST"]))

    assert (told.status_code, told["Allow"]) == (405, "GET, HEAD, POST")
    assert (other.status_code, other["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    "method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "BREW"]
)
def test_a_page_is_not_even_asked_with_a_method_that_no_page_has(method: str) -> None:
    told, seen, _body = _sent(method, HttpResponse(), "/stock/")

    assert (told.status_code, told["Allow"], seen) == (405, "GET, HEAD, POST", [])
    assert _sent(method, HttpResponse())[1] == [method], "the API says itself what it takes"
