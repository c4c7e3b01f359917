"""The schema says what the API does: every operation is told, and no answer breaks it."""

from __future__ import annotations

import json
from typing import Any

from config.api import api
from core.walls import platform_wide
from tests.rest.calls import CALLS, names
from tests.rest.conftest import Hire
from tests.walls.world import World

#: Texts that broke something somewhere.
NASTY = (
    "%00",
    "\\u0000",
    "'",
    '"; DROP TABLE x; --',
    "../../etc/passwd",
    "%2e%2e%2f",
    "9" * 40,
    "-1",
    "NaN",
    "١٢٣",
    "\u202e\u2066",
    "👩‍👩‍👧‍👧" * 20,
    "A" * 5000,
    "{{7*7}}",
    "%s%n%d",
    "<script>",
)


def _schema() -> dict[str, Any]:
    return dict(json.loads(json.dumps(api.get_openapi_schema(path_prefix="/api/v1/"))))


def test_every_operation_is_told_with_its_scope_its_errors_and_an_example(db: None) -> None:
    schema = _schema()
    wanting = []
    for path, operations in schema["paths"].items():
        for method, one in operations.items():
            answers = set(one["responses"])
            if not one.get("description") or not one.get("summary") or not one.get("security"):
                wanting.append((method, path, "words"))
            if not answers >= {"400", "401", "403", "404", "409", "422", "429", "500"}:
                wanting.append((method, path, "errors"))
            if method == "post":
                heads = {p["name"] for p in one["parameters"] if p["in"] == "header"}
                if not heads & {"Idempotency-Key", "If-Match"} and path[8:] != "declaration-papers":
                    wanting.append((method, path, "header"))
    for name, part in schema["components"]["schemas"].items():
        if name.startswith("Page") or name == "Problem":
            continue
        for field, told in part.get("properties", {}).items():
            is_nested = "$ref" in json.dumps(told)
            if not is_nested and not told.get("examples"):
                wanting.append((name, field, "example"))

    assert schema["openapi"].startswith("3.1")
    assert wanting == []


def test_nasty_texts_in_every_place_crash_nothing(world: World, hire: Hire) -> None:
    robots = {role: hire(role) for role in ("seller", "importer", "finance")}
    with platform_wide():
        places = names(world)
    wrong = []
    for name, call in CALLS.items():
        robot = robots[call.who[0]]
        for text in NASTY:
            spoiled = dict.fromkeys(places, text.replace("/", "%2F"))
            queries = f"?q={text}&sort={text}&after={text}&limit={text}&state={text}"
            paths = [call.path.format(**spoiled)] if "{" in call.path else []
            paths += [call.path.format(**places) + queries] if call.method == "GET" else []
            for path in paths:
                answer = robot(call.method, path, {"lines": text}, if_match="*")
                kind = answer["Content-Type"] if answer.status_code >= 400 else ""
                if answer.status_code >= 500 or (kind and kind != "application/problem+json"):
                    wrong.append((name, text[:20], answer.status_code))

    assert wrong == []
