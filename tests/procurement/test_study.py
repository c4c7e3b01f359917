"""The study: every figure of a small made-up demand, and one quarter of the real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from procurement.rules.solving.alone import alone as going_alone
from procurement.rules.solving.terms import Break, Item, Lane, Offer, Problem
from procurement.study import charts, credit, demand, figures, report, rounds, strictly
from procurement.study.demand import UNKNOWN, Demand, StudyNotUsable
from procurement.study.running import Study, study
from procurement.study.telling import percent, table, yuan, yuan_and_fen
from procurement.study.terms import read_mapping

REAL = Path(__file__).resolve().parents[3] / "shared/data/demand"


def small(sellers: int = 14) -> Demand:
    return demand.made_up(sellers=sellers, products=12, seed=7)


@pytest.fixture(scope="module")
def made() -> Study:
    return study(small(), read_mapping(), seconds=5, checked=4)


def every_round(one: Study) -> Iterator[rounds.Round]:
    yield from (*one.firm, *one.flexed, one.easy, *one.thin.values(), *one.easy_thin.values())


def test_bills_and_the_platforms_part_come_to_the_cost_to_the_fen(made: Study) -> None:
    for one in every_round(made):
        for pooled in (one.plain, one.best):
            bills = pooled.sum("paid") + pooled.surplus_cost + pooled.borne
            assert bills == pooled.cost.total
            assert pooled.sum("by_value") == pooled.sum("by_driver")
            assert pooled.given + pooled.surplus == pooled.units
            assert pooled.given == pooled.sum("units")


def test_nobody_pays_more_than_alone_in_any_round_of_the_study(made: Study) -> None:
    for one in every_round(made):
        for pooled in (one.plain, one.best):
            assert (pooled.bills["paid"] <= pooled.bills["alone"]).all()
            assert (pooled.bills["paid"] >= 0).all()
            assert pooled.better + pooled.equal == pooled.served
            assert pooled.worse == 0


def test_the_optimised_plan_is_never_dearer_than_the_plain_one(made: Study) -> None:
    for one in every_round(made):
        assert one.best.adjusted <= one.plain.adjusted
    for one in made.firm:
        if one.best.unmet == one.plain.unmet:
            assert one.best.cost.total <= one.plain.cost.total


def test_no_seller_with_a_firm_wish_is_left_out_that_could_be_served(made: Study) -> None:
    for one in (*made.firm, *made.flexed):
        assert one.best.served == one.sellers


def test_the_stricter_measures_are_never_above_the_cost_alone(made: Study) -> None:
    for one in made.firm:
        assert 0 < one.strict.total < one.alone.total
        assert (one.best.bills["strict"] <= one.best.bills["alone"]).all()
        assert one.exact is not None
        assert len(one.exact.rows) == 4
        assert (one.exact.rows["exact"] <= one.exact.rows["alone"]).all()


def test_without_a_cap_some_would_lose_where_suppliers_are_easy(made: Study) -> None:
    many, fen = made.easy.best.losers("by_value")

    assert many > 0
    assert fen > 0
    assert made.easy.best.worse == 0


def test_a_second_run_writes_the_same_but_for_the_times(made: Study) -> None:
    again = study(small(), read_mapping(), seconds=5, checked=4)
    with translation.override("en"):
        told, retold = (report.files(one, seconds=1, command="x") for one in (made, again))

    for name in told:
        first, second = (files[name].partition("## Time to solve")[0] for files in (told, retold))
        assert first == second
    assert figures.as_json(made) == figures.as_json(again)
    assert figures.sellers_csv(made) == figures.sellers_csv(again)


def test_the_report_says_what_is_made_up_and_draws_every_chart(made: Study) -> None:
    with translation.override("en"):
        files = report.files(made, seconds=61.4, command="make study")

    text = files.pop("report.md")
    assert "**Demand is made up**, too" in text
    assert "are made up** by `procurement/study/mapping.toml`" in text
    assert "the whole study took 61 s" in text
    assert set(files) == {
        "cost.svg", "parts.svg", "size.svg", "tolerance.svg", "credit.svg", "inflated.svg",
    }  # fmt: skip
    for name, chart in files.items():
        assert f"]({name})" in text
        # Our own bytes.
        assert ElementTree.fromstring(chart).tag == "{http://www.w3.org/2000/svg}svg"  # noqa: S314


def test_the_report_is_there_in_chinese(made: Study) -> None:
    with translation.override("zh-hans"):
        text = report.files(made, seconds=1, command="make study")["report.md"]

    assert text.startswith("# 拼单值多少")


def test_sellers_are_told_one_by_one_with_whole_fen(made: Study) -> None:
    lines = figures.sellers_csv(made).splitlines()

    assert lines[0] == (
        "quarter,seller,units,alone_fen,strict_fen,by_value_fen,by_driver_fen,paid_fen"
    )
    assert len(lines) == 1 + sum(one.best.served for one in made.firm)
    assert lines[1].startswith("2017-Q1,M0001,")


def test_ten_classes_hold_every_seller_once(made: Study) -> None:
    found = figures.sizes(made.firm)

    assert sum(one.sellers for one in found) == sum(one.best.served for one in made.firm)
    assert sum(one.paid for one in found) == sum(one.best.sum("paid") for one in made.firm)


def test_tolerance_is_rounded_to_the_nearest_unit() -> None:
    filed = pd.DataFrame(
        {"seller_id": [1, 2, 3, 4], "product_id": 1, "forecast": [4, 5, 0, 25]}, dtype="int64"
    )

    wishes = rounds.wishes(filed, tolerance=10)

    assert wishes["seller_id"].tolist() == [1, 2, 4]
    assert wishes["less"].tolist() == wishes["more"].tolist() == [0, 1, 3]


def one_product(quantity: int) -> Problem:
    item = Item(
        product=1, firm=quantity, wanted=quantity, most=quantity,
        gross_weight_g=1_000, volume_cm3=10_000, duty_ppm=100_000,
    )  # fmt: skip
    offer = Offer(1, 1, 1, "CNY", "FOB", 10, (Break(1, 10_000),), minimum_quantity=40)
    lane = Lane(
        1, "CNY", "FOB", 10**9, lcl_price=40_000, lcl_minimum=40_000, wire_fee=20_000,
        declaration_fee=30_000, line_fee=1_000, pays_freight=True,
    )  # fmt: skip
    return Problem((item,), (offer,), (lane,))


def test_left_over_at_full_value_leaves_the_wished_part_and_all_fees() -> None:
    problem = one_product(10)
    each = np.array([1], dtype=np.int64)
    alone = going_alone(problem, sellers=each, products=each, quantities=10 * each)

    # 40 units: goods 40,000, freight 40,000, duty on both 8,000, fees 51,000. A quarter is wished.
    assert alone.totals.tolist() == [139_000]
    assert strictly.kept_parts(alone).tolist() == [
        [10_000, 10_000, 0, 2_000, 20_000, 30_000, 1_000]
    ]
    assert strictly.kept_whole(alone).tolist() == [73_000]


def against(*rows: tuple[int, int, int, int, int]) -> Demand:
    """Quarter, seller, product, forecast, actual."""
    products = tuple(
        replace(small().products[0], id=at, sku=f"P{at}", category="toys") for at in (1, 2)
    )
    names = ["quarter", "seller_id", "product_id", "forecast", "actual"]
    lines = pd.DataFrame(rows, columns=names, dtype="int64")
    return Demand(False, products, {1: "A", 2: "B"}, lines)


def test_what_was_ordered_is_held_against_what_was_sold() -> None:
    mapping = read_mapping()
    told = against((8070, 1, 1, 100, 50), (8071, 1, 1, 100, 40), (8071, 2, 1, 0, 10))
    product = told.products[0]
    filed, credited, _suggested = credit.compare(mapping, told)

    assert (filed.ordered, filed.sold, filed.over, filed.under) == (100, 50, 60, 10)
    assert (filed.wape, filed.bias, filed.pooled) == (14_000, 10_000, 10_000)
    assert filed.over_cost == 60 * mapping.landed(product)
    assert filed.under_margin == 10 * (mapping.retail(product) - mapping.landed(product))
    # Half of a hundred was sold, and a market of one seller is taken at its word:
    # (50 + 20 x 1) / (100 + 20) are ordered.
    assert (credited.ordered, credited.over, credited.under) == (58, 18, 10)


def test_the_first_quarter_and_one_without_sales_are_not_held_against_anything() -> None:
    told = against((8070, 1, 1, 5, 5), (8071, 1, 1, 5, 5), (8072, 1, 1, 5, UNKNOWN))

    assert {one.quarter for one in credit.compare(read_mapping(), told)} == {8071}


def test_every_fourth_seller_is_made_to_inflate_by_half() -> None:
    made_up = small(8)
    told = credit.inflated(made_up).lines
    lies = told["seller_id"] % 4 == 0

    filed = made_up.lines["forecast"]
    assert (told.loc[~lies, "forecast"] == filed[~lies]).all()
    assert (2 * told.loc[lies, "forecast"] >= 3 * filed[lies]).all()
    assert (told["actual"] == made_up.lines["actual"]).all()


@pytest.mark.parametrize("kind", sorted(demand._KINDS))
def test_every_made_up_category_finds_a_rule_and_its_suppliers(kind: str) -> None:
    mapping = read_mapping()
    product = next(one for one in small().products if one.category == kind)

    suppliers = [offer["supplier"] for offer in mapping.rule(product)["offers"]]

    assert suppliers
    assert set(suppliers) <= set(mapping.suppliers)


def test_figures_are_written_exactly() -> None:
    assert (yuan(1_234_549), yuan(1_234_550), yuan_and_fen(-105)) == ("12,345", "12,346", "-1.05")
    assert (percent(1, 3), percent(-1, 8), percent(5, 0)) == ("33.3 %", "-12.5 %", "0.0 %")
    assert table(["a", "b"], [("x|y", 1_000)]) == "| a | b |\n| --- | ---: |\n| x/y | 1,000 |"


def test_bars_carry_their_values_and_escape_what_is_said() -> None:
    bars = charts.Bars("A & B", "CNY", ["one", "two"], [("<s>", [1_500, -500])], scale=100)

    picture = bars.svg()

    said = [text.text for text in ElementTree.fromstring(picture).iter() if text.text]  # noqa: S314
    assert "A & B" in said
    assert "<s>" in said
    assert "15" in said
    assert "-5" in said


# --- the command


def test_the_command_without_data_studies_a_made_up_example_and_says_so(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BASE_DIR = tmp_path / "elsewhere"

    call_command("study", "--out", str(tmp_path), "--seconds", "3", "--language", "en")

    told = capsys.readouterr()
    assert (
        "../shared/data/demand is not here: this is a small made-up example, not real demand."
        in told.err
    )
    assert "Sellers above their cost alone: 0" in told.out
    assert json.loads((tmp_path / "study.json").read_text())["is_real"] is False
    assert (tmp_path / "report.md").is_file()
    assert (tmp_path / "sellers.csv").is_file()


def test_a_folder_without_demand_is_refused_with_code_2_and_nothing_written(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"

    with pytest.raises(CommandError, match=r"forecasts\.csv, history\.csv\.gz") as refused:
        call_command("study", "--data", str(tmp_path), "--out", str(out), "--language", "en")

    assert refused.value.returncode == 2
    assert not out.exists()


def written(folder: Path, **texts: str) -> Path:
    files = {
        "products": "sku,category,retail_price_brl,weight_g,volume_m3\nT,toys,10.50,100,0.001\n",
        "forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,4\n",
        "history": "quarter,seller,sku,forecast_units,actual_units\n2018-Q1,S1,T,3,5\n",
    } | texts
    for name, text in files.items():
        path = folder / f"{name}.csv"
        path.write_text(text)
        if name == "history":
            pd.read_csv(path, dtype=str).to_csv(folder / "history.csv.gz", index=False)
    return folder


def test_demand_is_read_from_its_files(tmp_path: Path) -> None:
    found = demand.read(written(tmp_path))

    assert found.is_real
    assert [demand.name(quarter) for quarter in found.quarters] == ["2018-Q1", "2018-Q2"]
    assert found.lines[["forecast", "actual"]].to_numpy().tolist() == [[3, 5], [4, UNKNOWN]]
    assert (found.products[0].grams, found.products[0].cm3) == (100, 1_000)


@pytest.mark.parametrize(
    "texts",
    [
        {"forecasts": "quarter,seller,sku\n2018-Q2,S1,T\n"},
        {"forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,OTHER,4\n"},
        {"forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,-4\n"},
        {"forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,1.5\n"},
        {"forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,1000000000\n"},
        {"forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,4\n2018-Q2,S1,T,4\n"},
        {"products": "sku,category,retail_price_brl,weight_g,volume_m3\nT,toys,free,1,1\n"},
        {"products": "sku,category,retail_price_brl,weight_g,volume_m3\nT,toys,0,1,1\n"},
        {"products": "sku,category,retail_price_brl,weight_g,volume_m3\nT,toys,1,NaN,1\n"},
        {
            "forecasts": "quarter,seller,sku,forecast_units\n2018-Q2,S1,T,0\n",
            "history": "quarter,seller,sku,forecast_units,actual_units\n2018-Q1,S1,T,0,5\n",
        },
    ],
    ids=["column", "unknown", "negative", "part", "huge", "twice", "price", "free", "nan", "empty"],
)
def test_demand_that_cannot_be_used_is_refused(tmp_path: Path, texts: dict[str, str]) -> None:
    folder = written(tmp_path, **texts)

    with pytest.raises(StudyNotUsable):
        demand.read(folder)
    with pytest.raises(CommandError):
        call_command("study", "--data", str(folder), "--out", str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(not demand.has_data(REAL), reason=f"no real demand in {REAL}")
def test_in_a_real_quarter_nobody_who_gets_something_pays_more_than_alone() -> None:
    mapping, real = read_mapping(), demand.read(REAL)

    one = rounds.run(mapping, real, demand.number("2017-Q2"), seconds=15, checked=5)

    assert (one.sellers, one.products, one.wished) == (654, 188, 10_674)
    best = one.best
    assert best.sum("paid") + best.surplus_cost + best.borne == best.cost.total
    assert best.better == best.served
    assert best.worse == 0
    assert best.borne == 0
    assert best.adjusted <= one.plain.adjusted
    assert best.cost.total < one.strict.total < one.alone.total
    filed = credit.in_all(credit.compare(mapping, real), "filed")
    assert (filed.ordered, filed.sold, filed.over, filed.under) == (57_666, 58_739, 26_501, 27_574)
