"""Two persons load the same goods at once: the trucks of a list never carry more than the list."""

from __future__ import annotations

import pytest
from django.db.models import Sum

from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import OutgoingElement, PassLine, TruckPass
from customs.rules import passing as rules
from customs.services.passing import queue_pass
from customs.services.zone import queue_bonded_list
from tests.customs.ways import a_gateway, gateways
from tests.factories.accounts import UserFactory
from tests.factories.customs import DECLARES, a_ready
from tests.factories.messages import at_customs
from tests.warehouse.test_races import all_at_once

__all__ = ["gateways"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("gateways")]

TRUCK = rules.Truck("浙B00001", 13_000_000)


def test_two_persons_never_load_more_than_the_list_has() -> None:
    """Twenty at once: half of them want forty of sixty units, half all that is left."""
    with platform_wide():
        declared = a_ready(1)
        at_customs(declared.warehouse)
        a_gateway(company=declared.importer)
        listed = queue_bonded_list(declaration=declared, now=DECLARES)
        OutgoingElement.objects.filter(pk=listed.pk).update(their_number="QD310526I000000017")
        clerk = UserFactory.create()

    def load(number: int) -> str:
        wanted = [(1, 40)] if number % 2 else []
        with inside(declared.importer_id):
            try:
                queue_pass(declaration=declared, truck=TRUCK, wanted=wanted, by=clerk, now=DECLARES)
            except DomainError as refusal:
                return refusal.code
            return "loaded"

    told = all_at_once(load)

    with platform_wide():
        assert PassLine.objects.aggregate(n=Sum("quantity"))["n"] == 60
        assert TruckPass.objects.count() == told["loaded"] <= 2
        assert set(told) <= {"loaded", rules.MoreThanListed.code, rules.NothingOnTruck.code}
        keys = OutgoingElement.objects.filter(kind="SAS121").values_list("key", flat=True)
        assert len(set(keys)) == told["loaded"]
