"""What a webhook's body is made of, as JSON Schema and as the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_noop as _
from django.utils.translation import override

from notices.catalogue import Event, Fact, hooked
from notices.services.endpoints import PING

_KINDS: dict[Fact, dict[str, Any]] = {
    Fact.TEXT: {"type": "string"},
    Fact.COUNT: {"type": "integer", "minimum": 0},
    Fact.MOMENT: {"type": "string", "format": "date-time"},
    Fact.DAY: {"type": "string", "format": "date"},
    Fact.MONEY: {
        "type": "object",
        "properties": {
            "minor": {"type": "integer"},
            "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
        },
        "required": ["minor", "currency"],
        "additionalProperties": False,
    },
    Fact.ROLE: {"type": "string"},
    Fact.NAME: {
        "type": "object",
        "properties": {"zh": {"type": "string"}, "en": {"type": "string"}},
        "required": ["zh", "en"],
        "additionalProperties": False,
    },
}
_EXAMPLES: dict[Fact, Any] = {
    Fact.TEXT: "2026-000009",
    Fact.COUNT: 3,
    Fact.MOMENT: "2026-11-02T05:00:00Z",
    Fact.DAY: "2026-11-02",
    Fact.MONEY: {"minor": 120000, "currency": "EUR"},
    Fact.ROLE: "seller",
    Fact.NAME: {"zh": "示例供应商", "en": "Example Supplier GmbH"},
}
#: Texts that are no number.
_EXAMPLES_BY_NAME = {
    "channel": "TMALL-GLOBAL",
    "code": "warehouse.short_of_stock",
    "incoterm": "FOB",
    "quarter": "2027-Q1",
    "reason": "as agreed",
    "vessel": "DEMO STAR",
}


def _fact(name: str, kind: Fact) -> dict[str, Any]:
    return {**_KINDS[kind], "examples": [_EXAMPLES_BY_NAME.get(name, _EXAMPLES[kind])]}


def payload_schema(event: Event) -> dict[str, Any]:
    """Of the whole body that an endpoint gets for this event."""
    data = _object({name: _fact(name, kind) for name, kind in event.facts.items()})
    if event.items:
        item = _object({name: _fact(name, kind) for name, kind in event.items.items()})
        count = {"type": "integer", "minimum": 1, "examples": [1]}
        more = {"page": count, "pages": count, "items": {"type": "array", "items": item}}
        data = _object({**data["properties"], **more})
    return _body(event.code, data)


def _body(code: str, data: dict[str, Any]) -> dict[str, Any]:
    moment = {**_KINDS[Fact.MOMENT], "examples": [_EXAMPLES[Fact.MOMENT]]}
    return _object({"type": {"const": code}, "timestamp": moment, "data": data})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


#: The test message has no entry in the register: nobody chooses it.
PING_FACTS: dict[str, Any] = {
    "endpoint": {
        "type": "string",
        "format": "uuid",
        "examples": ["6f1c1c62-5f0e-4c6f-9f0a-2f7a1f0d5d11"],
    }
}


def webhooks() -> dict[str, Any]:
    """Every message as OpenAPI tells it: the part ``webhooks`` of the schema."""
    with override("en"):
        told = {event.code: _message(str(event.label), payload_schema(event)) for event in hooked()}
    told[PING] = _message(_("A test message, sent on demand"), _body(PING, _object(PING_FACTS)))
    return {
        code: {"post": {"operationId": code.replace(".", "-"), **message}}
        for code, message in told.items()
    }


def _message(summary: str, body: dict[str, Any]) -> dict[str, Any]:
    return {
        "tags": ["events"],
        "summary": summary,
        "parameters": [
            _head("webhook-id", _("The message; the same when it comes again")),
            _head("webhook-timestamp", _("When it was sent, seconds since 1970")),
            _head("webhook-signature", _("One or several of `v1,…` with spaces between them")),
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": body}}},
        "responses": {"200": {"description": _("Taken; after anything but a 2xx it comes again")}},
        "security": [],
    }


def _head(name: str, description: str) -> dict[str, Any]:
    told = {"in": "header", "name": name, "required": True, "description": description}
    return {**told, "schema": {"type": "string"}}


def table_of_events() -> str:
    """The part of ``docs/webhooks.md`` that lists the events; in English."""
    lines = ["| event | when | who | data |", "| --- | --- | --- | --- |"]
    with override("en"):
        for event in hooked():
            data = ", ".join(f"`{name}` {kind}" for name, kind in event.facts.items())
            if event.items:
                item = ", ".join(f"`{name}` {kind}" for name, kind in event.items.items())
                data += f"; `page`, `pages`, `items` of: {item}"
            who = ", ".join(sorted(event.to & {"seller", "importer"}))
            lines.append(f"| `{event.code}` | {event.label} | {who} | {data} |")
    return "\n".join(lines) + "\n"
