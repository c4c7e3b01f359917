"""Several tell the zone of one shipment at once: it never has two living lists, nor two changes."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import OutgoingElement
from customs.rules.passing import MoreThanListed, NothingOnTruck, PassNeedsList, Truck
from customs.rules.zone import ListUnderWay
from customs.rules.zone_lists import ListChangeUnderWay, ListOnPass
from customs.services.passing import queue_pass
from customs.services.zone import queue_bonded_list
from customs.services.zone_lists import delete_list
from tests.customs.list_answers import approval
from tests.customs.receipts.sent_lists import come
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_ready
from tests.factories.messages import at_customs
from tests.warehouse.test_races import THREADS, all_at_once

__all__ = ["gateways"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gateways")]

TRUCK = Truck("浙B00001", 13_000_000)


def test_a_shipment_has_one_living_list_and_a_truck_or_a_deletion_of_it() -> None:
    """Twenty send the list; then half of them delete it while half load a truck with its goods."""
    with platform_wide():
        declared = a_ready(1)
        at_customs(declared.warehouse)
        a_gateway(company=declared.importer)
        clerk = UserFactory.create()

    def tell(_number: int) -> str:
        with inside(declared.importer_id):
            try:
                queue_bonded_list(declaration=declared, now=DECLARES)
            except DomainError as refusal:
                return refusal.code
            return "told"

    assert all_at_once(tell) == {"told": 1, ListUnderWay.code: THREADS - 1}
    with platform_wide():
        (listed,) = OutgoingElement.objects.all()
        come(declared.importer.gateways.get(), approval(listed.key))

    def delete_or_load(number: int) -> str:
        with inside(declared.importer_id):
            try:
                if number % 2:
                    delete_list(declaration=declared, now=DECLARES)
                    return "deleted"
                queue_pass(declaration=declared, truck=TRUCK, by=clerk, now=DECLARES)
            except DomainError as refusal:
                return refusal.code
            return "loaded"

    told = all_at_once(delete_or_load)

    assert told["deleted"] + told["loaded"] == 1
    after = {
        True: {ListChangeUnderWay.code, PassNeedsList.code},
        False: {ListOnPass.code, MoreThanListed.code, NothingOnTruck.code},
    }[bool(told["deleted"])]
    assert set(+told) - {"deleted", "loaded"} <= after
    with platform_wide():
        assert OutgoingElement.objects.filter(act="3").count() == told["deleted"]
