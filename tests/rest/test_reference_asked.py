"""Positive list, customs' rates and code tables over the API, as of a day."""

from __future__ import annotations

from datetime import date

from core.walls import platform_wide
from customs.models import CustomsCode, ExchangeRate, PositiveEntry
from tests.factories.customs import PositiveEntryFactory
from tests.rest.conftest import Hire
from tests.walls.world import World


def test_each_is_told_as_of_a_day(world: World, hire: Hire) -> None:
    with platform_wide():
        PositiveEntryFactory.create(
            code="33049900", remarks=["named_only"], remark="仅限", valid_from=date(2026, 5, 1)
        )
        ExchangeRate.objects.create(
            currency="JPY",
            cny="4.87",
            per=100,
            valid_from=date(2026, 7, 1),
            valid_to=date(2026, 7, 31),
            source="公告",
        )
        CustomsCode.objects.create(
            table="container",
            code="11",
            iso_code="",
            old_code="L11",
            name_zh="标准箱",
            valid_from=date(2018, 8, 1),
            source="参数表",
        )
    robot = hire("importer")

    def asked(address: str) -> list[dict[str, object]]:
        answer = robot.get(address)
        assert answer.status_code == 200
        data: list[dict[str, object]] = answer.json()["data"]
        return data

    assert asked("positive-list?q=3304&on=2026-04-30") == []
    assert asked("positive-list?q=3304&on=2026-05-01") == [
        {
            "code": "33049900",
            "name_zh": PositiveEntryFactory.name_zh,
            "valid_from": "2026-05-01",
            "valid_to": None,
            "remarks": ["named_only"],
            "remark": "仅限",
            "limit_g": None,
            "source": PositiveEntryFactory.source,
        }
    ]
    assert asked("exchange-rates?q=JPY&on=2026-08-01") == []
    assert asked("exchange-rates?q=JPY&on=2026-07-31") == [
        {
            "currency": "JPY",
            "cny": "4.87000",
            "per": 100,
            "valid_from": "2026-07-01",
            "valid_to": "2026-07-31",
            "source": "公告",
        }
    ]
    assert asked("customs-codes?table=container&q=L11&on=2018-07-31") == []
    assert asked("customs-codes?table=container&q=L11&on=2018-08-01") == [
        {
            "table": "container",
            "code": "11",
            "name_zh": "标准箱",
            "name_en": "",
            "old_code": "L11",
            "old_ciq_code": "",
            "iso_code": "",
            "valid_from": "2018-08-01",
            "valid_to": None,
            "source": "参数表",
        }
    ]
    assert PositiveEntry.objects.filter(code="33049900").count() == 1
