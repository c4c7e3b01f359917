"""What follows from receipts: released, withdrawn, told, taxed; each once, beside people's acts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from accounts.models import Company, Role, User
from customs.models import (
    BookReceipt,
    ElementState,
    Gateway,
    MessageKind,
    OutgoingElement,
    Receipt,
    ReceiptMatch,
    RetailRelease,
    RetailVoid,
    TaxBill,
)
from customs.rules.receipts.effects import ClosedUnreleased, refuse_unreleased
from customs.rules.releasing import RetailListReleased
from customs.services import (
    book_due,
    cancel_order,
    match_due,
    record_release,
    release_lists,
    work_effects,
)
from customs.services.effects import try_again
from notices.models import Notice
from tests.customs import zone
from tests.customs.receipts.answers import answer, of_list, told_of_list
from tests.customs.receipts.sent_lists import (
    COMES,
    DRAWS,
    RELEASED,
    _wide,
    come,
    gateway,
    seller,
    sent,
)
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    UserFactory,
)
from tests.factories.customs import DECLARES, ENTRY_NUMBER, a_lodged
from tests.factories.messages import (
    OutgoingElementFactory,
    OutgoingMessageFactory,
)

pytestmark = pytest.mark.django_db

__all__ = ["_wide", "gateway", "seller", "sent"]


@pytest.fixture
def clerk() -> User:
    return UserFactory.create()


def effects() -> list[tuple[str, str, str]]:
    return sorted(ReceiptMatch.objects.values_list("receipt__status", "effect", "refusal"))


def test_a_released_list_lets_its_goods_be_picked_once(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    first, second = sent

    come(
        gateway,
        answer("CEB622", told_of_list(first.key, "800", RELEASED), told_of_list(second.key, "3")),
        of_list(first.key, "899", "20260801140000000"),
    )

    release = RetailRelease.objects.get()
    assert (release.retail_list, release.reference) == (first.retail_list, "310520261I00000017")
    assert (release.released_at, release.recorded_by) == (DRAWS + timedelta(hours=1), None)
    assert effects() == [("3", "none", ""), ("800", "done", ""), ("899", "done", "")]
    assert Notice.objects.filter(event="retail.released").count() == 1


def test_a_person_and_a_receipt_may_release_the_same_list_in_any_order(
    gateway: Gateway, sent: list[OutgoingElement], clerk: User
) -> None:
    by_hand, by_receipt = sent
    record = partial(
        release_lists, reference="paper", released_at=COMES, recorded_by=clerk, now=COMES
    )
    record(numbers=[by_hand.key])

    come(gateway, of_list(by_hand.key, "800", RELEASED), of_list(by_receipt.key, "800", RELEASED))

    assert sorted(RetailRelease.objects.values_list("reference", flat=True)) == [
        *("310520261I00000017", "paper")
    ]
    with pytest.raises(RetailListReleased):
        record(numbers=[by_receipt.key])
    assert RetailRelease.objects.count() == 2
    assert [effect for _status, effect, _why in effects()] == ["done", "done"]


@pytest.mark.parametrize("before", ["100", "501", "502", "503", "599", "700"])
def test_closed_behind_what_holds_it_back_releases_nothing(before: str) -> None:
    with pytest.raises(ClosedUnreleased):
        refuse_unreleased("899", {"120", before, "899"})
    refuse_unreleased("899", {"120", before, "800", "899"})
    refuse_unreleased("800", {"120", before, "800"})
    refuse_unreleased("899", {"120", "500", "899"})


def test_closed_behind_sent_back_abroad_waits_for_a_person(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    abroad, lost = sent
    for one in sent:
        come(gateway, of_list(one.key, "120", invt_no=None))
    come(gateway, of_list(abroad.key, "700", "20260801125000000", invt_no=None))

    come(gateway, *(of_list(one.key, "899", RELEASED, invt_no=None) for one in sent))

    assert [one.retail_list for one in RetailRelease.objects.all()] == [lost.retail_list]
    waits = ReceiptMatch.objects.get(effect="refused")
    assert (waits.element, waits.refusal, waits.facts) == (
        *(abroad, "customs.closed_unreleased", {"status": "700"}),
    )
    assert ElementState.objects.get(element=abroad).status == "700"


def test_a_release_has_the_number_that_an_earlier_answer_told(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    come(gateway, of_list(sent[0].key, "120"))
    come(gateway, of_list(sent[0].key, "800", RELEASED, invt_no=None))

    assert RetailRelease.objects.get().reference == "310520261I00000017"


def test_clocks_that_differ_keep_no_list_back(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    early, late = sent

    come(
        gateway,
        of_list(early.key, "800", "20260801115959000"),
        of_list(late.key, "800", "20260801150000000"),
    )

    assert sorted(RetailRelease.objects.values_list("released_at", flat=True)) == [DRAWS, COMES]


def test_a_release_of_a_void_list_is_kept_with_its_reason_and_the_others_go_on(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    void, good = sent
    assert void.retail_list is not None
    cancel_order(order=void.retail_list.order, by=None, now=COMES)

    come(
        gateway,
        answer(
            "CEB622",
            told_of_list(void.key, "800", RELEASED),
            told_of_list(good.key, "800", RELEASED),
        ),
    )

    assert list(RetailRelease.objects.values_list("retail_list__number", flat=True)) == [good.key]
    assert effects() == [
        ("800", "done", ""),
        ("800", "refused", "customs.retail_list_voided"),
    ]
    refused = ReceiptMatch.objects.get(effect="refused")
    assert refused.facts == {"list": void.key}
    assert (try_again(match=refused), work_effects(now=COMES)) == (True, 0)
    assert try_again(match=ReceiptMatch.objects.get(effect="done")) is False
    assert effects()[1] == ("800", "refused", "customs.retail_list_voided")


def test_one_that_fails_by_our_fault_waits_and_holds_up_nobody(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    odd, good = sent
    come(gateway, of_list(odd.key, "120"))
    known = Receipt.objects.get()
    line = {"position": 1, "hs_code": "1901101010", "dutiable": "50", "duty": "0"}
    taxed = line | {"vat": "1", "consumption_tax": "0"}
    # As none is read any more: two lines of one number, which the table refuses.
    poison = Receipt.objects.create(
        file=known.file,
        company=known.company,
        message="CEB816",
        about="CEB621",
        identity="T-1",
        key="T-1",
        customs_no=known.customs_no,
        status="1",
        returned="20260801130000000",
        returned_at=COMES,
        bill={"number": "T-1", "list": known.customs_no, "assure_code": "", "document": ""}
        | {"duty": "0", "vat": "2", "consumption_tax": "0", "lines": [taxed, taxed]},
        came_at=COMES,
    )

    match_due(now=COMES)
    come(gateway, of_list(good.key, "800", RELEASED, invt_no="310520261I00000018"))

    assert list(RetailRelease.objects.values_list("retail_list__number", flat=True)) == [good.key]
    failed = ReceiptMatch.objects.get(receipt=poison)
    assert (failed.effect, failed.refusal) == ("refused", "customs.effect_failed")
    assert not TaxBill.objects.exists()
    told = Notice.objects.get(event="effects.failed")
    assert told.facts == {"receipt": "CEB816 1", "document": f"CEB621 {odd.key}"}
    assert (try_again(match=failed), work_effects(now=COMES)) == (True, 0)


def test_a_list_that_comes_back_is_told_to_its_seller_and_its_sender_once(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    MembershipFactory.create(company=gateway.company, role=Role.IMPORTER)

    come(gateway, of_list(sent[0].key, "-621018", invt_no=None), of_list(sent[1].key, "120"))

    told = {one.event: one for one in Notice.objects.filter(event__endswith="sent_back")}
    assert told["retail.sent_back"].facts == {"lists": 1}
    assert told["retail.sent_back"].company_id == seller.pk
    assert told["customs.sent_back"].facts == {
        "messages": 1,
        "first": f"CEB621 {sent[0].key}: -621018",
    }
    assert Notice.objects.filter(event__endswith="sent_back").count() == 2
    assert not RetailRelease.objects.exists()


def test_a_refusal_behind_a_release_is_no_news(
    gateway: Gateway, sent: list[OutgoingElement]
) -> None:
    come(gateway, of_list(sent[0].key, "800", RELEASED), of_list(sent[0].key, "-621005"))
    assert not Notice.objects.filter(event__endswith="sent_back").exists()
    assert effects() == [("-621005", "none", ""), ("800", "done", "")]


def test_a_withdrawal_that_is_approved_takes_the_order_back_once(
    gateway: Gateway, seller: Company, sent: list[OutgoingElement]
) -> None:
    message = OutgoingMessageFactory.create(
        gateway=gateway, seller=seller, kind=MessageKind.WITHDRAWAL, queued_at=DRAWS
    )
    for place, one in enumerate(sent, 1):
        OutgoingElementFactory.create(
            message=message, position=place, key=one.key, retail_list=one.retail_list
        )
    assert sent[0].retail_list is not None
    cancel_order(order=sent[0].retail_list.order, by=None, now=COMES)

    told = [{"copNo": one.key, "returnStatus": "399", "returnTime": RELEASED} for one in sent]
    come(gateway, *(answer("CEB624", one) for one in told))

    assert RetailVoid.objects.count() == 2
    assert [effect for _status, effect, _why in effects()] == ["done", "none"]


def test_an_approved_import_list_is_announced_to_the_book_once(gateway: Gateway) -> None:
    declared = record_release(declaration=a_lodged(), their_reference=ENTRY_NUMBER, now=DECLARES)
    message = OutgoingMessageFactory.create(gateway=gateway, kind=MessageKind.BONDED_LIST)
    OutgoingElementFactory.create(message=message, key="A1", declaration=declared)
    client = (
        b"<CommonResponeMessage><SeqNo>202600000069440319</SeqNo><EtpsPreentNo>A1</EtpsPreentNo>"
        b"<CheckInfo>ok</CheckInfo><DealFlag>0</DealFlag></CommonResponeMessage>"
    )

    come(gateway, zone.answer("INV201", zone.RESULT), client)
    match_due(now=COMES)
    work_effects(now=COMES)

    book_due(now=COMES, everything=True)

    assert set(Receipt.objects.values_list("state", flat=True)) == {"matched"}
    assert list(BookReceipt.objects.values_list("kind", "document")) == [
        ("inv201_in", declared.our_reference)
    ]
    element = OutgoingElement.objects.get(key="A1")
    assert (element.pre_number, element.their_number) == (
        *("202600000069440319", "QD311126I000067486"),
    )
