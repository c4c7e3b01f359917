"""The paper of a retail list says what its message says, with customs' numbers and answer, and the
buyer masked."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from pypdf import PdfReader

from accounts.models import Company, User
from catalog.models import Product
from customs.models import OutgoingElement, OutgoingMessage, ParcelPapers, RetailList, RetailParties
from customs.papers import Stamp, retail_file
from customs.papers.retail import RetailPrint, ToldLine
from customs.queries.retail_papers import retail_print
from customs.rules.retail_messages import Sent, retail_list
from customs.services import book_due
from tests.customs.booked import anna, clerk, counted, released, sold, wide
from tests.customs.test_telling_parcels import accepted, tell_all, written
from tests.customs.ways import a_gateway, gateways
from tests.factories.messages import (
    HOUSE,
    PARTIES,
    SENDS,
    RetailPartiesFactory,
    a_parcel,
    at_customs,
)
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse

__all__ = ["anna", "clerk", "gateways", "wide"]

STAMP = Stamp("DOC-2026-000007", 1, "zh-hans", datetime(2026, 8, 1, 4, 0, tzinfo=UTC))


def a_print(lines: int, *, chinese: bool = True) -> RetailPrint:
    """So many lines of a parcel, all that can be told of it told; each has 5.00 of tax."""
    told = retail_list(a_parcel(lines=lines), PARTIES, HOUSE, Sent("", SENDS))
    return RetailPrint(
        number="RL-2026-000001",
        order="RO-2026-000001",
        seller="示例母婴电商有限公司" if chinese else "Example Baby Trading Co., Ltd.",
        buyer="李*",
        buyer_id="110***********8996",
        telephone="138****0000",
        address="浙江省宁波市******",
        regime="cbec_within",
        rule="财关税〔2018〕49号",
        payable=Decimal("0.7"),
        is_full=False,
        dutiable=lines * 40_000,
        tax=lines * 500,
        state="已开立" if chinese else "drawn",
        drawn_at=STAMP.made_at,
        lines=(),
        head=told.head,
        told=tuple(
            ToldLine({**one, "origin": f"澳大利亚\n{one['country']}"}, 40_000, 500)
            for one in told.lines
        ),
        number_at_customs="31052026I000000017",
        pre_number="B20260801000000123",
        answer="800 放行",
    )


def pages(data: RetailPrint, language: str = "zh-hans") -> list[str]:
    made, _fingerprint = retail_file("retail_list", data, replace(STAMP, language=language))
    return ["".join(p.extract_text().split()) for p in PdfReader(io.BytesIO(made.content)).pages]


def test_each_field_of_the_message_stands_on_the_paper() -> None:
    (page,) = pages(a_print(1))

    for told in (
        *("T-1", "3302961HZ1", "示例跨境平台有限公司", "3302961HZ2", "SF0000000001"),
        *("3302961HZ3", "示例快递有限公司", "RL-2026-000001", "B20260801000000123"),
        *("T3105W000001", "31052026I000000017", "2026-08-01", "3105甬保税区", "李*"),
        *("110***********8996", "138****0000", "3302961HZ6", "3302961HZ5", "示例宁波保税仓"),
        *("1210", "Y保税港区", "142中国", "CNY12.00", "CNY0.00", "1.800", "1.600"),
        *("1901101010", "36", "MILK-1", "4006381333931", "婴儿配方奶粉"),
        *("0|1|1段|800克/罐|示例牌", "澳大利亚601", "2罐", "1.6千克", "199.00", "398.00"),
        *("400.00", "5.00", "800放行"),
    ):
        assert told in page, told
    assert "13800000000" not in page


@pytest.mark.parametrize(("language", "sheets"), [("zh-hans", 4), ("en", 4)])
def test_fifty_lines_go_over_pages_each_with_its_head(language: str, sheets: int) -> None:
    found = pages(a_print(50, chinese=language != "en"), language)

    assert len(found) == sheets
    whole = "".join(found)
    head = "HScode" if language == "en" else "HS编码"
    for at, page in enumerate(found, 1):
        assert head in page
        assert f"{at}/{len(found)}" in page
    assert [whole.count(f"MILK-{n}4006381333931") for n in range(1, 51)] == [1] * 50
    assert "19,900.00" in found[-1], "the total of the goods"
    assert "250.00" in found[-1], "and of the tax"


@pytest.fixture
def parties(anna: Company, clerk: User) -> RetailParties:
    declaration = released(anna)
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    sold(anna, 2)
    at_customs(BondedWarehouse.objects.get())
    made: RetailParties = RetailPartiesFactory.create(seller=anna)
    a_gateway(company=made.agent)
    return made


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways", "wide")
def test_what_is_printed_is_what_was_sent(parties: RetailParties) -> None:
    tell_all()
    OutgoingElement.objects.filter(kind="CEB621").update(
        their_number="31042026I000000009", pre_number="B20260801000000009"
    )
    accepted("CEB621")
    listed = RetailList.objects.get()

    data = retail_print(listed.pk, chinese=True)

    sent = written("CEB621").elements[0]
    of_the_buyer = {"buyerIdNumber", "buyerName", "buyerTelephone", "consigneeAddress"}
    own = {"guid", *of_the_buyer}
    assert {name: value for name, value in data.head.items() if name not in own} == {
        name: value for name, value in sent.head.items() if name not in own
    }
    assert of_the_buyer.isdisjoint(data.head)
    (line,), (told,) = data.told, sent.lines
    assert {name: line.values[name] for name in told} == dict(told)
    assert (line.dutiable, line.tax) == (listed.dutiable_minor, listed.tax_minor) == (39_800, 3_622)
    assert (data.number_at_customs, data.pre_number) == ("31042026I000000009", "B20260801000000009")
    assert data.answer.startswith("120 ")
    assert data.head["logisticsNo"] == ParcelPapers.objects.get().waybill
    assert (data.buyer, data.buyer_id[:3], "138" in data.telephone) == ("张*", "360", True)


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways", "wide")
def test_what_changes_after_the_message_is_not_printed(parties: RetailParties) -> None:
    tell_all()
    listed = RetailList.objects.get()
    before = retail_print(listed.pk, chinese=True)

    Product.objects.update(name_zh="改名", origin="FRA", specification="另", sku="OTHER")
    BondedWarehouse.objects.update(customs_district="9999", ledger_number="T9999W000001")
    RetailParties.objects.update(ebp_name="另一平台", logistics_name="另一快递")
    ParcelPapers.objects.update(waybill="SF9")
    after = retail_print(listed.pk, chinese=True)

    assert (after.head, after.told) == (before.head, before.told)
    # Emptied after its time, it is written once more from what stands now.
    OutgoingMessage.objects.update(body="")
    assert retail_print(listed.pk, chinese=True).head["ebpName"] == "另一平台"


@pytest.mark.django_db
@pytest.mark.usefixtures("gateways", "wide")
def test_before_anybody_declares_it_the_paper_has_what_is_there(parties: RetailParties) -> None:
    RetailParties.objects.all().delete()
    listed = RetailList.objects.get()

    data = retail_print(listed.pk, chinese=False)

    assert (data.head["ebpCode"], data.head["logisticsNo"], data.answer) == ("", "", "")
    assert (data.number_at_customs, data.pre_number) == ("", "")
    assert data.head["emsNo"] == "T3105W000001"
    (page,) = pages(data, "en")
    assert listed.number in page
