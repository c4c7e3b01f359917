"""What the people in front of the browsers find: the canary's quarter, and work for each of them.

Everything that is done twice, once in each language, is there twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.walls import platform_wide
from tests.factories import settlement as money
from tests.factories.accounts import MembershipFactory, SellerFactory
from tests.factories.catalog import TradingPartnerFactory
from tests.factories.customs import a_shipment
from tests.factories.procurement import PoolRoundFactory
from tests.factories.warehouse import a_cleared_shipment
from tests.walls.addresses import TABLE, path_of
from tests.walls.world import SELLS, SETTLES, World, build
from traceability.services import issue_labels, print_next_label_sheet

#: The clock of the site's doors when it opens.
NOW = SETTLES + timedelta(hours=1)
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class Work:
    """What one language's people do; plain words, so that no test asks the database for them."""

    quarter: str
    cutoff_at: datetime
    seller: str
    undeclared: str
    entry_number: str
    at_gate: str
    invoice: str
    debtor: int
    item_code: str


@dataclass(frozen=True)
class Town:
    """Addresses by route, e-mail by name of a person, work by language."""

    paths: dict[str, str]
    emails: dict[str, str]
    work: dict[str, Work]
    sku: str


def found() -> Town:
    """Make everything; each row is committed."""
    with platform_wide():
        world = build()
        works = [_work(world, at) for at in range(len(LANGUAGES))]
        while print_next_label_sheet(now=lambda: NOW):
            pass
        # Whoever has a passkey is asked for it from then on, so each test has people of its own.
        holders = {
            f"key holder {name}": MembershipFactory.create(company=world.stranger).user.email
            for name in (*LANGUAGES, "other")
        }
        return Town(
            paths={route: path_of(route, world) for route in TABLE},
            emails={name: person.email for name, person in world.people.items()}
            | {f"seller {work.quarter}": work.seller for work in works}
            | holders,
            work=dict(zip(LANGUAGES, works, strict=True)),
            sku=world.lot.product.sku,
        )


def _work(world: World, at: int) -> Work:
    seller = SellerFactory.create(code=f"SHOP-{at}")
    person = MembershipFactory.create(company=seller).user
    held = PoolRoundFactory.create(
        quarter=f"2027-Q{at + 1}",
        opens_at=NOW - timedelta(days=9),
        cutoff_at=NOW + timedelta(days=3),
    )
    shipment = a_shipment(importer=world.importer)
    keeper = world.lot.warehouse.operator
    gate = a_cleared_shipment({seller: 60, world.seller: 30}, bound_for=keeper).shipment
    # Whoever walks all pages has looked at the world's own items before.
    (sheet,) = issue_labels(
        product=world.lot.product, lot_number=world.lot.number, count=1, now=SELLS
    )
    debtor = money.importer()
    money.book(
        TradingPartnerFactory.create(),
        debtor,
        {seller.pk: 123_456, world.seller.pk: 100_000},
        number=f"INV-{at}-A",
    )
    return Work(
        quarter=held.quarter,
        cutoff_at=held.cutoff_at,
        seller=person.email,
        undeclared=shipment.number,
        entry_number=f"31052026100000002{at}",
        at_gate=gate.number,
        invoice=f"INV-{at}-A",
        debtor=debtor.pk,
        item_code=sheet.serials[0],
    )
