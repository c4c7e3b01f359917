"""What people and programs type to do harm, and a browser that shows a crash as an answer."""

from __future__ import annotations

from django.test import Client

from tests.walls.conftest import SignIn

NASTY = (
    "",
    " ",
    "\x00",
    "a\x00b",
    "\x1b[31m",
    "\r\nSet-Cookie: a=b",
    "' OR 1=1 --",
    "\\",
    "%",
    "{{ 7*7 }}",
    "%(name)s %s {0}",
    "<script>1",
    "../../etc/passwd",
    "=1+1",
    '=HYPERLINK("//x.example")',
    "0",
    "-1",
    "1.5",
    "1e9",
    "1e400",
    "NaN",
    "Infinity",
    "9" * 19,
    "9" * 400,
    "٣",
    "²",
    "true",
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31",
    "9999-12-31T23:59",
    "2026-02-30",
    "2026-Q9",
    "9999-Q4",
    "0001-Q1",
    "2026-11-01T10:00+99:99",
    "\u202egnp.exe\u200b\ufeff\x07\x1b[31m",
    "💥" * 40,
    "\ud7ff\ue000\uffff",
    "例" * 10_000,
    "//evil.example/",
    "javascript:alert(1)",
)

#: Those that get furthest, each for another reason; where not all of them can be tried.
TELLING = (
    "a\x00b",
    "\r\nSet-Cookie: a=b",
    "<script>1",
    "-1",
    "1e400",
    "9" * 19,
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "\u202egnp.exe\u200b\ufeff\x07\x1b[31m",
    "💥" * 40,
    "例" * 10_000,
)


def browser_of(sign_in: SignIn, name: str) -> Client:
    client = sign_in(name)
    client.raise_request_exception = False
    return client
