"""``bondpool load_reference`` from the command line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from core.walls import platform_wide
from customs.differences import fingerprint
from customs.models import ReferenceProposal, TariffRate
from tests.customs.test_reference import HEAD, MILK, SERUM, operator
from tests.factories.customs import TariffRateFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def maker() -> User:
    return operator()


@pytest.fixture
def checker(maker: User) -> User:
    return operator()


def write(tmp_path: Path, *rows: str) -> Path:
    file = tmp_path / "tariff.csv"
    file.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    return file


def test_the_command_proposes_and_only_two_people_let_it_hold(
    maker: User, checker: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tomorrow = "2027-01-01"
    file = write(tmp_path, MILK.replace("2026-07-01", tomorrow))

    with pytest.raises(CommandError, match="another person"):
        call_command("load_reference", "tariff", file, by=maker.email, approve_by=maker.email)
    with pytest.raises(CommandError, match="Nobody has the e-mail address"):
        call_command("load_reference", "tariff", file, by="nobody@bondpool.example")
    assert not ReferenceProposal.objects.exists()
    call_command(
        *("load_reference", "tariff", file, "--by", maker.email),
        *("--approve-by", checker.email, "--report", tmp_path / "report.csv"),
    )

    said = capsys.readouterr().out
    assert "1 new, 0 changed, 0 ended, 0 unchanged." in said
    assert (
        f"new 1901101010 from {tomorrow} (duty_rate: 0.05, agreement_duties: AUS=0, "
        "vat_rate: 0.13, legal_unit: 035)" in said
    )
    assert "1 of 1 rows" in said
    assert TariffRate.objects.get().valid_from == date(2027, 1, 1)
    assert (tmp_path / "report.csv").read_bytes().count(b"1901101010") == 4


def test_the_command_names_each_wrong_cell(maker: User, tmp_path: Path) -> None:
    file = write(tmp_path, MILK.replace("13%", "x"), SERUM.replace("035", "35"))

    with pytest.raises(CommandError) as refused:
        call_command("load_reference", "tariff", file, by=maker.email)

    assert "row 2, vat_rate: A rate is a fraction or a percentage" in str(refused.value)
    assert (
        "row 3, legal_unit: A unit is a code of three digits; a spreadsheet keeps a leading zero "
        "in a cell of text only. (value=35)"
    ) in str(refused.value)
    assert not ReferenceProposal.objects.exists()


def test_a_gap_is_named_by_row_and_nothing_is_proposed(maker: User, tmp_path: Path) -> None:
    august = MILK.replace("2026-07-01,,", "2026-07-01,2026-08-30,")
    file = write(tmp_path, august, MILK.replace("2026-07-01", "2026-09-01"))

    with pytest.raises(CommandError) as refused:
        call_command("load_reference", "tariff", file, by=maker.email)

    assert (
        "row 3, valid_from: Between two validities of the code there are days for which nothing "
        "holds."
    ) in str(refused.value)
    assert not ReferenceProposal.objects.exists()
    assert not TariffRate.objects.exists()


def test_what_changes_something_is_read_before_it_is_approved(
    maker: User, checker: User, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    TariffRateFactory.create(hs_code="1901101010", vat_rate=Decimal("0.17"))
    file = write(tmp_path, MILK.replace("2026-07-01", "2027-01-01"))

    with pytest.raises(CommandError, match="first file of a kind"):
        call_command("load_reference", "tariff", file, by=maker.email, approve_by=checker.email)
    assert not ReferenceProposal.objects.exists()
    call_command("load_reference", "tariff", file, by=maker.email)
    proposal = ReferenceProposal.objects.get()
    assert f"approve_reference {proposal.number} --by" in capsys.readouterr().out

    with pytest.raises(CommandError, match="another person does"):
        call_command("approve_reference", proposal.number, by=maker.email)
    with pytest.raises(CommandError, match="There is no proposal RD-0"):
        call_command("approve_reference", "RD-0", by=checker.email)
    call_command("approve_reference", proposal.number, by=checker.email)
    said = capsys.readouterr().out
    assert "changed 1901101010 from 2027-01-01" in said
    assert "vat_rate: 0.17 -> 0.13" in said
    read = fingerprint(proposal)
    assert f"--fingerprint {read}" in said
    with pytest.raises(CommandError, match="is not the fingerprint"):
        call_command("approve_reference", proposal.number, by=checker.email, fingerprint="0" * 12)
    assert TariffRate.objects.count() == 1

    call_command("approve_reference", proposal.number, by=checker.email, fingerprint=read)
    assert TariffRate.objects.get(proposal=proposal).vat_rate == Decimal("0.13")
    with pytest.raises(CommandError, match="approved or refused already"):
        call_command("approve_reference", proposal.number, by=checker.email, fingerprint=read)
