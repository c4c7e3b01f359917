"""A shipment becomes the draft of a declaration, or says what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Company
from core.errors import DomainError
from core.walls import platform_wide
from customs.models import (
    Declaration,
    DeclarationForm,
    DeclarationLine,
    DeclarationStep,
)
from customs.rules import declaring as rules
from customs.services import (
    draft_declaration,
)
from procurement.models import Shipment, ShipmentState
from tests.factories.accounts import ImporterFactory
from tests.factories.customs import (
    DECLARES,
    TariffRateFactory,
    a_draft,
    a_shipment,
    a_warehouse,
)
from tests.factories.procurement import PurchaseOrderLineFactory, ShipmentLineFactory

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
    refusal: type[DomainError], shipment: Shipment | None = None, **changes: Company
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

    refusal = refused_draft(rules.DataMissing, shipment)

    assert refusal.facts == {
        "declaration": "importer_customs_code",
        first.product.sku: "hs_code, net_weight, tariff_rate",
        second.product.sku: "name_zh, origin",
    }


def test_a_code_without_a_rate_on_the_day_cannot_be_declared() -> None:
    TariffRateFactory.create(valid_from=date(2026, 8, 1))

    refusal = refused_draft(rules.DataMissing)

    assert list(refusal.facts.values()) == ["tariff_rate"]


def test_a_legal_unit_that_cannot_be_derived_is_named() -> None:
    TariffRateFactory.create(legal_unit="095")

    assert list(refused_draft(rules.DataMissing).facts.values()) == ["legal_unit"]


def test_goods_bought_free_on_board_need_their_freight() -> None:
    shipment = a_shipment()
    shipment.freight_minor = 0
    shipment.save()

    assert refused_draft(rules.DataMissing, shipment).facts == {"declaration": "freight"}


def test_goods_cannot_weigh_more_net_than_gross() -> None:
    shipment = a_shipment()
    shipment.gross_weight_g = 53_999
    shipment.save()

    refusal = refused_draft(rules.NetOverGross, shipment)

    assert refusal.facts == {"net_kg": "54", "gross_kg": "53.999"}


def test_only_the_buyer_declares() -> None:
    refused_draft(rules.NotTheBuyer, importer=ImporterFactory.create())


def test_an_empty_shipment_is_not_declared() -> None:
    shipment = a_shipment(lines=0)

    refused_draft(rules.NothingShipped, shipment)


def test_cleared_goods_are_not_declared_again() -> None:
    shipment = a_shipment()
    shipment.state = ShipmentState.CLEARED
    shipment.save()

    refused_draft(rules.ShipmentNotUnderWay, shipment)


def test_a_shipment_has_one_living_declaration() -> None:
    drafted = a_draft()

    refused_draft(rules.AlreadyDeclared, drafted.shipment)
