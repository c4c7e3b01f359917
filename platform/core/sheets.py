"""Tables that people send and fetch: CSV and XLSX, read without trust, written without formulas.

Every row is read before anything is refused, so that a person mends the file once. Row
numbers are those that the person's spreadsheet shows: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import IO, Any, cast
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import InvalidFileException

from core.errors import InputError

MAX_BYTES = 20_000_000
MAX_UNPACKED_BYTES = 50_000_000
MAX_RATIO = 100
MAX_MEMBERS = 200
MAX_COLUMNS = 64
#: Rows an XLSX sheet can hold below its head.
MOST_XLSX_ROWS = 1_048_575
_LONGEST_CELL = 32_767

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# "+86 138 0000" and "-3" are numbers, not formulas: nothing in them can be called.
_PLAIN_NUMBER = re.compile(r"[+-]?[\d][\d .,()-]*(?:[eE][+-]?\d+)?")
_NOT_FOR_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class SheetRefused(InputError):
    """The file cannot be read as a table."""

    code = "core.sheet_refused"


class WrongEncoding(SheetRefused):
    """The file's text is neither UTF-8 nor GB18030; save it as CSV UTF-8 and send it again."""

    code = "core.sheet_wrong_encoding"


class WrongFileKind(SheetRefused):
    """The file is neither CSV nor XLSX; save it as one of them and send it again."""

    code = "core.sheet_wrong_kind"


class BrokenSheet(SheetRefused):
    """The file is damaged or is not what its name says."""

    code = "core.sheet_broken"


class SheetTooLarge(SheetRefused):
    """The file is too large, or unpacks to more than a table of this kind needs."""

    code = "core.sheet_too_large"


class ColumnsMissing(SheetRefused):
    """The first row of the file must name every column that is needed."""

    code = "core.sheet_columns_missing"


class ColumnsRepeated(SheetRefused):
    """A column stands twice in the first row of the file."""

    code = "core.sheet_columns_repeated"


class NoRows(SheetRefused):
    """The file has no rows below its first one."""

    code = "core.sheet_no_rows"


class TooManyRows(SheetRefused):
    """The file has more rows than are taken at once."""

    code = "core.sheet_too_many_rows"


class WrongCells(SheetRefused):
    """Some cells hold a formula or stand outside the columns; send values only."""

    code = "core.sheet_wrong_cells"


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as text, by column name; ``number`` is the spreadsheet's row number."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong in one row, in the reader's language; ``field`` is the column's name."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file and what is wrong with single cells."""

    rows: list[SheetRow]
    errors: list[RowError]


#: One row as read: the texts, and the positions of cells that hold a formula.
_Read = tuple[list[str], Collection[int]]
_NO_FORMULAS: Collection[int] = ()


def read_sheet(
    name: str,
    content: bytes,
    *,
    columns: Sequence[str],
    optional: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    max_rows: int = 100_000,
) -> list[SheetRow]:
    """The rows of a CSV or XLSX file, only the named columns, as stripped text.

    Raises a SheetRefused: see :func:`parse_sheet`, and WrongCells (its fact ``rows`` lists
    every RowError) when a cell holds a formula.
    """
    sheet = parse_sheet(
        name, content, columns=columns, optional=optional, aliases=aliases, max_rows=max_rows
    )
    if sheet.errors:
        raise WrongCells(file=name, rows=sheet.errors)
    return sheet.rows


def parse_sheet(
    name: str,
    content: bytes,
    *,
    columns: Sequence[str],
    optional: Sequence[str] = (),
    aliases: Mapping[str, str] | None = None,
    max_rows: int = 100_000,
) -> Sheet:
    """Like :func:`read_sheet`, but wrong cells come back beside the rows, for a preview.

    ``columns`` must stand in the first row, in any order and case; ``optional`` ones may;
    others are not read. ``aliases`` are other heads for them, in lower case. Empty rows are
    skipped and keep their numbers.

    Raises SheetTooLarge, WrongFileKind, WrongEncoding, BrokenSheet, ColumnsMissing,
    ColumnsRepeated, NoRows or TooManyRows.
    """
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(file=name, megabytes=MAX_BYTES // 1_000_000)
    rows = _xlsx_rows(name, content) if content[:4] == b"PK\x03\x04" else _csv_rows(name, content)
    wanted = [*columns, *optional]
    places: list[tuple[str, int]] = []
    header: list[str] | None = None
    found: list[SheetRow] = []
    errors: list[RowError] = []
    for number, (texts, formulas) in enumerate(rows, start=1):
        if not any(texts):
            continue
        if header is None:
            header = _header(name, texts, columns, optional, aliases or {})
            places = [(column, header.index(column)) for column in wanted if column in header]
            continue
        if len(found) >= max_rows:
            raise TooManyRows(file=name, limit=max_rows)
        for position in formulas:
            column = header[position] if position < len(header) else ""
            errors.append(RowError(number, column, _("A formula; send the value instead.")))
        if len(texts) > len(header) and any(texts[len(header) :]):
            errors.append(RowError(number, "", _("A value stands outside the named columns.")))
        values = dict.fromkeys(wanted, "")
        width = len(texts)
        for column, position in places:
            if position < width:
                values[column] = texts[position]
        found.append(SheetRow(number, values))
    if header is None:
        raise NoRows(file=name)
    if not found:
        raise NoRows(file=name)
    return Sheet(found, errors)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A CSV file (UTF-8 with a mark, so that a spreadsheet shows Chinese) without formulas."""
    out = io.BytesIO()
    csv_into(out, columns, rows)
    return out.getvalue()


def csv_into(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """The same row by row into an open file; returns how many rows were written."""
    file.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(file, "utf-8", errors="replace", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_harmless(name) for name in columns])
    count = 0
    for row in rows:
        writer.writerow([_harmless(value) for value in row])
        count += 1
    text.detach()
    return count


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """An XLSX file whose texts are texts, whatever they begin with."""
    out = io.BytesIO()
    xlsx_into(out, columns, rows)
    return out.getvalue()


def xlsx_into(file: IO[bytes], columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """The same row by row into an open file; returns how many rows were written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append([_xlsx_cell(sheet, name) for name in columns])
    count = 0
    for row in rows:
        sheet.append([_xlsx_cell(sheet, value) for value in row])
        count += 1
    book.save(file)
    return count


def _xlsx_cell(sheet: Any, value: object) -> Any:
    is_number = isinstance(value, int | Decimal) and not isinstance(value, bool)
    # A spreadsheet keeps fifteen digits of a number; a longer one is a number people quote.
    if (is_number and abs(cast(Decimal, value)) < 10**15) or isinstance(value, date):
        # openpyxl writes a Decimal digit for digit; its types do not say so.
        return WriteOnlyCell(sheet, value=cast(Any, value))
    text = "" if value is None else _NOT_FOR_XML.sub("", str(value))[:_LONGEST_CELL]
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        # A spreadsheet reads a leading apostrophe as "this is text".
        return value if _PLAIN_NUMBER.fullmatch(value) else f"'{value}"
    return value


def _header(
    name: str,
    texts: Sequence[str],
    columns: Sequence[str],
    optional: Sequence[str],
    aliases: Mapping[str, str],
) -> list[str]:
    taken = [*columns, *optional]
    known = {**aliases, **{column.casefold(): column for column in taken}}
    header = [known.get(text.casefold(), text) for text in texts]
    missing = [column for column in columns if column not in header]
    if missing:
        raise ColumnsMissing(file=name, missing=", ".join(missing), needed=", ".join(columns))
    repeated = [column for column in taken if header.count(column) > 1]
    if repeated:
        raise ColumnsRepeated(file=name, repeated=", ".join(repeated))
    return header


def _csv_rows(name: str, content: bytes) -> Iterator[_Read]:
    if content[:4] in {b"\xd0\xcf\x11\xe0", b"%PDF"}:
        raise WrongFileKind(file=name)
    text = _decoded(name, content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise BrokenSheet(file=name, row=reader.line_num, columns=len(row))
            texts = [value.strip() for value in row]
            yield texts, _csv_formulas(row, texts)
    except csv.Error as error:
        raise BrokenSheet(file=name, line=reader.line_num, reason=str(error)) from error


def _csv_formulas(row: Sequence[str], texts: Sequence[str]) -> Collection[int]:
    found = [
        position
        for position, text in enumerate(texts)
        if text
        and (text[0] in _FORMULA_SIGNS or row[position][0] in _FORMULA_SIGNS)
        and not _PLAIN_NUMBER.fullmatch(text)
    ]
    return found or _NO_FORMULAS


def _decoded(name: str, content: bytes) -> str:
    if b"\x00" in content:
        # UTF-16 and binary files; GB18030 would make letters of some of them.
        raise WrongEncoding(file=name)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise WrongEncoding(file=name)


def _xlsx_rows(name: str, content: bytes) -> Iterator[_Read]:
    _check_archive(name, content)
    try:
        book = load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False, rich_text=False
        )
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # the file's own word for its size is not trusted
        for row in sheet.iter_rows(max_col=MAX_COLUMNS):
            texts = [_xlsx_text(cell.value) for cell in row]
            while texts and not texts[-1]:
                texts.pop()
            formulas = [at for at, cell in enumerate(row[: len(texts)]) if cell.data_type == "f"]
            yield texts, formulas
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        DefusedXmlException,
        ParseError,
        KeyError,
        IndexError,
        ValueError,
        TypeError,
        AttributeError,
        EOFError,
        OverflowError,
        zlib.error,
    ) as error:
        # openpyxl has no error of its own for a package that is not a workbook.
        raise BrokenSheet(file=name, reason=type(error).__name__) from error


def _check_archive(name: str, content: bytes) -> None:
    """Look at the directory of the package before unpacking any of it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = list(islice(archive.infolist(), MAX_MEMBERS + 1))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BrokenSheet(file=name, reason=type(error).__name__) from error
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if (
        len(members) > MAX_MEMBERS
        or unpacked > MAX_UNPACKED_BYTES
        # A small table of like rows packs well; only a large one is suspicious.
        or (unpacked > 1_000_000 and unpacked > packed * MAX_RATIO)
    ):
        raise SheetTooLarge(file=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000)


def _xlsx_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # XLSX stores every number as a double; a whole one is what the person typed.
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value.isoformat()
    return str(value).strip()
