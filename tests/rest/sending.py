"""A request to any operation of the table, as its caller would send it, and what was refused."""

from __future__ import annotations

from typing import Any

from config.api import api
from rest.serving import Need, need_of
from tests.rest.call import Call
from tests.rest.conftest import Robot
from tests.rest.test_walls import _FORM

FILE = _FORM + (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename="f.csv"\r\n\r\n'
    b"quarter,sku,forecast_units\n2026-Q4,MILK,24\n\r\n--b--\r\n"
)


def send(
    robot: Robot, call: Call, places: dict[str, str], body: Any, key: str = "walk", **heads: str
) -> Any:
    if call.method != "GET":
        heads = {"idempotency_key": key, "if_match": "*", **heads}
    if call.is_file:
        heads.setdefault("content_type", "multipart/form-data; boundary=b")
        body = FILE if body is None else body
    return robot(call.method, call.path.format(**places), body, **heads)


def role_of(call: Call) -> str:
    return (call.has or call.who)[0]


def problem_of(answer: Any) -> tuple[int, str]:
    kind = answer.get("Content-Type", "")
    return answer.status_code, answer.json()["code"] if "problem+json" in kind else kind


def schema_of_operations() -> dict[str, dict[str, Any]]:
    """Operation -> what the schema says of it."""
    told = api.get_openapi_schema(path_prefix="/api/v1/")
    return {one["operationId"]: one for path in told["paths"].values() for one in path.values()}


def needs() -> dict[str, Need]:
    """Operation -> what it needs of a request."""
    return {
        operation.operation_id or operation.view_func.__name__: need_of(operation.view_func)
        for _prefix, router in api._routers
        for view in router.path_operations.values()
        for operation in view.operations
    }
