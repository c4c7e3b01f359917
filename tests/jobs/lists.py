"""Declarations to be printed, retail lists that an operator records as released or a seller tells
anew, and messages to customs that failed."""

from __future__ import annotations

from collections.abc import Callable

from accounts.models import Membership, Role
from customs.models import (
    Declaration,
    DeclarationState,
    MessageRetry,
    MessageState,
    OutgoingElement,
    RetailList,
    RetailRelease,
)
from customs.services import book_due, cancel_order, draw_retail_lists
from customs.services.telling_parcels import tell_parcels
from tests.customs.booked import counted, released, sold
from tests.customs.receipts.answers import answered
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    UserFactory,
)
from tests.factories.catalog import ProductFactory
from tests.factories.customs import TariffRateFactory, a_draft, a_ready
from tests.factories.messages import (
    GatewayFactory,
    OutgoingMessageFactory,
    RetailPartiesFactory,
    at_customs,
)
from tests.factories.warehouse import SELLS, an_incoming_order, received_stock
from warehouse.models import BondedWarehouse
from warehouse.services import accept_orders


def scene() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two lists that the authority released, and one whose order was cancelled."""
    seller = SellerFactory.create()
    TariffRateFactory.create()
    received_stock({seller: 9}, product=ProductFactory.create(sku="MILK"))
    accept_orders(
        seller=seller,
        orders=[an_incoming_order("MILK", number=f"T-{at}") for at in range(3)],
        now=SELLS,
    )
    draw_retail_lists(now=SELLS)
    lists = list(RetailList.objects.select_related("order").order_by("pk"))
    cancel_order(order=lists[2].order, by=None, now=SELLS)
    actor = MembershipFactory.create(company=PlatformCompanyFactory.create(), role=Role.OPERATOR)
    return actor, [one.pk for one in lists], lambda: RetailRelease.objects.count()


def refused() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two lists of whose waybills customs wants to know nothing, and one that lacks nothing."""
    seller, clerk = SellerFactory.create(), UserFactory.create()
    declaration = released(seller)
    book_due(now=SELLS, everything=True)
    counted(declaration, clerk)
    book_due(now=SELLS, everything=True)
    sold(seller, 1, 2, 3)
    at_customs(BondedWarehouse.objects.get())
    parties = RetailPartiesFactory.create(seller=seller)
    GatewayFactory.create(company=parties.agent)
    tell_parcels(now=SELLS)
    lists = list(RetailList.objects.order_by("pk"))
    for waybill in OutgoingElement.objects.filter(retail_list__in=lists[:2], kind="CEB511"):
        answered(waybill, "-504001", at=SELLS)
    actor = MembershipFactory.create(company=seller, role=Role.SELLER)
    anew = OutgoingElement.objects.filter(turn=2)
    return actor, [one.pk for one in lists], lambda: anew.count()


def messages() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two messages that could not be sent, and one that was."""
    actor = MembershipFactory.create(company=ImporterFactory.create(), role=Role.IMPORTER)
    gateway = GatewayFactory.create(company=actor.company)
    failed = MessageState.FAILED
    made = [
        OutgoingMessageFactory.create(gateway=gateway, state=state, sent_at=at)
        for state, at in ((failed, None), (failed, None), (MessageState.SENT, SELLS))
    ]
    return actor, [one.pk for one in made], lambda: MessageRetry.objects.count()


def drafts() -> tuple[Membership, list[int], Callable[[], int]]:
    """Two drafts, and one whose paper is made."""
    company = ImporterFactory.create()
    actor = MembershipFactory.create(company=company, role=Role.IMPORTER)
    ready = a_ready(importer=company)
    rows = [*sorted(a_draft(importer=company).pk for _ in range(2)), ready.pk]
    queued = Declaration.objects.filter(state=DeclarationState.QUEUED)
    return actor, rows, lambda: queued.count()
