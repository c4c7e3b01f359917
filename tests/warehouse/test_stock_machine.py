"""Any sequence of what happens to stock keeps movements, balances and owners' totals the same."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.walls import platform_wide
from tests.factories.accounts import SellerFactory, UserFactory
from tests.factories.catalog import ProductFactory
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from tests.warehouse.merges import Merges
from tests.warehouse.named_units import NamedUnits
from tests.warehouse.on_pallets import OnPallets
from warehouse.models import (
    Holding,
    Location,
    Lot,
    RetailOrder,
    StockMovement,
    StockTransfer,
)
from warehouse.queries.proving import prove_stock
from warehouse.rules import posting as rules
from warehouse.rules.order_way import Stage
from warehouse.rules.parting import Shortage, Terms
from warehouse.rules.posting import PROMISED, Kind, Leg, Posting, Status, StockShort
from warehouse.rules.putting import TooFewThere, split
from warehouse.rules.transferring import NotThatMuchToOffer, Offer
from warehouse.services import (
    Move,
    accept_offer,
    accept_orders,
    cancel_orders,
    confirm_payment,
    expire_unpaid,
    mark_listed,
    move_stock,
    offer_stock,
    set_terms,
    withdraw_offer,
)
from warehouse.services.advancing import advance, locked
from warehouse.services.posting import post

pytestmark = pytest.mark.django_db

UNITS = st.integers(1, 9)
OWNER = st.integers(0, 1)
#: Owner, lot, place and status, as numbers of the machine.
Key = tuple[int, int, int, Status]

FREE = Status.AVAILABLE
CHANGES = [
    (FREE, Status.QUARANTINE),
    (Status.QUARANTINE, FREE),
    (FREE, Status.DAMAGED),
    (FREE, Status.RECALLED),
    (Status.RECALLED, Status.QUARANTINE),
]
#: How an order that has its list goes on.
NEXT = {
    Stage.LISTED: (Stage.RELEASED, "release", Kind.CHANGED),
    Stage.RELEASED: (Stage.PICKED, "pick", Kind.CHANGED),
    Stage.PICKED: (Stage.PACKED, "pack", Kind.CHANGED),
    Stage.PACKED: (Stage.HANDED_OVER, "ship", Kind.SHIPPED),
}


class Stock(OnPallets, Merges, NamedUnits):
    """Two sellers, one product, the gate and a pallet: the model counts beside the database."""

    def __init__(self) -> None:
        super().__init__()
        self.walls, self.undone = platform_wide(), transaction.atomic()
        self.walls.__enter__()
        self.undone.__enter__()
        self.expected: Counter[Key] = Counter()
        self.orders: dict[str, tuple[int, int]] = {}
        self.unpaid: set[str] = set()
        self.offers: dict[str, StockTransfer] = {}
        self.booked: list[Posting] = []
        self.steps = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)
        self.walls.__exit__(None, None, None)

    @initialize()
    def open(self) -> None:
        self.sellers = [SellerFactory.create() for _ in range(2)]
        self.product = ProductFactory.create()
        self.lots: list[Lot] = []
        self.receive(5, 7)
        house = self.lots[0].warehouse
        self.house = house
        self.clerk = UserFactory.create()
        self.number_units()
        gate = Location.objects.get(warehouse=house, code="GATE")
        self.places = [gate, self.stack({0: 5, 1: 7}, 3)]

    @rule(anna=UNITS, bert=UNITS)
    def receive(self, anna: int, bert: int) -> None:
        shares = dict(zip(self.sellers, (anna, bert), strict=True))
        receipt = received_stock(shares, product=self.product)
        self.lots.append(receipt.lines.get().lot)
        at = len(self.lots) - 1
        self.expected[0, at, 0, FREE] += anna
        self.expected[1, at, 0, FREE] += bert

    @rule(who=OWNER, units=UNITS, is_part=st.booleans(), is_paid=st.booleans())
    def sell(self, who: int, units: int, is_part: bool, is_paid: bool) -> None:
        """Whole or, by the seller's terms, what there is of it; paid, or to be paid in an hour."""
        self.steps += 1
        shortage = Shortage.PART if is_part else Shortage.REFUSE
        set_terms(seller=self.sellers[who], terms=Terms(shortage), set_by=self.clerk, now=SELLS)
        free = sum(
            n for (owner, *_, status), n in self.expected.items() if (owner, status) == (who, FREE)
        )
        until = None if is_paid else SELLS + timedelta(hours=1)
        order = an_incoming_order(
            self.product.sku, units, number=f"M-{self.steps}", unpaid_until=until
        )
        (result,) = accept_orders(seller=self.sellers[who], orders=[order], now=SELLS)
        served = min(units, free) if is_part else units if units <= free else 0
        assert (result.outcome == "accepted") == (served > 0)
        assert sum(one.missing for one in result.missing) == (units - served if served else 0)
        if result.number:
            self.orders[result.number] = (who, served)
            if not is_paid:
                self.unpaid.add(result.number)
            # Which lots and places: first expired first; the other tests say so.
            self._look_again(who)

    @precondition(lambda self: self.orders)
    @rule(at=st.integers(0, 99))
    def cancel(self, at: int) -> None:
        number = sorted(self.orders)[at % len(self.orders)]
        who, _units = self.orders.pop(number)
        self.unpaid.discard(number)
        order = RetailOrder.objects.get(number=number)
        # As customs does, which voids the list in the same transaction.
        cancel_orders(orders=[order], now=SELLS, voided=[order.pk])
        self._look_again(who)

    @precondition(lambda self: self.orders.keys() - self.unpaid)
    @rule(at=st.integers(0, 99))
    def go_on(self, at: int) -> None:
        """A paid order comes to its next stage: listed, released, picked, packed, handed over."""
        waiting = sorted(self.orders.keys() - self.unpaid)
        number = waiting[at % len(waiting)]
        who, units = self.orders[number]
        order = RetailOrder.objects.get(number=number)
        if order.state == Stage.ALLOCATED:
            assert mark_listed(orders=[order.pk]) == [order.pk]
            return
        after, key, kind = NEXT[Stage(order.state)]
        advance(locked([order.pk]), after, key=key, kind=kind, now=SELLS)
        if after is Stage.HANDED_OVER:
            del self.orders[number]
        self._look_again(who, gone=units if after is Stage.HANDED_OVER else 0)

    @precondition(lambda self: self.unpaid)
    @rule(at=st.integers(0, 99))
    def pay(self, at: int) -> None:
        number = sorted(self.unpaid)[at % len(self.unpaid)]
        self.unpaid.remove(number)
        confirm_payment(order=RetailOrder.objects.get(number=number), now=SELLS)

    @precondition(lambda self: self.unpaid)
    @rule()
    def run_out(self) -> None:
        """Nobody paid in time: all of it is free again."""
        assert expire_unpaid(now=SELLS + timedelta(hours=1)) == len(self.unpaid)
        for number in self.unpaid:
            del self.orders[number]
        self.unpaid.clear()
        for who in range(len(self.sellers)):
            self._look_again(who)

    @rule(who=OWNER, at=st.integers(0, 99), units=UNITS)
    def offer(self, who: int, at: int, units: int) -> None:
        """To the other seller, of what of a lot is free."""
        lot = at % len(self.lots)
        free = sum(
            n
            for (owner, of, _place, status), n in self.expected.items()
            if (owner, of, status) == (who, lot, FREE)
        )
        try:
            made = offer_stock(
                giver=self.sellers[who],
                taker=self.sellers[1 - who].code,
                lot=self.lots[lot].number,
                offer=Offer(units, 0, SELLS.date()),
                offered_by=self.clerk,
                now=SELLS,
            )
        except NotThatMuchToOffer:
            assert units > free
            return
        assert units <= free
        self.offers[made.number] = made
        self._changed_hands(lot, {who: 0, 1 - who: 0})

    @precondition(lambda self: self.offers)
    @rule(at=st.integers(0, 99), is_taken=st.booleans())
    def answer(self, at: int, is_taken: bool) -> None:
        made = self.offers.pop(sorted(self.offers)[at % len(self.offers)])
        giver, units = self.sellers.index(made.giver), made.quantity if is_taken else 0
        if is_taken:
            accept_offer(transfer=made, company=made.taker, accepted_by=self.clerk, now=SELLS)
        else:
            withdraw_offer(transfer=made, company=made.giver, withdrawn_by=self.clerk, now=SELLS)
        self._changed_hands(self.lots.index(made.lot), {giver: -units, 1 - giver: units})

    def _changed_hands(self, lot: int, gained: dict[int, int]) -> None:
        """Nothing of the lot moved to another place; each owner has so much more of it; what is
        set aside is what is offered."""
        stands = self._stands()
        by_place, by_owner = Counter[int](), Counter[int]()
        for found, sign in ((self.expected, -1), (stands, 1)):
            for (owner, of, place, _status), n in found.items():
                if of == lot:
                    by_place[place] += sign * n
                    by_owner[owner] += sign * n
        assert not any(by_place.values())
        assert all(by_owner[owner] == more for owner, more in gained.items())
        aside = sum(n for key, n in stands.items() if key[3] == Status.OFFERED)
        assert aside == sum(one.quantity for one in self.offers.values())
        for key in [key for key in self.expected if key[1] == lot]:
            del self.expected[key]
        self.expected.update({key: n for key, n in stands.items() if key[1] == lot})

    def _look_again(self, who: int, gone: int = 0) -> None:
        """An order moved units between available and promised, and no others; ``gone`` units of
        it a carrier took."""
        kept = {FREE, *PROMISED}
        before = {key: n for key, n in self.expected.items() if key[0] == who and key[3] in kept}
        after = {key: n for key, n in self._stands().items() if key[0] == who and key[3] in kept}
        by_place = Counter[tuple[int, int, int]]()
        for found, sign in ((before, 1), (after, -1)):
            for key, units in found.items():
                by_place[key[:3]] += sign * units
        assert sum(by_place.values()) == gone, "nothing else left its lot and its place"
        assert all(units >= 0 for units in by_place.values())
        promised = sum(units for owner, units in self.orders.values() if owner == who)
        # What is offered to the other seller is promised as well.
        mine = self.sellers[who].pk
        promised += sum(one.quantity for one in self.offers.values() if one.giver_id == mine)
        assert sum(n for key, n in after.items() if key[3] in PROMISED) == promised
        for key in before:
            del self.expected[key]
        self.expected.update(after)

    @rule(who=OWNER, at=st.integers(0, 99), place=OWNER, units=UNITS)
    def move(self, who: int, at: int, place: int, units: int) -> None:
        lot, other = at % len(self.lots), 1 - place
        legs = rules.moved(
            self.lots[lot].pk,
            units,
            status=FREE,
            origin=self.places[place].pk,
            destination=self.places[other].pk,
        )
        self._book(Kind.MOVED, who, legs, {(lot, place, FREE): -units, (lot, other, FREE): units})

    @rule(at=st.integers(0, 99), place=OWNER, units=UNITS)
    def put_away(self, at: int, place: int, units: int) -> None:
        """The warehouse moves units of a lot, whoever's they are: in proportion."""
        lot, other = at % len(self.lots), 1 - place
        there = {
            who: self.expected[who, lot, place, FREE]
            for who in range(2)
            if self.expected[who, lot, place, FREE]
        }
        names = [self.places[one].code for one in (place, other)]
        move = Move(self.lots[lot].number, FREE, names[0], names[1], units)
        try:
            move_stock(house=self.house, moves=[move], moved_by=self.clerk, now=SELLS)
        except TooFewThere:
            assert units > sum(there.values())
            return
        for who, part in split(units, there, lot="", place="").items():
            self.expected[who, lot, place, FREE] -= part
            self.expected[who, lot, other, FREE] += part

    @rule(who=OWNER, at=st.integers(0, 99), place=OWNER, units=UNITS, what=st.sampled_from(CHANGES))
    def change(
        self, who: int, at: int, place: int, units: int, what: tuple[Status, Status]
    ) -> None:
        """Into quarantine and out of it, damaged, recalled."""
        (before, after), lot = what, at % len(self.lots)
        legs = rules.changed(
            self.lots[lot].pk, self.places[place].pk, units, before=before, after=after
        )
        self._book(
            Kind.CHANGED, who, legs, {(lot, place, before): -units, (lot, place, after): units}
        )

    @rule(who=OWNER, at=st.integers(0, 99), place=OWNER, off=st.integers(-4, 4).filter(bool))
    def count(self, who: int, at: int, place: int, off: int) -> None:
        lot = at % len(self.lots)
        legs = rules.counted(self.lots[lot].pk, self.places[place].pk, off, status=FREE)
        self._book(Kind.COUNTED, who, legs, {(lot, place, FREE): off})

    @rule(who=OWNER, at=st.integers(0, 99), place=OWNER, units=UNITS)
    def destroy(self, who: int, at: int, place: int, units: int) -> None:
        lot, status = at % len(self.lots), Status.DAMAGED
        legs = rules.destroyed(self.lots[lot].pk, self.places[place].pk, units, status=status)
        self._book(Kind.DESTROYED, who, legs, {(lot, place, status): -units})

    @precondition(lambda self: self.booked)
    @rule(at=st.integers(0, 99))
    def book_again(self, at: int) -> None:
        post(postings=[self.booked[at % len(self.booked)]], now=SELLS + timedelta(days=1))

    def _book(
        self,
        kind: Kind,
        who: int,
        legs: tuple[Leg, ...],
        moves: dict[tuple[int, int, Status], int],
    ) -> None:
        self.steps += 1
        posting = Posting(
            key=f"machine:{self.steps}",
            kind=kind,
            document=f"M-{self.steps}",
            owner=self.sellers[who].pk,
            keeper=self.house.operator_id,
            moved_at=SELLS,
            legs=legs,
        )
        fits = all(self.expected[who, *key] + units >= 0 for key, units in moves.items())
        try:
            post(postings=[posting], now=SELLS)
        except StockShort:
            assert not fits
            return
        assert fits
        self.booked.append(posting)
        for key, units in moves.items():
            self.expected[who, *key] += units

    @invariant()
    def everything_agrees(self) -> None:
        if not hasattr(self, "places"):
            return
        stands = self._stands()
        assert stands == {key: units for key, units in self.expected.items() if units}
        assert prove_stock() == []
        assert self._replayed() == stands

    def _stands(self) -> dict[Key, int]:
        rows = Holding.objects.exclude(on_hand=0).values_list(
            "owner_id", "lot_id", "location_id", "status", "on_hand"
        )
        return self._named(rows)

    def _replayed(self) -> dict[Key, int]:
        """The holdings, from nothing but the legs of the ledger."""
        rows = (
            StockMovement.objects.filter(account="stock")
            .values_list("owner_id", "lot_id", "location_id", "status")
            .annotate(units=Sum("quantity"))
            .exclude(units=0)
        )
        return self._named(rows)

    def _named(self, rows: object) -> dict[Key, int]:
        owners = {one.pk: at for at, one in enumerate(self.sellers)}
        lots = {one.pk: at for at, one in enumerate(self.lots)}
        places = {one.pk: at for at, one in enumerate(self.places)}
        return {
            (owners[owner], lots[lot], places[place], Status(status)): units
            for owner, lot, place, status, units in rows  # type: ignore[attr-defined]
        }


def test_nothing_is_lost_whatever_happens() -> None:
    run_state_machine_as_test(
        Stock, settings=settings(max_examples=8, stateful_step_count=15, deadline=None)
    )
