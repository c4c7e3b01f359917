"""Filing in the grid: firm part and tolerance, what stands beside each line, pasted rows."""

from __future__ import annotations

import pytest

from core.walls import platform_wide
from procurement import services
from procurement.models import Forecast, ForecastUpload
from procurement.queries import forecasts, outlook
from procurement.services.uploading import as_file
from tests.factories.accounts import SellerFactory
from tests.factories.procurement import AFTER, DURING, PoolRoundFactory
from tests.procurement.conftest import AsPerson, Market, build_market
from tests.walls.looked import Looked


@pytest.fixture
def market(db: None, at: object) -> Market:
    """The walls are down only while it is built."""
    with platform_wide():
        return build_market()


def test_the_likely_cost_is_shown_from_three_sellers_on(
    market: Market, as_person: AsPerson
) -> None:
    milk = market.milk.pk
    with platform_wide():
        for seller, units in ((market.anna, 30), (market.bela, 30)):
            services.file_forecast(
                round=market.round, seller=seller, lines={milk: units}, filed_by=None, now=DURING
            )
        assert outlook.likely(market.round, [market.milk]) == {}
    client = as_person(market.anna_person)
    page = client.get("/forecasts/2026-Q3/edit/").content.decode()
    assert "shown from three sellers on" in page
    assert "more boxes reach" not in page

    with platform_wide():
        services.file_forecast(
            round=market.round,
            seller=SellerFactory.create(),
            lines={milk: 12},
            filed_by=None,
            now=DURING,
        )
    page = client.get("/forecasts/2026-Q3/edit/").content.decode()

    assert "8 more boxes reach the next price:" in page
    with platform_wide():
        cost = outlook.likely(market.round, [market.milk])[milk]
    # 72 units are twelve packs at EUR 60; from twenty packs on one costs EUR 54.
    assert (cost.missing_packs, cost.missing_units) == (8, 43)
    assert cost.next_unit_cost_minor is not None
    assert cost.next_unit_cost_minor * 10 == pytest.approx(cost.unit_cost_minor * 9, abs=10)


def test_each_line_shows_what_was_forecast_and_got_before(
    market: Market, as_person: AsPerson
) -> None:
    with platform_wide():
        for seller, units in ((market.anna, 70), (market.bela, 31)):
            services.file_forecast(
                round=market.round,
                seller=seller,
                lines={market.milk.pk: units},
                filed_by=None,
                now=DURING,
            )
        services.close_round(
            round=market.round, buyer=market.buyer, platform=market.platform, now=AFTER
        )
        PoolRoundFactory.create(quarter="2026-Q4")

    page = as_person(market.anna_person).get("/forecasts/2026-Q4/edit/").content.decode()

    assert '2026-Q3: <span class="text-nowrap">70 → 70</span>' in page
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    assert Looked(["31"]).found_in(body) == []


def test_the_grid_files_a_firm_part_and_a_tolerance(market: Market, as_person: AsPerson) -> None:
    milk, soap = market.milk.pk, market.soap.pk
    client = as_person(market.anna_person)

    answer = client.post(
        "/forecasts/2026-Q3/edit/",
        {f"p{milk}": "100", f"l{milk}": "20", f"m{milk}": "30", f"p{soap}": "", f"l{soap}": ""},
    )

    assert answer["Location"] == "/forecasts/2026-Q3/"
    with platform_wide():
        filed = Forecast.objects.get()
        assert forecasts.wanted(filed) == {milk: (100, 20, 30)}
    page = client.get("/forecasts/2026-Q3/edit/").content.decode()
    assert f'name="m{milk}" value="30"' in page
    assert "procurement/grid.js" in page
    assert "<script>" not in page


@pytest.mark.parametrize("wrong", ["-1", "101", "x", "1000000001"])
def test_a_wrong_tolerance_stands_at_its_cell_and_files_nothing(
    market: Market, as_person: AsPerson, wrong: str
) -> None:
    milk = market.milk.pk

    answer = as_person(market.anna_person).post(
        "/forecasts/2026-Q3/edit/", {f"p{milk}": "100", f"m{milk}": wrong}
    )

    assert answer.status_code == 422
    assert f'id="id_m{milk}_wrong"' in answer.content.decode()
    with platform_wide():
        assert not Forecast.objects.exists()


def test_last_quarters_forecast_is_copied_by_a_button(market: Market, as_person: AsPerson) -> None:
    with platform_wide():
        services.file_forecast(
            round=market.round,
            seller=market.anna,
            lines={market.milk.pk: 70},
            filed_by=None,
            now=DURING,
        )
        later = PoolRoundFactory.create(quarter="2026-Q4")
    client = as_person(market.anna_person)

    answer = client.post("/forecasts/2026-Q4/copy/", {"what": "filed"})

    assert answer["Location"] == "/forecasts/2026-Q4/edit/"
    assert client.post("/forecasts/2026-Q4/copy/", {"what": "dreamt"}).status_code == 404
    with platform_wide():
        copied = Forecast.objects.get(round=later)
        assert (copied.source, forecasts.wanted(copied)) == ("copy", {market.milk.pk: (70, 0, 0)})


PASTED = [
    ("MILK\t12\nSOAP\t5\t1\t2\n", "quarter,sku,forecast_units,less,more"),
    ("货号\t数量\nMILK\t12\nSOAP\t5\n", "quarter,sku,forecast_units"),
    ("2026-q3,MILK,12\n2026-Q3,SOAP,5\n", "quarter,sku,forecast_units"),
]


@pytest.mark.parametrize(("text", "head"), PASTED)
def test_pasted_rows_are_looked_at_as_a_file(
    market: Market, as_person: AsPerson, text: str, head: str
) -> None:
    with platform_wide():
        _name, content = as_file(market.round, text)
    assert content.decode().splitlines()[0] == head
    client = as_person(market.anna_person)

    there = client.post("/forecasts/2026-Q3/upload/", {"pasted": text})["Location"]
    page = client.get(there).content.decode()

    assert "Rows: 2, units: 17, no errors." in page
    with platform_wide():
        assert not Forecast.objects.exists()


def test_nothing_chosen_and_nothing_pasted_is_told(market: Market, as_person: AsPerson) -> None:
    answer = as_person(market.anna_person).post("/forecasts/2026-Q3/upload/", {"pasted": " \n"})

    assert (answer.status_code, "Choose a file, or paste rows." in answer.content.decode()) == (
        422,
        True,
    )
    with platform_wide():
        assert not ForecastUpload.objects.exists()


MIXED = "MILK\t12\t3\nSOAP\t-5\t\t\nCOAL\t1\nMILK\t9\n"


def test_every_wrong_cell_is_marked_where_it_stands_and_the_rest_is_filed_only_if_asked(
    market: Market, as_person: AsPerson
) -> None:
    client = as_person(market.anna_person)
    there = client.post("/forecasts/2026-Q3/upload/", {"pasted": MIXED})["Location"]
    page = client.get(there).content.decode()

    assert '<mark class="number">-5</mark>' in page
    assert '<mark class="number">COAL</mark>' in page
    assert "A quantity cannot be negative." in page
    assert "File only the rows without faults (1); 3 are left out." in page
    assert client.post(f"{there}file/").status_code == 422
    with platform_wide():
        assert not Forecast.objects.exists()

    client.post(f"{there}file/", {"partial": "yes"})

    told = client.get("/forecasts/2026-Q3/").content.decode()
    assert "Rows left out, because something is wrong in them: 3, 4, 5 (3 in all)." in told
    with platform_wide():
        assert forecasts.wanted(Forecast.objects.get()) == {market.milk.pk: (12, 3, 0)}


def test_a_file_of_wrong_rows_only_files_nothing_even_if_asked(
    market: Market, as_person: AsPerson
) -> None:
    client = as_person(market.anna_person)
    there = client.post("/forecasts/2026-Q3/upload/", {"pasted": "COAL\t1\n"})["Location"]

    assert client.post(f"{there}file/", {"partial": "yes"}).status_code == 422

    with platform_wide():
        assert not Forecast.objects.exists()
