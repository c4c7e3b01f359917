"""The reference page: the OpenAPI schema as people read it, with no script."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_METHODS = ("get", "post", "put", "patch", "delete")
_TONES = {"get": "blue", "post": "green", "patch": "orange", "put": "orange", "delete": "red"}


@dataclass(frozen=True, slots=True)
class Field:
    """One name of a body, an answer or an address."""

    name: str
    kind: str
    needed: bool
    description: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One operation."""

    name: str
    method: str
    tone: str
    path: str
    summary: str
    description: str
    scope: str
    parameters: list[Field]
    body: list[Field]
    body_type: str
    answer: list[Field]
    example: str


def chapters(schema: Mapping[str, Any]) -> list[tuple[str, str, list[Entry]]]:
    """Tag, what it is about, and its operations."""
    by_tag: dict[str, list[Entry]] = {}
    for path, operations in (*schema["paths"].items(), *schema.get("webhooks", {}).items()):
        for method in _METHODS:
            if method in operations:
                told = operations[method]
                tag = (told.get("tags") or ["everybody"])[0]
                by_tag.setdefault(tag, []).append(_entry(schema, path, method, told))
    return [
        (tag["name"], tag["description"], by_tag[tag["name"]])
        for tag in schema.get("tags", [])
        if tag["name"] in by_tag
    ]


def _entry(schema: Mapping[str, Any], path: str, method: str, told: Mapping[str, Any]) -> Entry:
    parameters = [
        Field(
            one["name"],
            _kind(schema, one["schema"]),
            bool(one.get("required")),
            one.get("description", ""),
            one["in"],
        )
        for one in told.get("parameters", [])
    ]
    sent = told.get("requestBody", {}).get("content", {})
    body_type, body = next(((kind, one["schema"]) for kind, one in sent.items()), ("", {}))
    answers = [one for status, one in told["responses"].items() if int(status) < 300]
    content = answers[0].get("content", {}) if answers else {}
    answer: Mapping[str, Any] = next((one.get("schema", {}) for one in content.values()), {})
    example = example_of(schema, body) if body_type == "application/json" else None
    return Entry(
        name=told["operationId"],
        method=method.upper(),
        tone=_TONES[method],
        path=path,
        summary=told["summary"],
        description=told.get("description", ""),
        scope=told.get("x-scope", ""),
        parameters=parameters,
        body=list(_fields(schema, body)),
        body_type=body_type,
        answer=list(_fields(schema, answer)),
        example=json.dumps(example, ensure_ascii=False, indent=2) if example else "",
    )


def _solved(schema: Mapping[str, Any], one: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in one:
        one = schema["components"]["schemas"][one["$ref"].rsplit("/", 1)[-1]]
    for choice in one.get("anyOf", []):
        if choice.get("type") != "null":
            return _solved(schema, choice)
    return one


def _fields(
    schema: Mapping[str, Any], one: Mapping[str, Any], before: str = "", depth: int = 0
) -> Iterator[Field]:
    solved = _solved(schema, one)
    if solved.get("type") == "array":
        yield from _fields(schema, solved.get("items", {}), f"{before}[].", depth)
        return
    needed = set(solved.get("required", []))
    for name, told in solved.get("properties", {}).items():
        inner = _solved(schema, told)
        yield Field(
            f"{before}{name}",
            _kind(schema, told),
            name in needed,
            told.get("description", ""),
        )
        if depth < 3:
            if inner.get("type") == "array":
                yield from _fields(schema, inner.get("items", {}), f"{before}{name}[].", depth + 1)
            elif "properties" in inner:
                yield from _fields(schema, inner, f"{before}{name}.", depth + 1)


def _kind(schema: Mapping[str, Any], one: Mapping[str, Any]) -> str:
    solved = _solved(schema, one)
    known = one.get("enum") or solved.get("enum") or solved.get("items", {}).get("enum")
    if known:
        return " | ".join(str(value) for value in known if value not in {None, ""})
    if "const" in solved:
        return str(solved["const"])
    return str(solved.get("format") or solved.get("type") or "")


def example_of(schema: Mapping[str, Any], one: Mapping[str, Any], depth: int = 0) -> Any:
    """What a schema says by its examples, constants and defaults, put together."""
    if one.get("examples"):
        return one["examples"][0]
    solved = _solved(schema, one)
    if solved.get("examples"):
        return solved["examples"][0]
    if "const" in solved:
        return solved["const"]
    if depth < 5 and solved.get("type") == "array":
        return [example_of(schema, solved.get("items", {}), depth + 1)]
    if depth < 5 and "properties" in solved:
        return {
            name: example_of(schema, told, depth + 1) for name, told in solved["properties"].items()
        }
    return solved.get("default")
