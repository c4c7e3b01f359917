"""Customs' fields have less room than a SKU: nothing is cut into another's name."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from customs.rules.articles import item_number, material_number
from customs.rules.retail_messages import Sent, order, retail_list
from customs.services.queueing import gaps_in
from tests.factories.messages import HOUSE, PARTIES, a_parcel

LONG = "INFANT-FORMULA-STAGE-ONE-900G-TIN-OF-GERMANY-"
SENT = Sent("9F1A6C50-0000-4B41-946C-B8022E42FC94", datetime(2026, 8, 1, tzinfo=UTC))


@pytest.mark.parametrize(("length", "told"), [(20, 20), (21, 0), (64, 0)])
def test_a_sku_without_room_is_left_out_of_a_parcel(length: int, told: int) -> None:
    assert item_number("A" * length) == "A" * told


def test_an_order_and_its_list_say_the_same_of_long_skus() -> None:
    parcel = a_parcel()
    goods = tuple(replace(parcel.goods[0], sku=sku) for sku in ("MILK", f"{LONG}A", f"{LONG}B"))
    parcel = replace(parcel, goods=goods)
    told = {
        "CEB311": order(parcel, PARTIES, SENT),
        "CEB621": retail_list(parcel, PARTIES, HOUSE, SENT),
    }
    for kind, one in told.items():
        assert [line.get("itemNo") for line in one.lines] == ["MILK", None, None]
        assert not [gap for gap in gaps_in(kind, [one]) if gap.field == "itemNo"]


def test_a_material_keeps_a_name_of_its_own() -> None:
    assert material_number("A" * 32) == "A" * 32
    one, other = material_number(f"{LONG}A"), material_number(f"{LONG}B")
    assert (one, len(other)) == ("INFANT-FORMULA-STAGE-ON-631163a1", 32)
    assert one != other
