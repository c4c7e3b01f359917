"""What the OpenAPI schema says of every operation alike: headers, errors, who may."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_noop as _

from rest import rules
from rest.problems import MEDIA_TYPE
from rest.serving import Need
from rest.wording import said

#: What can go wrong, and with which operations.
_ALWAYS = (400, 401, 403, 404, 405, 409, 411, 413, 415, 422, 429, 500)

_SAID = {
    400: _("The request cannot be read (`rest.bad_json`, `rest.key_missing`, …)"),
    401: _("No token, or one that is unknown, revoked or expired"),
    403: _("The scope is missing, or the company may not change anything"),
    404: _("There is nothing of that name, or it is not yours"),
    405: _("The address takes other methods"),
    409: _("The state of the world refuses it; `code` names the rule"),
    411: _("The body has no length (`rest.length_missing`)"),
    412: _("It has changed since you read it (`rest.changed`)"),
    413: _("The body is too large"),
    415: _("The body has the wrong content type"),
    422: _("Values that cannot be used, each named in `errors`"),
    428: _("The header If-Match is missing"),
    429: _("Too many requests; see Retry-After"),
    500: _("Our fault; nothing was changed"),
}

_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": _(
        "A name of your own for this request; sent again, it has the same answer and no second "
        "effect"
    ),
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": rules.LONGEST_KEY,
        "pattern": "^[!-~]+$",
    },
    "example": "3f1c6c1e-forecast-2026-Q4",
}
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "description": _("The ETag of what you read and decided on"),
    "schema": {"type": "string"},
    "example": '"9f86d081884c7d659a2feaa0c55ad015"',
}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "required": False,
    "description": _("The ETag you have: 304 when nothing has changed"),
    "schema": {"type": "string"},
}

PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": _(
        "Problem details, RFC 9457. `code` names the rule and stays the same; `detail` says it in "
        "the language of Accept-Language (zh-hans, en)."
    ),
    "required": ["type", "title", "status", "detail", "instance", "code", "facts"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "facts": {"type": "object", "additionalProperties": True},
        "errors": {
            "type": "array",
            "items": {"type": "object", "additionalProperties": True},
        },
    },
    "example": {
        "type": "http://localhost:8000/problems/procurement.round_closed",
        "title": "Conflict",
        "status": 409,
        "detail": "The round is closed; forecasts can no longer be changed.",
        "instance": "/api/v1/rounds/2026-Q3/forecasts",
        "code": "procurement.round_closed",
        "facts": {"cutoff_at": "2026-06-20T16:00:00Z"},
    },
}


def extra_of(need: Need, method: str, extra: dict[str, Any]) -> dict[str, Any]:
    """What the schema of one operation has beyond its own models."""
    headers: list[dict[str, Any]] = []
    statuses = list(_ALWAYS)
    if need.creates:
        headers.append(_KEY)
    if need.current is not None:
        headers.append(_IF_MATCH)
        statuses += [412, 428]
    has_tag = method == "GET" and (need.is_single or need.is_file)
    if has_tag:
        headers.append(_IF_NONE_MATCH)
    responses: dict[Any, Any] = {
        status: {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)
    }
    if has_tag:
        responses[304] = {"description": _("Not modified")}
    scopes = [need.scope] if need.scope else []
    return {
        "parameters": [*extra.get("parameters", []), *headers],
        "responses": {**responses, **extra.get("responses", {})},
        "security": [{"token": scopes}, {"session": []}],
        **({"x-scope": need.scope} if need.scope else {}),
    }


def file_answer(*media_types: str) -> dict[str, Any]:
    """An answer of bytes, of one of these kinds."""
    return {
        "responses": {
            200: {
                "description": _("The file"),
                "content": {
                    one: {"schema": {"type": "string", "format": "binary"}} for one in media_types
                },
            }
        }
    }


def complete(told: dict[str, Any]) -> None:
    """What the operations refer to."""
    parts = told["components"]
    parts["schemas"]["Problem"] = PROBLEM
    parts["responses"] = {
        f"Problem{status}": {
            "description": _SAID[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in _SAID
    }
    parts["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "bp_…",
            "description": said(
                _(
                    "A token of the company (portal: API tokens; command: `bondpool token_create`)."
                    " Scopes: %(scopes)s"
                ),
                scopes=", ".join(f"`{one}`" for one in rules.SCOPES),
            ),
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": _("The portal's session; changes need the header X-CSRFToken"),
        },
    }
