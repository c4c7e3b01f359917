"""A shipment becomes the draft of a declaration, or says what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction

from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import (
    Declaration,
    DeclarationForm,
    DeclarationLine,
    DeclarationShare,
    DeclarationStep,
)
from customs.rules import declaring as rules
from customs.rules import goods
from customs.rules.charges import Charge, ChargeInPrice, Kind, Mark
from customs.services import (
    draft_declaration,
)
from procurement.models import Shipment, ShipmentState
from tests.factories.accounts import ImporterFactory, SellerFactory
from tests.factories.customs import (
    DECLARES,
    TariffRateFactory,
    a_draft,
    a_shipment,
    a_warehouse,
)
from tests.factories.procurement import (
    OrderShareFactory,
    PurchaseOrderLineFactory,
    ShipmentLineFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def states(declaration: Declaration) -> list[str]:
    steps = DeclarationStep.objects.filter(declaration=declaration).order_by("pk")
    return list(steps.values_list("state", flat=True))


def test_each_order_line_becomes_one_goods_line() -> None:
    shipment = a_shipment(2)

    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    first, second = drafted.lines.order_by("position")
    assert drafted.our_reference == "DEC-2026-000001"
    assert Shipment.objects.get().bound_for == drafted.warehouse.operator
    assert drafted.form == DeclarationForm.IMPORT_DECLARATION
    assert (drafted.total_minor, drafted.currency) == (120_000, "EUR")
    assert (drafted.gross_weight_g, drafted.net_weight_g) == (132_000, 108_000)
    assert (first.position, second.position) == (1, 2)
    assert (first.quantity, first.unit) == (60, "122")
    assert (first.legal_quantity, first.legal_unit) == (Decimal("54.00000"), "035")
    assert (first.unit_price, first.total_minor) == (Decimal("10.0000"), 60_000)
    assert (first.net_weight_g, first.gross_weight_g) == (54_000, 66_000)
    assert states(drafted) == ["draft"]


def test_list_lines_that_agree_are_one_goods_line_of_the_form() -> None:
    drafted = a_draft(2)

    line = drafted.goods.get()
    assert [one.goods_line for one in drafted.lines.order_by("position")] == [line, line]
    assert (line.quantity, line.total_minor, line.gross_weight_g) == (120, 120_000, 132_000)
    assert (line.legal_quantity, line.second_unit) == (Decimal("108.00000"), "")


def test_each_owner_has_its_exact_part_of_every_list_line() -> None:
    shipment = a_shipment()
    anna, bela = SellerFactory.create(), SellerFactory.create()
    for owner, units in ((anna, 13), (bela, 40)):
        OrderShareFactory.create(
            line=shipment.order.lines.get(), owner=owner, quantity=units, amount_minor=units * 1_000
        )

    draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    parts = DeclarationShare.objects.order_by("quantity")
    assert [(one.owner, one.quantity, one.amount_minor) for one in parts] == [
        (shipment.order.buyer, 7, 7_000),
        (anna, 13, 13_000),
        (bela, 40, 40_000),
    ]
    assert [one.gross_weight_g for one in parts] == [7_700, 14_300, 44_000]
    with inside(anna.pk):
        assert DeclarationShare.objects.get().owner == anna
        assert not Declaration.objects.exists()
    with inside(shipment.order.buyer_id):
        assert DeclarationShare.objects.count() == 3


def test_parts_are_facts_that_nobody_changes() -> None:
    a_draft()

    for table in ("goodsline", "declarationcharge", "declarationshare"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE customs_{table} SET id = id")  # noqa: S608 - our own names


def test_what_the_supplier_charged_is_declared_as_totals() -> None:
    drafted = a_draft()

    charges = drafted.charges.order_by("kind").values_list("kind", "mark", "value", "currency")
    assert list(charges) == [
        ("freight", "3", Decimal("450.0000"), "USD"),
        ("insurance", "3", Decimal("12.0000"), "USD"),
    ]


def test_a_charge_may_be_told_with_the_draft() -> None:
    shipment = a_shipment()
    shipment.insurance_minor = 0
    shipment.save()

    drafted = draft_declaration(
        shipment=shipment,
        importer=shipment.order.buyer,
        warehouse=a_warehouse(),
        charges=[Charge(Kind.INSURANCE, Mark.RATE, Decimal("0.3"))],
        now=DECLARES,
    )

    assert set(drafted.charges.values_list("kind", "mark")) == {
        ("freight", "3"),
        ("insurance", "1"),
    }


def test_goods_bought_with_their_freight_declare_none() -> None:
    shipment = a_shipment()
    type(shipment.order).objects.update(incoterm="CIF")
    shipment.refresh_from_db()
    refused_draft(ChargeInPrice, shipment, charges=[Charge(Kind.FREIGHT, Mark.RATE, Decimal(5))])

    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    assert not drafted.charges.exists()


def test_more_goods_than_one_declaration_holds_are_refused(settings: Any) -> None:
    settings.BONDPOOL_DECLARATION_LINES = 1
    shipment = a_shipment(2)
    type(shipment.order.lines.get(position=1).product).objects.filter(
        pk=shipment.order.lines.get(position=1).product_id
    ).update(name_zh="另一种奶粉")

    refusal = refused_draft(goods.TooManyGoodsLines, shipment)

    assert refusal.facts == {"lines": 2, "most": 1}


def test_a_warehouse_inside_a_zone_files_the_record_list() -> None:
    shipment, warehouse = a_shipment(), a_warehouse()
    type(warehouse.operator).objects.filter(pk=warehouse.operator_id).update(
        customs_code="3302960009"
    )
    warehouse.refresh_from_db()

    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=warehouse, now=DECLARES
    )

    assert drafted.form == DeclarationForm.RECORD_LIST


def test_batches_of_one_order_line_are_added_up() -> None:
    shipment = a_shipment(lines=0)
    line = PurchaseOrderLineFactory.create(order=shipment.order)
    ShipmentLineFactory.create(shipment=shipment, order_line=line, quantity=24)
    ShipmentLineFactory.create(shipment=shipment, order_line=line, quantity=36, batch="B")

    drafted = draft_declaration(
        shipment=shipment, importer=shipment.order.buyer, warehouse=a_warehouse(), now=DECLARES
    )

    assert drafted.lines.get().quantity == 60


def refused_draft(
    refusal: type[DomainError], shipment: Shipment | None = None, **changes: Any
) -> DomainError:
    shipment = shipment or a_shipment()
    told: dict[str, Any] = {"importer": shipment.order.buyer, "warehouse": a_warehouse()}
    before = (Declaration.objects.count(), DeclarationStep.objects.count())
    bound = Shipment.objects.get(pk=shipment.pk).bound_for

    with pytest.raises(refusal) as refused:
        draft_declaration(shipment=shipment, now=DECLARES, **(told | changes))

    assert (Declaration.objects.count(), DeclarationStep.objects.count()) == before
    assert Shipment.objects.get(pk=shipment.pk).bound_for == bound
    assert DeclarationLine.objects.count() == sum(
        declaration.lines.count() for declaration in Declaration.objects.all()
    )
    return refused.value


def test_what_is_missing_is_listed_per_product() -> None:
    shipment = a_shipment(2)
    first, second = shipment.order.lines.order_by("position")
    type(first.product).objects.filter(pk=first.product_id).update(hs_code="1234", net_weight_g=0)
    type(second.product).objects.filter(pk=second.product_id).update(name_zh=" ", origin="DE")
    type(shipment.order.buyer).objects.update(customs_code="")
    shipment.refresh_from_db()

    refusal = refused_draft(goods.DataMissing, shipment)

    assert refusal.facts == {
        "declaration": "importer_customs_code",
        first.product.sku: "hs_code, net_weight, tariff_rate",
        second.product.sku: "name_zh, origin",
    }


def test_a_code_without_a_rate_on_the_day_cannot_be_declared() -> None:
    TariffRateFactory.create(valid_from=date(2026, 8, 1))

    refusal = refused_draft(goods.DataMissing)

    assert list(refusal.facts.values()) == ["tariff_rate"]


def test_a_legal_unit_that_cannot_be_derived_is_named() -> None:
    TariffRateFactory.create(legal_unit="095")

    assert list(refused_draft(goods.DataMissing).facts.values()) == ["legal_unit"]


def test_goods_bought_free_on_board_need_their_freight() -> None:
    shipment = a_shipment()
    shipment.freight_minor = 0
    shipment.save()

    assert refused_draft(goods.DataMissing, shipment).facts == {"declaration": "freight"}


def test_goods_bought_with_their_freight_need_their_insurance() -> None:
    shipment = a_shipment()
    shipment.insurance_minor = 0
    shipment.save()
    type(shipment.order).objects.update(incoterm="CFR")
    shipment.refresh_from_db()

    assert refused_draft(goods.DataMissing, shipment).facts == {"declaration": "insurance"}


def test_goods_cannot_weigh_more_net_than_gross() -> None:
    shipment = a_shipment()
    shipment.gross_weight_g = 53_999
    shipment.save()

    refusal = refused_draft(goods.NetOverGross, shipment)

    assert refusal.facts == {"net_kg": "54", "gross_kg": "53.999"}


def test_only_the_buyer_declares() -> None:
    refused_draft(rules.NotTheBuyer, importer=ImporterFactory.create())


def test_an_empty_shipment_is_not_declared() -> None:
    shipment = a_shipment(lines=0)

    refused_draft(goods.NothingShipped, shipment)


def test_cleared_goods_are_not_declared_again() -> None:
    shipment = a_shipment()
    shipment.state = ShipmentState.CLEARED
    shipment.save()

    refused_draft(rules.ShipmentNotUnderWay, shipment)


def test_a_shipment_has_one_living_declaration() -> None:
    drafted = a_draft()

    refused_draft(rules.AlreadyDeclared, drafted.shipment)
