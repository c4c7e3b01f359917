"""The tax of a parcel, asked over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from core.walls import platform_wide
from customs.forms_tax import TaxForm
from customs.models import TariffRate, TaxRounding
from tests.factories.customs import TariffRateFactory
from tests.rest.conftest import Hire
from tests.walls.world import World


def test_the_rounding_of_the_day_that_is_asked_decides(world: World, hire: Hire) -> None:
    with platform_wide():
        TaxRounding.objects.create(
            mode="up", basis="line", places=1, valid_from=date(2026, 8, 2), source="示例公告"
        )
    goods = {"goods": world.lot.product.sku, "quantity": 2, "unit_price_minor": 20_000}
    asked = {"lines": [goods], "freight_minor": 1_000}

    told = {
        day: hire("seller").post("customs/tax-estimates", asked | {"day": day}).json()["tax_minor"]
        for day in ("2026-08-01", "2026-08-02")
    }

    assert told == {"2026-08-01": 3_731, "2026-08-02": 3_740}


def test_an_estimate_has_its_working_and_keeps_nothing(world: World, hire: Hire) -> None:
    product = world.lot.product
    rate = TariffRate.objects.get(hs_code=product.hs_code)
    assert (rate.vat_rate, rate.consumption_tax_rate) == (Decimal("0.13"), Decimal(0))
    asked = {
        "lines": [{"goods": product.sku, "quantity": 2, "unit_price_minor": 20_000}],
        "freight_minor": 1_000,
        "day": "2026-08-01",
    }

    for role in ("seller", "importer", "operator"):
        told = hire(role).post("customs/tax-estimates", asked)

        assert told.status_code == 200
        assert told.json() == {
            "regime": "cbec_within",
            "refused": "",
            "dutiable_minor": 41_000,
            "duty_minor": 0,
            "consumption_tax_minor": 0,
            "vat_minor": 3_731,
            "tax_minor": 3_731,
            "order_limit_minor": 500_000,
            "year_limit_minor": 2_600_000,
            "legal_basis": "财关税〔2018〕49号",
            "buyer_year": None,
            "lines": [
                {
                    "goods": product.sku,
                    "hs_code": product.hs_code,
                    "dutiable_minor": 41_000,
                    "duty_minor": 0,
                    "consumption_tax_minor": 0,
                    "vat_minor": 3_731,
                    "steps": [
                        {
                            "what": "dutiable",
                            "reckoned": "400.00 + 10.00",
                            "exact": "410.00",
                            "due_minor": None,
                        },
                        {
                            "what": "vat",
                            "reckoned": "410.00 × 13 %",
                            "exact": "53.30",
                            "due_minor": None,
                        },
                        {
                            "what": "vat_due",
                            "reckoned": "53.30 × 70 %",
                            "exact": "37.31",
                            "due_minor": 3_731,
                        },
                    ],
                }
            ],
        }


def test_general_trade_is_asked_for_and_what_a_unit_holds_decides(world: World, hire: Hire) -> None:
    """A cream of CNY 400: at 50 ml below 10 yuan a millilitre, at 30 ml above."""
    with platform_wide():
        TariffRateFactory.create(
            hs_code="3304990039",
            duty_rate=Decimal("0.05"),
            consumption_tax_rate=Decimal("0.15"),
            consumption_tax_if="cosmetics",
        )
    robot = hire("seller")
    goods = {"goods": "3304990039", "quantity": 1, "unit_price_minor": 40_000}

    def taxes(regime: str, holds: str) -> tuple[str, int, int, int]:
        lines = [goods | {"holds": holds}]
        asked = {"lines": lines, "regime": regime, "day": "2026-08-01"}
        told = robot.post("customs/tax-estimates", asked).json()
        assert told["refused"] == ""
        return (
            told["regime"],
            *(told[f"{tax}_minor"] for tax in ("duty", "consumption_tax", "vat")),
        )

    assert taxes("", "50 ml") == ("cbec_within", 0, 0, 3_640)
    assert taxes("", "30 ml") == ("cbec_within", 0, 4_941, 4_282)
    # Nobody knows: then it is due.
    assert taxes("", "") == ("cbec_within", 0, 4_941, 4_282)
    assert taxes("general_trade", "50 ml") == ("general_trade", 2_000, 0, 5_460)
    assert taxes("general_trade", "30 ml") == ("general_trade", 2_000, 7_412, 6_424)
    refused = robot.post("customs/tax-estimates", {"lines": [goods | {"holds": "much"}]})
    assert (refused.status_code, refused.json()["code"]) == (422, "customs.contents_unread")
    assert robot.post("customs/tax-estimates", {"lines": [goods], "regime": "x"}).status_code == 422


def test_what_is_no_retail_import_says_why_and_what_cannot_be_found_says_where(
    world: World, hire: Hire
) -> None:
    robot = hire("seller")
    goods = {"goods": world.lot.product.hs_code, "quantity": 2, "unit_price_minor": 300_000}

    dear = robot.post("customs/tax-estimates", {"lines": [goods], "day": "2026-08-01"}).json()
    assert (dear["regime"], dear["order_limit_minor"]) == ("general_trade", 500_000)
    assert dear["refused"] != ""

    for changed, code, facts in (
        ({"goods": "NONE"}, "customs.goods_unknown", {"row": 2, "field": "goods"}),
        ({"goods": "9999999999"}, "customs.rate_unknown", {"row": 2, "field": "goods"}),
    ):
        refused = robot.post("customs/tax-estimates", {"lines": [goods, goods | changed]})
        assert (refused.status_code, refused.json()["code"]) == (422, code)
        assert facts.items() <= refused.json()["facts"].items()
    early = robot.post("customs/tax-estimates", {"lines": [goods], "day": "2016-04-07"})
    assert (early.status_code, early.json()["code"]) == (422, "customs.before_the_law")
    for wrong in (
        {"quantity": 0},
        {"quantity": 1.5},
        {"unit_price_minor": -1},
        {"goods": "x" * 65},
    ):
        answer = robot.post("customs/tax-estimates", {"lines": [goods | wrong]})
        assert answer.status_code == 422
    assert robot.post("customs/tax-estimates", {"lines": []}).status_code == 422
    assert robot.post("customs/tax-estimates", {"lines": [goods] * 100}).status_code == 422


def test_a_row_of_the_page_that_names_a_proof_of_origin_alone_lacks_its_goods() -> None:
    row = {"goods_1": "MILK-1", "quantity_1": "1", "price_1": "400", "day": "2026-08-01"}
    assert TaxForm(row).errors == {}
    assert set(TaxForm(row | {"origin_2": "NZL"}).errors) == {"goods_2", "quantity_2", "price_2"}
