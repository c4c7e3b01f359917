"""Tables that people send and fetch: CSV and XLSX, read without trust, written without formulas.

What a stranger packed is unpacked by a program of its own under limits of the kernel
(:mod:`core.sheet_child`), after its size and its directory have been looked at here.

Every row is read before anything is refused, so that a person mends the file once; of very much
that is wrong the first is told, and how much it is. Row numbers are those that the person's
spreadsheet shows: the header is row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, cast

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from core.errors import InputError
from core.packages import (
    MAX_UNPACKED_BYTES,
    PackageBroken,
    PackageStrange,
    PackageTooLarge,
    check_package,
)
from core.sheet_child import ReaderStopped, rows_in_child
from core.sheet_reader import FORMULA_SIGNS, csv_rows
from core.workbook import Read, Unreadable

MAX_BYTES = 20_000_000
MAX_COLUMNS = 64
#: Rows an XLSX sheet can hold below its head.
MOST_XLSX_ROWS = 1_048_575
_LONGEST_CELL = 32_767
#: A CSV file cannot unpack to more than its cells; a short one is read before a process starts.
LARGE_CSV = 250_000
#: What is wrong in a file is told in words so many times and then counted: a file of nothing but
#: formulas has millions.
MOST_FAULTS = 1_000

_BEGINS_A_CELL = re.compile(r"([;|\t\r\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")
_NOT_FOR_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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


class SheetTooHeavy(SheetRefused):
    """The file takes more time or memory to read than a table may; save it as CSV and send that."""

    code = "core.sheet_too_heavy"


class StrangePackage(SheetRefused):
    """The file is protected or packed as no spreadsheet program does; save it anew and send it."""

    code = "core.sheet_strange_package"


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
    """All rows of a file and what is wrong with single cells: the first :data:`MOST_FAULTS`, how
    many there are, and the numbers of all rows that have any."""

    rows: list[SheetRow]
    errors: list[RowError]
    error_count: int
    broken: frozenset[int]


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
    the first RowErrors) when a cell holds a formula.
    """
    sheet = parse_sheet(
        name, content, columns=columns, optional=optional, aliases=aliases, max_rows=max_rows
    )
    if sheet.errors:
        raise WrongCells(file=name, count=sheet.error_count, rows=sheet.errors)
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

    Raises SheetTooLarge, SheetTooHeavy, StrangePackage, WrongFileKind, WrongEncoding,
    BrokenSheet, ColumnsMissing, ColumnsRepeated, NoRows or TooManyRows.
    """
    rows = _rows(name, content)
    try:
        return _sheet(name, rows, columns, optional, aliases or {}, max_rows)
    finally:
        # Who stops early ends the reader now, and not when the garbage is collected.
        rows.close()


def _sheet(
    name: str,
    rows: Iterator[Read],
    columns: Sequence[str],
    optional: Sequence[str],
    aliases: Mapping[str, str],
    max_rows: int,
) -> Sheet:
    wanted = [*columns, *optional]
    places: list[tuple[str, int]] = []
    header: list[str] | None = None
    found: list[SheetRow] = []
    errors: list[RowError] = []
    count, broken = 0, set[int]()
    formula = _("A formula; send the value instead.")
    outside = _("A value stands outside the named columns.")
    for number, texts, formulas in rows:
        if header is None:
            header = _header(name, texts, columns, optional, aliases)
            places = [(column, header.index(column)) for column in wanted if column in header]
            continue
        if len(found) >= max_rows:
            raise TooManyRows(file=name, limit=max_rows)
        is_outside = len(texts) > len(header) and any(texts[len(header) :])
        if formulas or is_outside:
            broken.add(number)
            count += len(formulas) + is_outside
        if len(errors) < MOST_FAULTS:
            for position in formulas:
                column = header[position] if position < len(header) else ""
                errors.append(RowError(number, column, formula))
            if is_outside:
                errors.append(RowError(number, "", outside))
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
    return Sheet(found, errors[:MOST_FAULTS], count, frozenset(broken))


def file_bytes(path: Path) -> bytes:
    """The bytes of a file that :func:`parse_sheet` may take; its size is looked at first.

    Raises SheetTooLarge, or OSError for a file that cannot be read.
    """
    with path.open("rb") as file:
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(file=path.name, megabytes=MAX_BYTES // 1_000_000)
    return content


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
    if not isinstance(value, str):
        return value
    # A spreadsheet that parts cells at semicolons or tabs takes the quotes of this file for
    # letters: it would make cells of "x;=1+1", and rows of what has several lines.
    value = _BEGINS_A_CELL.sub(r"\1'", value)
    # A leading apostrophe says "this is text". No exception for what looks like a number: "-2-3"
    # is a name, and would be shown as -5.
    return f"'{value}" if value.startswith(FORMULA_SIGNS) else value


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


def _rows(name: str, content: bytes) -> Generator[Read]:
    """The rows with something in them, of whatever kind the file is."""
    megabytes = MAX_BYTES // 1_000_000
    if len(content) > MAX_BYTES:
        raise SheetTooLarge(file=name, megabytes=megabytes)
    is_package = content[:2] == b"PK"
    if content[:4] in {b"\xd0\xcf\x11\xe0", b"%PDF"}:
        raise WrongFileKind(file=name)
    try:
        if is_package:
            check_package(content)
            yield from rows_in_child("xlsx", content, columns=MAX_COLUMNS)
        elif len(content) > LARGE_CSV:
            yield from rows_in_child("csv", content, columns=MAX_COLUMNS)
        else:
            yield from csv_rows(content, MAX_COLUMNS)
    except PackageTooLarge as error:
        raise SheetTooLarge(file=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000) from error
    except PackageBroken as error:
        raise BrokenSheet(file=name, reason=str(error)) from error
    except PackageStrange as error:
        raise StrangePackage(file=name, reason=str(error)) from error
    except ReaderStopped as error:
        raise SheetTooHeavy(file=name) from error
    except Unreadable as error:
        raise _REFUSALS[error.kind](file=name, **error.facts) from error


_REFUSALS: dict[str, type[SheetRefused]] = {
    "broken": BrokenSheet,
    "encoding": WrongEncoding,
    "large": SheetTooLarge,
    "heavy": SheetTooHeavy,
}
