"""Files of the authority are taken once, whole or not at all, and what fits nothing waits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts.models import Company, User
from core.walls import inside, platform_wide
from customs.models import (
    ElementState,
    Gateway,
    MessageKind,
    OutgoingElement,
    Receipt,
    ReceiptAside,
    ReceiptFile,
    ReceiptMatch,
    ReceiptState,
    ReceiptWay,
)
from customs.rules.receipts.parking import (
    NotWhatItIsAbout,
    ReceiptReasonMissing,
    ReceiptSettled,
)
from customs.rules.sending import unsqueezed
from customs.services import assign, match_due, set_aside, take_in
from tests.customs.receipts.answers import answer, of_list, told_of_list
from tests.factories.accounts import ImporterFactory, UserFactory
from tests.factories.messages import (
    SENDS,
    GatewayFactory,
    OutgoingElementFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.django_db

COMES = SENDS + timedelta(hours=1)
LATE = "20260801123000000"


@pytest.fixture(autouse=True)
def _wide(_django_db_helper: None) -> Iterator[None]:
    with platform_wide():
        yield


@pytest.fixture
def gateway() -> Gateway:
    return GatewayFactory.create(code="ningbo")


@pytest.fixture
def listed(gateway: Gateway) -> OutgoingElement:
    """A retail list that was sent."""
    message = OutgoingMessageFactory.create(gateway=gateway, number="M-1")
    return OutgoingElementFactory.create(message=message, key="RL-2026-000001")


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def take(data: bytes, company: Company | None, name: str = "a.xml") -> tuple[ReceiptFile, bool]:
    return take_in(data=data, name=name, way=ReceiptWay.API, company=company, now=COMES)


def where(element: OutgoingElement) -> tuple[str, str] | None:
    return ElementState.objects.filter(element=element).values_list("status", "outcome").first()


def test_a_receipt_is_taken_once_in_whatever_file_it_comes(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    data = of_list(listed.key, "120")
    both = answer("CEB622", told_of_list(listed.key, "120"), told_of_list(listed.key, "800", LATE))

    first, again, other = (take(one, gateway.company) for one in (data, data, both))

    assert (first[1], again, other[1]) == (True, (first[0], False), True)
    assert (other[0].receipts, other[0].repeated) == (2, 1)
    assert sorted(Receipt.objects.values_list("status", "file")) == [
        *(("120", first[0].pk), ("800", other[0].pk))
    ]
    assert unsqueezed(ReceiptFile.objects.get(pk=first[0].pk).content) == data


def test_what_came_is_encrypted_and_nobody_changes_it(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    file, _new = take(of_list(listed.key, "-621018", info="订购人张三超限"), gateway.company)

    with connection.cursor() as cursor:
        cursor.execute("SELECT info FROM customs_receipt")
        (token,) = cursor.fetchone()
        cursor.execute("SELECT content FROM customs_receiptfile")
        (content,) = cursor.fetchone()
    assert token.startswith("gAAAA")
    assert content.startswith("gAAAA")
    for change in (
        lambda: ReceiptFile.objects.filter(pk=file.pk).update(refusal="x"),
        lambda: Receipt.objects.update(status="800"),
        lambda: connection.cursor().execute("DELETE FROM customs_receipt"),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            change()


def test_another_company_s_file_takes_nothing_away(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    stranger = ImporterFactory.create()
    data = of_list(listed.key, "800")

    take(data, stranger)
    match_due(now=COMES)
    assert where(listed) is None
    take(data, gateway.company)
    match_due(now=COMES)

    assert where(listed) == ("800", "done")
    assert Receipt.objects.get(company=stranger).state == ReceiptState.WAITING
    with inside(stranger.pk):
        assert not ElementState.objects.exists()
        assert Receipt.objects.count() == ReceiptFile.objects.count() == 1


def test_what_an_operator_brings_belongs_to_whose_document_it_is(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    take(
        answer(
            "CEB622",
            told_of_list(listed.key, "120"),
            told_of_list("UNKNOWN", "120", pre_no="B" * 18, invt_no=None),
        ),
        None,
    )

    match_due(now=COMES)

    assert sorted(Receipt.objects.values_list("key", "company", "state")) == [
        *((listed.key, gateway.company_id, "matched"), ("UNKNOWN", None, "waiting"))
    ]
    assert where(listed) == ("120", "taken")


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_any_order_leads_to_one_state(
    gateway: Gateway, listed: OutgoingElement, order: tuple[int, ...]
) -> None:
    files = [
        of_list(listed.key, status, f"202608011{at}0000000", invt_no=None if at < 2 else "I" * 18)
        for at, status in enumerate(("3", "-301014", "120", "800"))
    ]
    for at in (*order, *order):
        take(files[at], gateway.company)
        match_due(now=COMES)

    assert where(listed) == ("800", "done")
    listed.refresh_from_db()
    assert (listed.pre_number, listed.their_number) == ("B20260801000000017", "I" * 18)
    assert ReceiptMatch.objects.count() == 4


def test_a_receipt_waits_for_its_document_and_finds_it(gateway: Gateway) -> None:
    take(of_list("RL-2026-000009", "120"), gateway.company)
    assert (match_due(now=COMES).waiting, match_due(now=COMES).waiting) == (1, 0)
    assert Receipt.objects.get().state == ReceiptState.WAITING

    element = OutgoingElementFactory.create(
        message=OutgoingMessageFactory.create(gateway=gateway), key="RL-2026-000009"
    )

    assert match_due(now=COMES).matched == 1
    assert where(element) == ("120", "taken")


def test_a_tax_bill_finds_its_list_by_customs_number(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    bill = answer("CEB816", {"taxNo": "T", "invtNo": "310520261I00000017", "status": "1"}, lines=1)
    take(bill, gateway.company)
    match_due(now=COMES)
    assert Receipt.objects.get().state == ReceiptState.WAITING

    take(of_list(listed.key, "120"), gateway.company)
    match_due(now=COMES)
    match_due(now=COMES)

    assert set(Receipt.objects.values_list("state", flat=True)) == {"matched"}
    assert set(ReceiptMatch.objects.values_list("element", flat=True)) == {listed.pk}


def test_a_form_check_is_about_every_element_of_its_message(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    other = OutgoingElementFactory.create(message=listed.message, position=2, key="RL-2")
    data = answer(
        "CEB900",
        {"oriCopMsgId": "M-1", "returnStatus": "-0002", "oriBizMessage": "<buyer>张三</buyer>"},
    )

    take(data, gateway.company)
    match_due(now=COMES)

    assert where(listed) == where(other) == ("-0002", "refused")
    assert "张三" not in str(Receipt.objects.values().get())


def test_of_a_list_sent_twice_the_answer_is_of_the_one_that_went_before_it(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    later = OutgoingMessageFactory.create(gateway=gateway, queued_at=SENDS + timedelta(days=1))
    again = OutgoingElementFactory.create(message=later, key=listed.key, turn=2)
    take(of_list(listed.key, "100"), gateway.company)
    take(of_list(listed.key, "120", "20260802130000000"), gateway.company)

    match_due(now=COMES)

    assert (where(listed), where(again)) == (("100", "refused"), ("120", "taken"))


def test_a_person_assigns_what_waits_and_sets_aside_what_is_nobodys(
    gateway: Gateway, listed: OutgoingElement, clerk: User
) -> None:
    take(answer("CEB622", told_of_list("TYPO", "800"), told_of_list("X", "2")), gateway.company)
    match_due(now=COMES)
    typo, stray = Receipt.objects.order_by("pk")

    match = assign(receipt=typo, element=listed, by=clerk, reason="号码写错", now=COMES)
    aside = set_aside(receipt=stray, by=clerk, reason="测试回执", now=COMES)

    assert (match.matched_by, match.reason, aside.reason) == (clerk, "号码写错", "测试回执")
    assert where(listed) == ("800", "done")
    assert sorted(Receipt.objects.values_list("key", "state")) == [
        *(("TYPO", "matched"), ("X", "aside"))
    ]
    for act in (
        lambda: assign(receipt=typo, element=listed, by=clerk, reason="noch", now=COMES),
        lambda: set_aside(receipt=stray, by=clerk, reason="again", now=COMES),
    ):
        with pytest.raises(ReceiptSettled):
            act()
    assert (ReceiptMatch.objects.count(), ReceiptAside.objects.count()) == (1, 1)


def test_what_is_refused_of_a_person_is_not_written(
    gateway: Gateway, listed: OutgoingElement, clerk: User
) -> None:
    take(of_list("TYPO", "800"), gateway.company)
    match_due(now=COMES)
    receipt = Receipt.objects.get()
    order = OutgoingElementFactory.create(
        message=OutgoingMessageFactory.create(gateway=gateway, kind=MessageKind.ORDER), key="T"
    )
    others = OutgoingElementFactory.create(key="TYPO2")

    for element, reason, rule in (
        (listed, " ", ReceiptReasonMissing),
        (order, "why", NotWhatItIsAbout),
        (others, "why", NotWhatItIsAbout),
    ):
        with pytest.raises(rule):
            assign(receipt=receipt, element=element, by=clerk, reason=reason, now=COMES)
    with pytest.raises(ReceiptReasonMissing):
        set_aside(receipt=receipt, by=clerk, reason="", now=COMES)

    assert not ReceiptMatch.objects.exists()
    assert not ReceiptAside.objects.exists()
    assert Receipt.objects.get().state == ReceiptState.WAITING


def test_a_broken_file_is_kept_with_its_reason_and_nothing_is_taken_from_it(
    gateway: Gateway, listed: OutgoingElement
) -> None:
    data = answer("CEB622", told_of_list(listed.key, "800"), {"copNo": "9" * 21})

    file, is_new = take(data, gateway.company, "C:\\inbox\\bad\u202e.xml")

    assert (is_new, file.refusal, file.name) == (True, "customs.message_invalid", "bad?.xml")
    assert file.facts["field"] == "CEB622/InventoryReturn[2]/copNo"
    assert file.facts["why"] == "customs.ceb_text_too_long"
    assert "9" * 21 not in str(file.facts)
    assert unsqueezed(ReceiptFile.objects.get().content) == data
    assert not Receipt.objects.exists()
