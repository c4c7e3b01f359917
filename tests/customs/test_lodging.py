"""From a draft to a released declaration, and everything that is refused on the way."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from django.db import connection

from core.models import WorkState
from core.walls import inside, platform_wide
from customs import queries
from customs.models import (
    Declaration,
    DeclarationDocument,
    DeclarationState,
    DeclarationStep,
    TariffRate,
)
from customs.rules import declaring as rules
from customs.rules.declared import RulesBroken
from customs.services import (
    lodge,
    make_due_documents,
    queue_document,
    record_rejection,
    record_release,
    redraft,
    retry_document,
)
from customs.services.checking import ToldFinding
from procurement.models import ShipmentState
from tests.factories.accounts import ImporterFactory
from tests.factories.customs import (
    DECLARES,
    ENTRY_NUMBER,
    CustomsCodeFactory,
    TariffRateFactory,
    a_draft,
    a_lodged,
    a_queued,
    a_ready,
)
from tests.walls.rows import all_rows
from traceability.models import Evidence, TraceEvent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


def states(declaration: Declaration) -> list[str]:
    steps = DeclarationStep.objects.filter(declaration=declaration).order_by("pk")
    return list(steps.values_list("state", flat=True))


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


def test_a_broken_rule_keeps_a_draft_from_being_printed() -> None:
    draft = a_draft(2, apart=True)
    before = all_rows()
    TariffRateFactory.create(valid_from=DECLARES.date(), legal_unit="036")

    with pytest.raises(RulesBroken) as refused:
        queue_document(declaration=draft, now=DECLARES)

    rows = cast("list[ToldFinding]", refused.value.facts["rows"])
    assert [(one.row, one.field) for one in rows] == [
        (1, "legal_unit"),
        (2, "legal_unit"),
    ]
    assert {name for name, rows in all_rows().items() if rows != before[name]} == {
        "customs_tariffrate"
    }


def test_a_law_that_changed_keeps_a_paper_from_being_lodged() -> None:
    ready = a_ready()
    TariffRateFactory.create(valid_from=DECLARES.date(), on_positive_list=False)

    with pytest.raises(RulesBroken):
        lodge(declaration=ready, now=DECLARES)

    assert Declaration.objects.get().state == "ready"
    assert not DeclarationStep.objects.filter(state="lodged").exists()


@pytest.mark.parametrize(("begins", "ends"), [(1, 1), (0, 0)])
def test_codes_hold_on_the_day_of_drafting_and_on_the_day_of_lodging(
    begins: int, ends: int
) -> None:
    """Papers are drawn with the tables of the one, and customs holds them to those of the other."""
    ready, drafted = a_ready(), DECLARES.date()
    CustomsCodeFactory.create(
        table="currency",
        code="EUR",
        valid_from=drafted + timedelta(days=begins),
        valid_to=drafted + timedelta(days=ends),
    )

    with pytest.raises(RulesBroken) as refused:
        lodge(declaration=ready, now=DECLARES + timedelta(days=1))

    rows = cast("list[ToldFinding]", refused.value.facts["rows"])
    assert [(one.row, one.field) for one in rows] == [(0, "currency")]
    assert Declaration.objects.get().state == "ready"


def test_what_customs_has_is_not_looked_at_again() -> None:
    lodged = a_lodged()
    TariffRateFactory.create(valid_from=DECLARES.date(), on_positive_list=False)

    assert queries.looked_at(lodged, now=DECLARES) == ([], [])
