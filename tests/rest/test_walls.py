"""Every operation, asked for by everybody: it opens for whom it is made, and for nobody else."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from config.api import api
from core.walls import platform_wide
from tests.rest.call import Call
from tests.rest.calls import CALLS, EVERYBODY, names
from tests.rest.conftest import Hire, Robot
from tests.walls.looked import Looked
from tests.walls.rows import all_rows
from tests.walls.world import IMPORTERS_SECRETS, SELLERS_SECRETS, World

_FORM = "".join(
    f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
    for name, value in (("reason", "x"), ("kind", "other"))
).encode()
_FILE = _FORM + (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\nx\r\n--b--\r\n'
)


def _ask(robot: Robot, call: Call, world: World, key: str) -> Any:
    with platform_wide():
        path = call.path.format(**names(world))
        body = call.body(world) if call.body else None
    headers = {"idempotency_key": key, "if_match": "*"} if call.method != "GET" else {}
    if call.is_file:
        headers["content_type"] = "multipart/form-data; boundary=b"
        body = _FILE
    return robot(call.method, path, body, **headers)


def _text(answer: Any) -> str:
    return bytes(answer.content).decode("utf-8", "replace")


def test_every_operation_is_classified() -> None:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    told = {
        one["operationId"]: (method.upper(), one.get("x-scope", ""))
        for path in schema["paths"].values()
        for method, one in path.items()
    }

    assert {name: told[name][0] for name in told} == {
        name: call.method for name, call in CALLS.items()
    }


def test_who_is_signed_out_gets_401_everywhere(world: World) -> None:
    before = all_rows()
    with platform_wide():
        places = names(world)
    client = Client()
    wrong = []
    for name, call in CALLS.items():
        path = f"/api/v1/{call.path.format(**places)}"
        answer = client.generic(call.method, path, b"{}", content_type="application/json")
        if answer.status_code != 401 or "金丝雀" in _text(answer):
            wrong.append((name, answer.status_code))

    assert wrong == []
    assert all_rows() == before


@pytest.mark.parametrize("role", EVERYBODY)
def test_an_operation_of_another_role_is_403(world: World, hire: Hire, role: str) -> None:
    robot = hire(role)
    wrong = []
    for name, call in CALLS.items():
        if role in call.who:
            continue
        answer = _ask(robot, call, world, name)
        if answer.status_code != 403 or answer.json()["code"] != "rest.scope_missing":
            wrong.append((name, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("role", EVERYBODY)
def test_what_is_ones_own_is_read(world: World, hire: Hire, role: str) -> None:
    robot = hire(role)
    answers = {
        name: _ask(robot, call, world, name).status_code
        for name, call in CALLS.items()
        # The canary's endpoints and jobs are its own, and the importer has none.
        if role in (call.has or call.who) and call.method == "GET"
    }

    assert {name: status for name, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize(
    ("name", "role", "secrets"),
    [
        ("stranger", "seller", SELLERS_SECRETS),
        ("other_importer", "importer", IMPORTERS_SECRETS),
        ("other_warehouse", "warehouse", IMPORTERS_SECRETS),
    ],
)
def test_a_stranger_of_the_right_role_learns_nothing_and_changes_nothing(
    world: World, hire: Hire, name: str, role: str, secrets: tuple[str, ...]
) -> None:
    robot, looked = hire(name), Looked(secrets)
    wrong = []
    owned = {one: call for one, call in CALLS.items() if role in call.who and call.is_owned}
    others = {
        one: call
        for one, call in CALLS.items()
        if role in call.who and not call.is_owned and call.method == "GET"
    }
    robot.get("me")
    before = all_rows()
    for one, call in (owned | others).items():
        answer = _ask(robot, call, world, one)
        with platform_wide():
            path = call.path.format(**names(world))
        found = looked.found_in(_text(answer).replace(path, ""))
        if found or (call.is_owned and answer.status_code != 404) or answer.status_code >= 500:
            wrong.append((one, answer.status_code, found))

    assert wrong == []
    assert all_rows() == before


def test_a_suspended_company_reads_and_changes_nothing(world: World, hire: Hire) -> None:
    robot = hire("seller")
    world.seller.status = "suspended"
    world.seller.save()

    assert robot.get("stock").status_code == 200
    answer = _ask(robot, CALLS["create_retail_order"], world, "k")
    assert (answer.status_code, answer.json()["code"]) == (409, "accounts.company_suspended")
