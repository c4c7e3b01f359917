"""A bonded list follows what becomes of its declaration: it is changed, or deleted, at customs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from accounts.models import User
from core.errors import DomainError
from core.walls import platform_wide
from customs.models import (
    Declaration,
    EntryNumber,
    OutgoingElement,
    OutgoingMessage,
    ReceiptMatch,
)
from customs.queries import import_set
from customs.queries.zone import at_zone
from customs.queries.zone_lists import ListAtZone, list_of
from customs.rules import zone_lists as rules
from customs.rules.agreeing import NamesDiffer, disagreements
from customs.rules.declaring import WrongState
from customs.rules.passing import PassNeedsList, Truck
from customs.rules.sas.documents import Document, read
from customs.rules.sending import unsqueezed
from customs.services import (
    ask_amendment,
    ask_withdrawal,
    lodge,
    make_due_documents,
    queue_document,
    record_accepted,
    redraft,
)
from customs.services.passing import queue_pass
from customs.services.zone import queue_bonded_list
from customs.services.zone_lists import change_list, delete_list, follow_lists
from tests.customs.list_answers import FIRST, LISTED, approval, declared, posting, voided
from tests.customs.receipts.sent_lists import come
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_ready
from tests.factories.messages import at_customs
from tests.walls.rows import all_rows

__all__ = ["gateways"]

LATER = DECLARES + timedelta(hours=3)
NAME = "示例婴幼儿配方奶粉 1 段 900 克"
TRUCK = Truck("浙B00001", 13_000_000)


@pytest.fixture
def clerk(db: None) -> Iterator[User]:
    with platform_wide():
        yield UserFactory.create()


@pytest.fixture
def listed(clerk: User, gateways: object) -> Declaration:
    """A declaration that is lodged, whose list customs has approved."""
    found = a_ready(2)
    at_customs(found.warehouse)
    a_gateway(company=found.importer)
    queue_bonded_list(declaration=found, now=DECLARES)
    answer(found, approval(found.our_reference))
    return lodge(declaration=found, now=DECLARES)


def answer(declaration: Declaration, *files: bytes) -> None:
    come(declaration.importer.gateways.get(), *files)


def amended(declaration: Declaration, clerk: User) -> Declaration:
    asked = ask_amendment(
        declaration=declaration,
        wanted=[(1, "name_zh", NAME)],
        reason="品名申报不全",
        asked_by=clerk,
        now=DECLARES,
    )
    after = record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    assert isinstance(after, Declaration)
    return after


def withdrawn(declaration: Declaration, clerk: User) -> Declaration:
    asked = ask_withdrawal(declaration=declaration, reason="重复申报", asked_by=clerk, now=DECLARES)
    after = record_accepted(document=asked, recorded_by=clerk, now=DECLARES)
    assert isinstance(after, Declaration)
    return after


def document(element: OutgoingElement) -> Document:
    found = read(unsqueezed(element.message.body))
    assert found.valid
    return found.document


def list_now(declaration: Declaration) -> ListAtZone:
    found = list_of(declaration)
    assert found is not None
    return found


def refused(act: Callable[[], object], refusal: type[DomainError]) -> DomainError:
    before = all_rows()
    with pytest.raises(refusal) as found:
        act()
    assert all_rows() == before
    return found.value


def differing(declaration: Declaration) -> list[tuple[type, str]]:
    return [(one.rule, one.what) for one in disagreements(import_set(declaration.pk))]


def test_an_amendment_is_told_to_the_zone_before_papers_agree(
    listed: Declaration, clerk: User
) -> None:
    refused(lambda: change_list(declaration=listed, now=LATER), rules.ListSaysTheSame)
    new = amended(listed, clerk)
    refused(lambda: change_list(declaration=listed, now=LATER), WrongState)
    assert at_zone(new).is_behind
    assert differing(new) == [(NamesDiffer, "name")] * 2

    queued = change_list(declaration=new, now=LATER)

    (first,) = OutgoingElement.objects.filter(first__isnull=True)
    assert (queued.key, queued.act, queued.change) == (listed.our_reference, "2", 1)
    assert (queued.first, queued.again, queued.declaration) == (first, first, new)
    assert queued.message.number != first.message.number
    head = document(queued).one("InvtHeadType")
    assert [head[it] for it in ("DclTypecd", "ChgTmsCnt", "BondInvtNo", "SeqNo")] == [
        *("2", "1", LISTED, FIRST),
    ]
    assert {(it["GdsNm"], it["ModfMarkcd"]) for it in document(queued).parts["InvtListType"]} == {
        (NAME, "1")
    }
    # While customs has not answered nothing else of it goes, and papers are held as before.
    refused(lambda: change_list(declaration=new, now=LATER), rules.ListChangeUnderWay)
    load = {"truck": TRUCK, "by": clerk, "now": LATER}
    refused(lambda: queue_pass(declaration=new, **load), PassNeedsList)  # type: ignore[arg-type]
    assert differing(new) == [(NamesDiffer, "name")] * 2

    answer(new, approval(listed.our_reference, "2", 1, at=3_500))

    assert (list_now(new).stage, list_now(new).in_force) == (rules.Stage.APPROVED, queued)
    assert differing(new) == []
    assert not at_zone(new).is_behind
    refused(lambda: change_list(declaration=new, now=LATER), rules.ListSaysTheSame)
    assert queue_pass(declaration=new, **load).element.key == f"{new.our_reference}-P1"  # type: ignore[arg-type]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_each_answer_is_read_onto_its_version_in_any_order(
    listed: Declaration, clerk: User, order: Sequence[int]
) -> None:
    new = amended(listed, clerk)
    own = listed.our_reference
    change = change_list(declaration=new, now=DECLARES)
    first = change.first
    assert first is not None
    # All within a minute of the change, the last of them at one second.
    answers = [
        approval(own, at=1_801),
        approval(own, "2", 1, status="3", at=1_802),
        declared("E20260001000000017", at=0),
        approval(own, "1", 0, at=1_802),
    ]

    answer(new, *[answers[place] for place in order])

    told = ReceiptMatch.objects.exclude(receipt__message="INV202").values_list(
        "element", "receipt__status"
    )
    assert sorted(told) == sorted([(first.pk, "1")] * 3 + [(change.pk, "3")])
    assert EntryNumber.objects.get().number == "E20260001000000017"
    assert (list_now(new).stage, list_now(new).in_force) == (rules.Stage.APPROVED, first)
    # What came back is told once more: as the same change, since customs has taken none.
    again = change_list(declaration=new, now=LATER)
    assert (again.change, again.again) == (1, change)


def test_a_withdrawn_declaration_makes_room_for_a_new_list_once_its_own_is_deleted(
    listed: Declaration, clerk: User
) -> None:
    refused(lambda: delete_list(declaration=listed, now=LATER), rules.ListIsNeeded)
    old = withdrawn(listed, clerk)
    new = redraft(declaration=old, now=DECLARES)
    queue_document(declaration=new, now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    new.refresh_from_db()

    found = refused(lambda: queue_bonded_list(declaration=new, now=LATER), rules.ShipmentListed)
    assert found.facts == {"list": LISTED}
    deletion = delete_list(declaration=old, now=LATER)

    head = document(deletion).one("InvtHeadType")
    assert [head[it] for it in ("DclTypecd", "ChgTmsCnt", "BondInvtNo", "EtpsInnerInvtNo")] == [
        *("3", "0", LISTED, old.our_reference),
    ]
    refused(lambda: queue_bonded_list(declaration=new, now=LATER), rules.ShipmentListed)
    refused(lambda: delete_list(declaration=old, now=LATER), rules.ListChangeUnderWay)
    # Customs refuses it once, and takes it then.
    answer(old, approval(old.our_reference, "3", 0, status="3", at=3_000))
    assert list_now(old).stage == rules.Stage.APPROVED
    refused(lambda: queue_bonded_list(declaration=new, now=LATER), rules.ShipmentListed)
    delete_list(declaration=old, now=LATER)
    answer(old, approval(old.our_reference, "3", 0, at=3_500))

    assert list_now(old).stage == rules.Stage.DELETED
    assert at_zone(new).other is None
    refused(lambda: delete_list(declaration=old, now=LATER), rules.ListNotApproved)
    assert queue_bonded_list(declaration=new, now=LATER).key == new.our_reference


def test_a_list_that_is_bound_is_neither_changed_nor_deleted(
    listed: Declaration, clerk: User
) -> None:
    new = amended(listed, clerk)
    truck = queue_pass(declaration=new, truck=TRUCK, by=clerk, now=LATER)

    found = refused(lambda: change_list(declaration=new, now=LATER), rules.ListOnPass)

    assert found.facts == {"list": listed.our_reference, "passes": truck.element.key}
    assert not at_zone(new).may_change
    # Void at customs the pass binds nothing; a posting does for good.
    answer(new, voided(truck.element.key))
    assert truck.element.receipts.get().receipt.status == "void"
    assert at_zone(new).may_change
    answer(new, posting(listed.our_reference))
    refused(lambda: change_list(declaration=new, now=LATER), rules.ListPosted)
    old = withdrawn(new, clerk)
    refused(lambda: delete_list(declaration=old, now=LATER), rules.ListPosted)


def test_a_list_that_is_not_lodged_yet_is_deleted_and_sent_anew(
    listed: Declaration, clerk: User
) -> None:
    Declaration.objects.filter(pk=listed.pk).update(state="ready", lodged_at=None)
    OutgoingMessage.objects.update(body="")
    listed.refresh_from_db()

    deletion = delete_list(declaration=listed, now=LATER)

    # Its message is no longer kept: it is written anew from the declaration.
    assert [it["ModfMarkcd"] for it in document(deletion).parts["InvtListType"]] == ["2", "2"]
    answer(listed, approval(listed.our_reference, "3", 0, at=3_500))
    again = queue_bonded_list(declaration=listed, now=LATER)
    assert (again.key, again.act, again.first) == (f"{listed.our_reference}-3", "1", None)


def test_lists_follow_by_themselves_where_the_importer_lets_them(
    listed: Declaration, clerk: User, settings: Settings
) -> None:
    new = amended(listed, clerk)
    assert follow_lists(now=LATER) == 0

    settings.BONDPOOL_LISTS_FOLLOW = (listed.importer.code,)
    settings.BONDPOOL_LIST_NUMBER_ANEW = True

    assert (follow_lists(now=LATER), follow_lists(now=LATER)) == (1, 0)
    change = list_now(new).last
    assert (change.act, change.key) == ("2", f"{listed.our_reference}-C1")
    # What customs refused waits for a person.
    answer(new, approval(change.key, "2", 1, status="3", at=3_000))
    assert follow_lists(now=LATER) == 0
    change_list(declaration=new, now=LATER)
    answer(new, approval(f"{listed.our_reference}-C2", "2", 1, at=3_200))
    assert follow_lists(now=LATER) == 0
    withdrawn(new, clerk)
    assert (follow_lists(now=LATER), follow_lists(now=LATER)) == (1, 0)
    assert (list_now(new).last.act, list_now(new).last.change) == ("3", 1)
