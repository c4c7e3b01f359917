"""Declarations from before owners' parts were kept get exactly those that a draft gives."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command

from core.walls import platform_wide
from customs.models import Declaration, DeclarationShare, DeclarationState
from customs.services import draft_declaration, drop_draft
from customs.services.sharing import SharedOut, share_declarations
from tests.factories.accounts import SellerFactory
from tests.factories.customs import DECLARES, a_shipment, a_warehouse
from tests.factories.procurement import OrderShareFactory
from tests.walls.rows import all_rows


@pytest.fixture(autouse=True)
def _wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


def parts(declaration: Declaration) -> list[tuple[object, ...]]:
    mine = DeclarationShare.objects.filter(line__declaration=declaration)
    return list(
        mine.order_by("position", "owner").values_list(
            *("position", "goods_position", "owner", "importer", "product", "hs_code"),
            *("name_zh", "origin", "quantity", "unit", "unit_price", "currency"),
            *("amount_minor", "net_weight_g", "gross_weight_g", "drafted_at"),
        )
    )


def from_before(drafted: Declaration) -> Declaration:
    """The same declaration as it was kept before parts were."""
    places = {one.position: one for one in drafted.goods.all()}
    lines = list(drafted.lines.select_related("goods_line").order_by("position"))
    old = Declaration.objects.get(pk=drafted.pk)
    old.pk, old.our_reference, old.state = None, "DEC-2026-900001", DeclarationState.DRAFT
    old.save(force_insert=True)
    for place in places.values():
        place.pk, place.declaration = None, old
        place.save(force_insert=True)
    for line in lines:
        line.pk, line.declaration = None, old
        line.goods_line = places[line.goods_line.position]
        line.save(force_insert=True)
    return old


def test_old_declarations_get_the_parts_that_a_draft_gives() -> None:
    shipment = a_shipment(2)
    for line in shipment.lines.select_related("order_line"):
        for units in (7, 53):
            OrderShareFactory.create(
                line=line.order_line, owner=SellerFactory.create(), quantity=units
            )
    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )
    drop_draft(declaration=drafted, reason="数据有误", now=DECLARES)
    old = from_before(drafted)
    assert parts(old) == []

    out = StringIO()
    call_command("share_declarations", stdout=out)

    assert out.getvalue() == "1 declarations have their owners' parts now.\n"
    assert [row[8] for row in parts(old)] == [7, 53, 7, 53]
    assert parts(old) == parts(drafted)
    before = all_rows()
    assert share_declarations() == SharedOut(0, ())
    assert all_rows() == before
