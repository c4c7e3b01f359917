"""People's tables: read without trust, written without formulas. No database."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from core import sheets
from core.sheet_reader import FORMULA_SIGNS
from core.sheets import SheetRow, parse_sheet, read_sheet, write_csv, write_xlsx

COLUMNS = ("sku", "units")


def book(*rows: tuple[Any, ...]) -> bytes:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def with_rows(more: str) -> bytes:
    """A workbook of a head and one row, and what no library writes behind them."""
    good, out = book(("sku", "units"), ("SOAP", 1)), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as archive:
        for member in source.namelist():
            content = source.read(member).replace(b"</sheetData>", f"{more}</sheetData>".encode())
            archive.writestr(member, content)
    return out.getvalue()


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    rows = read_sheet("a.csv", b"units,SKU,note\n1,MILK,x\n\n 2 ,SOAP,\n", columns=COLUMNS)

    assert rows == [
        SheetRow(2, {"sku": "MILK", "units": "1"}),
        SheetRow(4, {"sku": "SOAP", "units": "2"}),
    ]


def test_a_value_over_two_lines_is_one_row() -> None:
    rows = read_sheet("a.csv", b'sku,units\n"MI\nLK",1\nSOAP,2\n', columns=COLUMNS)

    assert [row.number for row in rows] == [2, 3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_spreadsheets_save_is_read(delimiter: str, encoding: str, end: str) -> None:
    text = end.join([f"货号{delimiter}units", f"奶粉{delimiter}1", ""])

    rows = read_sheet("a.csv", text.encode(encoding), columns=COLUMNS, aliases={"货号": "sku"})

    assert [row.values for row in rows] == [{"sku": "奶粉", "units": "1"}]


def test_a_row_that_is_too_short_has_empty_values() -> None:
    assert read_sheet("a.csv", b"sku,units\nMILK\n", columns=COLUMNS)[0].values["units"] == ""


@pytest.mark.parametrize("cell", ["=1+1", "+A1", "-A1", "@SUM(A1)", "=cmd|' /C calc'!A0", " =1"])
def test_a_formula_is_told_with_row_and_column(cell: str) -> None:
    content = f'sku,units\nMILK,1\nSOAP,"{cell}"\n'.encode()

    sheet = parse_sheet("a.csv", content, columns=COLUMNS)

    assert [(error.row, error.field) for error in sheet.errors] == [(3, "units")]
    with pytest.raises(sheets.WrongCells) as refused:
        read_sheet("a.csv", content, columns=COLUMNS)
    assert refused.value.facts["rows"] == sheet.errors


@pytest.mark.parametrize("cell", ["-3", "+4", "+86 (138) 0013-8000", "-1.5", "-1e5"])
def test_a_signed_number_is_no_formula(cell: str) -> None:
    sheet = parse_sheet("a.csv", f"sku,units\nMILK,{cell}\n".encode(), columns=COLUMNS)

    assert sheet.errors == []
    assert sheet.rows[0].values["units"] == cell


def test_of_a_file_full_of_formulas_the_first_thousand_are_told_and_all_are_counted() -> None:
    content = b"sku,units\n" + b"=,=,=,=,x\n" * 4_000

    sheet = parse_sheet("a.csv", content, columns=COLUMNS)

    # In each row four formulas, and what stands beside the columns.
    assert (len(sheet.errors), sheet.error_count) == (1_000, 20_000)
    assert sheet.errors[-1].row == 201
    assert sheet.broken == frozenset(range(2, 4_002))
    with pytest.raises(sheets.WrongCells) as refused:
        read_sheet("a.csv", content, columns=COLUMNS)
    assert refused.value.facts["count"] == 20_000


def test_a_value_outside_the_columns_is_told() -> None:
    sheet = parse_sheet("a.csv", b"sku,units\nMILK,1,2\n", columns=COLUMNS)

    assert [(error.row, error.field) for error in sheet.errors] == [(2, "")]


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", sheets.NoRows),
        (b"sku,units\n", sheets.NoRows),
        (b"sku\nMILK\n", sheets.ColumnsMissing),
        (b"sku,units,Units\nMILK,1,2\n", sheets.ColumnsRepeated),
        (b"sku,units\n\xff\xfe,1\n", sheets.WrongEncoding),
        (b"sku,units\nMI\x00LK,1\n", sheets.WrongEncoding),
        ("sku,units\nMILK,1\n".encode("utf-16"), sheets.WrongEncoding),
        (b'sku,units\n"MILK,1\n', sheets.BrokenSheet),
        (b"sku,units\n" + b"," * 70 + b"\n", sheets.BrokenSheet),
        (b"%PDF-1.7 sku,units", sheets.WrongFileKind),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", sheets.WrongFileKind),
        (b"PK\x03\x04broken", sheets.BrokenSheet),
        (b"x" * (sheets.MAX_BYTES + 1), sheets.SheetTooLarge),
    ],
)
def test_what_is_no_table_is_refused(content: bytes, refusal: type[sheets.SheetRefused]) -> None:
    with pytest.raises(refusal):
        read_sheet("a.csv", content, columns=COLUMNS)


def test_more_rows_than_are_taken_are_refused() -> None:
    content = b"sku,units\n" + b"MILK,1\n" * 11

    assert len(read_sheet("a.csv", content, columns=COLUMNS, max_rows=11)) == 11
    with pytest.raises(sheets.TooManyRows):
        read_sheet("a.csv", content, columns=COLUMNS, max_rows=10)


def test_a_workbook_is_read_as_text() -> None:
    content = book(
        ("SKU", "units", "day"),
        ("MILK", 12, date(2026, 7, 1)),
        ("SOAP", 3.0, datetime(2026, 7, 1, 8, 30)),  # noqa: DTZ001 - spreadsheets know no zone
        (None, None, None),
        (4006381333931, 1.5, True),
    )

    rows = read_sheet("a.xlsx", content, columns=COLUMNS, optional=("day",))

    assert rows == [
        SheetRow(2, {"sku": "MILK", "units": "12", "day": "2026-07-01"}),
        SheetRow(3, {"sku": "SOAP", "units": "3", "day": "2026-07-01 08:30:00"}),
        SheetRow(5, {"sku": "4006381333931", "units": "1.5", "day": "TRUE"}),
    ]


def test_a_formula_in_a_workbook_is_told() -> None:
    sheet = parse_sheet("a.xlsx", book(("sku", "units"), ("MILK", "=1+1")), columns=COLUMNS)

    assert [(error.row, error.field) for error in sheet.errors] == [(2, "units")]


@pytest.mark.parametrize("members", [{"a.xml": 60_000_000}, {f"{n}.xml": 1 for n in range(201)}])
def test_a_package_that_unpacks_to_a_mountain_is_refused(members: dict[str, int]) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in members.items():
            archive.writestr(name, b"0" * size)

    with pytest.raises(sheets.SheetTooLarge):
        read_sheet("a.xlsx", out.getvalue(), columns=COLUMNS)


def test_a_package_whose_xml_multiplies_itself_is_refused() -> None:
    good = book(("sku", "units"), ("MILK", 1))
    out = io.BytesIO()
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><worksheet>&b;</worksheet>'
    with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(out, "w") as archive:
        for member in source.namelist():
            is_sheet = member == "xl/worksheets/sheet1.xml"
            archive.writestr(member, bomb if is_sheet else source.read(member))

    with pytest.raises(sheets.BrokenSheet):
        read_sheet("a.xlsx", out.getvalue(), columns=COLUMNS)


def test_a_package_that_is_no_workbook_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(sheets.BrokenSheet):
        read_sheet("a.xlsx", out.getvalue(), columns=COLUMNS)


def test_what_is_written_holds_no_formula() -> None:
    rows = [("=1+1", 5, Decimal("1.50")), ("-3", -3, None), ("奶粉", 0, "@x")]

    text = write_csv(("sku", "units", "price"), rows).decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(write_xlsx(("sku", "units", "price"), rows))).active

    assert text.splitlines()[1:] == ["'=1+1,5,1.50", "'-3,-3,", "奶粉,0,'@x"]
    assert sheet is not None
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n"]
    assert sheet["A2"].value == "=1+1"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n"])
def test_no_sign_that_begins_a_formula_leaves_or_enters_the_house(sign: str) -> None:
    cell = f"{sign}SUM(A1)"

    written = write_csv(COLUMNS, [(cell, 1)])
    sent = parse_sheet("a.csv", f'sku,units\n"{cell}",1\n'.encode(), columns=COLUMNS)

    assert read_sheet("a.csv", written, columns=COLUMNS)[0].values["sku"] == f"'{cell}"
    assert [error.field for error in sent.errors] == ["sku"]


def test_an_invisible_first_character_hides_no_formula() -> None:
    assert write_csv(COLUMNS, [("\x00=1+1", 1)]).endswith(b"'\x00=1+1,1\r\n")


@pytest.mark.parametrize("name", ["-2-3", "+1-1", "-1(2)", "+8613800000000", "－2－3"])
def test_a_name_of_figures_is_no_sum_in_a_spreadsheet(name: str) -> None:
    written = write_csv(COLUMNS, [(name, -3)]).decode("utf-8-sig")

    assert written.splitlines()[1] == f"'{name},-3"


def test_a_signed_number_of_ours_comes_back_without_its_mark() -> None:
    written = write_csv(COLUMNS, [("+86 (138) 0013-8000", "-3")])

    assert read_sheet("a.csv", written, columns=COLUMNS)[0].values == {
        "sku": "+86 (138) 0013-8000",
        "units": "-3",
    }


@pytest.mark.parametrize("text", ["x;=1+1;y", "x\t=1+1", "x; +A1", "x\n=1+1\ny", "x;＝1"])
@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_no_text_begins_a_formula_whatever_parts_the_cells(text: str, separator: str) -> None:
    written = write_csv(COLUMNS, [("RO-1", text)]).decode("utf-8-sig")

    cells = [cell for row in csv.reader(io.StringIO(written), delimiter=separator) for cell in row]
    assert [cell for cell in cells if cell.lstrip().startswith(FORMULA_SIGNS)] == []


@pytest.mark.parametrize("odd", ["\ufffe", "\uffff", "\x00", "\x0b", "\x1f", "\ud800"])
def test_a_character_that_no_workbook_holds_is_left_out(odd: str) -> None:
    content = write_xlsx(COLUMNS, [(f"MI{odd}LK", 1), ("奶粉", 2)])

    rows = read_sheet("a.xlsx", content, columns=COLUMNS)

    assert [row.values["sku"] for row in rows] == ["MILK", "奶粉"]


@pytest.mark.parametrize("code", ["0000", "0001", "001F", "FFFF"])
@pytest.mark.parametrize("is_shared", [True, False])
def test_a_character_that_is_no_text_is_refused_however_a_workbook_writes_it(
    code: str, is_shared: bool
) -> None:
    written = f"MI_x{code}_LK"
    if is_shared:
        content = book(("sku", "units"), ("奶粉", 1), (written, 2))
    else:
        cells = "".join(f'<c t="inlineStr"><is><t>{one}</t></is></c>' for one in (written, "2"))
        content = with_rows(f"<row>{cells}</row>")

    with pytest.raises(sheets.BrokenSheet) as refused:
        read_sheet("a.xlsx", content, columns=COLUMNS)

    assert refused.value.facts["reason"] == "control character"
    assert refused.value.facts["row"] == 3


def test_a_new_line_within_a_cell_is_text_however_a_workbook_writes_it() -> None:
    content = book(("sku", "units"), ("MI_x000D_\nLK", 1))

    assert read_sheet("a.xlsx", content, columns=COLUMNS)[0].values["sku"] == "MI\r\nLK"


@pytest.mark.parametrize("write", [write_csv, write_xlsx])
def test_what_is_written_can_be_read_back(write: Any) -> None:
    content = write(COLUMNS, [("奶粉", 12), ("SOAP", 0)])

    assert [row.values for row in read_sheet("a", content, columns=COLUMNS)] == [
        {"sku": "奶粉", "units": "12"},
        {"sku": "SOAP", "units": "0"},
    ]
