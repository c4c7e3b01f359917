"""Reference data over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop as _
from ninja import Schema
from pydantic import Field

from core.clock import now
from customs import queries
from customs.models import CustomsCode, ExchangeRate, PositiveEntry, TariffRate
from customs.models.kinds_named import TABLE_CHOICES
from customs.queries.listings_of_reference import CODES, EXCHANGE, POSITIVE, TARIFF
from rest.fields import Day, one_of
from rest.lists import page
from rest.routes import Routes
from warehouse.days import day_of

routes = Routes(tags=["importers"])


class AgreementOut(Schema):
    """A duty for goods whose origin is proved, as a fraction of one."""

    name: str = Field(examples=["AUS"])
    countries: list[str] = Field(description="ISO-3", examples=[["AUS"]])
    rate: Decimal = Field(examples=["0.00000"])


class TariffOut(Schema):
    """What the tariff says of a code from a day to a day; rates are fractions of one."""

    hs_code: str = Field(examples=["1901101000"])
    name_zh: str = Field(examples=["供婴幼儿食用的零售包装配方奶粉"])
    valid_from: date = Field(examples=["2026-01-01"])
    valid_to: date | None = Field(
        description="The last day; empty until further notice", examples=[None]
    )
    duty_rate: Decimal = Field(description="Most-favoured-nation", examples=["0.05000"])
    agreement_duties: list[AgreementOut]
    vat_rate: Decimal = Field(examples=["0.13000"])
    consumption_tax_rate: Decimal = Field(examples=["0.00000"])
    consumption_tax_specific: Decimal = Field(
        description="CNY for one unit of consumption_tax_unit", examples=["0.00000"]
    )
    consumption_tax_unit: str = Field(description="Code of customs", examples=[""])
    consumption_tax_if: str = Field(
        description="On which goods it is due only; empty: on all", examples=[""]
    )
    legal_unit: str = Field(description="Code of customs", examples=["035"])
    legal_unit_2: str = Field(description="Code of customs", examples=[""])
    elements: list[str] = Field(
        description="Declaration elements in their order", examples=[["品牌类型", "成分含量"]]
    )
    supervision: list[str] = Field(description="Supervision conditions", examples=[["A"]])
    source: str = Field(description="Legal basis", examples=["进出口税则（2026）"])


class TariffOnDay(TariffOut):
    """A code as of a day, with what the positive list says of it then."""

    on_positive_list: bool = Field(examples=[True])
    remarks: list[str] = Field(description="Kinds of remark", examples=[[]])
    remark: str = Field(description="The list's own words", examples=[""])
    limit_g: int | None = Field(description="Grams for a person and year", examples=[None])


def _figures(rate: TariffRate) -> dict[str, Any]:
    return {
        name: getattr(rate, name) for name in TariffOut.model_fields if name != "agreement_duties"
    } | {"agreement_duties": [AgreementOut(**one) for one in rate.agreement_duties]}


def _tariff(rate: TariffRate) -> TariffOut:
    return TariffOut(**_figures(rate))


@routes.rows(
    "/tariff",
    scope="declarations:read",
    listing=TARIFF,
    row=TariffOut,
    summary=_("Look up the tariff"),
)
def list_tariff(request: HttpRequest) -> object:
    """Rates by the beginning of an HS code (`q`), as of a day (`on`) or all that ever held."""
    return page(request, TARIFF, queries.tariff_rates(), _tariff)


@routes.show(
    "/tariff/{hs_code}",
    scope="declarations:read",
    response=TariffOnDay,
    summary=_("Show a code of the tariff as of a day"),
)
def get_tariff(request: HttpRequest, hs_code: str, day: Day | None = None) -> TariffOnDay:
    """What tariff and positive list say of a code on a day; today if it is left out."""
    asked = day or day_of(now())
    rate = queries.tariff_on([hs_code], asked).get(hs_code)
    if rate is None:
        raise Http404
    entry = queries.positive_on([hs_code], asked).get(hs_code)
    return TariffOnDay(
        **_figures(rate),
        on_positive_list=entry is not None,
        remarks=entry.remarks if entry else [],
        remark=entry.remark if entry else "",
        limit_g=entry.limit_g if entry else None,
    )


class PositiveOut(Schema):
    """An entry of the positive list from a day to a day."""

    code: str = Field(description="Eight digits", examples=["19011010"])
    name_zh: str = Field(examples=["供婴幼儿食用的零售包装配方奶粉"])
    valid_from: date = Field(examples=["2022-03-01"])
    valid_to: date | None = Field(
        description="The last day; empty until further notice", examples=[None]
    )
    remarks: list[str] = Field(description="Kinds of remark", examples=[[]])
    remark: str = Field(description="The list's own words", examples=[""])
    limit_g: int | None = Field(description="Grams for a person and year", examples=[None])
    source: str = Field(description="Legal basis", examples=["清单（2022）"])


class ExchangeOut(Schema):
    """Customs' rate of a currency from a day to a day."""

    currency: str = Field(examples=["EUR"])
    cny: Decimal = Field(description="Yuan for `per` units", examples=["785.12000"])
    per: int = Field(examples=[100])
    valid_from: date = Field(examples=["2026-07-01"])
    valid_to: date | None = Field(
        description="The last day; empty until further notice", examples=["2026-07-31"]
    )
    source: str = Field(description="Legal basis", examples=["海关总署公告"])


class CodeOut(Schema):
    """A code of one of customs' tables from a day to a day."""

    table: str = Field(
        json_schema_extra=one_of(*(name for name, _label in TABLE_CHOICES)), examples=["country"]
    )
    code: str = Field(examples=["DEU"])
    name_zh: str = Field(examples=["德国"])
    name_en: str = Field(examples=["Germany"])
    old_code: str = Field(description="Customs' older code", examples=["304"])
    old_ciq_code: str = Field(description="Inspection's older code", examples=["276"])
    iso_code: str = Field(description="Empty where `code` is none of ISO", examples=["DEU"])
    valid_from: date = Field(examples=["2018-08-01"])
    valid_to: date | None = Field(
        description="The last day; empty until further notice", examples=[None]
    )
    source: str = Field(description="Legal basis", examples=["关检融合部分通关参数 2018"])


@routes.rows(
    "/positive-list",
    scope="declarations:read",
    listing=POSITIVE,
    row=PositiveOut,
    summary=_("Look up the positive list"),
)
def list_positive_list(request: HttpRequest) -> object:
    """Entries by the beginning of a code (`q`), as of a day (`on`) or all that ever held."""
    return page(request, POSITIVE, queries.kept(PositiveEntry.objects.all()), _positive)


@routes.rows(
    "/exchange-rates",
    scope="declarations:read",
    listing=EXCHANGE,
    row=ExchangeOut,
    summary=_("Look up customs' exchange rates"),
)
def list_exchange_rates(request: HttpRequest) -> object:
    """Rates by currency (`q`), as of a day (`on`) or all that ever held."""
    return page(request, EXCHANGE, queries.kept(ExchangeRate.objects.all()), _exchange)


@routes.rows(
    "/customs-codes",
    scope="declarations:read",
    listing=CODES,
    row=CodeOut,
    summary=_("Look up customs' code tables"),
)
def list_customs_codes(request: HttpRequest) -> object:
    """Codes of a table (`table`) by code, older code or name (`q`), as of a day (`on`) or all that
    ever held."""
    return page(request, CODES, queries.kept(CustomsCode.objects.all()), _code)


def _positive(row: PositiveEntry) -> PositiveOut:
    return PositiveOut(**{name: getattr(row, name) for name in PositiveOut.model_fields})


def _exchange(row: ExchangeRate) -> ExchangeOut:
    return ExchangeOut(**{name: getattr(row, name) for name in ExchangeOut.model_fields})


def _code(row: CustomsCode) -> CodeOut:
    return CodeOut(**{name: getattr(row, name) for name in CodeOut.model_fields})
