"""What programs send along: the same key again, an ETag, a form with a file."""

from __future__ import annotations

from typing import Any

from tests.rest.conftest import Robot


def twice(robot: Robot, path: str, body: Any, key: str = "k-1") -> tuple[Any, Any]:
    return tuple(robot.post(path, body, idempotency_key=key) for _ in range(2))


def etag_of(robot: Robot, path: str) -> str:
    return str(robot.get(path)["ETag"])


def form_with_a_file(fields: dict[str, str], name: str, content: bytes) -> bytes:
    head = "".join(
        f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    )
    file = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    return (head + file).encode() + content + b"\r\n--b--\r\n"
