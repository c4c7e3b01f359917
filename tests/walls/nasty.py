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
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "=1+1",
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
    "\u202e\u200b\ufeff",
    "💥" * 40,
    "\ud7ff\ue000\uffff",
    "例" * 5000,
    "//evil.example/",
    "javascript:alert(1)",
)

#: Those that are put into one field at a time, with the others filled in rightly, and into
#: every address; the others go into all fields at once.
TELLING = (
    "\x00",
    "\r\nSet-Cookie: a=b",
    "-1",
    "1e400",
    "9" * 19,
    "0001-01-01",
    "0001-01-01T00:00",
    "9999-12-31T23:59",
    "💥" * 40,
)


def browser_of(sign_in: SignIn, name: str) -> Client:
    client = sign_in(name)
    client.raise_request_exception = False
    return client
