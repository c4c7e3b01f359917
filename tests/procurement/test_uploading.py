"""A forecast as a file: every wrong row is told, and nothing is half saved."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.utils.translation import gettext
from openpyxl import Workbook

from core import sheets
from core.errors import DomainError
from procurement import services
from procurement.models import Forecast, ForecastLine, ForecastUpload
from procurement.queries import forecasts
from procurement.rules.forecasting import ForecastRefused, NothingForecast, RoundClosed
from procurement.services import Preview
from tests.factories.procurement import AFTER, CUTOFF, DURING

from .conftest import Market

HEAD = "quarter,sku,forecast_units\n"


def look_at(market: Market, content: bytes | str, name: str = "forecast.csv") -> Preview:
    return services.preview_upload(
        round=market.round,
        seller=market.anna,
        file_name=name,
        content=content.encode() if isinstance(content, str) else content,
        uploaded_by=market.anna_person,
        now=DURING,
    )


def nothing_was_written() -> bool:
    return not (
        ForecastUpload.objects.exists()
        or Forecast.objects.exists()
        or ForecastLine.objects.exists()
    )


def workbook(*rows: tuple[Any, ...]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_file_of_nothing_but_zeros_says_why_it_cannot_be_filed(market: Market) -> None:
    preview = look_at(market, f"{HEAD}2026-Q3,MILK,0\n2026-Q3,SOAP,0\n")

    assert [(error.row, error.field) for error in preview.errors] == [(2, "forecast_units")]
    assert preview.errors[0].message == gettext(NothingForecast.rule())
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("2026-Q3,COAL,5", "sku"),
        ("2026-Q3,,5", "sku"),
        ("2026-Q3,MILK,-5", "forecast_units"),
        ("2026-Q3,MILK,1.5", "forecast_units"),
        ('2026-Q3,MILK,"1,5"', "forecast_units"),
        ("2026-Q3,MILK,1000001", "forecast_units"),
        ("2026-Q3,MILK,99999999999999999999999999", "forecast_units"),
        ("2026-Q3,MILK,", "forecast_units"),
        ("2026-Q3,MILK,ten", "forecast_units"),
        ("2026-Q3,MILK,٣", "forecast_units"),
        ("2026-Q3,MILK,=2+3", "forecast_units"),
        ("2026-Q3,@SUM(A1),3", "sku"),
        ("2026-Q3,SOAP,3", "sku"),
        ("2026-Q4,MILK,3", "quarter"),
        (",MILK,3", "quarter"),
    ],
)
def test_each_wrong_row_is_told_with_its_number_and_field(
    market: Market, row: str, field: str
) -> None:
    preview = look_at(market, f"{HEAD}2026-Q3,SOAP,7\n{row}\n")

    assert [(error.row, error.field) for error in preview.errors] == [(3, field)]
    assert preview.errors[0].message
    assert preview.upload is None
    assert nothing_was_written()


def test_every_wrong_row_is_told_at_once(market: Market) -> None:
    preview = look_at(
        market, f"{HEAD}2026-Q4,COAL,-1\n\n2026-Q3,MILK,4\n2026-Q3,MILK,5\n2026-Q3,SOAP,=A1\n"
    )

    assert [(error.row, error.field) for error in preview.errors] == [
        (2, "quarter"),
        (2, "sku"),
        (2, "forecast_units"),
        (5, "sku"),
        (6, "forecast_units"),
    ]
    assert nothing_was_written()


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", sheets.NoRows),
        (HEAD.encode(), sheets.NoRows),
        (b"\n\n\n", sheets.NoRows),
        (b"sku,units\nMILK,1\n", sheets.ColumnsMissing),
        (b"quarter,sku,sku,forecast_units\n2026-Q3,MILK,SOAP,1\n", sheets.ColumnsRepeated),
        (HEAD.encode() + b"2026-Q3,\xff\xfe\xfa,1\n", sheets.WrongEncoding),
        (f"{HEAD}2026-Q3,MILK,1\n".encode("utf-16"), sheets.WrongEncoding),
        (HEAD.encode() + b'2026-Q3,"MILK,1\n', sheets.BrokenSheet),
        (b"PK\x03\x04 this is no workbook", sheets.BrokenSheet),
        (b"\xd0\xcf\x11\xe0 an old workbook", sheets.WrongFileKind),
    ],
)
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    market: Market, content: bytes, refusal: type[sheets.SheetRefused]
) -> None:
    preview = look_at(market, content)

    assert type(preview.refused) is refusal
    assert preview.upload is None
    assert nothing_was_written()


def test_two_hundred_thousand_rows_are_refused(market: Market) -> None:
    preview = look_at(market, HEAD + "2026-Q3,MILK,1\n" * 200_000)

    assert type(preview.refused) is sheets.TooManyRows
    assert preview.refused.facts["limit"] == 100_000
    assert nothing_was_written()


def test_a_workbook_that_unpacks_to_a_mountain_is_refused(market: Market) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)

    preview = look_at(market, out.getvalue(), "forecast.xlsx")

    assert type(preview.refused) is sheets.SheetTooLarge
    assert nothing_was_written()


def test_a_workbook_is_read_like_a_csv(market: Market) -> None:
    content = workbook(
        ("Quarter", "SKU", "forecast_units", "note"),
        ("2026-Q3", "MILK", 12, "as last year"),
        ("2026-Q3", "SOAP", 3.0, None),
    )

    preview = look_at(market, content, "forecast.xlsx")

    assert [(want.sku, want.quantity) for want in preview.wants] == [("MILK", 12), ("SOAP", 3)]
    assert preview.units == 15


def test_a_formula_in_a_workbook_is_told(market: Market) -> None:
    content = workbook(
        ("quarter", "sku", "forecast_units"),
        ("2026-Q3", "MILK", "=10+2"),
        ("2026-Q3", "SOAP", 1.5),
    )

    preview = look_at(market, content, "forecast.xlsx")

    assert [(error.row, error.field) for error in preview.errors] == [
        (2, "forecast_units"),
        (3, "forecast_units"),
    ]
    assert preview.errors[0].message == gettext("A formula; send the value instead.")
    assert nothing_was_written()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_heads_and_encodings_are_read(market: Market, encoding: str) -> None:
    text = "季度,货号,品名,预测数量\n2026-Q3,MILK,婴幼儿配方奶粉,12\n"

    preview = look_at(market, text.encode(encoding))

    assert preview.errors == []
    assert [(want.sku, want.quantity) for want in preview.wants] == [("MILK", 12)]


def test_a_file_that_names_another_seller_is_told(market: Market) -> None:
    preview = look_at(
        market,
        "quarter,seller,sku,forecast_units\n2026-Q3,ANNA,MILK,1\n2026-Q3,BELA,SOAP,1\n",
    )

    assert [(error.row, error.field) for error in preview.errors] == [(3, "seller")]
    assert nothing_was_written()


def test_a_clean_file_is_kept_then_filed_once(market: Market) -> None:
    preview = look_at(market, f"{HEAD}2026-q3,MILK,12\n2026-Q3,SOAP,0\n")
    assert preview.upload is not None
    assert not Forecast.objects.exists()

    first = services.file_upload(upload=preview.upload, filed_by=market.anna_person, now=DURING)
    again = services.file_upload(upload=preview.upload, filed_by=market.anna_person, now=DURING)

    assert again == first
    assert (first.version, first.source) == (1, "upload")
    assert Forecast.objects.count() == 1
    assert forecasts.quantities(first) == {market.milk.pk: 12}


def test_a_file_whose_offer_went_away_since_is_not_filed(market: Market) -> None:
    preview = look_at(market, f"{HEAD}2026-Q3,MILK,12\n")
    assert preview.upload is not None
    offer = market.milk.offers.get()
    offer.valid_to = offer.valid_from
    offer.save()

    with pytest.raises(ForecastRefused):
        services.file_upload(upload=preview.upload, filed_by=market.anna_person, now=DURING)

    assert not Forecast.objects.exists()


def test_after_the_cutoff_a_file_is_neither_looked_at_nor_filed(market: Market) -> None:
    preview = look_at(market, f"{HEAD}2026-Q3,MILK,12\n")
    assert preview.upload is not None

    with pytest.raises(RoundClosed) as refused:
        services.file_upload(upload=preview.upload, filed_by=market.anna_person, now=AFTER)
    with pytest.raises(DomainError):
        services.preview_upload(
            round=market.round,
            seller=market.anna,
            file_name="late.csv",
            content=f"{HEAD}2026-Q3,MILK,1\n".encode(),
            uploaded_by=market.anna_person,
            now=CUTOFF,
        )

    assert refused.value.facts == {"cutoff_at": CUTOFF}
    assert ForecastUpload.objects.count() == 1
    assert not Forecast.objects.exists()
