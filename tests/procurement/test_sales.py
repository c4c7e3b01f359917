"""What sellers sold: reported by file and program, drawn from bond, suggested from."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.sheets import RowError
from procurement import services
from procurement.models import Forecast, RunKind, SalesReport, SellerSales
from procurement.queries import explaining, forecasts, sales
from procurement.rules import quarters
from procurement.rules.forecasting import NotASeller
from procurement.rules.selling import SalesRecorded, SalesRefused, Told
from procurement.services.copying import Copied, NothingToCopy
from tests.factories.procurement import DURING, ForecastFactory, ForecastLineFactory

from .conftest import AsPerson, Market

#: The third quarter is over.
NOW = datetime(2026, 10, 5, 4, 0, tzinfo=UTC)
HISTORY = Path(__file__).resolve().parents[3] / "shared/data/demand/history.csv.gz"
GOOD = b"quarter,sku,actual_units,stocked_out\n2026-Q3,MILK,80,\n2026-Q2,MILK,60,yes\n"
BAD = (
    "季度,货号,实际销量,是否断货\n"
    "2026-Q4,MILK,5,\n"
    "third,SOAP,-1,maybe\n"
    "2026-Q3,NONE,7,是\n"
    "2026-Q3,MILK,1,\n"
    "2026-Q3,MILK,2,\n"
).encode()


def preview(market: Market, content: bytes) -> services.SalesPreview:
    return services.preview_sales(
        seller=market.anna,
        file_name="sales.csv",
        content=content,
        sent_by=market.anna_person,
        now=NOW,
        is_looked_at=True,
    )


def test_a_file_counts_once_it_is_recorded_and_not_before(market: Market) -> None:
    told = preview(market, GOOD)
    assert told.report is not None
    assert (told.error_count, told.units) == (0, 140)
    assert not SellerSales.objects.exists()

    assert services.record_file(report=told.report, now=NOW) == 2

    counting = sales.counting(market.anna)
    assert [(quarters.named(one.quarter), one.units, one.is_stocked_out) for one in counting] == [
        ("2026-Q3", 80, False),
        ("2026-Q2", 60, True),
    ]
    with pytest.raises(SalesRecorded):
        services.record_file(report=told.report, now=NOW)
    assert SellerSales.objects.count() == 2


def test_every_wrong_cell_is_named(market: Market) -> None:
    told = preview(market, BAD)

    assert [(one.row, one.field) for one in told.errors] == [
        (2, "quarter"),
        (3, "quarter"),
        (3, "actual_units"),
        (3, "stocked_out"),
        (4, "sku"),
        (6, "sku"),
    ]
    assert told.report is not None
    with pytest.raises(SalesRefused):
        services.record_file(report=told.report, now=NOW)
    assert not SellerSales.objects.exists()


def test_a_program_is_told_which_lines_are_wrong_and_nothing_is_recorded(market: Market) -> None:
    rows = [Told(1, "2026-Q3", "MILK", "5"), Told(2, "2026-Q3", "GONE", "5")]

    with pytest.raises(SalesRefused) as refused:
        services.report_sales(seller=market.anna, rows=rows, sent_by=None, now=NOW)

    faults = refused.value.facts["rows"]
    assert isinstance(faults, list)
    assert [(one.row, one.field) for one in faults if isinstance(one, RowError)] == [(2, "sku")]
    assert not SalesReport.objects.exists()
    assert not SellerSales.objects.exists()


def test_only_a_seller_reports_sales(market: Market) -> None:
    with pytest.raises(NotASeller):
        services.report_sales(seller=market.buyer, rows=[], sent_by=None, now=NOW)

    assert not SalesReport.objects.exists()


def test_a_file_of_many_sellers_is_loaded_at_once(market: Market) -> None:
    content = (
        b"quarter,seller,sku,forecast_units,actual_units\n"
        b"2026-Q3,ANNA,MILK,100,80\n2026-Q3,BELA,MILK,10,12\n2026-Q2,ANNA,SOAP,0,3\n"
    )

    count = services.import_sales_file(file_name="history.csv", content=content, now=NOW)

    assert count == 3
    assert sorted(sales.frame(quarters.number_of("2026-Q3"))["units"].tolist()) == [3, 12, 80]


@pytest.mark.skipif(not HISTORY.exists(), reason="needs ../shared/data/demand/history.csv.gz")
def test_the_file_of_real_demand_has_the_columns_that_are_loaded() -> None:
    with gzip.open(HISTORY, "rt") as file:
        head = file.readline().strip().split(",")

    assert {"quarter", "seller", "sku", "actual_units"} <= set(head)


def test_the_pages_of_a_seller_lead_from_a_file_to_its_credit(
    market: Market, as_person: AsPerson, at: object
) -> None:
    assert callable(at)
    at(NOW)
    filed = ForecastFactory.create(round=market.round, seller=market.anna)
    ForecastLineFactory.create(forecast=filed, product=market.milk, quantity=100)
    anna = as_person(market.anna_person)

    template = anna.get("/sales/template.csv").content.decode("utf-8-sig")
    assert template.splitlines()[1].startswith("2026-Q3,MILK,")
    wrong = anna.post("/sales/upload/", {"file": SimpleUploadedFile("s.csv", BAD)}, follow=True)
    assert "6 errors must be mended first" in wrong.content.decode()
    shown = anna.post("/sales/upload/", {"file": SimpleUploadedFile("s.csv", GOOD)}, follow=True)
    assert "Rows: 2, units: 140, no errors." in shown.content.decode()
    report = SalesReport.objects.latest("pk")
    anna.post(f"/sales/upload/{report.pk}/record/", follow=True)
    assert "Nothing of yours can be scored yet" in anna.get("/credit/").content.decode()
    operator = as_person(market.operator)
    operator.post("/credit/work-out/", {"kind": "score", "quarter": "2026-Q3"})
    assert services.work_runs(now=lambda: NOW) == 1

    page = " ".join(anna.get("/credit/").content.decode().split())
    # Sold 80 of 100; a market of Anna alone is taken at its word.
    assert "(80 + 20 × 1) ÷ (100 + 20) = <b>0.8333</b>" in page
    assert "(20 + 20 × 0) ÷ (80 + 20) = <b>0.2</b>" in page
    assert "100 × 0.8 × 0.9 = <b>72</b>" in page
    assert "ANNA" in operator.get("/credit/scores/").content.decode()


def test_what_is_explained_adds_up_to_what_is_stored(market: Market) -> None:
    filed = ForecastFactory.create(round=market.round, seller=market.anna)
    ForecastLineFactory.create(forecast=filed, product=market.milk, quantity=100)
    rows = [Told(1, "2026-Q3", "MILK", "80")]
    services.report_sales(seller=market.anna, rows=rows, sent_by=None, now=NOW)
    services.ask_run(kind=RunKind.SCORE, quarter="2026-Q3", now=NOW)
    services.work_runs(now=lambda: NOW)

    told = explaining.explain(market.anna, on=NOW.date(), round=market.round)

    k = told.shrunk_by
    exact = (told.sold + k * told.market_ratio) / (told.forecast + k)
    assert told.factor == exact.quantize(Decimal("0.0001"))
    assert told.wape == (told.error + k * told.market_wape) / (told.sold + k)
    assert told.points == round(100 * told.accuracy * told.evenness)
    assert [one.band.name for one in told.terms if one.is_mine] == ["A"]


def test_a_suggestion_can_be_filed_as_it_is(market: Market) -> None:
    with pytest.raises(NothingToCopy):
        services.copy_last(
            round=market.round,
            seller=market.anna,
            what=Copied.SUGGESTED,
            filed_by=market.anna_person,
            now=DURING,
        )
    assert not Forecast.objects.exists()
    rows = [Told(n, quarters.named(8104 - n), "MILK", "40") for n in range(6)]
    services.report_sales(seller=market.anna, rows=rows, sent_by=None, now=DURING)
    services.ask_run(kind=RunKind.SUGGEST, quarter="2026-Q3", now=DURING)
    services.work_runs(now=lambda: DURING)

    services.copy_last(
        round=market.round,
        seller=market.anna,
        what=Copied.SUGGESTED,
        filed_by=market.anna_person,
        now=DURING + timedelta(minutes=1),
    )

    current = forecasts.current(market.round, market.anna)
    assert forecasts.quantities(current) == {market.milk.pk: 40}
