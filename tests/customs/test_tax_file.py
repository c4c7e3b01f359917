"""``bondpool tax_estimate``: the tax of many cases from a table."""

from __future__ import annotations

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from customs.models import TaxRounding
from customs.rules.retail_tax import Tax
from customs.rules.tax_file import BeforeTheLaw, estimate, read_cases, rule_on

#: How taxes are rounded is asked of the database.
pytestmark = pytest.mark.django_db

HEAD = "id,regime,dutiable_value_cny,duty_rate,consumption_tax_rate,vat_rate"
VECTORS = Path(__file__).resolve().parents[3] / "shared/data/customs/tax_vectors.csv"
TODAY = rule_on(date(2026, 11, 30))


def printed(folder: Path, *rows: str, head: str = HEAD, **options: object) -> list[str]:
    file = folder / "cases.csv"
    file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    out = StringIO()
    call_command("tax_estimate", str(file), stdout=out, **({"language": "en"} | options))
    return out.getvalue().splitlines()


def test_each_row_has_its_taxes_and_their_sum(tmp_path: Path) -> None:
    assert printed(
        tmp_path,
        "skin care,cbec_within,425.00,0.05,0.15,0.13",
        "one watch,cbec_over_single_item,6000,0.05,0,0.13",
        "wine,general_trade,1000,0.14,0.1,0.13",
    ) == [
        "id,regime,duty,consumption_tax,vat,total",
        "skin care,cbec_within,0.00,52.50,45.50,98.00",
        "one watch,cbec_over_single_item,300.00,0.00,819.00,1119.00",
        # (1000 + 140) / 0.9 x 0.1 = 126.67; (1140 + 126.67) x 0.13 = 164.67
        "wine,general_trade,140.00,126.67,164.67,431.34",
    ]


def test_a_change_of_the_rounding_holds_from_its_day_on(tmp_path: Path) -> None:
    TaxRounding.objects.create(
        mode="down", basis="line", places=2, valid_from=date(2026, 7, 15), source="示例公告"
    )
    # 9.1 % of 2528.30 is 230.0753.
    row = "P8,cbec_within,2528.30,0,0,0.13"

    assert printed(tmp_path, row, on=date(2026, 7, 14))[1].endswith(",230.08")
    assert printed(tmp_path, row, on=date(2026, 7, 15))[1].endswith(",230.07")


def test_a_consumption_tax_by_quantity_is_part_of_the_price_that_is_taxed() -> None:
    cells = dict(zip(HEAD.split(","), ["beer", "", "100", "0", "0", "0.13"], strict=True))
    cells |= {"consumption_tax_per_unit_cny": "0.25", "quantity": "2"}

    def taxed(**changed: str) -> Tax:
        (case,) = read_cases([(2, cells | changed)], TODAY)
        return estimate(case, TODAY)

    # 0.7 x 0.50, and 0.7 x 13 % of 100.50
    assert taxed(regime="cbec_within") == Tax(0, 35, 915)
    assert taxed(regime="general_trade") == Tax(0, 50, 1_307)
    # 20 % as well: (100 + 0.50) / 0.8 x 0.2 + 0.50 = 25.625; VAT on 125.625
    strong = taxed(regime="general_trade", consumption_tax_rate="0.2")
    assert strong == Tax(0, 2_563, 1_633)


def test_the_limits_of_the_day_are_kept(tmp_path: Path) -> None:
    row = "a,cbec_within,5000,0,0,0.13"
    assert printed(tmp_path, row, on=date(2019, 1, 1))[1].endswith(",455.00")
    with pytest.raises(CommandError) as refusal:
        printed(tmp_path, row, on=date(2018, 12, 31))
    assert "dutiable_value_cny" in str(refusal.value)
    assert "CNY 2000.00" in str(refusal.value)
    with pytest.raises(BeforeTheLaw):
        rule_on(date(2016, 4, 7))


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("a,retail,1,0,0,0", "regime"),
        ("a,cbec_within,-1,0,0,0", "dutiable_value_cny"),
        ("a,cbec_within,1.005,0,0,0", "dutiable_value_cny"),
        ("a,cbec_within,5000.01,0,0,0", "dutiable_value_cny"),
        ("a,cbec_over_single_item,26000.01,0,0,0", "dutiable_value_cny"),
        ("a,cbec_over_single_item,5000,0,0,0", "dutiable_value_cny"),
        ("a,cbec_within,1,13%,0,0", "duty_rate"),
        ("a,cbec_within,1,0,1,0", "consumption_tax_rate"),
        ("a,cbec_within,1,0,0,1.01", "vat_rate"),
        ("a,cbec_within,1,0,0,.", "vat_rate"),
        ("a,cbec_within,1,0,0,", "vat_rate"),
    ],
)
def test_a_wrong_cell_is_named_and_nothing_is_printed(tmp_path: Path, row: str, field: str) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("\n".join([HEAD, "right,cbec_within,1,0,0,0.13", row]), encoding="utf-8")
    out = StringIO()
    with pytest.raises(CommandError) as refusal:
        call_command("tax_estimate", str(file), stdout=out, language="en")
    lines = str(refusal.value).splitlines()
    assert len(lines) == 2
    assert lines[1].strip().startswith(f"row 3, {field}: ")
    assert out.getvalue() == ""


def test_many_wrong_rows_are_counted(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        printed(tmp_path, *["a,retail,1,0,0,0"] * 25)
    assert str(refusal.value).splitlines()[-1].strip() == "… and 5 more"


def test_a_quantity_that_is_none_and_a_missing_column_are_refused(tmp_path: Path) -> None:
    head = f"{HEAD},consumption_tax_per_unit_cny,quantity"
    with pytest.raises(CommandError, match="quantity"):
        printed(tmp_path, "a,cbec_within,1,0,0,0,1,many", head=head)
    with pytest.raises(CommandError, match="quantity"):
        printed(tmp_path, "a,general_trade,1,0,0,0,1,", head=head)
    with pytest.raises(CommandError, match="vat_rate"):
        printed(tmp_path, "a,cbec_within,1,0,0", head=HEAD.removesuffix(",vat_rate"))


def test_what_is_wrong_is_said_in_ones_language(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="第 2 行，regime"):
        printed(tmp_path, "a,retail,1,0,0,0", language="zh-hans")


@pytest.mark.skipif(not VECTORS.exists(), reason="../shared/data/customs is not here")
def test_the_collected_cases_are_estimated_to_the_fen() -> None:
    out = StringIO()
    call_command("tax_estimate", str(VECTORS), stdout=out, language="en")
    totals = dict(line.split(",")[::5] for line in out.getvalue().splitlines()[1:])
    assert totals["P1"] == "45.50"
    # published for one yuan as 0.14 + 0.12666 + 0.2153: each tax is rounded to the fen here
    assert totals["P2"] == "0.49"
    # printed as 230.07, which only cutting off gives
    assert totals["P8"] == "230.08"
    assert totals["D6"] == "178.89"
    assert len(totals) == 11
