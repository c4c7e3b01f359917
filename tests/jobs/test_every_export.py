"""Every list as a file: whatever stands in a text is text there, never a formula."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.models import Company, Role
from core.clock import now
from core.listed import Listed
from core.listing import Listing, parse
from jobs.services.exporting import write
from web.tables import Column, Table, Viewer, tables

FORMULA = '=HYPERLINK("http://evil.test","x")'
LISTING = Listing(name="evil", sorts={"pk": "pk"}, default="pk")
#: Of these, what a row has is a number or a time, by its type; the others are somebody's words.
TYPED = {"qty", "money", "percent", "day", "moment", "yes"}


class Evil:
    """A text that is a formula, and so is everything one finds in it."""

    pk = 1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self) -> Evil:
        return self

    def __str__(self) -> str:
        return FORMULA


def _texts(table: Table) -> list[Column]:
    """The columns of words; what a function makes of a row may be words of anybody as well."""
    return [
        replace(one, value=(lambda row: row) if callable(one.value) else one.value, when=None)
        for one in table.columns
        if one.in_file and one.value and one.kind not in TYPED
    ]


@pytest.mark.parametrize("key", sorted(tables()))
def test_no_cell_of_a_list_is_a_formula(key: str) -> None:
    table = tables()[key]
    columns = _texts(table)
    evil = replace(table, columns=columns, attach=None)
    company = Company(code="S-1", kinds=["seller"])
    viewer = Viewer(None, company, Role.OPERATOR, now().date(), now(), now())
    rows = Listed([Evil()])
    sheets = {}
    for kind in ("csv", "xlsx"):
        sheets[kind] = io.BytesIO()
        write(viewer, evil, rows, LISTING, parse(LISTING, {}), kind, sheets[kind])

    (line,) = list(csv.reader(io.StringIO(sheets["csv"].getvalue().decode("utf-8-sig"))))[1:]
    (cells,) = (
        load_workbook(io.BytesIO(sheets["xlsx"].getvalue())).worksheets[0].iter_rows(min_row=2)
    )
    assert len(columns) > 0
    assert line == [f"'{FORMULA}"] * len(columns)
    assert [cell.value for cell in cells] == [FORMULA] * len(columns)
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
