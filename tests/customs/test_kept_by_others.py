"""What stands on an importer's papers though others keep it: read in one go, and read alike."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.models import Company, User
from core.walls import inside
from customs.models import CreditTier, Declaration, DeclarationLine, DeclaredWay
from customs.queries.counted import count_of
from customs.queries.import_set import import_set
from customs.queries.kept_by_others import OfHouse, kept_by_others, told_by_house
from customs.queries.ways import route_of
from customs.rules.deadlines import Flags, Route
from customs.services import book_due, choose_way, enter_first, grant
from tests.customs.booked import ARRIVES, anna, clerk, counted, released, wide
from tests.factories.customs import DECLARES, a_draft, a_lodged, a_ready, a_warehouse
from tests.factories.procurement import OrderShareFactory
from warehouse.services import receive

__all__ = ["anna", "clerk", "wide"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("wide")]
DAY = DECLARES.date()


def granted(importer: Company, clerk: User, valid_from: date = DAY, **flags: bool) -> None:
    grant(
        importer=importer,
        valid_from=valid_from,
        tier=CreditTier.CERTIFIED,
        flags=Flags(**flags),
        evidence="AEOCN3302960009",
        set_by=clerk,
        now=DECLARES,
    )


def way_on(declaration: Declaration, day: date) -> Route:
    """As papers have it, which is as everybody else has it."""
    rows = list(DeclarationLine.objects.filter(declaration=declaration))
    with inside(declaration.importer_id):
        found = kept_by_others(declaration, rows).way.on(day)
    assert found == route_of(declaration.shipment, day=day)
    return found


def test_the_way_is_that_of_the_newest_grant_and_word(clerk: User) -> None:
    draft = a_draft()
    later = DAY + timedelta(days=7)
    assert way_on(draft, later) == Route.ORDINARY

    granted(draft.importer, clerk, in_advance=True)
    assert way_on(draft, later) == Route.IN_ADVANCE
    # Of one day the later word counts, and one of another day from that day on.
    granted(draft.importer, clerk, two_step=True)
    granted(draft.importer, clerk, later, collective=True, two_step=True)
    assert way_on(draft, DAY - timedelta(days=1)) == Route.ORDINARY
    assert way_on(draft, DAY) == Route.TWO_STEP
    assert way_on(draft, later) == Route.COLLECTIVE

    for way in (DeclaredWay.TWO_STEP, DeclaredWay.ORDINARY):
        choose_way(shipment=draft.shipment, way=way, told_by=clerk, now=DECLARES)
        assert way_on(draft, later) == Route(way)


def test_what_is_granted_after_the_lodging_changes_no_way(clerk: User) -> None:
    lodged = a_lodged()
    later = DAY + timedelta(days=7)
    granted(lodged.importer, clerk, later, collective=True)

    assert way_on(lodged, later) == Route.ORDINARY


def test_what_went_in_first_stays_on_its_way_and_is_counted(anna: Company, clerk: User) -> None:
    ready = a_ready()
    granted(ready.importer, clerk, first_in=True)
    enter_first(
        shipment=ready.shipment,
        warehouse=a_warehouse(),
        pass_number="P310426A0000000020",
        recorded_by=clerk,
        now=DECLARES,
    )
    granted(ready.importer, clerk)
    assert way_on(ready, DAY) == Route.FIRST_IN
    assert told_by_house(ready) == OfHouse("3104", None)

    (line,) = ready.shipment.lines.all()
    OrderShareFactory.create(line=line.order_line, owner=anna, quantity=60)
    receipt = receive(
        shipment=ready.shipment,
        warehouse=ready.warehouse,
        counts={line.pk: 55},
        received_by=clerk,
        now=DECLARES + timedelta(microseconds=10),
    )
    with inside(ready.importer_id):
        count = told_by_house(ready).count
    assert count == count_of(ready.shipment_id)
    assert count is not None
    assert (count.receipt, count.units) == (receipt.number, {line.pk: 55})
    assert count.counted_at == receipt.received_at == DECLARES + timedelta(microseconds=10)


def test_items_of_the_book_are_words_on_papers(anna: Company, clerk: User) -> None:
    declaration = released(anna)
    counted(declaration, clerk)
    book_due(now=ARRIVES)
    data = import_set(declaration.pk)

    assert [one.ledger_item for one in (*data.goods, *data.listed)] == ["1", "1"]
