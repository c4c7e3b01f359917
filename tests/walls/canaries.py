"""What a stranger must not read, and how to look for it in whatever leaves the house."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection
from django.http import HttpResponseBase
from django_scopes import scopes_disabled
from pypdf import PdfReader
from pypdf.errors import PdfReadError

from core.rulebook import refusals
from core.walls import _session, platform_wide
from tests.walls.test_database import WITHOUT_A_WALL, _with_a_wall

#: Shorter texts are found in anything.
SHORTEST = 5
#: Words of the code itself (states, kinds, names of events) are nobody's.
_OF_THE_HOUSE = re.compile(
    r"[a-z_.\-/:{}% ]*|[a-z]{2}-[a-z]+|[\d.:+\-TZ ]*|#.*|[A-Z]{3}|20\d\d-Q\d"
)
_TEXTS = "('text', 'character varying', 'character', 'jsonb', 'uuid')"

#: The tables without the second wall that tell of one importer's goods and money.
OF_THE_IMPORTER = (
    *("procurement_purchaseorder", "procurement_shipment", "settlement_payable"),
    *("settlement_settlementbatch", "settlement_paymentfile", "settlement_bankaccount"),
)


def _leaves(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        for value in told.values():
            yield from _leaves(value)
    elif isinstance(told, list):
        for value in told:
            yield from _leaves(value)
    elif isinstance(told, str):
        yield told


def _texts(tables: Iterable[str]) -> set[str]:
    found: set[str] = set()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(
                "SELECT column_name, data_type FROM information_schema.columns "  # noqa: S608
                f"WHERE table_name = %s AND data_type IN {_TEXTS}",
                [table],
            )
            for column, kind in cursor.fetchall():
                cursor.execute(f'SELECT DISTINCT "{column}"::text FROM "{table}"')  # noqa: S608
                for (text,) in cursor.fetchall():
                    found |= set(_leaves(json.loads(text))) if kind == "jsonb" and text else {text}
    return {
        text
        for text in found
        if text and len(text) >= SHORTEST and not _OF_THE_HOUSE.fullmatch(text)
    }


def secrets_of(owner: int, stranger: int, *, with_goods: bool = False) -> list[str]:
    """Every text in the rows of one company that is in no row of the other, nor in a shared one.

    So every text field of every row is a canary, and one that is added later is one as well.
    """
    walled = _with_a_wall()
    told = {}
    for company in (owner, stranger):
        with scopes_disabled(), _session(str(company)):
            told[company] = _texts(walled)
    with platform_wide():
        # Who signs in, and the books, are on no page of a seller or importer but their own.
        shared = {model._meta.db_table for model in apps.get_models() if model._meta.managed}
        shared -= walled | set(WITHOUT_A_WALL) | {"accounts_user", "account_emailaddress"}
        public = _texts(shared - {"accounts_company", "mfa_authenticator", "django_session"})
        goods = _texts(OF_THE_IMPORTER) if with_goods else set()
        kept = _texts({"warehouse_bondedwarehouse", "catalog_tradingpartner"})
    # Where a refusal is kept, its sentence is: the rule book tells it to everybody.
    rules = {kind.rule() for kind in refusals()}
    # How the house calls the kinds and states of things stands in every list's filters.
    choices = {
        str(value)
        for model in apps.get_models()
        for field in model._meta.fields
        for value, _label in field.flatchoices
    }
    known = "\n".join(told[stranger] | public | kept | rules | choices)
    return sorted({one for one in told[owner] | goods if one not in known}, key=len)


def everything_in(answer: HttpResponseBase) -> str:
    """Head and body of an answer, as text; what is packed or printed is unpacked and read."""
    body = b"".join(answer)
    kind = str(answer.headers.get("Content-Type", ""))
    heads = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return f"{heads}\n{readable(body, kind)}"


def readable(body: bytes, kind: str = "") -> str:
    """The words in a file: a page, a table, a package of files, or a paper."""
    if body.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(body)) as package:
            return "\n".join(
                f"{name}\n{readable(package.read(name))}" for name in package.namelist()
            )
    if body.startswith(b"%PDF") or "pdf" in kind:
        return words_of_paper(body)
    return body.decode("utf-8-sig", "replace")


def words_of_paper(body: bytes) -> str:
    try:
        reader = PdfReader(io.BytesIO(body))
    except PdfReadError:  # a test's own paper, which only begins like one
        return body.decode("utf-8", "replace")
    told = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*told, *(page.extract_text() for page in reader.pages)])
