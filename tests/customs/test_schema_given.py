"""The official schema holds up nothing but what it refuses, nor does one that is not there."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from customs.checks import the_official_schema_is_there
from customs.gap_words import in_words
from customs.models import (
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    ParcelPapers,
    RetailParties,
)
from customs.rules.ceb.official import SchemaMissing
from customs.services.telling_parcels import TellingDone, tell_parcels
from customs.tasks import send_messages
from tests.customs.booked import anna, clerk, wide
from tests.customs.test_telling_parcels import accepted, orders, parties
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]


#: Refuses one order's number, and knows nothing else.
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.chinaport.gov.cn/ceb">
  <xs:element name="CEB621Message"/><xs:element name="CEB311Message"/>
  <xs:element name="CEB511Message"/>
  <xs:element name="orderNo"><xs:simpleType><xs:restriction base="xs:string">
    <xs:enumeration value="T-1"/></xs:restriction></xs:simpleType></xs:element>
</xs:schema>"""


def test_what_the_official_schema_refuses_of_one_list_holds_up_no_other(
    parties: RetailParties, orders: list[RetailOrder], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "ceb.xsd").write_text(SCHEMA)
    settings.BONDPOOL_CEB_XSD = str(tmp_path)

    assert tell_parcels(now=SELLS) == TellingDone(told=1, missing=1)

    missing = MissingPaper.objects.get()
    assert missing.retail_list.order_id == orders[1].pk
    assert missing.gaps == [
        {"field": "orderNo", "code": "customs.against_schema", "kind": "CEB311"}
    ]
    assert [one.why for one in in_words(missing.gaps)] == ["The official schema refuses this."]
    assert sorted(OutgoingElement.objects.values_list("kind", "key")) == [
        ("CEB311", "T-1"),
        ("CEB511", ParcelPapers.objects.get(order=orders[0]).waybill),
    ]


def test_a_schema_that_is_not_there_is_said_at_the_start_and_stops_no_sending(
    parties: RetailParties, settings: Settings, tmp_path: Path
) -> None:
    assert the_official_schema_is_there(None) == []
    tell_parcels(now=SELLS)
    accepted("CEB311", "CEB511")
    settings.BONDPOOL_CEB_XSD = str(tmp_path / "nowhere.xsd")

    with pytest.raises(ExceptionGroup) as trouble:
        send_messages()

    assert [one.id for one in the_official_schema_is_there(None)] == ["customs.E001"]
    assert trouble.group_contains(SchemaMissing)
    assert set(OutgoingMessage.objects.values_list("state", flat=True)) == {"sent"}
