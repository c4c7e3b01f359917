"""The schema says what the API does: every operation is told, and no answer breaks it."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.generation.modes import GenerationMode

from config.api import api
from core.walls import platform_wide
from notices.catalogue import hooked
from notices.payloads import payload_schema
from notices.services.endpoints import PING
from tests.rest.calls import CALLS, names
from tests.rest.conftest import ROLES, Hire, Robot
from tests.rest.sending import needs
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


#: Cases of each operation: one in `make test`, and a wrong one of every second; many and others in
#: `make slow`.
FEW = 1
EXAMPLES = int(os.environ.get("BONDPOOL_EXAMPLES") or FEW)
SEED = int(
    os.environ.get("BONDPOOL_SEED") or (20260930 if EXAMPLES == FEW else secrets.randbelow(10**9))
)

#: What is sent by POST and may be sent again as it is: it changes nothing, or nothing the
#: second time, or (a secret) must not be kept.
ASKED = {
    "cancel_job",
    "estimate_tax",
    "get_paper_sets",
    "get_receipt_file",
    "get_papers",
    "order_retail_papers",
    "propose_products",
    "read_notices",
    "revoke_papers",
    "rotate_channel",
    "rotate_webhook",
    "take_receipts",
}


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
                if not heads & {"Idempotency-Key", "If-Match"} and one["operationId"] not in ASKED:
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


#: A field of these names has few values, and they stand in the schema.
FEW_VALUES = {
    *("state", "kind", "regime", "status", "storage", "paper_state", "order_state", "outcome"),
    *("period", "mail", "group", "form", "disabled_because", "scopes", "kinds", "source"),
    "role",
}
#: Schema and field: the values are not ours to list, or are words.
OF_MANY_VALUES = {
    ("CodeOut", "source"): "the legal basis, as text",
    ("CustomsReceipt", "status"): "the authority's own, and its errors are not all published",
    ("EntryOut", "role"): "in words, as a person reads it",
    ("ExchangeOut", "source"): "the legal basis, as text",
    ("Paper", "kind"): "papers are added without a new version",
    ("PositiveOut", "source"): "the legal basis, as text",
    ("Problem", "status"): "of HTTP",
    ("RateOut", "source"): "a bank may be a source some day",
    **{
        (name, "source"): "the legal basis, as text"
        for name in ("ReferenceChangeOut", "ReferenceProposalHead", "ReferenceProposalOut")
    },
    ("TariffOnDay", "source"): "the legal basis, as text",
    ("TariffOut", "source"): "the legal basis, as text",
    ("ToldBefore", "status"): "the authority's own, and its errors are not all published",
}


def test_a_field_of_few_values_tells_which(db: None) -> None:
    wanting = {
        (name, field)
        for name, part in _schema()["components"]["schemas"].items()
        for field, told in part.get("properties", {}).items()
        if field in FEW_VALUES and "enum" not in json.dumps(told)
    }

    assert wanting == set(OF_MANY_VALUES)


def test_a_filter_of_few_values_tells_which(db: None) -> None:
    schema = _schema()
    by_name = {
        (path, one["name"]): one
        for path, operations in schema["paths"].items()
        for operation in operations.values()
        for one in operation["parameters"]
        if one["in"] == "query"
    }
    states = by_name["/api/v1/retail-orders", "state"]

    assert states["schema"] == {
        "type": "array",
        "items": {
            "type": "string",
            "enum": [
                *("allocated", "listed", "released", "picked", "packed", "handed_over"),
                *("delivered", "cancelled", "returned", "merged"),
            ],
        },
    }
    assert (states["style"], states["explode"]) == ("form", False)
    assert [
        where
        for where, one in by_name.items()
        if where[1] in FEW_VALUES and "enum" not in json.dumps(one["schema"])
    ] == [
        ("/api/v1/customs/receipts", "status"),
        ("/api/v1/rates", "source"),
    ], "known only to the database"


def test_every_event_of_a_webhook_is_told_with_what_it_carries(db: None) -> None:
    schema = _schema()
    events = schema["components"]["schemas"]["WebhookIn"]["properties"]["events"]["items"]["enum"]
    by_event = {
        code: told["post"]["requestBody"]["content"]["application/json"]["schema"]
        for code, told in schema["webhooks"].items()
    }

    assert events == [event.code for event in hooked()]
    assert set(by_event) == {*events, PING}
    for event in hooked():
        assert by_event[event.code] == json.loads(json.dumps(payload_schema(event)))
    assert by_event[PING]["properties"]["type"] == {"const": PING}
    head = {one["name"] for one in schema["webhooks"][PING]["post"]["parameters"]}
    assert head == {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_nasty_texts_in_every_place_crash_nothing(world: World, hire: Hire) -> None:
    robots = {role: hire(role) for role in (*ROLES, "warehouse", "operator")}
    with platform_wide():
        places = names(world)
    wrong = []
    for at, (name, call) in enumerate(CALLS.items()):
        robot = robots[call.who[0]]
        # Every operation gets an eighth of them, and every text an eighth of the operations.
        for text in NASTY[at % 8 :: 8]:
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


@pytest.fixture
def unlimited(settings: Any) -> Iterator[None]:
    """No limit, and the server's own end of a request leaves the test's connection open."""
    settings.BONDPOOL_API_PER_MINUTE = 1_000_000
    _leave_open()
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _leave_open() -> None:
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)


def test_what_is_made_up_from_the_schema_breaks_nothing(
    world: World, hire: Hire, unlimited: None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bounded and always the same: a few cases for each operation, with names that exist. `make
    slow` takes many, and other ones each time: BONDPOOL_SEED tries the same ones again."""
    if EXAMPLES > FEW:
        with capsys.disabled():
            print(f"\nBONDPOOL_SEED={SEED} BONDPOOL_EXAMPLES={EXAMPLES}")
    tokens = {role: hire(role).text for role in (*ROLES, "warehouse", "operator")}
    with platform_wide():
        places = names(world)
    filled = _with_names(_schema(), places)
    schema = schemathesis.openapi.from_dict(filled)
    schema.app = WSGIHandler()
    schema.config.base_url = "http://testserver"
    seen: dict[int, int] = {}
    needed, grave = needs(), dict[str, set[int]]()
    checks = [
        schemathesis.checks.CHECKS.get_one(name)
        for name in (
            "not_a_server_error",
            "response_schema_conformance",
            "status_code_conformance",
            "content_type_conformance",
        )
    ]
    for number, result in enumerate(schema.get_all_operations()):
        operation: Any = result.ok()  # type: ignore[union-attr]
        name = operation.definition.raw["operationId"]
        role = CALLS[name].who[0]
        told: set[int] = set()
        shows = needed[name].current
        if shows and (needed[name].money or needed[name].is_confirmed):
            grave[name] = told
        ways = (
            CALLS[shows.__name__].path.format(**places) if shows and shows.__name__ in CALLS else ""
        )
        for mode, count in (
            (GenerationMode.POSITIVE, EXAMPLES),
            (GenerationMode.NEGATIVE, EXAMPLES // 2 if EXAMPLES > FEW else number % 2),
        ):
            if not count:
                continue
            _try(operation, mode, count, Robot(tokens[role]), ways, checks, told)
        seen |= {status: seen.get(status, 0) + 1 for status in told}

    # Where money moves "*" is not taken: what is behind the ETag was looked at as well.
    assert {"approve_batch", "price_batch"} <= set(grave)
    assert {name for name, statuses in grave.items() if statuses <= {412, 428}} == set()
    assert seen.get(200, 0) + seen.get(201, 0) > 50, seen


def _try(
    operation: Any,
    mode: GenerationMode,
    count: int,
    robot: Robot,
    shown_at: str,
    checks: list[Any],
    told: set[int],
) -> None:
    @seed(SEED)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def run(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        # What the server makes small its reader unpacks; the one here does not.
        plain = {"Accept-Encoding": "identity", "Authorization": f"Bearer {robot.text}"}
        shown = robot.get(shown_at) if shown_at else {}
        # The client of the tests puts the server's end of a request back.
        _leave_open()
        answer = case.call(headers={**plain, "If-Match": shown.get("ETag", "*")})
        told.add(answer.status_code)
        case.validate_response(answer, checks=checks)

    run()


def _with_names(schema: dict[str, Any], places: dict[str, str]) -> dict[str, Any]:
    """Every place of a path takes the name of something that exists."""
    by_path = {
        "orders/{number}": "order",
        "shipments/{number}": "shipment",
        "retail-orders/{number}": "retail",
        "retail-lists/{number}": "list",
        "payables/{number}": "payable",
        "batches/{number}": "batch",
        "plans/{number}": "first",
        "stock/transfers/{number}": "transfer",
        "storage/bills/{number}": "storage_bill",
        "hand-overs/{number}": "hand_over",
        "waves/{number}": "wave",
        "counts/{number}": "count",
        "deadlines/{number}": "deadline",
        "customs/messages/{number}": "message_out",
        "customs/export-lists/{number}": "export_list",
        "share-sheets/{number}": "share_sheet",
    }
    own = {
        "document": "paper",
        "sscc": "pallet",
        "reference": "declaration",
        "message_id": "file",
        "code": "code",
        "version": "version",
        "sequence": "first",
        "pk": "pk",
        "uid": "hook",
        "sku": "sku",
        "job": "job",
        "kind": "csv",
    }
    own_of = {"people/": "member", "invitations/": "invitation", "notices/": "notice"}
    own_of |= {"admission/documents": "document", "retail-order-files": "orders_file"}
    own_of |= {"channels/": "channel", "channel-deliveries/": "came"}
    places = {**places, "csv": "csv", "first": "1", "history": "warehouse.retailorder"}
    for path, operations in schema["paths"].items():
        number = next((one for start, one in by_path.items() if start in path), "")
        for operation in operations.values():
            for parameter in operation["parameters"]:
                if parameter["in"] == "path":
                    name = places[own.get(parameter["name"], number or "history")]
                    if "webhook-messages" in path:
                        name = places["message"]
                    if "history/" in path:
                        is_kind = parameter["name"] == "kind"
                        name = places["history" if is_kind else "retail"]
                    if key := next((one for start, one in own_of.items() if start in path), ""):
                        name = places[key]
                    is_number = parameter["schema"].get("type") == "integer"
                    parameter["schema"] = {
                        "enum": [int(name) if is_number else name],
                        "type": parameter["schema"].get("type"),
                    }
    return schema


def test_no_two_parts_of_the_schema_share_a_name() -> None:
    """The second would stand for the first in the reference."""
    ours = [
        kind
        for kind in _below(Schema)
        if ".api" in kind.__module__ and not kind.__name__.startswith("Page")
    ]
    names = [kind.__name__ for kind in ours]

    assert len(ours) > 80
    assert sorted({name for name in names if names.count(name) > 1}) == []


def _below(kind: type[Any]) -> set[type[Any]]:
    found = set(kind.__subclasses__())
    return found | {one for child in found for one in _below(child)}
