"""Files as large as a message may be, and messages in a ZIP: bounded, and bombs refused."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime

import pytest

from core.errors import DomainError
from customs.queries.messages import check, read_message
from customs.rules.ceb import envelope as envelopes
from customs.rules.ceb import zipped as zips
from customs.rules.ceb.envelope import Envelope, open_envelope, parse_file, write_envelope
from customs.rules.ceb.messages import write
from customs.rules.ceb.parsing import (
    LARGEST,
    LARGEST_FILE,
    DoctypeRefused,
    MessageTooLarge,
    XmlBroken,
    parse,
)
from customs.rules.ceb.zipped import ZipBroken, ZipNotOneFile, unzipped, zipped
from customs.rules.receipts.reading import receipts_in
from tests.customs.ceb import made
from tests.customs.receipts.answers import of_list

NOON = datetime(2026, 8, 1, 12, 0, 1, tzinfo=UTC)
#: A text longer than the parser takes by itself, before what is tried.
LONG = b"<!--" + b" " * 10_000_001 + b"-->"


def packed(packing: int = zipfile.ZIP_DEFLATED, /, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def test_a_message_of_eight_megabytes_goes_in_its_envelope_and_is_taken_out() -> None:
    data = write(made.message("CEB900", head={"oriBizMessage": ""})) + LONG[:8_000_000] + b"-->"
    told = Envelope("1", "A", ("B",), "2026-11-30T08:00:00", "x", data)

    file = write_envelope(told)

    assert len(file) > 10_600_000
    assert open_envelope(parse_file(file)).data == data


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (LONG + b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', DoctypeRefused),
        (b"<a>" + LONG + b"&b;</a>", XmlBroken),
        (b"<a>" + LONG + b"<b>" * 3_000 + b"</b>" * 3_000 + b"</a>", XmlBroken),
    ],
)
def test_bombs_in_a_large_file_are_refused_all_the_same(
    data: bytes, refused: type[DomainError]
) -> None:
    with pytest.raises(refused):
        parse(data)


def test_a_bare_message_has_no_more_room_than_before(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MessageTooLarge):
        parse(b"x" * (LARGEST + 1))
    with pytest.raises(MessageTooLarge):
        parse_file(b"x" * (LARGEST_FILE + 1))
    data = write(made.message("CEB311"))
    file = write_envelope(Envelope("1", "A", ("B",), "2026-11-30T08:00:00", "x", data))
    monkeypatch.setattr(envelopes, "LARGEST", len(data) - 1)

    with pytest.raises(MessageTooLarge):
        parse_file(data)
    assert open_envelope(parse_file(file)).data == data


def test_a_message_in_a_zip_is_the_message() -> None:
    data = write(made.message("CEB311"))
    file = zipped("a.xml", data, at=NOON)

    assert unzipped(file) == data
    assert read_message(file) == read_message(data)
    assert check(file).valid
    assert len(receipts_in(zipped("r.xml", of_list("RL-1", "800"), at=NOON))) == 1


def test_the_same_file_is_the_same_zip() -> None:
    first, again = (zipped("a.xml", b"<a/>", at=NOON) for _n in range(2))

    assert first == again
    (entry,) = zipfile.ZipFile(io.BytesIO(first)).infolist()
    assert (entry.filename, entry.date_time) == ("a.xml", (2026, 8, 1, 12, 0, 0))


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (packed(a=b"<a/>", b=b"<b/>"), ZipNotOneFile),
        (packed(**{"folder/": b""}), ZipNotOneFile),
        (packed(a=b"<a/>", **{f"{n}/": b"" for n in range(100)}), ZipNotOneFile),
        (packed(a=packed(b=b"<b/>")), ZipNotOneFile),
        (packed(a=b"<a/>")[:-30], ZipBroken),
        (b"PK\x03\x04", ZipBroken),
        (packed(a=b"<a/>" * 99).replace(b"\x08\x00", b"\x63\x00"), ZipBroken),
        (packed(zipfile.ZIP_LZMA, a=b"<a/>"), ZipBroken),
        (packed(zipfile.ZIP_BZIP2, a=b"<a/>"), ZipBroken),
    ],
    ids=["two", "none", "directory", "nested", "cut", "begun", "another-method", "lzma", "bzip2"],
)
def test_a_zip_that_is_no_one_message_is_refused_in_words(
    data: bytes, refused: type[DomainError]
) -> None:
    with pytest.raises(refused):
        parse_file(data)
    (fault,) = check(data).faults
    assert isinstance(fault.error, refused)


def test_a_locked_zip_is_refused() -> None:
    data = bytearray(packed(a=b"<a/>"))
    # The bit that says so, in the entry and in the directory.
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ZipBroken):
        unzipped(bytes(data))


def test_a_zip_bomb_is_unpacked_no_further_than_a_message_may_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = packed(a=b"\0" * 1_000_000)
    monkeypatch.setattr(zips, "LARGEST_FILE", 100_000)

    with pytest.raises(MessageTooLarge) as refusal:
        unzipped(bomb)

    assert 100_000 < int(str(refusal.value.facts["bytes"])) <= 100_000 + 64 * 1024
