"""Every error under /api/ in one shape: problem details, RFC 9457."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import is_dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as told
from ninja.errors import HttpError, ValidationError

from core.errors import DomainError
from core.rulebook import refusals as all_refusals
from core.sheets import MOST_FAULTS
from rest import refusals

MEDIA_TYPE = "application/problem+json"

#: What pydantic finds, in our words.
SENTENCES = {
    "missing": told("This must be filled in."),
    "extra_forbidden": told("There is no such field."),
    "int_type": told("This must be a whole number."),
    "int_parsing": told("This must be a whole number."),
    "int_from_float": told("This must be a whole number."),
    "string_type": told("This must be text."),
    "bool_type": told("This must be true or false."),
    "list_type": told("This must be a list."),
    "dict_type": told("This must be an object."),
    "model_attributes_type": told("This must be an object."),
    "model_type": told("This must be an object."),
    "string_too_short": told("This is too short."),
    "string_too_long": told("This is too long."),
    "too_short": told("There are too few entries."),
    "too_long": told("There are too many entries."),
    "greater_than_equal": told("This is too small."),
    "greater_than": told("This is too small."),
    "less_than_equal": told("This is too large."),
    "less_than": told("This is too large."),
    "literal_error": told("This is not one of the known values."),
    "enum": told("This is not one of the known values."),
    "string_pattern_mismatch": told("This is not written as it should be."),
    "day": told("This must be a day of this century, written 2026-03-31."),
    "moment": told("This must be a time with its offset, written 2026-03-31T12:00:00+08:00."),
    "decimal_parsing": told("This must be a number."),
    "decimal_type": told("This must be a number."),
    "uuid_parsing": told("This is no identifier."),
    "email": told("This is no e-mail address."),
}
OTHER = told("This value cannot be used.")

#: RFC 9457: a title is the same for every problem of its kind, but for the language.
TITLES = {
    400: told("Bad Request"),
    401: told("Unauthorized"),
    403: told("Forbidden"),
    404: told("Not Found"),
    405: told("Method Not Allowed"),
    409: told("Conflict"),
    410: told("Gone"),
    411: told("Length Required"),
    412: told("Precondition Failed"),
    413: told("Request Entity Too Large"),
    415: told("Unsupported Media Type"),
    422: told("Unprocessable Entity"),
    428: told("Precondition Required"),
    429: told("Too Many Requests"),
    500: told("Internal Server Error"),
    502: told("Bad Gateway"),
    503: told("Service Unavailable"),
}


def problem(
    request: HttpRequest,
    error: DomainError,
    *,
    errors: Sequence[Mapping[str, Any]] = (),
    headers: Mapping[str, str] | None = None,
) -> HttpResponse:
    """One refusal as an answer; its sentence in the language that was asked for."""
    facts = {name: value for name, value in error.facts.items() if name != "rows"}
    rows = error.facts.get("rows")
    if rows and not errors and isinstance(rows, Sequence):
        errors = [_row(row) for row in rows[:MOST_FAULTS]]
    body = {
        "type": f"{settings.BONDPOOL_PUBLIC_URL}/problems/{error.code}",
        "title": gettext(TITLES.get(error.status) or HTTPStatus(error.status).phrase),
        "status": error.status,
        "detail": gettext(error.rule()),
        "instance": quote(request.path, safe="/"),
        "code": error.code,
        "facts": facts,
    }
    if errors:
        body["errors"] = list(errors)
    answer = HttpResponse(
        json.dumps(body, ensure_ascii=False, default=str),
        status=error.status,
        content_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )
    if error.status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="bondpool"'
    if isinstance(error, refusals.TooMany):
        answer["Retry-After"] = str(error.facts.get("retry_after", 60))
    if error.status == 403 and isinstance(error, refusals.ScopeMissing):
        scope = str(error.facts.get("scope", ""))
        answer["WWW-Authenticate"] = (
            f'Bearer realm="bondpool", error="insufficient_scope", scope="{scope}"'
        )
    return answer


def _row(row: object) -> dict[str, Any]:
    """An error of a file's row: ``row``, ``field``, ``message``."""
    if is_dataclass(row) and not isinstance(row, type):
        error = getattr(row, "error", None)
        told = error.rule() if isinstance(error, DomainError) else getattr(row, "message", "")
        return {
            "row": getattr(row, "row", None),
            "field": getattr(row, "field", "") or getattr(row, "column", ""),
            "message": gettext(str(told)) if error else str(told),
        }
    return {"message": str(row)}


def of_exception(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to an exception; one that nobody foresaw goes on."""
    if isinstance(error, DomainError):
        return problem(request, error)
    if isinstance(error, Http404):
        return problem(request, refusals.NothingHere())
    if isinstance(error, ValidationError):
        return problem(request, refusals.Invalid(), errors=[_invalid(e) for e in error.errors])
    if isinstance(error, HttpError):
        cause = error.__cause__
        if isinstance(cause, DomainError):
            return problem(request, cause)
        return problem(request, refusals.BY_STATUS.get(error.status_code, refusals.BadRequest)())
    raise error


def _invalid(error: Mapping[str, Any]) -> dict[str, Any]:
    """One of pydantic's findings: where (a JSON pointer, or a parameter's name), and what."""
    source, *path = error["loc"]
    sentence = gettext(SENTENCES.get(error["type"], OTHER))
    if source == "body":
        # The first step is the name of our own parameter.
        steps = [str(step).replace("~", "~0").replace("/", "~1") for step in path[1:]]
        pointer = "".join(f"/{step}" for step in steps)
        return {
            "pointer": pointer,
            "field": steps[-1] if steps else "",
            "message": sentence,
            "rule": error["type"],
        }
    return {
        "parameter": str(path[-1]) if path else "",
        "in": source,
        "message": sentence,
        "rule": error["type"],
    }


def of_status(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The answer of something below the API (Django, a middleware) in the API's shape."""
    told = _refusal_in(answer)
    if told is not None:
        return problem(request, told)
    kind = refusals.BY_STATUS.get(answer.status_code)
    if kind is None:
        kind = refusals.Failed if answer.status_code >= 500 else refusals.BadRequest
    headers = {name: answer[name] for name in ("Allow", "Retry-After") if answer.has_header(name)}
    return problem(request, kind(), headers=headers)


def _refusal_in(answer: HttpResponse) -> DomainError | None:
    """The refusal that a middleware below answered with, in its own JSON."""
    if not str(answer.get("Content-Type", "")).startswith("application/json"):
        return None
    body = json.loads(answer.content)
    kind = next((one for one in all_refusals() if one.code == body.get("code")), None)
    return kind(**body.get("facts", {})) if kind else None
