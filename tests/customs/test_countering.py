"""What customs has is amended and withdrawn by documents beside it; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import User
from core.errors import DomainError
from core.walls import platform_wide
from customs import queries
from customs.models import (
    BookRow,
    CounterAnswer,
    CounterChange,
    CounterDocument,
    Declaration,
    DeclarationShare,
    DeclarationStep,
)
from customs.rules import countering as rules
from customs.rules.charges import Charge, Kind, Mark
from customs.rules.countering import Change, changes, read_charge, written
from customs.rules.declared import RulesBroken
from customs.rules.declaring import WrongState
from customs.services import (
    ask_amendment,
    ask_withdrawal,
    book_due,
    drop_draft,
    record_accepted,
    record_refused,
    record_release,
    redraft,
)
from procurement.models import Shipment
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, ENTRY_NUMBER, a_draft, a_lodged, a_ready
from tests.walls.rows import all_rows


@pytest.fixture
def wide(db: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def clerk(wide: None) -> User:
    return UserFactory.create()


def released(lines: int = 1) -> Declaration:
    return record_release(declaration=a_lodged(lines), their_reference=ENTRY_NUMBER, now=DECLARES)


NAME = (1, "name_zh", "示例婴幼儿配方奶粉 1 段 900 克")
STANDS = {(0, "packages"): "10", (0, "freight"): "USD/450/3", (1, "name_zh"): "奶粉"}


def test_a_change_tells_what_stood_there_and_what_should() -> None:
    assert changes([(1, "name_zh", " 奶粉  1 段 "), (0, "packages", "10")], STANDS) == [
        Change(1, "name_zh", "奶粉", "奶粉 1 段")
    ]


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ([], rules.NothingChanges),
        ([(0, "packages", "10")], rules.NothingChanges),
        ([(1, "name_zh", "A"), (1, "name_zh", "B")], rules.NothingChanges),
        ([(1, "quantity", "5")], rules.NotAmendable),
        ([(2, "name_zh", "A")], rules.NotAmendable),
        ([(0, "packages", "0")], rules.ChangeWrong),
        ([(0, "packages", "ten")], rules.ChangeWrong),
        ([(0, "freight", "USD/NaN/3")], rules.ChangeWrong),
        ([(0, "freight", "450")], rules.ChangeWrong),
        ([(1, "name_zh", " ")], rules.ChangeWrong),
    ],
)
def test_what_is_no_change_of_the_paper_is_refused(
    wanted: list[tuple[int, str, str]], refusal: type[DomainError]
) -> None:
    with pytest.raises(refusal):
        changes(wanted, STANDS)


@pytest.mark.parametrize(
    ("text", "charge"),
    [
        ("USD/450/3", Charge(Kind.FREIGHT, Mark.TOTAL, Decimal("450"), "USD")),
        ("0.3/1", Charge(Kind.FREIGHT, Mark.RATE, Decimal("0.3"))),
        ("", None),
    ],
)
def test_a_charge_is_read_as_it_is_written(text: str, charge: Charge | None) -> None:
    assert read_charge(Kind.FREIGHT, text) == charge
    assert written(charge) == text


def test_an_accepted_amendment_makes_a_new_version_and_keeps_the_old(clerk: User) -> None:
    old = released(2)
    asked = ask_amendment(
        declaration=old,
        wanted=[NAME, (0, "packages", "21"), (0, "freight", "USD/460/3")],
        reason="品名申报不全",
        asked_by=clerk,
        now=DECLARES,
    )

    new = record_accepted(document=asked, recorded_by=clerk, now=DECLARES)

    old.refresh_from_db()
    assert isinstance(new, Declaration)
    assert asked.number == "AMD-2026-000001"
    assert (old.state, new.state, new.replaces) == ("amended", "released", old)
    assert (old.their_reference, new.their_reference) == (ENTRY_NUMBER, ENTRY_NUMBER)
    assert (old.packages, new.packages) == (20, 21)
    assert [one.name_zh for one in (old.goods.get(), new.goods.get())] == [
        "示例婴幼儿配方奶粉 900 克",
        NAME[2],
    ]
    assert {one.name_zh for one in new.lines.all()} == {NAME[2]}
    assert new.charges.get(kind="freight").value == Decimal(460)
    assert new.charges.count() == old.charges.count() == 2
    mine = DeclarationShare.objects.filter(reference=new.our_reference)
    assert [one.name_zh for one in mine] == [NAME[2]] * 2
    assert queries.findings_of(new, day=DECLARES.date()) == []
    told = CounterChange.objects.order_by("position").values_list(
        "line", "field", "before", "after"
    )
    assert list(told) == [
        (1, "name_zh", "示例婴幼儿配方奶粉 900 克", NAME[2]),
        (0, "packages", "20", "21"),
        (0, "freight", "USD/450/3", "USD/460/3"),
    ]
    assert Shipment.objects.get().state == "cleared"


def test_an_amended_list_is_announced_to_the_book_in_the_place_of_the_old(clerk: User) -> None:
    old = released()
    book_due(now=DECLARES)
    asked = ask_amendment(
        declaration=old, wanted=[NAME], reason="品名", asked_by=clerk, now=DECLARES
    )

    record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    assert BookRow.objects.get().prevd_inc == 0
    book_due(now=DECLARES)

    rows = BookRow.objects.order_by("item").values_list("name_zh", "prevd_inc")
    assert list(rows) == [("示例婴幼儿配方奶粉 900 克", 0), (NAME[2], 60)]


def test_a_refused_request_leaves_the_declaration_as_it_is(clerk: User) -> None:
    lodged = a_lodged()
    asked = ask_withdrawal(declaration=lodged, reason="重复申报", asked_by=clerk, now=DECLARES)

    record_refused(document=asked, reason="已审结", recorded_by=clerk, now=DECLARES)

    lodged.refresh_from_db()
    assert (lodged.state, CounterDocument.objects.get().state) == ("lodged", "refused")
    again = ask_withdrawal(declaration=lodged, reason="再次申请", asked_by=clerk, now=DECLARES)
    assert again.number == "WDR-2026-000002"


def test_a_withdrawn_release_puts_the_shipment_back_under_way(clerk: User) -> None:
    old = released()
    book_due(now=DECLARES)
    asked = ask_withdrawal(declaration=old, reason="数量有误", asked_by=clerk, now=DECLARES)

    withdrawn = record_accepted(document=asked, recorded_by=clerk, now=DECLARES)

    assert isinstance(withdrawn, Declaration)
    assert (withdrawn.state, Shipment.objects.get().state) == ("withdrawn", "shipped")
    assert BookRow.objects.get().prevd_inc == 0
    steps = DeclarationStep.objects.filter(declaration=old).order_by("pk")
    assert steps.last().note == asked.number  # type: ignore[union-attr]
    fresh = redraft(declaration=withdrawn, now=DECLARES)
    assert (fresh.state, fresh.replaces) == ("draft", withdrawn)


@pytest.mark.parametrize("make", [a_draft, a_ready])
def test_what_customs_never_had_is_set_aside_and_drafted_anew(make: object, wide: None) -> None:
    draft = make()  # type: ignore[operator]

    dropped = drop_draft(declaration=draft, reason="数据有误", now=DECLARES)

    assert dropped.state == "withdrawn"
    assert redraft(declaration=dropped, now=DECLARES).replaces == dropped


def test_what_customs_has_is_not_set_aside(wide: None) -> None:
    lodged = a_lodged()
    before = all_rows()

    with pytest.raises(WrongState):
        drop_draft(declaration=lodged, reason="数据有误", now=DECLARES)

    assert all_rows() == before


def test_goods_that_were_counted_keep_their_declaration(clerk: User) -> None:
    old = released()
    asked = ask_withdrawal(declaration=old, reason="数量有误", asked_by=clerk, now=DECLARES)
    Shipment.objects.update(state="received")
    before = all_rows()

    with pytest.raises(rules.GoodsPosted):
        record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    with pytest.raises(rules.GoodsPosted):
        ask_amendment(declaration=old, wanted=[NAME], reason="品名", asked_by=clerk, now=DECLARES)

    assert all_rows() == before


def test_a_draft_is_not_amended_with_customs(clerk: User) -> None:
    draft = a_draft()
    before = all_rows()

    with pytest.raises(rules.NotWithCustoms):
        ask_amendment(declaration=draft, wanted=[NAME], reason="品名", asked_by=clerk, now=DECLARES)
    with pytest.raises(rules.RequestReasonMissing):
        ask_withdrawal(declaration=draft, reason=" ", asked_by=clerk, now=DECLARES)

    assert all_rows() == before


def test_customs_is_asked_one_thing_at_a_time_and_answers_once(clerk: User) -> None:
    lodged = a_lodged()
    asked = ask_withdrawal(declaration=lodged, reason="重复申报", asked_by=clerk, now=DECLARES)
    with pytest.raises(rules.CounterOpen):
        ask_withdrawal(declaration=lodged, reason="重复申报", asked_by=clerk, now=DECLARES)
    record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    before = all_rows()

    with pytest.raises(rules.CounterAnswered):
        record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    with pytest.raises(rules.CounterAnswered):
        record_refused(document=asked, reason="已审结", recorded_by=clerk, now=DECLARES)

    assert all_rows() == before
    assert CounterAnswer.objects.count() == 1


def test_an_amendment_that_would_come_back_is_refused_line_by_line(clerk: User) -> None:
    lodged = a_lodged()
    before = all_rows()

    with pytest.raises(RulesBroken) as refused:
        ask_amendment(
            declaration=lodged,
            wanted=[(1, "hs_code", "3304990099"), (0, "insurance", "")],
            reason="归类有误",
            asked_by=clerk,
            now=DECLARES,
        )

    assert refused.value.facts["findings"] == 2
    assert all_rows() == before


def test_counter_documents_are_facts(clerk: User) -> None:
    asked = ask_amendment(
        declaration=a_lodged(), wanted=[NAME], reason="品名", asked_by=clerk, now=DECLARES
    )
    record_refused(document=asked, reason="已审结", recorded_by=clerk, now=DECLARES)

    for table in ("counterdocument", "counterchange", "counteranswer"):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM customs_{table}")  # noqa: S608 - our own names
