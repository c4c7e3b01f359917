"""What a webhook's body is made of, as JSON Schema and as the page of the documentation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import override

from notices.catalogue import Event, Fact, hooked

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


def payload_schema(event: Event) -> dict[str, Any]:
    """Of the whole body that an endpoint gets for this event."""
    data = _object({name: _KINDS[kind] for name, kind in event.facts.items()})
    if event.items:
        item = _object({name: _KINDS[kind] for name, kind in event.items.items()})
        count = {"type": "integer", "minimum": 1}
        more = {"page": count, "pages": count, "items": {"type": "array", "items": item}}
        data = _object({**data["properties"], **more})
    return _object(
        {
            "type": {"const": event.code},
            "timestamp": {"type": "string", "format": "date-time"},
            "data": data,
        }
    )


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties),
        "additionalProperties": False,
    }


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
