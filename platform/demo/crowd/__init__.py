"""A platform that has been busy for three years: a million forecast lines, made in minutes.

It is a load to measure pages on, not a story: lots and orders fit together as far as a page
can see.
"""

from __future__ import annotations

from collections.abc import Callable

from demo.crowd.bond import Bond
from demo.crowd.buying import Buying
from demo.crowd.keeping import Keeping
from demo.crowd.leaving import Leaving
from demo.crowd.office import Office
from demo.crowd.paying import Paying
from demo.crowd.planning import Planning
from demo.crowd.rows import FULL, PEOPLE, Size
from demo.crowd.storing import Storing
from demo.crowd.zone import Zone


class Crowd(Buying, Planning, Bond, Keeping, Leaving, Zone, Storing, Paying, Office):
    """Fills the tables in the order of their keys."""

    def fill(self) -> None:
        """All of it; what the planner wants to know is the caller's to ask for."""
        for number, step in enumerate(self.steps):
            self.told(step.__name__.replace("_", " "), number, len(self.steps))
            step()
        self.told("done", len(self.steps), len(self.steps))

    @property
    def steps(self) -> tuple[Callable[[], None], ...]:
        return (
            *(self.companies, self.people, self.products, self.offers, self.rounds),
            *(self.forecasts, self.orders, self.shares, self.results, self.shipments),
            *(self.plans, self.bills),
            *(
                self.receipts,
                self.lots,
                self.declarations,
                self.retail_orders,
                self.movements,
                self.counts,
                self.transfers,
                self.retail_lists,
            ),
            *(self.waves, self.parcels, self.hand_overs, self.places, self.storage, self.claims),
            *(self.books, self.export_lists, self.statements),
            *(self.settlement, self.trace, self.notices),
            *(self.admissions, self.keys, self.jobs, self.webhooks, self.channels),
            *(self.bank_accounts, self.files, self.under_way),
        )


__all__ = ["FULL", "PEOPLE", "Crowd", "Size"]
