"""What is drawn in December and told in January counts in the buyer's new year."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils.timezone import get_default_timezone

from accounts.models import User
from customs.gap_words import in_words
from customs.models import (
    MissingPaper,
    OutgoingElement,
    OutgoingMessage,
    QuotaEntry,
    RetailList,
    RetailParties,
    RetailTaxRule,
)
from customs.queries.quota import quota_differences, used_in_year
from customs.services import cancel_orders, release_lists
from customs.services.telling_parcels import TellingDone, tell_parcels
from tests.customs.booked import anna, clerk, wide
from tests.customs.test_telling_parcels import accepted, orders, parties, written
from tests.customs.ways import gateways
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder

__all__ = ["anna", "clerk", "gateways", "orders", "parties", "wide"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide", "gateways")]

#: In UTC it is still the old year.
EVE = datetime(SELLS.year, 12, 31, 23, 0, tzinfo=get_default_timezone())
NEW = datetime(SELLS.year + 1, 1, 1, 0, 30, tzinfo=get_default_timezone())


def moves() -> list[tuple[int, str, int, int]]:
    found = QuotaEntry.objects.filter(code="").order_by("pk")
    return list(found.values_list("year", "move", "reserved", "used"))


def used() -> tuple[int, int]:
    """Of the one buyer's old and new year."""
    (digest,) = set(QuotaEntry.objects.values_list("buyer", flat=True))
    old, new = (used_in_year([digest], year) for year in (SELLS.year, NEW.year))
    return old.get(digest, 0), new.get(digest, 0)


def agree() -> bool:
    return not quota_differences(SELLS.year) and not quota_differences(NEW.year)


def test_a_list_told_in_january_leaves_the_old_year_and_enters_the_new(
    parties: RetailParties, orders: list[RetailOrder], clerk: User
) -> None:
    assert tell_parcels(now=EVE) == TellingDone(told=2)
    assert (used(), agree()) == ((59_700, 0), True)
    accepted("CEB311", "CEB511")

    assert tell_parcels(now=NEW) == TellingDone(queued=2)

    assert written("CEB621").elements[0].head["declTime"] == f"{NEW.year}0101"
    assert moves() == [
        (SELLS.year, "reserved", 19_900, 0),
        (SELLS.year, "reserved", 39_800, 0),
        (SELLS.year, "left", -19_900, 0),
        (NEW.year, "entered", 19_900, 0),
        (SELLS.year, "left", -39_800, 0),
        (NEW.year, "entered", 39_800, 0),
    ]
    assert (used(), agree()) == ((0, 59_700), True)
    # What follows counts where the list does.
    first = RetailList.objects.get(order=orders[0])
    release_lists(numbers=[first.number], released_at=NEW, recorded_by=clerk, now=NEW)
    assert moves()[6:] == [(NEW.year, "settled", -19_900, 19_900)]
    cancel_orders(orders=[orders[1]], by=None, now=NEW + timedelta(hours=1))
    assert moves()[7:] == [(NEW.year, "voided", -39_800, 0)]
    assert (used(), agree()) == ((0, 19_900), True)
    call_command("prove_quota", str(NEW.year))


def test_a_new_year_without_room_holds_the_list_back_in_words(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    kept = RetailTaxRule.objects.order_by("valid_from").last()
    assert kept is not None
    RetailTaxRule.objects.create(
        valid_from=NEW.date(),
        order_limit_minor=kept.order_limit_minor,
        year_limit_minor=40_000,
        payable_fraction=kept.payable_fraction,
        source="test",
    )

    assert tell_parcels(now=NEW) == TellingDone(told=1, missing=1)

    # The earlier list has the room; the other one would go beyond it.
    assert used() == (39_800, 19_900)
    missing = MissingPaper.objects.get()
    assert missing.retail_list.order == orders[1]
    (words,) = in_words(missing.gaps)
    assert (words.code, words.kind, words.where) == (
        "customs.over_year_limit",
        "CEB621",
        "buyer",
    )
    assert words.what == "Room in the buyer's year, which began after the list was drawn"
    assert not OutgoingElement.objects.filter(retail_list=missing.retail_list).exists()
    assert agree()


def test_what_is_told_in_its_own_year_stays(
    parties: RetailParties, orders: list[RetailOrder]
) -> None:
    tell_parcels(now=EVE)
    accepted("CEB311", "CEB511")

    assert tell_parcels(now=EVE) == TellingDone(queued=2)

    assert [move for _year, move, *_amounts in moves()] == ["reserved", "reserved"]
    assert OutgoingMessage.objects.filter(kind="CEB621").count() == 1
