"""An export list that should not be is deleted at customs, and its parcels leave under another."""

from __future__ import annotations

import pytest

from accounts.models import Company, User
from customs.models import ExportParcel, OutgoingElement, RetailList
from customs.queries.zone_lists import list_for_export
from customs.rules import zone_lists as rules
from customs.rules.exporting import NothingToExport, PassNeedsExportList
from customs.rules.sas.documents import read
from customs.rules.sending import unsqueezed
from customs.services.exporting import gather_exports, queue_out_pass
from customs.services.zone_lists import delete_export_list
from customs.tables_exports import state_word
from tests.customs.list_answers import approval
from tests.customs.receipts.sent_lists import come
from tests.customs.test_exporting import (
    LATER,
    TRUCK,
    anna,
    clerk,
    gateways,
    gathered,
    importer,
    lists,
    orders,
    parties,
    posted,
    wide,
)
from tests.walls.rows import all_rows

__all__ = ["anna", "clerk", "gateways", "importer", "lists", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]


def test_a_mistaken_list_is_deleted_and_its_parcels_are_gathered_anew(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    way = made.element.message.gateway
    before = all_rows()
    with pytest.raises(rules.ListNotApproved):
        delete_export_list(listed=made, now=LATER)
    assert all_rows() == before
    come(way, approval(made.number))

    deletion = delete_export_list(listed=made, now=LATER)

    document = read(unsqueezed(deletion.message.body)).document
    head, original = document.one("InvtHeadType"), read(unsqueezed(made.element.message.body))
    assert (head["DclTypecd"], head["EtpsInnerInvtNo"], head["InvtType"]) == ("3", made.number, "8")
    assert document.parts["InvtCbecBill"] == original.document.parts["InvtCbecBill"]
    assert {one["ModfMarkcd"] for one in document.parts["InvtListType"]} == {"2"}
    assert (deletion.first, deletion.declaration) == (made.element, None)
    # Until customs has taken it the parcels stay, and no truck takes them out.
    with pytest.raises(NothingToExport):
        gather_exports(importer=importer, by=clerk, now=LATER)
    with pytest.raises(PassNeedsExportList):
        queue_out_pass(listed=made, truck=TRUCK, by=clerk, now=LATER)
    come(way, approval(made.number, "3", at=600))
    made.element.refresh_from_db()
    assert list_for_export(made).stage == rules.Stage.DELETED
    assert state_word(made) in ("已删除", "deleted")
    assert not ExportParcel.objects.filter(export_list=made, freed_at__isnull=True).exists()
    (again,) = gather_exports(importer=importer, by=clerk, now=LATER)
    assert (again.parcels, again.number) == (2, "EX-2026-000002")


def test_a_list_that_is_posted_or_on_a_truck_is_not_deleted(
    lists: list[RetailList], importer: Company, clerk: User
) -> None:
    made = gathered(importer, clerk)
    way = made.element.message.gateway
    come(way, approval(made.number))
    truck = queue_out_pass(listed=made, truck=TRUCK, by=clerk, now=LATER)
    with pytest.raises(rules.ListOnPass) as refused:
        delete_export_list(listed=made, now=LATER)
    assert refused.value.facts["passes"] == truck.element.key
    come(way, posted(made))
    before = all_rows()
    with pytest.raises(rules.ListPosted):
        delete_export_list(listed=made, now=LATER)
    assert all_rows() == before
    assert not OutgoingElement.objects.filter(act="3").exists()
