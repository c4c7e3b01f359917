"""Whatever goes wrong under /api/ is told in one shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.http import HttpResponse, JsonResponse
from django.test import Client, RequestFactory

from rest import problems
from rest.reading import read_json
from rest.refusals import BadJson

DEEP = b"[" * 100_000 + b"]" * 100_000


def _is_problem(answer: Any, status: int, code: str) -> None:
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert told["type"].endswith(f"/problems/{code}")
    assert set(told) >= {"type", "title", "status", "detail", "instance", "code", "facts"}


def test_an_address_without_anything_is_a_problem(db: None) -> None:
    _is_problem(Client().get("/api/v1/nothing"), 404, "rest.not_found")
    _is_problem(Client().get("/api/v2/me"), 404, "rest.not_found")
    _is_problem(Client().get("/api/v1/%00"), 400, "rest.bad_request")


def test_a_wrong_method_names_the_right_ones(db: None) -> None:
    answer = Client().delete("/api/v1/me")

    _is_problem(answer, 405, "rest.wrong_method")
    assert answer["Allow"] == "GET, HEAD, OPTIONS"


def test_a_body_that_is_too_large_is_not_even_read(db: None) -> None:
    answer = Client().generic("POST", "/api/v1/me", CONTENT_LENGTH=str(10**9))

    _is_problem(answer, 413, "rest.too_large")


def test_a_body_whose_length_nobody_tells_is_not_taken_for_an_empty_one(db: None) -> None:
    answer = Client().get("/api/v1/me", headers={"transfer-encoding": "chunked"})
    sent = Client().generic(
        "POST", "/api/v1/retail-orders", headers={"transfer-encoding": "chunked"}
    )

    _is_problem(answer, 411, "rest.length_missing")
    _is_problem(sent, 411, "rest.length_missing")


def test_the_sentence_comes_in_the_language_that_is_asked_for(db: None) -> None:
    chinese = Client().get("/api/v1/nothing").json()["detail"]
    english = Client().get("/api/v1/nothing", headers={"accept-language": "en"}).json()["detail"]

    assert english == "There is nothing at this address, or it is not yours."
    assert chinese == "此地址下没有内容，或不属于您。"


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"",
        b"\xff\xfe",
        DEEP,
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": 123456789012345678901234567890}',
        b'{"a": 1e999999999}',
        b'{"a": "\\u0000"}',
        b'{"a": "\\ud800"}',
        b"[1, 2",
        b"\x00",
    ],
)
def test_odd_json_is_refused(content: bytes) -> None:
    with pytest.raises(BadJson):
        read_json(content)


def test_plain_json_is_read() -> None:
    assert read_json('{"a": [1, "中文", {"b": null}]}'.encode()) == {"a": [1, "中文", {"b": None}]}


def test_every_problem_has_a_page(db: None) -> None:
    page = Client(headers={"accept-language": "en"})

    assert "Raise" not in page.get("/problems/").content.decode()
    assert "revoked" in page.get("/problems/rest.token_revoked").content.decode()
    assert page.get("/problems/no.such").status_code == 404


def test_a_refusal_of_a_middleware_below_keeps_its_code(rf: RequestFactory) -> None:
    below = JsonResponse(
        {"code": "core.bad_limit", "rule": "…", "facts": {"parameter": "limit"}}, status=422
    )

    answer = problems.of_status(rf.get("/api/v1/me"), below)

    _is_problem(answer_as_client(answer), 422, "core.bad_limit")
    assert json.loads(answer.content)["facts"] == {"parameter": "limit"}


def answer_as_client(answer: HttpResponse) -> HttpResponse:
    answer.json = lambda: json.loads(answer.content)  # type: ignore[attr-defined]
    return answer
