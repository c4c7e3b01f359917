"""From a shipment to a released declaration, and everything that is refused on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from accounts.models import Company
from core.errors import DomainError
from core.models import WorkState
from core.walls import inside, platform_wide
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationForm,
    DeclarationLine,
    DeclarationState,
    DeclarationStep,
    TariffRate,
)
from customs.rules import declaring as rules
from customs.services import (
    draft_declaration,
    lodge,
    make_due_documents,
    queue_document,
    record_rejection,
    record_release,
    redraft,
    retry_document,
)
from procurement.models import Shipment, ShipmentState
from tests.factories.accounts import ImporterFactory
from tests.factories.customs import (
    DECLARES,
    ENTRY_NUMBER,
    TariffRateFactory,
    a_draft,
    a_lodged,
    a_queued,
    a_ready,
    a_shipment,
    a_warehouse,
)
from traceability.models import Evidence, TraceEvent

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
    shipment = a_shipment()
    line = shipment.lines.get()
    type(line).objects.filter(pk=line.pk).update(quantity=24)
    type(line).objects.create(shipment=shipment, order_line=line.order_line, quantity=36, batch="B")

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

    with pytest.raises(refusal) as refused:
        draft_declaration(shipment=shipment, now=DECLARES, **(told | changes))

    assert (Declaration.objects.count(), DeclarationStep.objects.count()) == before
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
    shipment = a_shipment()
    shipment.lines.all().delete()

    refused_draft(rules.NothingShipped, shipment)


def test_cleared_goods_are_not_declared_again() -> None:
    shipment = a_shipment()
    shipment.state = ShipmentState.CLEARED
    shipment.save()

    refused_draft(rules.ShipmentNotUnderWay, shipment)


def test_a_shipment_has_one_living_declaration() -> None:
    drafted = a_draft()

    refused_draft(rules.AlreadyDeclared, drafted.shipment)


def test_the_paper_goes_from_queued_over_generating_to_ready() -> None:
    document = a_queued()

    assert make_due_documents(now=lambda: DECLARES) == 1

    document.refresh_from_db()
    assert document.number == "DOC-2026-000001"
    assert (document.state, document.attempts, document.page_count) == (WorkState.READY, 1, 1)
    assert bytes(document.content or b"").startswith(b"%PDF-")
    assert states(document.declaration) == ["draft", "queued", "generating", "ready"]
    assert make_due_documents(now=lambda: DECLARES) == 0


def test_a_paper_is_ordered_once() -> None:
    document = a_queued()

    with pytest.raises(rules.WrongState):
        queue_document(declaration=document.declaration, now=DECLARES)

    assert DeclarationDocument.objects.count() == 1
    assert states(document.declaration) == ["draft", "queued"]


def test_a_paper_that_failed_too_often_is_tried_again_with_its_number() -> None:
    document = a_queued()
    DeclarationDocument.objects.update(state=WorkState.FAILED, attempts=20)

    retry_document(document=document, now=DECLARES)
    make_due_documents(now=lambda: DECLARES)

    again = DeclarationDocument.objects.get()
    assert (again.number, again.state, again.attempts) == (document.number, WorkState.READY, 1)
    with pytest.raises(rules.WrongState):
        retry_document(document=again, now=DECLARES)


def test_a_paper_without_its_typeface_says_what_to_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from core import pdf

    monkeypatch.setattr(pdf, "FONTS", tmp_path)
    pdf.load_fonts.cache_clear()
    document = a_queued()

    make_due_documents(now=lambda: DECLARES)

    document.refresh_from_db()
    assert document.state == WorkState.QUEUED
    assert document.attempts == 1
    assert "make setup" in document.last_error
    assert document.content is None
    assert Declaration.objects.get().state == DeclarationState.GENERATING


def test_the_release_clears_the_shipment_and_is_told_as_the_authority_said_it() -> None:
    lodged = a_lodged()

    released = record_release(
        declaration=lodged, their_reference="3105 2026 1 000000017", now=DECLARES
    )

    assert released.their_reference == ENTRY_NUMBER
    assert released.decided_at == DECLARES
    released.shipment.refresh_from_db()
    assert released.shipment.state == ShipmentState.CLEARED
    assert states(released) == ["draft", "queued", "generating", "ready", "lodged", "released"]
    told = TraceEvent.objects.get(evidence=Evidence.AUTHORITY)
    assert told.asserted_by_id == released.importer_id
    assert told.documents == [["cn-customs-declaration", ENTRY_NUMBER]]
    assert f"decl:{released.our_reference}" in told.keys
    assert told.quantities == []


@pytest.mark.parametrize(
    ("number", "fact"),
    [
        ("", {"places": 0}),
        ("31052026100000001", {"places": 17}),
        ("3105202610000000170", {"places": 19}),
        ("31052026100000001A", {"places": 18}),
        ("３１０５20261000000017", {"places": 18}),
        ("310520260000000017", {"ninth_place": "0"}),
        ("310520121000000017", {"year": "2012"}),
    ],
)
def test_a_number_that_customs_does_not_give_is_refused(
    number: str, fact: dict[str, object]
) -> None:
    lodged = a_lodged()

    with pytest.raises(rules.NotAnEntryNumber) as refused:
        record_release(declaration=lodged, their_reference=number, now=DECLARES)

    assert refused.value.facts == {"number": number, **fact}
    nothing_decided(lodged)


def nothing_decided(lodged: Declaration) -> None:
    lodged.refresh_from_db()
    lodged.shipment.refresh_from_db()
    assert lodged.state == DeclarationState.LODGED
    assert lodged.decided_at is None
    assert lodged.shipment.state == ShipmentState.SHIPPED
    assert states(lodged)[-1] == "lodged"
    assert not TraceEvent.objects.filter(evidence=Evidence.AUTHORITY).filter(
        keys__contains=[f"decl:{lodged.our_reference}"]
    )


def test_a_customs_number_stands_on_one_declaration() -> None:
    other = a_lodged()
    record_release(declaration=other, their_reference=ENTRY_NUMBER, now=DECLARES)
    lodged = a_lodged()

    with pytest.raises(rules.EntryNumberTaken):
        record_release(declaration=lodged, their_reference=ENTRY_NUMBER, now=DECLARES)

    nothing_decided(lodged)


def test_a_rejection_needs_its_reason() -> None:
    lodged = a_lodged()

    with pytest.raises(rules.ReasonMissing):
        record_rejection(declaration=lodged, reason="  ", now=DECLARES)

    nothing_decided(lodged)


def test_a_rejected_declaration_is_replaced_by_a_new_one() -> None:
    rejected = record_rejection(declaration=a_lodged(), reason="商品编号与品名不符", now=DECLARES)

    fresh = redraft(declaration=rejected, now=DECLARES)

    told = TraceEvent.objects.get(disposition="non_conformant")
    assert ("cn-customs-declaration", "DEC-2026-000001") in [tuple(one) for one in told.documents]
    assert "商品编号" not in str(told.details)
    assert rejected.rejection_reason == "商品编号与品名不符"
    assert rejected.state == DeclarationState.REJECTED
    assert rejected.shipment.state == ShipmentState.SHIPPED
    assert (fresh.replaces, fresh.state) == (rejected, DeclarationState.DRAFT)
    assert fresh.our_reference == "DEC-2026-000002"
    with pytest.raises(rules.AlreadyDeclared):
        redraft(declaration=rejected, now=DECLARES)
    assert Declaration.objects.count() == 2


def _do(name: str, declaration: Declaration) -> object:
    if name == "queue":
        return queue_document(declaration=declaration, now=DECLARES)
    if name == "lodge":
        return lodge(declaration=declaration, now=DECLARES)
    if name == "release":
        return record_release(declaration=declaration, their_reference=ENTRY_NUMBER, now=DECLARES)
    if name == "reject":
        return record_rejection(declaration=declaration, reason="单证不符", now=DECLARES)
    return redraft(declaration=declaration, now=DECLARES)


ALLOWED = {
    "draft": {"queue"},
    "queued": set(),
    "generating": set(),
    "ready": {"lodge"},
    "lodged": {"release", "reject"},
    "released": set(),
    "rejected": {"redraft"},
}


OUT_OF_TURN = [
    (state, act)
    for state, allowed in ALLOWED.items()
    for act in ("queue", "lodge", "release", "reject", "redraft")
    if act not in allowed
]


@pytest.mark.parametrize(("state", "act"), OUT_OF_TURN)
def test_a_step_out_of_turn_is_refused_and_leaves_nothing_behind(state: str, act: str) -> None:
    declaration = a_draft()
    Declaration.objects.update(state=state, rejection_reason="单证不符")
    steps, events = DeclarationStep.objects.count(), TraceEvent.objects.count()

    with pytest.raises(rules.WrongState):
        _do(act, declaration)

    declaration.refresh_from_db()
    assert declaration.state == state
    assert Declaration.objects.count() == 1
    assert DeclarationDocument.objects.count() == 0
    assert DeclarationStep.objects.count() == steps
    assert TraceEvent.objects.count() == events


def test_the_importer_does_its_work_inside_its_own_wall() -> None:
    mine, theirs = ImporterFactory.create(), ImporterFactory.create()
    ready, foreign = a_ready(importer=mine), a_ready(importer=theirs)

    with inside(mine.pk):
        assert [found.pk for found in Declaration.objects.all()] == [ready.pk]
        record_release(
            declaration=lodge(declaration=ready, now=DECLARES),
            their_reference=ENTRY_NUMBER,
            now=DECLARES,
        )
        with pytest.raises(Declaration.DoesNotExist):
            lodge(declaration=foreign, now=DECLARES)

    foreign.refresh_from_db()
    assert foreign.state == DeclarationState.READY


def test_the_second_wall_hides_papers_even_without_the_first() -> None:
    mine, theirs = ImporterFactory.create(), ImporterFactory.create()
    a_ready(importer=theirs)

    with inside(mine.pk), connection.cursor() as cursor:
        for table in ("declaration", "declarationline", "declarationstep", "declarationdocument"):
            cursor.execute(f"SELECT count(*) FROM customs_{table}")  # noqa: S608
            assert cursor.fetchone() == (0,), table


def test_history_cannot_be_rewritten_by_the_application() -> None:
    from django.db import ProgrammingError, transaction

    a_draft()
    for statement in (
        "UPDATE customs_declarationstep SET note = 'x'",
        "DELETE FROM customs_tariffrate",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert TariffRate.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_who_record_the_release_one_is_refused() -> None:
    lodged = a_lodged()
    both = threading.Barrier(2)
    outcome: list[str] = []

    def release(number: str) -> None:
        try:
            with platform_wide():
                both.wait()
                record_release(declaration=lodged, their_reference=number, now=DECLARES)
            outcome.append("released")
        except rules.WrongState:
            outcome.append("refused")
        finally:
            connection.close()

    numbers = (ENTRY_NUMBER, "310520261000000018")
    people = [threading.Thread(target=release, args=[number]) for number in numbers]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert sorted(outcome) == ["refused", "released"]
    lodged.refresh_from_db()
    assert lodged.their_reference in numbers
    assert states(lodged).count("released") == 1
    assert TraceEvent.objects.filter(evidence=Evidence.AUTHORITY).count() == 1
