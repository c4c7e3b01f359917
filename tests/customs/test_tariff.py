"""The tariff is loaded from files, all or nothing, and never edited."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from core.walls import platform_wide
from customs.models import RetailTaxRule, TariffRate

pytestmark = pytest.mark.django_db

HEAD = (
    "hs_code,valid_from,duty_rate,vat_rate,consumption_tax_rate,legal_unit,on_positive_list,source"
)
MILK = "1901101010,2026-01-01,0.05,0.13,0,035,yes,示例税则"
SERUM = "3304990039,2026-01-01,1%,13%,15%,035,是,示例税则"


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def load(tmp_path: Path, *rows: str) -> None:
    file = tmp_path / "tariff.csv"
    file.write_text("\n".join([HEAD, *rows]), encoding="utf-8")
    call_command("load_tariff", file)


def test_rates_are_added_as_fractions_or_percentages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, MILK, SERUM)

    assert "2 rates added, 0 were there already." in capsys.readouterr().out
    serum = TariffRate.objects.get(hs_code="3304990039")
    assert (serum.duty_rate, serum.vat_rate) == (Decimal("0.01"), Decimal("0.13"))
    assert (serum.consumption_tax_rate, serum.valid_from) == (Decimal("0.15"), date(2026, 1, 1))
    assert serum.on_positive_list
    assert RetailTaxRule.objects.count() == 2


def test_the_same_file_twice_adds_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    load(tmp_path, MILK)
    load(tmp_path, MILK, SERUM)

    assert "1 rates added, 1 were there already." in capsys.readouterr().out
    assert TariffRate.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (MILK.replace("1901101010", "19011010"), "row 3, hs_code: not a code ('19011010')"),
        (MILK.replace("2026-01-01", "1.1.2026"), "row 3, valid_from: not a day"),
        (MILK.replace("0.05", "-0.05"), "row 3, duty_rate: not a rate"),
        (MILK.replace("0.13", "NaN"), "row 3, vat_rate: not a rate"),
        (MILK.replace("0.13", "0.1300001"), "row 3, vat_rate: not a rate"),
        (MILK.replace(",0,", ",1,"), "row 3, consumption_tax_rate: not a rate"),
        (MILK.replace("035", "35"), "row 3, legal_unit: not a unit"),
        (MILK.replace("yes", "maybe"), "row 3, on_positive_list: not yes or no"),
        (MILK.replace("示例税则", ""), "row 3, source: source missing"),
        (SERUM, "row 3, hs_code: repeated"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_loaded(tmp_path: Path, row: str, told: str) -> None:
    with pytest.raises(CommandError) as refused:
        load(tmp_path, SERUM, row)

    assert told in str(refused.value)
    assert not TariffRate.objects.exists()


def test_a_rate_that_stands_is_not_changed(tmp_path: Path) -> None:
    load(tmp_path, MILK)

    with pytest.raises(CommandError, match="row 3, valid_from: exists"):
        load(tmp_path, SERUM, MILK.replace("0.13", "0.09"))

    assert TariffRate.objects.get().vat_rate == Decimal("0.13")


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_tariff", tmp_path / "nothing.csv")


def test_a_file_without_its_columns_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "tariff.csv"
    file.write_text("hs_code\n1901101010\n", encoding="utf-8")

    with pytest.raises(CommandError, match="must name every column"):
        call_command("load_tariff", file)
