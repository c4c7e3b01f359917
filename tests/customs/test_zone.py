"""What of an entry is told to the zone: its bonded list, checked before it is queued."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from core.errors import DomainError
from core.walls import platform_wide
from customs.bench import sample_set
from customs.models import (
    Declaration,
    HouseAtCustoms,
    MessageState,
    OutgoingElement,
    OutgoingMessage,
)
from customs.queries import import_set
from customs.queries.zone import at_zone, may_be_dropped
from customs.rules import zone as rules
from customs.rules.agreeing import OfficesDiffer, disagreements
from customs.rules.countering import ListAtCustoms
from customs.rules.declaring import WrongState
from customs.rules.sas.documents import SasInvalid, read
from customs.rules.sending import MessageIncomplete, unsqueezed
from customs.rules.sent_list import ListHead
from customs.services import Clocks, drop_draft, send_due
from customs.services.zone import queue_bonded_list
from customs.simulator.answering import client_took
from tests.customs.receipts.sent_lists import come
from tests.customs.ways import a_gateway, gateways
from tests.factories.customs import DECLARES, CustomsCodeFactory, a_draft, a_ready
from tests.factories.messages import at_customs
from tests.walls.rows import all_rows
from warehouse.models import BondedWarehouse

__all__ = ["gateways"]

WAY = rules.Way("INV101-1-MS-1", "3302960001", "DXPENT01", "DXPEDCSAS0000001", DECLARES)
CODES = rules.Codes("3104", {"DEU": "304"}, {"EUR": "300"}, {})


def test_the_list_of_an_entry_is_what_the_zone_takes() -> None:
    data = sample_set(3)

    document = read(rules.written(rules.bonded_list(data, CODES, WAY, number="D-1"))).document

    head, lines = document.one("InvtHeadType"), document.parts["InvtListType"]
    assert (head["EtpsInnerInvtNo"], head["InvtType"], head["ImpexpMarkcd"]) == ("D-1", "0", "I")
    assert (head["ImpexpPortcd"], head["StshipTrsarvNatcd"]) == ("3104", "304")
    assert head["BizopEtpsno"] == data.operator.customs_code
    assert head["CorrEntryDclEtpsNo"] == data.importer.customs_code
    assert [one["GdsSeqno"] for one in lines] == ["1", "2", "3"]
    assert [one["EntryGdsSeqno"] for one in lines] == [
        str(one.goods_position) for one in data.listed
    ]
    assert {(one["DclCurrcd"], one["Natcd"], one["DestinationNatcd"]) for one in lines} == {
        ("300", "304", "142")
    }
    assert sum(float(one["GrossWt"]) for one in lines) == pytest.approx(data.gross_weight / 1000)


def test_what_is_missing_is_named_by_what_it_is_about() -> None:
    data = sample_set(1)
    line = replace(data.listed[0], specification="")
    data = replace(data, listed=(line,), importer=replace(data.importer, customs_code=""))
    codes = rules.Codes("", {}, {}, {}, must_be_filed=True)

    assert rules.told_absent(rules.absent_of(rules.needs_of(data), codes)) == {
        "declaration": "importer_customs_code, office_of_port",
        "DEU": "country_code",
        "EUR": "currency_code",
        line.sku: "elements, filing",
    }
    assert rules.absent_of(rules.needs_of(sample_set(1)), CODES) == []


def test_a_list_that_would_come_back_is_not_written() -> None:
    data = sample_set(1)
    line = replace(data.listed[0], total=data.listed[0].total + 100_000)

    with pytest.raises(SasInvalid) as refused:
        rules.written(rules.bonded_list(replace(data, listed=(line,)), CODES, WAY, number="D-1"))

    assert refused.value.facts["field"] == "INV101/InvtListType[1]/DclTotalAmt"


@pytest.fixture
def declared(db: None, gateways: object) -> Iterator[Declaration]:
    with platform_wide():
        found = a_ready(2)
        at_customs(found.warehouse)
        a_gateway(company=found.importer)
        yield found


def test_a_list_leaves_once_by_the_importers_gateway(declared: Declaration) -> None:
    assert at_zone(declared).absent == []

    queued = queue_bonded_list(declaration=declared, now=DECLARES)

    assert (queued.key, queued.turn) == (declared.our_reference, 1)
    told = read(unsqueezed(queued.message.body))
    assert told.valid
    assert told.document.envelope["message_id"] == queued.message.number
    for state in (MessageState.QUEUED, MessageState.SENT):
        assert not at_zone(declared).may_list
        refused(declared, rules.ListUnderWay)
        if state == MessageState.QUEUED:
            clocks = Clocks(now=lambda: DECLARES, tick=lambda: DECLARES, wait=lambda _s: None)
            assert send_due(clocks) == 1


def test_papers_are_held_against_the_list_that_was_sent(declared: Declaration) -> None:
    assert import_set(declared.pk).sent is None
    queue_bonded_list(declaration=declared, now=DECLARES)
    data = import_set(declared.pk)
    sent = data.sent

    assert sent is not None
    assert (sent.departure, sent.currency, sent.district) == (
        *("DEU", "EUR", declared.warehouse.customs_district),
    )
    assert [(one.sku, one.quantity, one.total, one.net_weight) for one in sent.lines] == [
        (one.sku, one.quantity, one.total, one.net_weight) for one in data.listed
    ]
    assert disagreements(data) == []
    # Another book than the one that customs has the list for.
    BondedWarehouse.objects.update(ledger_number="T3104W000099")
    found = disagreements(import_set(declared.pk))
    assert [(one.rule, one.what, one.says) for one in found] == [
        (
            OfficesDiffer,
            "ledger",
            (("declaration", "T3104W000099"), ("sent_list", sent.ledger)),
        )
    ]


def test_the_list_on_paper_is_headed_as_its_message(declared: Declaration) -> None:
    reference = declared.our_reference
    before = import_set(declared.pk).list_head

    first = queue_bonded_list(declaration=declared, now=DECLARES)
    come(first.message.gateway, client_took(first.key, "", deal="1", info="账册编号有误"))
    refused_once = import_set(declared.pk).list_head
    again = queue_bonded_list(declaration=declared, now=DECLARES + timedelta(days=1))
    OutgoingElement.objects.filter(pk=again.pk).update(their_number="QD310426I000000001")
    with_number = import_set(declared.pk)
    # After its time the message is emptied; what it was is still known.
    OutgoingMessage.objects.update(body="")

    assert before == ListHead(reference, "", "0", declared.form, None)
    assert refused_once == ListHead(f"{reference}-2", "", "0", declared.form, None)
    assert with_number.list_head == ListHead(
        *(f"{reference}-2", "QD310426I000000001", "0", declared.form, date(2026, 7, 15))
    )
    assert import_set(declared.pk).list_head == with_number.list_head
    assert import_set(declared.pk).digest == with_number.digest


def test_a_list_that_customs_refused_is_told_anew_under_another_number(
    declared: Declaration,
) -> None:
    first = queue_bonded_list(declaration=declared, now=DECLARES)
    come(first.message.gateway, client_took(first.key, "", deal="1", info="账册编号有误"))

    again = queue_bonded_list(declaration=declared, now=DECLARES + timedelta(hours=1))

    assert (again.key, again.turn) == (f"{declared.our_reference}-2", 2)
    refused(declared, rules.ListUnderWay)


def test_a_declaration_is_not_set_aside_while_customs_has_its_list(declared: Declaration) -> None:
    first = queue_bonded_list(declaration=declared, now=DECLARES)
    before = all_rows()

    with pytest.raises(ListAtCustoms) as refusal:
        drop_draft(declaration=declared, reason="数据有误", now=DECLARES)

    assert refusal.value.facts == {"list": first.key, "message": first.message.number}
    assert not may_be_dropped(declared)
    assert all_rows() == before

    come(first.message.gateway, client_took(first.key, "", deal="1", info="账册编号有误"))

    assert may_be_dropped(declared)
    assert drop_draft(declaration=declared, reason="数据有误", now=DECLARES).state == "withdrawn"


def refused(declared: Declaration, refusal: type[DomainError], now: datetime = DECLARES) -> None:
    before = all_rows()
    with pytest.raises(refusal):
        queue_bonded_list(declaration=declared, now=now)
    assert all_rows() == before


def test_nothing_is_queued_of_what_the_zone_could_not_take(declared: Declaration) -> None:
    refused(a_draft(), WrongState)
    house = HouseAtCustoms.objects.filter(warehouse=declared.warehouse)
    house.update(port_code="31")
    refused(declared, MessageIncomplete)
    house.update(port_code="")
    refused(declared, rules.ZoneDataMissing)
    declared.importer.gateways.update(is_open=False)
    refused(declared, rules.NoGateway)
    assert not OutgoingElement.objects.exists()


def test_an_old_code_of_several_countries_is_read_as_the_one_that_is_meant(
    declared: Declaration,
) -> None:
    queue_bonded_list(declaration=declared, now=DECLARES)
    # Customs' older table had one code for what are several countries today.
    for code in ("ABC", "XYZ"):
        CustomsCodeFactory.create(table="country", code=code, old_code="304")

    data = import_set(declared.pk)

    assert data.sent is not None
    assert {data.sent.departure, *(one.origin for one in data.sent.lines)} == {"DEU"}
    assert disagreements(data) == []
