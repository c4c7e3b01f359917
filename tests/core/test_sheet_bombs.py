"""Files made to harm: each is refused in words, quickly, and no process is left behind."""

from __future__ import annotations

import io
import os
import resource
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from core import sheet_child, sheets
from core.sheets import read_sheet, write_xlsx

COLUMNS = ("sku", "units")
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
HEAD = '<row r="1"><c t="str"><v>sku</v></c><c t="str"><v>units</v></c></row>'
_KIBIBYTE = 1024


def workbook(
    *, packing: int = zipfile.ZIP_DEFLATED, more: dict[str, bytes] | None = None, **parts: bytes
) -> bytes:
    """A good workbook of one row, some of whose parts are others; ``more`` are further members."""
    good = zipfile.ZipFile(io.BytesIO(write_xlsx(COLUMNS, [("MILK", 1)])))
    named = {"sheet": SHEET, "strings": STRINGS, "styles": "xl/styles.xml"}
    named |= {"book": "xl/workbook.xml", "rels": "xl/_rels/workbook.xml.rels"}
    members = {name: good.read(name) for name in good.namelist()}
    link = b'<Relationship Id="rId9" Type="x/sharedStrings" Target="sharedStrings.xml"/>'
    members[named["rels"]] = members[named["rels"]].replace(b"</R", link + b"</R")
    members |= {named[name]: content for name, content in parts.items()} | (more or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def sheet(rows: str, *, before: str = "", around: str = "") -> bytes:
    text = f"{before}<worksheet {NS}>{around}<sheetData>{HEAD}{rows}</sheetData></worksheet>"
    return text.encode()


def patched(content: bytes, signature: bytes, offset: int, form: str, value: int) -> bytes:
    """The last directory entry (or trailer) of a package with one number changed."""
    at = content.rindex(signature) + offset
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def entry(name: str, content: bytes, offset: int, form: str, value: int) -> bytes:
    """The directory entry of ``name`` with one number changed."""
    at = content.rindex(name.encode()) - 46 + offset
    return content[:at] + struct.pack(form, value) + content[at + struct.calcsize(form) :]


def flat_bomb() -> bytes:
    """2 MB of zeros' zeros: a gigabyte when unpacked. Made of deflate blocks, not of a gigabyte."""
    import zlib

    block = b"\0" * 1_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    body = packed * 1048
    base = workbook(sheet=b"<a/>", packing=zipfile.ZIP_STORED)
    # Stored first, so that its sizes can be said anew.
    with zipfile.ZipFile(io.BytesIO(base)) as source:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            for name in source.namelist():
                archive.writestr(name, body if name == SHEET else source.read(name))
    content = out.getvalue()
    content = entry(SHEET, content, 10, "<H", zipfile.ZIP_DEFLATED)
    return entry(SHEET, content, 24, "<L", 1_048_000_000)


def quoted_overlap() -> bytes:
    """Many entries of the directory that unpack the same bytes."""
    content = workbook(more={f"xl/media/{n}.bin": b"0" * 40_000 for n in range(20)})
    first = content.index(b"xl/media/0.bin") - 30
    for n in range(1, 20):
        content = entry(f"xl/media/{n}.bin", content, 42, "<L", first)
    return content


def lying_small() -> bytes:
    """The directory says 1,000 bytes; there are 40 million."""
    content = workbook(sheet=sheet("") + b" " * 40_000_000)
    return entry(SHEET, content, 24, "<L", 1000)


def strings_bomb() -> bytes:
    """One long text that each of many cells shows."""
    text = "a" * 30_000
    cells = "".join(f'<row r="{n}"><c t="s"><v>0</v></c></row>' for n in range(2, 20_000))
    return workbook(sheet=sheet(cells), strings=f"<sst {NS}><si><t>{text}</t></si></sst>".encode())


BOMBS: dict[str, tuple[Callable[[], bytes], type[sheets.SheetRefused]]] = {
    "a gigabyte in one member": (flat_bomb, sheets.SheetTooLarge),
    "60 MB in one member": (lambda: workbook(sheet=b"0" * 60_000_000), sheets.SheetTooLarge),
    "many members that are large together": (
        lambda: workbook(more={f"xl/{n}.bin": b"0" * 3_000_000 for n in range(20)}),
        sheets.SheetTooLarge,
    ),
    "more members than a workbook has": (
        lambda: workbook(more={f"xl/{n}.xml": b"" for n in range(5000)}),
        sheets.SheetTooLarge,
    ),
    "a package in the package": (
        lambda: workbook(more={"xl/inner.zip": workbook()}),
        sheets.StrangePackage,
    ),
    "entries that share their bytes": (quoted_overlap, sheets.StrangePackage),
    "a directory that says too little": (lying_small, sheets.BrokenSheet),
    "a directory that says too much was packed": (
        lambda: entry(SHEET, workbook(), 20, "<L", 4_000_000_000),
        sheets.StrangePackage,
    ),
    "a password": (lambda: entry(SHEET, workbook(), 8, "<H", 1), sheets.StrangePackage),
    "another packing": (lambda: workbook(packing=zipfile.ZIP_LZMA), sheets.StrangePackage),
    "a member outside its folder": (
        lambda: workbook(more={"../../etc/passwd": b"x"}),
        sheets.StrangePackage,
    ),
    "a member twice": (
        lambda: workbook(more={"xl/worksheets/SHEET1.XML": b"<a/>"}),
        sheets.StrangePackage,
    ),
    "a directory at a wrong place": (
        lambda: patched(workbook(), b"PK\x05\x06", 16, "<L", 7),
        sheets.StrangePackage,
    ),
    "a directory of a wrong length": (
        lambda: patched(workbook(), b"PK\x05\x06", 12, "<L", 4_000_000_000),
        sheets.BrokenSheet,
    ),
    "a member at a wrong place": (
        lambda: entry(SHEET, workbook(), 42, "<L", 5),
        sheets.StrangePackage,
    ),
    "cut off": (lambda: workbook()[:-400], sheets.BrokenSheet),
    "cut off in the middle": (lambda: workbook()[:700], sheets.BrokenSheet),
    "only the trailer": (lambda: b"PK\x05\x06" + b"\0" * 18, sheets.BrokenSheet),
    "a wrong checksum": (lambda: entry(SHEET, workbook(), 16, "<L", 1), sheets.BrokenSheet),
    "one text shown by each cell": (strings_bomb, sheets.SheetTooLarge),
    "a text that is not there": (
        lambda: workbook(sheet=sheet('<row r="2"><c t="s"><v>999999999</v></c></row>')),
        sheets.BrokenSheet,
    ),
    "a million columns": (
        lambda: workbook(sheet=sheet("<row r='2'>" + "<c><v>1</v></c>" * 1_000_000 + "</row>")),
        sheets.SheetTooLarge,
    ),
    "too many columns": (
        lambda: workbook(sheet=sheet("<row r='2'>" + "<c><v>1</v></c>" * 40_000 + "</row>")),
        sheets.BrokenSheet,
    ),
    "a column that no sheet has": (
        lambda: workbook(sheet=sheet("<row r='2'><c r='ZZZZZZZZZ2'><v>1</v></c></row>")),
        sheets.BrokenSheet,
    ),
    "a row that no sheet has": (
        lambda: workbook(sheet=sheet("<row r='99999999999999'><c><v>1</v></c></row>")),
        sheets.BrokenSheet,
    ),
    "deep nesting": (
        lambda: workbook(sheet=sheet("", around="<a>" * 200_000)),
        sheets.BrokenSheet,
    ),
    "an entity that multiplies itself": (
        lambda: workbook(
            sheet=sheet(
                '<row r="2"><c><v>&c;</v></c></row>',
                before='<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">'
                '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>',
            )
        ),
        sheets.BrokenSheet,
    ),
    "an entity from a file": (
        lambda: workbook(
            sheet=sheet(
                '<row r="2"><c t="str"><v>&x;</v></c></row>',
                before='<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
            )
        ),
        sheets.BrokenSheet,
    ),
    "a document type in another encoding": (
        lambda: workbook(
            strings=f'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x"><sst {NS}/>'.encode("utf-16")
        ),
        sheets.BrokenSheet,
    ),
    "a first sheet that is elsewhere": (
        lambda: workbook(
            rels=b'<Relationships><Relationship Id="rId1" Type="x/worksheet" '
            b'Target="http://127.0.0.1:9/s.xml" TargetMode="External"/></Relationships>'
        ),
        sheets.BrokenSheet,
    ),
    "a style for each number": (
        lambda: workbook(styles=f"<a><cellXfs>{'<xf/>' * 9_000_000}</cellXfs></a>".encode()),
        sheets.SheetTooLarge,
    ),
    "formulas everywhere": (
        lambda: workbook(
            sheet=sheet(
                "".join(f'<row r="{n}"><c><f>A1+1</f><v>1</v></c></row>' for n in range(2, 9000))
            )
        ),
        sheets.WrongCells,
    ),
    "a CSV of one long line": (lambda: b"a," * 10_000_000, sheets.BrokenSheet),
    "a CSV of one long field": (
        lambda: b'sku,units\n"' + b"a" * 19_000_000 + b'",1\n',
        sheets.BrokenSheet,
    ),
    "a CSV of quotes": (lambda: b'sku,units\n"' + b'"' * 6_000_000, sheets.BrokenSheet),
    "a CSV of too many columns": (
        lambda: b"sku,units\n" + b"," * 9_000_000 + b"\n",
        sheets.BrokenSheet,
    ),
    "a CSV of empty lines": (lambda: b"\n" * 6_000_000, sheets.NoRows),
    "a CSV of too many rows": (lambda: b"sku,units\n" + b"a,1\n" * 1_300_000, sheets.TooManyRows),
    "a CSV of nothing but formulas": (
        lambda: b"sku,units\n" + (b"=," * 63 + b"=\n") * 35_000,
        sheets.WrongCells,
    ),
    "a short CSV of nothing but formulas": (
        lambda: b"sku,units\n" + (b"=," * 63 + b"=\n") * 1_900,
        sheets.WrongCells,
    ),
    "a CSV with NUL": (lambda: b"sku,units\nMI\x00LK,1\n", sheets.WrongEncoding),
    "a CSV in UTF-16": (
        lambda: ("sku,units\n" + "MILK,1\n" * 500_000).encode("utf-16"),
        sheets.WrongEncoding,
    ),
    "more bytes than are taken": (lambda: b"a" * 20_000_001, sheets.SheetTooLarge),
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_a_file_made_to_harm_is_refused_in_words(name: str) -> None:
    make, refusal = BOMBS[name]
    content = make()
    files, others = os.listdir("/proc/self/fd"), _child_processes()
    before = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.process_time()

    with pytest.raises(sheets.SheetRefused) as refused:
        read_sheet("bomb.xlsx", content, columns=COLUMNS)

    assert type(refused.value) is refusal
    assert refused.value.rule().endswith(".")
    assert "etc/passwd" not in str(refused.value)
    # Processor time, because a busy machine makes no file worse.
    after = resource.getrusage(resource.RUSAGE_SELF)
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert time.process_time() - began < 5
    assert theirs.ru_utime + theirs.ru_stime - children.ru_utime - children.ru_stime < 5
    assert after.ru_maxrss - before.ru_maxrss < 200 * _KIBIBYTE
    # A child that was just started is as large as its parent for a moment.
    assert theirs.ru_maxrss < max(200 * _KIBIBYTE, after.ru_maxrss + 1)
    # What other tests left behind may be closed meanwhile; nothing is left open here.
    assert set(os.listdir("/proc/self/fd")) <= set(files)
    assert _child_processes() == others


def test_the_gigabyte_is_refused_without_starting_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    content = flat_bomb()
    monkeypatch.setattr(subprocess, "Popen", None)
    began = time.process_time()

    with pytest.raises(sheets.SheetTooLarge):
        read_sheet("bomb.xlsx", content, columns=COLUMNS)

    assert len(content) < 2_500_000
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    ("limit", "value"), [("MEMORY_BYTES", 40_000_000), ("CPU_SECONDS", 1), ("WALL_SECONDS", 0)]
)
def test_a_reader_that_meets_its_limit_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    rows = "".join(f'<row r="{n}"><c t="str"><v>{n}</v></c></row>' for n in range(2, 90_000))
    words = "".join(f"<si><t>{n}</t></si>" for n in range(900_000))
    content = workbook(sheet=sheet(rows), strings=f"<sst {NS}>{words}</sst>".encode())
    monkeypatch.setattr(sheet_child, limit, value)
    files, others = os.listdir("/proc/self/fd"), _child_processes()

    with pytest.raises(sheets.SheetTooHeavy):
        read_sheet("heavy.xlsx", content, columns=COLUMNS)

    assert os.listdir("/proc/self/fd") == files
    assert _child_processes() == others


def test_the_reader_inherits_no_variable_and_may_open_no_connection(tmp_path: Path) -> None:
    program = (
        "import sys; sys.path.append(sys.argv[1]); from core import sheet_reader as r; "
        "r._limit(400_000_000, 5); import socket; socket.create_connection(('127.0.0.1', 9))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program, sheet_child._FOLDER],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )

    assert "PermissionError: socket" in done.stderr


def _child_processes() -> str:
    """Zombies among them. Other tests of this process may keep some (a browser, a server)."""
    me = os.getpid()
    return Path(f"/proc/{me}/task/{me}/children").read_text().strip()
