"""What the machine of the stock does with two orders of one buyer."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from accounts.models import Company, User
from tests.factories.warehouse import SELLS
from warehouse.models import RetailOrder
from warehouse.rules.merging import MERGEABLE, PastMerging
from warehouse.rules.order_way import Stage
from warehouse.services import NewOrder, lock_to_merge, merge_orders


class Merges(RuleBasedStateMachine):
    """All orders of the machine are one buyer's; ``orders`` are seller and units by number."""

    orders: dict[str, tuple[int, int]]
    unpaid: set[str]
    sellers: list[Company]
    clerk: User
    steps: int

    def sell(self, who: int, units: int, is_part: bool, is_paid: bool) -> None:
        raise NotImplementedError

    @precondition(lambda self: self.orders)
    @rule(at=st.integers(0, 99), other=st.integers(1, 99), is_paid=st.booleans())
    def merge(self, at: int, other: int, is_paid: bool) -> None:
        """One new order takes the place of two, with the very lots that were theirs; who has one
        only sells another first."""
        first = sorted(self.orders)[at % len(self.orders)]
        who = self.orders[first][0]
        self.sell(who, 1, False, True)
        others = sorted(number for number, (of, _n) in self.orders.items() if of == who)
        others.remove(first)
        if not others:
            return
        chosen = [first, others[other % len(others)]]
        self.steps += 1
        until = None if is_paid else SELLS + timedelta(hours=1)
        told = NewOrder(f"M-{self.steps}", SELLS, unpaid_until=until)
        rows = RetailOrder.objects.filter(number__in=chosen)
        states = set(rows.values_list("state", flat=True))
        lists = dict.fromkeys(rows.filter(state=Stage.LISTED).values_list("pk", flat=True), "RL")
        try:
            made = merge_orders(
                held=lock_to_merge(seller=self.sellers[who], numbers=chosen),
                told=told,
                merged_by=self.clerk,
                now=SELLS,
                lists=lists,
            )
        except PastMerging:
            assert states - MERGEABLE
            return
        assert states <= MERGEABLE
        self.orders[made.number] = (who, sum(self.orders.pop(number)[1] for number in chosen))
        self.unpaid -= set(chosen)
        if not is_paid:
            self.unpaid.add(made.number)
        # Nothing moved: what was promised lies where it lay.
