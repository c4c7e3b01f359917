"""What the machine of the stock does with units that have serial numbers."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from accounts.models import User
from tests.factories.warehouse import SELLS
from warehouse.models import BondedWarehouse, Lot, SerialUnit
from warehouse.rules.posting import Account, Posting
from warehouse.rules.renumbering import Act, FewerUnitsGone, SerialNotGone, SerialNotInHouse
from warehouse.services import change_serial

NUMBERS = ["S-1", "S-2", "S-3"]
OUTSIDE = {Account.ADJUSTMENT, Account.DESTROYED}


class NamedUnits(RuleBasedStateMachine):
    """Some units of the first lot have numbers; ``named`` are those that are said to be gone."""

    lots: list[Lot]
    house: BondedWarehouse
    clerk: User
    booked: list[Posting]
    named: frozenset[str] = frozenset()

    def count(self, who: int, at: int, place: int, off: int) -> None:
        raise NotImplementedError

    def number_units(self) -> None:
        lot = self.lots[0]
        SerialUnit.objects.bulk_create(
            SerialUnit(
                product_id=lot.product_id,
                serial=serial,
                receipt_line_id=lot.receipt_line_id,
                keeper_id=self.house.operator_id,
            )
            for serial in NUMBERS
        )

    @rule(who=st.integers(0, 1), serial=st.sampled_from(NUMBERS))
    def lose(self, who: int, serial: str) -> None:
        """A count misses a unit, and somebody says which."""
        self.count(who, 0, 0, -1)
        legs = [leg for one in self.booked for leg in one.legs if leg.account in OUTSIDE]
        gone = sum(leg.quantity for leg in legs if leg.lot == self.lots[0].pk)
        try:
            self._say(serial, Act.LOST)
        except SerialNotInHouse:
            assert serial in self.named
            return
        except FewerUnitsGone:
            assert gone <= len(self.named)
            return
        assert gone > len(self.named)
        assert serial not in self.named
        self.named |= {serial}

    @rule(who=st.integers(0, 1), serial=st.sampled_from(NUMBERS), is_said=st.booleans())
    def find(self, who: int, serial: str, is_said: bool) -> None:
        """A count finds a unit; which it is, somebody says at once or later."""
        self.count(who, 0, 0, 1)
        if not is_said:
            return
        try:
            self._say(serial, Act.FOUND)
        except SerialNotGone:
            assert serial not in self.named
            return
        assert serial in self.named
        self.named -= {serial}

    def _say(self, serial: str, act: Act) -> None:
        change_serial(
            lot=self.lots[0],
            serial=serial,
            act=act,
            reason="Counted",
            changed_by=self.clerk,
            now=SELLS,
        )
