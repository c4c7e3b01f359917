"""The authority to practise with: what it takes, what it answers, and that the product needs none
of it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customs.rules.ceb.messages import Message, message_of, write
from customs.rules.ceb.reading import read
from customs.rules.ceb.signing import rsa_signer, signed
from customs.rules.ceb.zipped import zipped
from customs.rules.sas.documents import write as write_sas
from customs.simulator.taxing import Rate, taxed
from tests.customs import zone
from tests.customs.ceb import made
from tests.customs.ceb.test_signing import PASSWORD, key_file
from tests.customs.practising import Practice, alone, lists, practice, statuses

__all__ = ["practice"]

ROOT = Path(__file__).resolve().parents[2]


def test_a_list_is_released_and_taxed_under_numbers_of_the_right_structure(
    practice: Callable[..., Practice],
) -> None:
    told = practice().send(write(lists({})))

    assert statuses(told) == ["2", "3", "120", "800"]
    released = next(one for one in told if one.status == "800")
    (bill,) = (one.bill for one in told if one.bill)
    assert (released.pre_no, released.customs_no) == ("B20260801000000001", "33332026I000000001")
    assert (len(released.pre_no), len(released.customs_no)) == (18, 18)
    assert bill.list_number == released.customs_no
    # (199 + 10 freight + 1.5 insurance) x 70 % x 13 %
    assert bill.vat == Decimal("19.16")


def test_what_was_sent_twice_is_answered_once_and_a_list_declared_again_is_refused(
    practice: Callable[..., Practice],
) -> None:
    one = practice()
    one.send(write(lists({})))

    assert one.send(write(lists({}))) == []
    assert statuses(one.send(write(lists({})), "M2.xml")) == ["-621004"]
    assert one.authority.book.summary() == {"CEB621 C0": {"state": "released", "times": 2}}


def test_a_restart_neither_loses_nor_doubles(practice: Callable[..., Practice]) -> None:
    one = practice(delay=1.0)
    (one.home / "out" / "M1.xml").write_bytes(write(lists({})))
    one.authority.take()
    first = one.answers(seconds=2.5)
    one.authority.close()
    # Killed between the book and the folder: the file lies there again.
    (one.home / "out" / "M1.xml").write_bytes(write(lists({})))

    one.open()
    one.authority.take()
    rest = one.answers()

    assert (statuses(first), statuses(rest)) == (["2", "3"], ["120", "800"])


@pytest.mark.parametrize(
    ("message", "script", "wanted"),
    [
        (lists({}, qty="30"), {}, ["2", "-621005"]),
        # One piece over the limit may go, in full tax.
        (lists({}, price="5001"), {}, ["2", "3", "120", "800"]),
        (lists({}), {"habits": alone(refuse_every=1)}, ["2", "3", "100", "120"]),
        (lists({}), {"habits": alone(inspect_every=1)}, ["2", "3", "120", "300", "500", "800"]),
        (lists({"country": "601"}), {}, ["-621001"]),
    ],
)
def test_a_list_is_judged(
    practice: Callable[..., Practice],
    message: Message,
    script: dict[str, object],
    wanted: list[str],
) -> None:
    assert statuses(practice(**script).send(write(message))) == wanted


def test_a_buyer_has_a_year(practice: Callable[..., Practice]) -> None:
    one = practice()
    buyer = {"buyerIdNumber": made.id_number(998)}
    for at in range(6):
        told = one.send(write(lists(buyer | {"copNo": f"L{at}"}, price="4900")), f"M{at}.xml")
        wanted = ["2", "3", "120", "800"] if at < 5 else ["2", "-621018"]
        assert statuses(told, f"L{at}") == wanted
    # A change takes the place of what it changes.
    changed = lists(buyer | {"copNo": "L4", "appType": "2"}, price="4800")
    assert statuses(one.send(write(changed), "M6.xml"), "L4") == ["2", "3", "120", "800"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"<a", "-0001"),
        (b"<html/>", "-0001"),
        (write(lists({})).replace(b"<ceb:gcode>", b"<ceb:gcode>x"), "-0002"),
        (write(lists({"guid": "G" * 35})), "-0002"),
        (write(replace(made.message("CEB621", elements=101), signature="")), "-0002"),
        (write(replace(made.message("CEB621", lines=100), signature="")), "-0002"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "-0001"),
    ],
)
def test_a_message_against_the_form_is_refused_whole(
    practice: Callable[..., Practice], data: bytes, status: str
) -> None:
    one = practice()
    (told,) = one.send(data)
    assert (told.message, told.status, told.message_no) == ("CEB900", status, "M1")
    assert one.authority.book.summary() == {}


def test_a_signature_is_asked_for_and_must_hold(practice: Callable[..., Practice]) -> None:
    good = signed(lists({}), rsa_signer(key_file(), PASSWORD))
    forged = write(good).replace(b"<ceb:copNo>C0<", b"<ceb:copNo>C9<")
    one = practice(must_be_signed=True)

    assert [told.status for told in one.send(write(lists({})), "A.xml")] == ["-0002"]
    assert [told.status for told in one.send(forged, "B.xml")] == ["-1004"]
    assert statuses(one.send(write(good), "C.xml")) == ["2", "3", "120", "800"]


def test_a_list_is_withdrawn_before_its_release_and_not_after(
    practice: Callable[..., Practice],
) -> None:
    one = practice(delay=1.0)
    (one.home / "out" / "M1.xml").write_bytes(write(lists({})))
    one.authority.take()
    number = one.answers(seconds=3.5)[-1].customs_no
    withdraw = made.message("CEB623", head={"invtNo": number, "copNo": "C0"})

    told = one.send(write(replace(withdraw, signature="")), "W.xml")

    assert statuses(told) == ["2", "3", "120", "399"]
    released = one.send(write(lists({"copNo": "D"})), "M2.xml")[-1]
    late = replace(made.message("CEB623", head={"invtNo": released.customs_no}), signature="")
    assert "-623005" in {one.status for one in one.send(write(late), "W2.xml")}


def test_the_zone_answers(practice: Callable[..., Practice]) -> None:
    one = practice()
    listed = one.send(write_sas(zone.bonded_list()), "L.xml")
    number = listed[-1].customs_no
    truck: zone.Changes = {
        "RltNo": number,
        "IoTypecd": "I",
        "VehicleFrameWt": "0",
        "TotalWt": "13140.7",
    }
    weights: zone.Changes = {"TotalGrossWt": "140.7", "TotalNetWt": "108"}
    passed = one.send(write_sas(zone.a_pass(truck | weights, bound_to=number)), "P.xml")
    again = one.send(write_sas(zone.bonded_list()), "L2.xml")

    assert sorted((told.message, told.status) for told in listed) == [
        *(("CommonResponeMessage", "0"), ("INV201", "1"), ("INV202", "1")),
        ("INV211", "posted"),
    ]
    assert sorted((told.message, told.status) for told in passed) == [
        *(("CommonResponeMessage", "0"), ("SAS221", "1"), ("SAS223", "passed")),
    ]
    assert [told.status for told in again] == ["1"]
    assert {len(told.customs_no) for told in listed if told.customs_no} == {18}
    assert {len(told.customs_no) for told in passed if told.customs_no} == {24}


def test_the_zone_takes_a_list_in_a_zip(practice: Callable[..., Practice]) -> None:
    file = zipped("L.xml", write_sas(zone.bonded_list()), at=datetime(2026, 8, 1, tzinfo=UTC))

    assert [told.message for told in practice().send(file, "L.zip")].count("INV201") == 1


def test_twice_and_shuffled(practice: Callable[..., Practice]) -> None:
    one = practice(twice=True, shuffle=True, delay=1.0)
    told = one.send(write(lists({}, {})))
    assert statuses(told) == ["2", "2", "3", "3", "120", "120", "800", "800"]


def test_its_tax_is_its_own_and_may_be_off() -> None:
    head = {"freight": "10", "insuredFee": "0"}
    rows = [
        {"gnum": str(n), "gcode": "1901101010", "totalPrice": price}
        for n, price in ((1, "100"), (2, "200"))
    ]
    rates = {"1901101010": Rate(consumption_tax=Decimal("0.15"))}

    one, two = taxed(head, rows, rates, off=Decimal("0.5"))

    assert (one.dutiable, two.dutiable) == (Decimal("103.33"), Decimal("206.67"))
    # 103.33 / 0.85 x 15 % x 70 %; (103.33 + 18.2347) x 13 % x 70 %
    assert (one.consumption_tax, one.vat) == (Decimal("12.76"), Decimal("11.06") + Decimal("0.5"))
    assert two.vat == Decimal("22.13")


def test_the_command_ends_when_all_is_said(tmp_path: Path) -> None:
    (tmp_path / "way" / "out").mkdir(parents=True)
    (tmp_path / "way" / "out" / "M1.xml").write_bytes(write(lists({}, {})))
    out = StringIO()
    call_command(
        "customs_simulator",
        str(tmp_path / "way"),
        delay=0,
        once=True,
        stdout=out,
        language="en",
        elsewhere="CEB311,CEB411 CEB511",
    )
    assert "M1: retail import list, 2 → released 2" in out.getvalue()
    assert "CEB622 800 × 2" in out.getvalue()
    with pytest.raises(CommandError):
        call_command("customs_simulator", str(tmp_path / "way"), tax_off="much", once=True)


@pytest.mark.parametrize("switch", ["rates", "positive", "ledger"])
@pytest.mark.parametrize(
    "content", ["编码\n".encode("gbk"), b"hs_code,vat\n3304990099\n"], ids=["encoding", "short"]
)
def test_a_file_that_cannot_be_read_is_refused_in_words(
    tmp_path: Path, switch: str, content: bytes
) -> None:
    file = tmp_path / "file.csv"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=f"--{switch}"):
        call_command("customs_simulator", str(tmp_path / "way"), once=True, **{switch: str(file)})


def test_nothing_of_the_product_imports_it() -> None:
    """Only what starts it does; and it imports none of the product's tables and services."""
    inside = ROOT / "customs" / "simulator"
    starts_it = {
        ROOT / "customs" / "management" / "commands" / "customs_simulator.py",
        ROOT / "platform" / "config" / "cli.py",
    }
    wrong = []
    for top in ("customs", "platform", "procurement", "warehouse", "traceability"):
        for path in (ROOT / top).rglob("*.py"):
            if inside in path.parents or path in starts_it:
                continue
            is_named = "simulator" in path.read_text("utf-8")
            if is_named and any(name.startswith("customs.simulator") for name in _imports(path)):
                wrong.append(str(path))
    assert wrong == []
    of_ours = {name for path in inside.glob("*.py") for name in _imports(path)}
    assert {name for name in of_ours if name.startswith(("customs.", "core."))} <= {
        name for name in of_ours if name.startswith(("customs.rules", "customs.simulator"))
    } | {"core.errors", "core.errors.DomainError"}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{one.name}" for one in node.names}
    return found


def test_it_starts_without_the_site(tmp_path: Path) -> None:
    """Neither settings nor database nor the worker's application: it is there in a moment."""
    (tmp_path / "way" / "out").mkdir(parents=True)
    words = ["customs_simulator", str(tmp_path / "way"), "--once", "--language", "en"]
    code = (
        f"import sys; sys.path[:0] = {[str(ROOT / 'platform'), str(ROOT)]!r}\n"
        f"from config.cli import main; status = main({words!r})\n"
        "sys.exit(status or any(name in sys.modules for name in ('django', 'celery', 'pandas')))"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.endswith(f"the simulated authority watches {tmp_path / 'way'}\n")


def test_what_it_reads_it_could_have_been_sent() -> None:
    """The unsigned list of these tests lacks its signature, and nothing else."""
    reading = read(write(lists({})))
    assert [one.error.facts for one in reading.faults] == [{"element": "Signature"}]
    assert message_of(replace(reading, faults=[])).elements[0].head["copNo"] == "C0"
