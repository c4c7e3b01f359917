"""The first sheet of a stranger's workbook (XLSX), row by row, without building a tree of it.

Of the package only five parts are opened, each read by expat block by block. A document type, so
any entity, and deep nesting are refused; a part is unpacked no further than the directory said.
Runs in a process of its own (:mod:`core.sheet_reader`): the standard library and nothing else.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta
from typing import BinaryIO
from xml.parsers import expat

_BLOCK = 1 << 16
_DEEPEST = 64
_MOST_ROWS, _MOST_COLUMNS = 1_048_576, 16_384
#: The formats that every workbook has and that show days and times.
_DAY_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_NO_SIGNS = re.compile(r'"[^"]*"|\\.|_.|\[(?![hms]+\])[^\]]*\]|General', re.IGNORECASE)
_DAY_SIGNS = re.compile(r"[dmyhs]", re.IGNORECASE)
#: A cell may hold any character written as its number, also those that no text has.
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ESCAPED = re.compile(r"_x(?!D[89A-F]|d[89a-f])([0-9A-Fa-f]{4})_")

#: One row as read: its number, the texts, and the positions of cells that hold a formula.
Read = tuple[int, list[str], Collection[int]]


class Unreadable(Exception):
    """The file is no table; ``kind`` is one of broken, encoding, large."""

    def __init__(self, kind: str, **facts: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.facts = facts


def xlsx_rows(file: BinaryIO, columns: int) -> Iterator[Read]:
    """The rows of the first sheet of a workbook; of its other parts only what they need."""
    try:
        with zipfile.ZipFile(file) as package:
            sheet, strings, styles, epoch = _parts(package)
            reader = _SheetRows(
                list(_shared_strings(package, strings)),
                _date_styles(package, styles),
                epoch,
                columns,
            )
            for _block in _parse(package, sheet, reader.start, reader.end, reader.text):
                yield from reader.taken()
    except (
        expat.ExpatError,
        zipfile.BadZipFile,
        KeyError,
        IndexError,
        ValueError,
        EOFError,
        OverflowError,
        RuntimeError,
        NotImplementedError,
        zlib.error,
    ) as error:
        raise Unreadable("broken", reason=type(error).__name__) from error


def _parse(
    package: zipfile.ZipFile,
    name: str,
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Let expat read one part block by block. No document type, so no entity; no deep nesting."""
    parser = expat.ParserCreate()
    depth = 0

    def opened(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Unreadable("broken", reason="nesting")
        start(tag.rpartition(":")[2], attributes)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag.rpartition(":")[2])

    def declared(*_declaration: object) -> None:
        raise Unreadable("broken", reason="document type")

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = declared
    parser.EntityDeclHandler = declared
    with package.open(name) as part:
        while block := part.read(_BLOCK):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
        yield


def _elements(package: zipfile.ZipFile, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        found.append((tag, {key.rpartition(":")[2]: value for key, value in attributes.items()}))

    for _block in _parse(package, name, start, lambda _tag: None, lambda _text: None):
        yield from found
        found.clear()


def _parts(package: zipfile.ZipFile) -> tuple[str, str, str, datetime]:
    """The first sheet, the shared strings, the styles, and the day that dates count from."""
    book = next(
        (
            one["Target"].lstrip("/")
            for tag, one in _elements(package, "_rels/.rels")
            if tag == "Relationship" and one["Type"].endswith("/officeDocument")
        ),
        "xl/workbook.xml",
    )
    folder, _, file = book.rpartition("/")
    targets: dict[str, str] = {}
    kinds: dict[str, str] = {}
    for tag, one in _elements(package, f"{folder}/_rels/{file}.rels"):
        if tag == "Relationship" and one.get("TargetMode") != "External":
            target = one["Target"]
            path = target[1:] if target.startswith("/") else f"{folder}/{target}"
            targets[one["Id"]] = kinds[one["Type"].rpartition("/")[2]] = path
    first, epoch = "", datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets know no zone
    for tag, one in _elements(package, book):
        if tag == "workbookPr" and one.get("date1904", "0") in {"1", "true"}:
            epoch = datetime(1904, 1, 1)  # noqa: DTZ001
        if tag == "sheet" and not first:
            first = targets[one["id"]]
    if not first:
        raise Unreadable("broken", reason="no sheet")
    known = set(package.namelist())
    strings, styles = kinds.get("sharedStrings", ""), kinds.get("styles", "")
    return first, strings if strings in known else "", styles if styles in known else "", epoch


def _shared_strings(package: zipfile.ZipFile, name: str) -> Iterator[str]:
    if not name:
        return
    found: list[str] = []
    now: list[str] = []
    inside: list[str] = []

    def start(tag: str, _attributes: dict[str, str]) -> None:
        inside.append(tag)
        if tag == "si":
            now.clear()

    def end(tag: str) -> None:
        inside.pop()
        if tag == "si":
            found.append(_unescaped("".join(now)))

    def text(part: str) -> None:
        # How a word is pronounced ("rPh") is not the word.
        if inside[-1:] == ["t"] and "rPh" not in inside:
            now.append(part)

    for _block in _parse(package, name, start, end, text):
        yield from found
        found.clear()


def _date_styles(package: zipfile.ZipFile, name: str) -> list[bool]:
    """For each style of cells whether it shows a number as a day."""
    formats: dict[str, bool] = {}
    styles: list[bool] = []
    inside = False
    for tag, one in _elements(package, name) if name else ():
        if tag == "numFmt":
            formats[one["numFmtId"]] = bool(_DAY_SIGNS.search(_NO_SIGNS.sub("", one["formatCode"])))
        elif tag in {"cellXfs", "cellStyleXfs", "cellStyles", "dxfs"}:
            inside = tag == "cellXfs"
        elif tag == "xf" and inside:
            number = one.get("numFmtId", "0")
            styles.append(formats.get(number, number.isdecimal() and int(number) in _DAY_FORMATS))
    return styles


class _SheetRows:
    """What expat tells of a sheet, put together into rows."""

    def __init__(
        self, strings: list[str], day_styles: list[bool], epoch: datetime, columns: int
    ) -> None:
        self._strings, self._day_styles, self._epoch = strings, day_styles, epoch
        self._columns = columns
        self._rows: list[Read] = []
        self._row = 0
        self._texts: list[str] = []
        self._formulas: list[int] = []
        self._column = -1
        self._kind, self._style, self._is_formula = "", "", False
        self._value: list[str] = []
        self._listening = False

    def taken(self) -> list[Read]:
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            place = attributes.get("r")
            self._column = _column_of(place) if place else self._column + 1
            self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._is_formula = False
            self._value.clear()
        elif tag in {"v", "t"}:
            self._listening = not self._is_formula
        elif tag == "f":
            self._is_formula = self._listening = True
            self._value[:] = ["="]
        elif tag == "row":
            self._row = int(attributes.get("r") or self._row + 1)
            self._texts, self._formulas, self._column = [], [], -1
            if not 0 < self._row <= _MOST_ROWS:
                raise Unreadable("broken", row=self._row)
        elif tag == "rPh":
            self._listening = False

    def text(self, part: str) -> None:
        if self._listening:
            self._value.append(part)

    def end(self, tag: str) -> None:
        if tag in {"v", "t", "f"}:
            self._listening = False
        elif tag == "c":
            text = self._cell("".join(self._value)).strip()
            if text:
                if self._column >= self._columns:
                    raise Unreadable("broken", row=self._row, columns=self._column + 1)
                if _NO_TEXT.search(text):
                    raise Unreadable("broken", row=self._row, reason="control character")
                gap = self._column - len(self._texts)
                if gap < 0:
                    raise Unreadable("broken", row=self._row, reason="order of cells")
                self._texts += [""] * gap
                self._texts.append(text)
                if self._is_formula:
                    self._formulas.append(self._column)
        elif tag == "row" and self._texts:
            self._rows.append((self._row, self._texts, self._formulas))
            self._texts, self._formulas = [], []

    def _cell(self, raw: str) -> str:
        if self._is_formula or not raw or self._kind in {"str", "e", "d"}:
            return raw
        if self._kind == "s":
            return self._strings[int(raw)]
        if self._kind == "inlineStr":
            return _unescaped(raw)
        if self._kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self._style and self._day_styles and self._day_styles[int(self._style)]:
            return self._day(float(raw))
        if raw.isdecimal():
            return raw
        number = float(raw)
        # XLSX stores every number as a double; a whole one is what the person typed.
        return str(int(number)) if number.is_integer() else repr(number)

    def _day(self, serial: float) -> str:
        if self._epoch.year == 1899 and 0 < serial < 60:
            serial += 1  # the year 1900 had no 29 February, whatever spreadsheets believe
        shown = self._epoch + timedelta(seconds=round(serial * 86_400))
        if 0 <= serial < 1:
            return shown.time().isoformat()
        midnight = (shown.hour, shown.minute, shown.second) == (0, 0, 0)
        return shown.date().isoformat() if midnight else shown.isoformat(sep=" ")


def _column_of(place: str) -> int:
    """``AB12`` is in column 27."""
    column = 0
    for sign in place:
        if not "A" <= sign <= "Z":
            break
        column = column * 26 + ord(sign) - 64
    if not 0 < column <= _MOST_COLUMNS:
        raise Unreadable("broken", reason="column")
    return column - 1


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text
