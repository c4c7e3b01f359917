"""What the machine of the stock does with a pallet."""

from __future__ import annotations

from collections import Counter

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from accounts.models import User
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse, Location, Lot, Pallet, Zone
from warehouse.rules.posting import PROMISED, Status
from warehouse.rules.putting import AlreadyThere, ZoneDoesNotFit, split
from warehouse.services import Move, make_pallet, move_pallet

SHELVES = ["A-01", "A-02"]


class OnPallets(RuleBasedStateMachine):
    """The second place of the machine is a pallet, which stands at the gate or at a shelf."""

    expected: Counter[tuple[int, int, int, Status]]
    lots: list[Lot]
    house: BondedWarehouse
    clerk: User
    pallet: Pallet
    stands = "GATE"

    def stack(self, held: dict[int, int], units: int) -> Location:
        """A new pallet, with units of the first lot, of which each owner has so many."""
        for code in SHELVES:
            Location.objects.create(warehouse=self.house, code=code, zone=Zone.STORAGE)
        goods = Move(self.lots[0].number, Status.AVAILABLE, "GATE", "", units)
        self.pallet = make_pallet(
            house=self.house, place="GATE", goods=[goods], made_by=self.clerk, now=SELLS
        )
        for who, part in split(units, held, lot="", place="").items():
            self.expected[who, 0, 0, Status.AVAILABLE] -= part
            self.expected[who, 0, 1, Status.AVAILABLE] += part
        return self.pallet.location

    @rule(to=st.sampled_from(["GATE", *SHELVES]))
    def shift(self, to: str) -> None:
        """The pallet goes elsewhere, and nothing that lies on it is touched."""
        is_sound = all(
            status == Status.AVAILABLE or status in PROMISED
            for (_who, _lot, place, status), n in self.expected.items()
            if place == 1 and n
        )
        try:
            move_pallet(
                house=self.house, sscc=self.pallet.sscc, place=to, moved_by=self.clerk, now=SELLS
            )
        except AlreadyThere:
            assert to == self.stands
            return
        except ZoneDoesNotFit:
            assert not is_sound
            return
        assert is_sound or to == "GATE"
        self.stands = to
