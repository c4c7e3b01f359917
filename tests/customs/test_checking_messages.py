"""What is told of a file that is checked: no envelope that lies, nothing of a person."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override, pgettext
from pytest_django.fixtures import Settings

from customs.queries.messages import AgainstSchema, EnvelopeNamesAnother, check
from customs.rules.ceb.envelope import Envelope, write_envelope
from customs.rules.ceb.messages import write
from customs.rules.ceb.numbers import NumberMisshapen, misshapen
from customs.rules.ceb.shape import PERSONAL
from customs.rules.sas import documents as sas
from tests.customs import zone
from tests.customs.ceb import made

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.chinaport.gov.cn/ceb">
  <xs:element name="CEB621Message"/><xs:element name="CEB311Message"/>
  <xs:element name="buyerIdNumber"><xs:simpleType><xs:restriction base="xs:string">
    <xs:enumeration value="1"/></xs:restriction></xs:simpleType></xs:element>
</xs:schema>"""


def in_envelope(kind: str, data: bytes) -> bytes:
    return write_envelope(
        Envelope("M1", "DXPEDCCEB0000002", ("DXPENT1",), "2026-08-01T12:00:00", kind, data)
    )


@pytest.mark.parametrize(
    ("kind", "lies"), [("CEB621Message", False), ("CEB311Message", True), ("", False)]
)
def test_an_envelope_that_names_another_message_is_remarked(kind: str, lies: bool) -> None:
    found = check(in_envelope(kind, write(made.message("CEB621"))))
    assert found.valid
    told = [one.path for one in found.remarks if isinstance(one.error, EnvelopeNamesAnother)]
    assert told == ["DxpMsg/TransInfo/MsgType"] * lies


def test_the_envelope_of_the_zone_names_its_message_as_it_is_called() -> None:
    found = check(in_envelope("INV101", sas.write(zone.bonded_list())))
    assert (found.valid, list(found.remarks)) == (True, [])


def test_a_buyers_number_that_is_too_long_is_not_repeated(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "order.xml"
    file.write_bytes(write(made.message("CEB311", head={"buyerIdNumber": "7" * 61})))

    with pytest.raises(CommandError):
        call_command("ceb_check", file)

    told = capsys.readouterr().out
    assert "buyerIdNumber" in told
    assert "7777" not in told


def test_what_the_schema_says_of_a_person_is_not_repeated(
    tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "ceb.xsd").write_text(SCHEMA)
    settings.BONDPOOL_CEB_XSD = str(tmp_path)
    head: dict[str, str | None] = {"buyerIdNumber": "110101199003078996"}

    (fault, *_more) = check(write(made.message("CEB311", head=head))).faults

    assert isinstance(fault.error, AgainstSchema)
    assert str(fault.error.facts["detail"]).endswith("buyerIdNumber'")
    assert "buyerIdNumber" in PERSONAL


@pytest.mark.parametrize(
    ("field", "good", "bad"),
    [
        ("customsCode", "3105", "31a5"),
        ("emsNo", "L9013B19A008", "X"),
        ("invtNo", "90132019I237057698", "9013201X1237057698"),
        ("preNo", "B20260801000000017", "A20260801000000017"),
    ],
)
def test_a_number_that_customs_makes_otherwise_is_remarked(field: str, good: str, bad: str) -> None:
    assert not list(misshapen({field: good}))
    assert not list(misshapen({field: ""}))
    found = check(write(made.message("CEB621", head={field: bad})))
    told = [one.path for one in found.remarks if isinstance(one.error, NumberMisshapen)]
    assert f"CEB621/Inventory[1]/InventoryHead/{field}" in told
    assert found.valid


def test_what_is_wanted_is_no_state() -> None:
    with override("zh-hans"):
        assert pgettext("fact", "wanted") == "需要"
