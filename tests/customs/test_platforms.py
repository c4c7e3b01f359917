"""A seller sells on several platforms: each order is told under one, from first to last."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from accounts.models import Company, Membership, Role
from core.errors import DomainError
from customs.models import OutgoingElement, OutgoingMessage, ParcelPapers, RetailList, RetailParties
from customs.rules import platforms as rules
from customs.rules.parcel_file import ParcelFileWrong
from customs.rules.parties import CustomsCodeWrong, ParcelToldAlready
from customs.rules.platforms import Platform, as_lines, checked, platform_of, read_lines
from customs.services import tell_anew
from customs.services.parcel_files import tell_papers_of_file
from customs.services.parties import tell_papers, tell_parties
from customs.services.telling_parcels import TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.receipts.answers import answered
from tests.customs.test_telling_anew import business
from tests.customs.test_telling_parcels import TOLD, accepted, orders, parties
from tests.customs.ways import gateways
from tests.factories.accounts import ImporterFactory
from tests.factories.warehouse import SELLS
from tests.warehouse.browsing import signed_in
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

DEFAULT = Platform("3302961HZ1", "示例跨境平台有限公司")
OTHER = Platform("3302961HZ8", "另一平台有限公司", "shop")
AS_TOLD = {"channel": OTHER.channel, "code": OTHER.code, "name": OTHER.name}


def test_lines_are_read_as_they_are_written() -> None:
    text = "shop, 3302961HZ8, 另一平台有限公司\n\nJD，3302961HZ9，京东，全球"

    found = read_lines(text)

    assert found == [OTHER, Platform("3302961HZ9", "京东,全球", "JD")]
    assert read_lines(as_lines(found)) == found


@pytest.mark.parametrize("text", ["TMALL", "TMALL, 3302961HZ8", "\nA, 3302961HZ8"])
def test_a_line_that_lacks_something_is_named(text: str) -> None:
    with pytest.raises(rules.PlatformIncomplete) as refusal:
        read_lines(text)

    assert refusal.value.facts == {"field": "platforms", "row": text.count("\n") + 1}


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ([replace(OTHER, code="12")], CustomsCodeWrong),
        ([replace(OTHER, name=" ")], rules.PlatformIncomplete),
        ([replace(OTHER, channel="C" * 33)], rules.PlatformIncomplete),
        ([OTHER, replace(OTHER, code="3302961HZ9")], rules.ChannelTwice),
        ([replace(OTHER, code=DEFAULT.code)], rules.PlatformNameDiffers),
        ([replace(OTHER, channel=f"{n}") for n in range(51)], rules.TooManyPlatforms),
    ],
)
def test_platforms_that_cannot_be_are_refused(
    told: list[Platform], refused: type[DomainError]
) -> None:
    with pytest.raises(refused):
        checked(told, DEFAULT)


def test_an_order_goes_under_what_was_chosen_or_its_channels_or_the_first() -> None:
    known = checked([replace(OTHER, code="3302961hz8")], DEFAULT)
    assert known == (OTHER,)

    def found(channel: str, code: str = "") -> Platform:
        return platform_of(known, DEFAULT, channel=channel, code=code)

    assert found("shop") == OTHER
    assert found("JD") == DEFAULT
    assert found("JD", OTHER.code) == OTHER
    assert found("shop", DEFAULT.code) == DEFAULT
    assert found("JD", "3302961HZ7") == Platform("3302961HZ7", "")


def under(order: RetailOrder, kind: str, turn: int = 1) -> tuple[str, str]:
    told = OutgoingElement.objects.get(retail_order=order, kind=kind, turn=turn)
    head = business(told).head
    return head["ebpCode"], head["ebpName"]


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_an_order_is_told_under_its_channels_platform_and_its_list_under_the_same(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    first, second = orders
    RetailParties.objects.update(platforms=[AS_TOLD])
    tell_papers(order=second, payment="", waybill="", platform=DEFAULT.code, now=SELLS)
    assert tell_parcels(now=SELLS) == TellingDone(told=2)
    assert under(first, "CEB311") == (OTHER.code, OTHER.name)
    assert under(second, "CEB311") == (DEFAULT.code, DEFAULT.name)

    # Whatever it says of its channels later: customs knows the orders under these.
    moved = {"channel": "JD", "code": OTHER.code, "name": OTHER.name}
    RetailParties.objects.update(platforms=[moved])
    accepted("CEB311", "CEB511")
    assert tell_parcels(now=SELLS) == TellingDone(queued=2)

    assert under(first, "CEB621") == (OTHER.code, OTHER.name)
    assert under(second, "CEB621") == (DEFAULT.code, DEFAULT.name)
    with pytest.raises(ParcelToldAlready):
        tell_papers(
            order=second,
            payment="",
            waybill=ParcelPapers.objects.get(order=second).waybill,
            platform=OTHER.code,
            now=SELLS,
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_an_order_that_came_back_goes_anew_under_the_platform_that_was_mended(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    RetailParties.objects.update(sends_payments=True)
    for order in orders:
        tell_papers(order=order, payment=f"P{order.pk}", waybill="", now=SELLS)
    assert tell_parcels(now=SELLS) == TellingDone(told=2)
    accepted("CEB411", "CEB511")
    first, second = orders
    for order in orders:
        told = OutgoingElement.objects.get(retail_order=order, kind="CEB311")
        answered(told, "-301001", at=SELLS)

    RetailParties.objects.update(platforms=[AS_TOLD])
    tell_anew(listed=RetailList.objects.get(order=first), now=SELLS)
    papers = ParcelPapers.objects.get(order=second)
    tell_papers(
        order=second,
        payment=papers.payment,
        waybill=papers.waybill,
        platform=DEFAULT.code,
        now=SELLS,
    )
    tell_anew(listed=RetailList.objects.get(order=second), now=SELLS)

    # The payment names the platform as well.
    assert [under(first, kind, 2)[0] for kind in ("CEB311", "CEB411")] == [OTHER.code] * 2
    assert under(second, "CEB311", 2)[0] == DEFAULT.code
    assert not OutgoingElement.objects.filter(retail_order=second, kind="CEB411", turn=2).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("wide", "gateways")
def test_a_file_and_the_page_choose_among_the_sellers_platforms(
    parties: RetailParties, orders: list[RetailOrder], anna: Company
) -> None:
    RetailParties.objects.update(platforms=[AS_TOLD])

    def send(code: bytes) -> None:
        content = b"order,platform\nT-1," + code + b"\n"
        tell_papers_of_file(seller=anna, file_name="a.csv", content=content, now=SELLS)

    with pytest.raises(ParcelFileWrong) as wrong:
        send(b"3302961HZ7")
    assert [(one.row, one.field) for one in wrong.value.facts["rows"]] == [(2, "platform")]  # type: ignore[attr-defined]
    with pytest.raises(rules.PlatformUnknown):
        tell_papers(order=orders[0], payment="", waybill="", platform="3302961HZ7", now=SELLS)
    assert not ParcelPapers.objects.exists()
    send(b"3302961HZ8")
    assert ParcelPapers.objects.get(order=orders[0]).platform == OTHER.code

    client = signed_in(anna, Role.SELLER)
    page = reverse("parcel_numbers", args=[orders[0].number])
    assert f'<option value="{OTHER.code}" selected>' in client.get(page).content.decode()
    assert client.post(page, {"platform": DEFAULT.code}).status_code == 302
    assert ParcelPapers.objects.get(order=orders[0]).platform == DEFAULT.code


@pytest.mark.django_db
@pytest.mark.usefixtures("wide")
def test_the_page_takes_further_platforms_and_names_a_wrong_line(anna: Company) -> None:
    ImporterFactory.create(code="IMP-D", customs_code="3302961HZ6")
    tell_parties(seller=anna, told=replace(TOLD, platforms=(OTHER,)), now=SELLS)
    assert RetailParties.objects.get().platforms == [AS_TOLD]
    client = signed_in(anna, Role.SELLER)
    Membership.objects.update(is_admin=True)
    page = reverse("retail_parties")
    shown = client.get(page).content.decode()
    assert "shop, 3302961HZ8, 另一平台有限公司" in shown
    names = ("ebp_code", "ebp_name", "ebc_code", "ebc_name", "assure_code", "agent")
    sent = {name: getattr(TOLD, name) for name in (*names, "logistics_code", "logistics_name")}

    wrong = client.post(page, {**sent, "platforms": "JD, 3302961HZ9"})

    assert wrong.status_code == 422
    assert "Each further platform stands on a line of its own" in wrong.content.decode()
    assert client.post(page, {**sent, "platforms": "JD, 3302961HZ9, 京东"}).status_code == 302
    (kept,) = RetailParties.objects.get().platforms
    assert kept == {"channel": "JD", "code": "3302961HZ9", "name": "京东"}
    assert not OutgoingMessage.objects.exists()
