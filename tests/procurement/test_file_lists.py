"""What a file of forecasts says, and what a round wants, are lists like any other."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from openpyxl import load_workbook

from core.walls import platform_wide
from procurement import services
from procurement.models import ForecastUpload, RoundStanding
from tests.factories.procurement import DURING, PoolRoundFactory

from .conftest import AsPerson, Market, build_market

HEAD = "quarter,sku,forecast_units\n"


@pytest.fixture
def market(db: None, at: object) -> Market:
    """The walls are down only while it is built."""
    with platform_wide():
        return build_market()


def _kept(market: Market, rows: str) -> ForecastUpload:
    with platform_wide():
        preview = services.preview_upload(
            round=market.round,
            seller=market.anna,
            file_name="forecast.csv",
            content=f"{HEAD}{rows}".encode(),
            uploaded_by=market.anna_person,
            now=DURING,
            is_looked_at=True,
        )
    assert preview.upload is not None
    return preview.upload


def _there(kept: ForecastUpload) -> str:
    return f"/forecasts/2026-Q3/upload/{kept.pk}/"


def _exported(client: Client, key: str, query: str) -> list[tuple[object, ...]]:
    answer = client.post(f"/lists/{key}/file/?{query}", {"kind": "xlsx"})
    assert answer.status_code == 200
    sheet = load_workbook(io.BytesIO(answer.content)).active
    return list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]


def _sums(page: str) -> list[str]:
    foot = page.partition("<tfoot>")[2].partition("</tfoot>")[0]
    return re.findall(r'<span class="qty">([^<]*)</span>', foot)


def test_the_rows_of_a_file_are_searched_added_up_and_exported(
    market: Market, as_person: AsPerson
) -> None:
    kept = _kept(market, "2026-Q3,MILK,1200\n2026-Q3,SOAP,30\n")
    client = as_person(market.anna_person)

    everything = client.get(_there(kept)).content.decode()
    found = client.get(_there(kept), {"q": "milk"}).content.decode()
    filtered = client.get(_there(kept), {"units_max": "100"}).content.decode()

    assert "Rows: 2, units: 1,230, no errors." in everything
    assert everything.count("1,230") == 2, "and their sum below"
    assert "MILK" in found
    assert "SOAP" not in found
    assert "MILK" not in filtered
    rows = _exported(client, "forecast-file-rows", f"forecast_file={kept.pk}&sort=-units")
    assert [row[1:] for row in rows[1:]] == [("MILK", 1200, 0, 0, 2), ("SOAP", 30, 0, 0, 3)]


def test_all_that_is_wrong_with_a_long_file_is_paged_and_exported(
    market: Market, as_person: AsPerson
) -> None:
    kept = _kept(market, "".join(f"2026-Q3,COAL{n},1\n" for n in range(300)))
    client = as_person(market.anna_person)

    page = client.get(_there(kept), {"limit": "25"}).content.decode()
    narrowed = client.get(_there(kept), {"row_min": "299", "row_max": "300"}).content.decode()

    assert narrowed.count("is not in the catalogue") == 2
    assert "300 errors must be mended first. Nothing has been saved." in page
    assert page.count("is not in the catalogue") == 25
    assert 'rel="next"' in page
    rows = _exported(client, "forecast-file-faults", f"forecast_file={kept.pk}")
    assert len(rows) == 301
    assert rows[300][0] == 301


def test_a_file_that_was_filed_leads_to_the_forecast(market: Market, as_person: AsPerson) -> None:
    kept = _kept(market, "2026-Q3,MILK,1200\n")
    client = as_person(market.anna_person)
    client.post(f"{_there(kept)}file/")

    assert client.get(_there(kept)).headers["Location"] == "/forecasts/2026-Q3/"
    assert client.get(_there(kept).replace("Q3", "Q4")).status_code == 404


@pytest.mark.parametrize("key", ["forecast-file-rows", "forecast-file-faults"])
@pytest.mark.parametrize("place", ["", "x", "9" * 30, "0", "-1"])
def test_a_file_that_is_nobodys_is_not_there(
    market: Market, as_person: AsPerson, key: str, place: str
) -> None:
    answer = as_person(market.anna_person).post(
        f"/lists/{key}/file/?forecast_file={place}", {"kind": "csv"}
    )

    assert answer.status_code == 404


def test_another_sellers_file_is_not_there(market: Market, as_person: AsPerson) -> None:
    kept = _kept(market, "2026-Q3,MILK,1200\n")
    client = as_person(market.bela_person)

    told = client.post(f"/lists/forecast-file-rows/file/?forecast_file={kept.pk}", {"kind": "csv"})

    assert told.status_code == 404


def test_what_a_round_wants_is_searched_sorted_and_exported(
    market: Market, as_person: AsPerson
) -> None:
    with platform_wide():
        for seller, lines in (
            (market.anna, {market.milk.pk: 70, market.soap.pk: 9}),
            (market.bela, {market.milk.pk: 30}),
        ):
            services.file_forecast(
                round=market.round, seller=seller, lines=lines, filed_by=None, now=DURING
            )
    client = as_person(market.operator)

    with platform_wide():
        # One that has closed, whose standing is written down.
        RoundStanding.objects.create(
            round=PoolRoundFactory.create(quarter="2026-Q2", state="closed"),
            sellers=3,
            lines=1_000,
            units=50_000,
        )
    rounds = client.get("/rounds/").content.decode()
    older = client.get("/rounds/", {"q": "2026-Q2"}).content.decode()
    page = client.get("/rounds/2026-Q3/").content.decode()
    found = client.get("/rounds/2026-Q3/demand/", {"q": "soap"}).content.decode()

    assert _sums(rounds) == ["1,003", "50,109"]
    assert _sums(older) == ["1,000", "50,000"]
    assert 'href="/rounds/2026-Q3/demand/"' in page
    assert "SOAP" in found
    assert "MILK" not in found
    rows = _exported(client, "demand", "round=2026-Q3&sort=units")
    assert [row[1:] for row in rows[1:]] == [("SOAP", 1, 9), ("MILK", 2, 100)]
    assert as_person(market.anna_person).get("/rounds/2026-Q3/demand/").status_code == 404
