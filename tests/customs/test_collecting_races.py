"""Two people declare the same month at once: a list gets into one declaration."""

from __future__ import annotations

import pytest

from core.errors import DomainError
from core.walls import inside, platform_wide
from customs.models import CollectedList, CollectiveDeclaration
from customs.services import ask_withdrawal, draw_collective
from tests.customs.collecting import AUGUST, a_month
from tests.factories.accounts import UserFactory
from tests.warehouse.test_races import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_list_is_drawn_by_one_of_many_and_never_while_it_is_countered() -> None:
    with platform_wide():
        first, second = a_month(2)
        clerk = UserFactory.create()
    importer = first.importer

    named = (first.our_reference, second.our_reference)

    def draw(n: int) -> str:
        lists = [named, named[::-1], named[:1], named[1:]][n % 4]
        with inside(importer.pk):
            try:
                draw_collective(importer=importer, lists=lists, now=AUGUST)
            except DomainError as refusal:
                return refusal.code
        return "drawn"

    ended = all_at_once(draw)

    assert set(ended) == {"drawn", "customs.collected_before"}
    assert ended["drawn"] in (1, 2)
    with platform_wide():
        assert CollectiveDeclaration.objects.count() == ended["drawn"]
        assert CollectedList.objects.count() == 2
        with pytest.raises(DomainError) as raised:
            ask_withdrawal(declaration=first, reason="错误", asked_by=clerk, now=AUGUST)
    assert raised.value.code == "customs.list_collected"
