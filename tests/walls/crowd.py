"""Who else is there: clerks, the same roles elsewhere, and who has no company."""

from __future__ import annotations

from accounts.models import Role
from tests.factories.accounts import (
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.procurement import ShipmentFactory
from tests.factories.warehouse import a_cleared_shipment
from tests.walls.world import SETTLES, World


def crowd(world: World) -> None:
    """Beside the world's people: clerks, the same roles elsewhere, and who has no company.

    Call inside ``platform_wide()``.
    """
    people = world.people
    keeper = people["warehouse"].memberships.get().company
    # Two more are at sea: one is declared into the keeper's warehouse, the other into none yet.
    for at, bound_for in enumerate((keeper, None), 1):
        a_cleared_shipment(
            {world.seller: 7919},
            product=world.lot.product,
            shipment=ShipmentFactory.create(
                order__buyer=world.importer,
                order__round=world.round,
                vessel=f"VESSELCANARY {at}",
                bill_of_lading=f"EXCANARYBL{at}",
                bound_for=bound_for,
            ),
        )
    people["strange seller"] = people["stranger"]
    people["strange importer"] = people["other_importer"]
    people["strange warehouse"] = people["other_warehouse"]
    platform = PlatformCompanyFactory.create(code="OTHER-P")
    for role in ("finance", "operator"):
        people[f"strange {role}"] = MembershipFactory.create(
            company=platform, role=role, is_admin=True
        ).user
    for role in ("seller", "importer", "warehouse", "finance", "operator"):
        company = people[role].memberships.get().company
        people[f"{role}'s clerk"] = MembershipFactory.create(company=company, role=role).user
    people["strange seller's clerk"] = MembershipFactory.create(
        company=world.stranger, role=Role.SELLER
    ).user
    people["homeless"] = UserFactory.create()
    people["left"] = MembershipFactory.create(company=world.seller, role=Role.SELLER).user
    people["left"].memberships.update(ended_at=SETTLES)
    people["applicant"] = MembershipFactory.create(
        company=SellerFactory.create(code="NEW-S", status="applicant"),
        role=Role.SELLER,
        is_admin=True,
    ).user
