"""``bondpool ceb_check`` and ``bondpool ceb_read``, as a person calls them."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customs.rules.ceb.envelope import Envelope, write_envelope
from customs.rules.ceb.messages import write
from customs.rules.ceb.signing import rsa_signer, signed, signed_bytes
from tests.customs.ceb import made
from tests.customs.ceb.test_signing import PASSWORD, key_file

UNPROVED = (
    "  · Signature: it cannot be proved here, since its algorithm or key is one of a card or a "
    "server (SM2 with SM3)."
)


def told(name: str, *files: Path, **options: object) -> list[str]:
    out = StringIO()
    call_command(name, *map(str, files), stdout=out, **options)
    return out.getvalue().splitlines()


def refused(name: str, *files: Path, **options: object) -> tuple[list[str], str]:
    """What was printed, and what was said at the end (the exit status is then 1)."""
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command(name, *map(str, files), stdout=out, **options)
    assert refusal.value.returncode == 1
    return out.getvalue().splitlines(), str(refusal.value)


def saved(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_valid_files_are_named_by_their_kind(tmp_path: Path) -> None:
    lists = saved(tmp_path, "a.xml", write(made.message("CEB621", elements=2)))
    envelope = Envelope(
        "1", "A", ("B",), "2026-11-30T08:00:00", "CEB622Message", write(made.message("CEB622"))
    )
    receipt = saved(tmp_path, "b.xml", write_envelope(envelope))
    assert told("ceb_check", lists, receipt, language="en") == [
        f"{lists}: CEB621 retail import list, 2 elements: valid",
        UNPROVED,
        f"{receipt}: CEB622 receipt of a retail import list, 1 element, in an envelope: valid",
    ]
    assert told("ceb_check", lists, language="zh-hans") == [
        f"{lists}: CEB621 进口清单, 2 个元素: 有效",
        "  · 签名：其算法或密钥属于卡介质或签名服务器（SM2/SM3），此处无法验证。",
    ]


def test_each_error_has_its_line_field_and_rule(tmp_path: Path) -> None:
    data = write(made.message("CEB312")).replace(b"><", b">\n<").replace(b">120<", b"><")
    wrong = saved(tmp_path, "a.xml", data)
    right = saved(tmp_path, "b.xml", write(made.message("CEB312")))
    assert refused("ceb_check", wrong, right, language="en") == (
        [
            f"{wrong}: CEB312 receipt of an order, 1 element: not valid",
            "  ✗ line 8, CEB312/OrderReturn[1]/returnStatus: This field must not be empty. "
            "[customs.ceb_text_missing]",
            f"{right}: CEB312 receipt of an order, 1 element: valid",
        ],
        "1 of 2 files are not valid.",
    )


def test_what_would_come_back_is_remarked_and_refused_where_that_is_asked(tmp_path: Path) -> None:
    data = write(made.message("CEB621", head={"packNo": "2"})).replace(b"><", b">\n<")
    file = saved(tmp_path, "a.xml", data)
    line = data.decode().split("\n").index("<ceb:packNo>2</ceb:packNo>") + 1
    path = "CEB621/Inventory[1]/InventoryHead/packNo"
    remark = (
        f"line {line}, {path}: A waybill and a list have one package. (value: 2) "
        "[customs.ceb_one_package]"
    )
    assert told("ceb_check", file, language="en") == [
        f"{file}: CEB621 retail import list, 1 element: valid",
        UNPROVED,
        f"  ! {remark}",
    ]
    printed, said = refused("ceb_check", file, language="en", strict=True)
    assert printed == [
        f"{file}: CEB621 retail import list, 1 element: not valid",
        UNPROVED,
        f"  ✗ {remark}",
    ]
    assert said == "1 of 1 file is not valid."


def test_a_signature_over_other_data_makes_a_file_invalid(tmp_path: Path) -> None:
    signer = rsa_signer(key_file(), PASSWORD)
    data = write(signed(made.message("CEB311"), signer))
    keyless = re.sub(b"<ds:X509Data>.*</ds:X509Data>", b"", data)
    holding, bare = saved(tmp_path, "a.xml", data), saved(tmp_path, "b.xml", keyless)
    assert told("ceb_check", holding, bare, language="en") == [
        f"{holding}: CEB311 order, 1 element: valid",
        "  · The signature holds.",
        f"{bare}: CEB311 order, 1 element: valid",
        "  · Signature: its digest fits; by which key it was made cannot be told, since no "
        "certificate stands in it.",
    ]
    for file, whole in ((holding, data), (bare, keyless)):
        file.write_bytes(whole.replace(b">199<", b">198<", 1))
        assert refused("ceb_check", file, language="en") == (
            [
                f"{file}: CEB311 order, 1 element: not valid",
                "  ✗ line 2, CEB311/Signature: This signature is over other data than what stands "
                "here, or by another key than it names. [customs.signature_does_not_hold]",
            ],
            "1 of 1 file is not valid.",
        )
        assert "signature" in refused("ceb_read", file, language="en")[1]


def test_a_signature_of_the_envelope_is_looked_at_as_well(tmp_path: Path) -> None:
    inside = write(made.message("CEB312"))
    envelope = Envelope("1", "A", ("B",), "2026-11-30T08:00:00", "CEB312Message", inside)
    data = signed_bytes(write_envelope(envelope), rsa_signer(key_file(), PASSWORD))
    file = saved(tmp_path, "a.xml", data)
    assert told("ceb_check", file, language="en")[1:] == ["  · The signature holds."]

    file.write_bytes(data.replace(b">A<", b">C<"))

    printed, _said = refused("ceb_check", file, language="en")
    assert printed[1].startswith("  ✗ line 2, DxpMsg/Signature: This signature is over other data")


def test_a_file_that_is_no_message_or_not_there_is_not_valid(tmp_path: Path) -> None:
    bomb = saved(tmp_path, "a.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    missing = tmp_path / "none.xml"
    printed, said = refused("ceb_check", bomb, missing, language="en")
    assert printed == [
        f"{bomb}: not valid",
        "  ✗ line 1: A message has no document type and no entities of its own; this file has. "
        "(line: 1) [customs.doctype_refused]",
        f"{missing}: No such file or directory",
    ]
    assert said == "2 of 2 files are not valid."


def test_a_message_is_printed_as_json_or_written_again(tmp_path: Path) -> None:
    message = made.message("CEB513")
    data = write(message)
    file = saved(tmp_path, "a.xml", data)
    printed = json.loads("\n".join(told("ceb_read", file)))
    assert printed["LogisticsStatus"] == [dict(message.elements[0].head)]
    assert "\n".join(told("ceb_read", file, xml=True)) == data.decode()
    # from its envelope as well
    envelope = Envelope("1", "A", ("B",), "2026-11-30T08:00:00", "x", data)
    inside = saved(tmp_path, "b.xml", write_envelope(envelope))
    assert "\n".join(told("ceb_read", inside, xml=True)) == data.decode()


def test_nothing_is_printed_of_an_invalid_message(tmp_path: Path) -> None:
    file = saved(tmp_path, "a.xml", write(made.message("CEB513")).replace(b">S<", b"><"))
    printed, said = refused("ceb_read", file)
    assert printed == []
    assert "CEB513/LogisticsStatus[1]/logisticsStatus" in said
    assert refused("ceb_read", tmp_path / "none.xml")[1].endswith("No such file or directory")
