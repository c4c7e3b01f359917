"""A seller sends its forecast as a file: shown with every error, then filed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from core.walls import platform_wide
from procurement.models import Forecast, ForecastUpload

from .conftest import AsPerson, Market, build_market


@pytest.fixture
def market(db: None, at: object) -> Market:
    """Like everywhere, but with the walls down only while it is built."""
    with platform_wide():
        made = build_market()
    return made


def upload(client: Client, content: str, name: str = "forecast.csv") -> Any:
    return client.post(
        "/forecasts/2026-Q3/upload/",
        {"file": SimpleUploadedFile(name, content.encode())},
        follow=True,
    )


def test_a_file_is_shown_with_every_error_then_mended_and_filed(
    market: Market, as_person: AsPerson
) -> None:
    client = as_person(market.anna_person)
    head = "quarter,sku,forecast_units\n"

    wrong = upload(client, f"{head}2026-Q3,COAL,5\n2026-Q3,MILK,-1\n")

    page = wrong.content.decode()
    assert "2 errors must be mended first. Nothing has been saved." in page
    assert "File this forecast" not in page
    assert "The product COAL is not in the catalogue." in page
    assert "A quantity cannot be negative." in page
    with platform_wide():
        faulty = ForecastUpload.objects.get()
    refused = client.post(f"/forecasts/2026-Q3/upload/{faulty.pk}/file/")
    assert refused.status_code == 422
    with platform_wide():
        assert not Forecast.objects.exists()

    right = upload(client, f"{head}2026-Q3,MILK,12\n")

    assert "Rows: 1, units: 12, no errors." in right.content.decode()
    with platform_wide():
        kept = ForecastUpload.objects.latest("pk")
        assert not Forecast.objects.exists()
    done = client.post(f"/forecasts/2026-Q3/upload/{kept.pk}/file/", follow=True)
    assert "Version 1 is filed and counts." in done.content.decode()
    assert client.get("/forecasts/2026-Q3/versions/1/").status_code == 200


def test_a_file_that_is_no_table_is_told_on_the_same_page(
    market: Market, as_person: AsPerson
) -> None:
    answer = upload(as_person(market.anna_person), "")

    # Django itself refuses an empty file, before anything reads it.
    assert answer.status_code == 422
    answer = upload(as_person(market.anna_person), "quarter,sku,forecast_units\n")
    assert answer.status_code == 422
    assert "The file has no rows below its first one." in answer.content.decode()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_sent_back_as_it_is(
    market: Market, as_person: AsPerson, kind: str
) -> None:
    client = as_person(market.anna_person)
    client.post("/forecasts/2026-Q3/edit/", {f"p{market.milk.pk}": "70"})

    template = client.get(f"/forecasts/2026-Q3/template.{kind}")
    back = client.post(
        "/forecasts/2026-Q3/upload/",
        {"file": SimpleUploadedFile(f"forecast.{kind}", template.content)},
        follow=True,
    )

    assert "Rows: 2, units: 70, no errors." in back.content.decode()
    assert client.get("/forecasts/2026-Q3/template.exe").status_code == 404


def test_a_seller_files_no_upload_of_another(market: Market, as_person: AsPerson) -> None:
    upload(as_person(market.anna_person), "quarter,sku,forecast_units\n2026-Q3,MILK,12\n")
    with platform_wide():
        kept = ForecastUpload.objects.get()

    bela, there = as_person(market.bela_person), f"/forecasts/2026-Q3/upload/{kept.pk}/"
    answers = [bela.post(f"{there}file/"), bela.get(there)]

    assert [one.status_code for one in answers] == [404, 404]
    with platform_wide():
        assert not Forecast.objects.exists()
