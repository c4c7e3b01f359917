"""Open matters beside the world's quarter, so that every form of the house stands on some page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from allauth.account.forms import EmailAwarePasswordResetTokenGenerator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str

from accounts.models import Role
from accounts.services.people import invitation_token, invite
from customs.models import DeclarationDocument
from customs.services import ask_withdrawal, record_rejection
from jobs.models import Job, JobKind, JobState
from notices.models import WebhookDelivery
from notices.services import ping
from notices.services.choosing import stop_token
from notices.services.endpoints import add_endpoint, disable_endpoint
from procurement.models import BillWork, OrderDocument
from procurement.queries.charging import balance
from procurement.rules.confirming import Confirmed
from procurement.services import confirm_order, preview_upload, record_account_payment
from rest.services import issue_token
from settlement.services import approve_batch, open_batches, price_batch
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    SellerFactory,
    UserFactory,
    give_second_factor,
)
from tests.factories.admissions import AdmissionFactory, AdmissionStepFactory
from tests.factories.catalog import TradingPartnerFactory
from tests.factories.customs import a_draft, a_lodged, a_queued, a_ready, a_shipment
from tests.factories.procurement import (
    OrderShareFactory,
    PoolRoundFactory,
    PurchaseOrderFactory,
    PurchaseOrderLineFactory,
    ShipmentFactory,
    ShipmentLineFactory,
)
from tests.factories.settlement import Q3, BankAccountFactory, book
from tests.factories.warehouse import a_cleared_shipment, an_incoming_order
from tests.walls.matters_of_customs import of_authority
from tests.walls.matters_of_stock import NOW, Page, of_stock
from tests.walls.world import SELLS, SETTLES, World
from tests.walls.world_of_stock import RETAIL_HEAD
from warehouse.models import RetailOrder
from warehouse.services import (
    accept_orders,
    add_channel,
    hold_order,
    keep_upload,
    switch_channel,
)

QUARTER = "2027-Q2"


def open_matters(world: World) -> Iterator[Page]:
    """Something of everything that waits for a person, and the pages where it waits.

    Call inside ``platform_wide()``.
    """
    held = PoolRoundFactory.create(
        quarter=QUARTER, opens_at=NOW - timedelta(days=9), cutoff_at=NOW + timedelta(days=9)
    )
    yield Page("seller", f"/forecasts/{QUARTER}/edit/")
    there = f"/forecasts/{QUARTER}/upload/"
    yield Page("seller", there)
    for units in ("12", "many"):
        looked_at = preview_upload(
            round=held,
            seller=world.seller,
            file_name="a.csv",
            content=f"quarter,sku,forecast_units\n{QUARTER},MILK,{units}\n".encode(),
            uploaded_by=world.people["seller"],
            now=NOW,
            is_looked_at=True,
        )
        assert looked_at.upload
        yield Page("seller", f"{there}{looked_at.upload.pk}/")
    yield Page("seller", there, {"file": b"no table"})
    yield Page("operator", f"/rounds/{world.open_round.quarter}/")
    yield Page("operator", f"/rounds/{world.open_round.quarter}/close/")
    # Its forecasts are final, and a deposit is to be asked for.
    ended = PoolRoundFactory.create(
        quarter="2027-Q3",
        opens_at=NOW - timedelta(days=9),
        cutoff_at=NOW - timedelta(days=1),
        deposit_percent=20,
        deposit_due_at=NOW + timedelta(days=5),
    )
    yield Page("operator", f"/rounds/{ended.code}/")
    # The workers gave up on its bills.
    BillWork.objects.create(round=ended, state="failed", attempts=5, asked_at=NOW, due_at=NOW)
    yield Page("operator", f"/rounds/{ended.code}/bills/")
    yield Page("finance", f"/deposits/{world.deposit.number}/")
    yield Page("finance", f"/sellers/accounts/{world.seller.code}/")
    # It paid more than it owes, and may ask for that.
    record_account_payment(
        seller=world.seller,
        amount_minor=balance(world.seller) + 1_000,
        value_date=SETTLES.date(),
        reference="BANK-TOO-MUCH",
        noted_by=world.people["finance"],
        now=NOW,
    )
    yield Page("seller", "/owed/")
    yield from _of_orders(world)
    yield from _of_customs(world)
    yield from _of_money(world)
    yield from of_stock(world)
    yield from of_authority(world)
    yield from _of_sellers(world)
    yield from _of_companies(world)
    yield from _of_the_gate(world)
    _of_strangers(world)


def _of_strangers(world: World) -> None:
    """What a form could name that is somebody else's."""
    stranger, person = world.stranger, world.people["stranger"]
    accept_orders(seller=stranger, orders=[an_incoming_order("MILK", 1, number="T-10")], now=SELLS)
    endpoint, _secret = add_endpoint(
        company=stranger,
        role=Role.SELLER,
        url="https://stranger.example.test/hook",
        events=list(world.endpoint.events),
        created_by=person,
        now=SELLS,
    )
    ping(endpoint=endpoint, now=SELLS)
    issue_token(
        company=stranger,
        role=Role.SELLER,
        created_by=person,
        name="robot",
        scopes=["products:read"],
        days=90,
        now=NOW,
    )
    file = f"{RETAIL_HEAD}shop,T-11,2026-07-30 10:00,a,b,c,MILK,1,50.00\n".encode()
    keep_upload(seller=stranger, file_name="a.csv", content=file, uploaded_by=person, now=SELLS)
    a_draft(importer=world.other_importer)
    a_lodged(importer=world.other_importer)
    book(TradingPartnerFactory.create(), world.other_importer, {stranger.pk: 9_000})


def _of_orders(world: World) -> Iterator[Page]:
    draft = PurchaseOrderFactory.create(buyer=world.importer, state="draft", placed_at=None)
    PurchaseOrderLineFactory.create(order=draft)
    yield Page("operator", f"/orders/{draft.number}/")
    # A limit counts for this one: two people approve it.
    large = PurchaseOrderFactory.create(
        buyer=world.importer, state="draft", placed_at=None, currency="NZD"
    )
    yield Page("operator", f"/orders/{large.number}/")
    placed = PurchaseOrderFactory.create(buyer=world.importer)
    line = PurchaseOrderLineFactory.create(order=placed)
    OrderShareFactory.create(line=line, owner=world.seller, quantity=60, amount_minor=60_000)
    for step in ("ship", "confirm", "cancel"):
        yield Page("operator", f"/orders/{placed.number}/{step}/")
    asked = PurchaseOrderFactory.create(buyer=world.importer)
    line = PurchaseOrderLineFactory.create(order=asked)
    OrderShareFactory.create(line=line, owner=world.seller, quantity=60, amount_minor=60_000)
    confirm_order(order=asked, lines={line.pk: Confirmed(packs=9, pack_price_minor=6000)}, now=NOW)
    yield Page("operator", f"/orders/{asked.number}/")
    OrderDocument.objects.create(
        order=placed, number="PO-FAILED", state="failed", queued_at=NOW, due_at=NOW
    )
    yield Page("operator", f"/orders/{placed.number}/")
    at_sea = ShipmentFactory.create(order__buyer=world.importer)
    line = ShipmentLineFactory.create(shipment=at_sea).order_line
    OrderShareFactory.create(line=line, owner=world.seller, quantity=60, amount_minor=60_000)
    yield Page("finance", f"/shipments/{at_sea.number}/invoice/")
    keeper = world.people["warehouse"].memberships.get().company
    waiting = a_cleared_shipment({world.seller: 60}, bound_for=keeper)
    there = f"/warehouse/shipments/{waiting.shipment.number}/count/"
    yield Page("warehouse", there)
    yield Page(
        "warehouse",
        there,
        {"warehouse": world.lot.warehouse_id, f"line_{waiting.pk}": "60", "step": "review"},
    )


def _of_customs(world: World) -> Iterator[Page]:
    shipment = a_shipment(importer=world.importer)
    yield Page("importer", f"/customs/shipments/{shipment.number}/declare/")
    yield Page("importer", f"/customs/shipments/{shipment.number}/permits/")
    failed = a_queued(importer=world.importer)
    DeclarationDocument.objects.filter(pk=failed.pk).update(state="failed", last_error="full")
    rejected = record_rejection(declaration=a_lodged(importer=world.importer), reason="no", now=NOW)
    for one in (
        a_draft(importer=world.importer),
        failed.declaration,
        a_ready(importer=world.importer),
        a_lodged(importer=world.importer),
        rejected,
    ):
        yield Page("importer", f"/customs/declarations/{one.our_reference}/")
    there = f"/customs/declarations/{a_lodged(importer=world.importer).our_reference}"
    yield Page("importer", f"{there}/reject/", {})
    yield Page("importer", f"{there}/amend/")
    yield Page("importer", f"{there}/withdraw/")
    asked = a_lodged(importer=world.importer)
    ask_withdrawal(declaration=asked, reason="twice", asked_by=world.people["importer"], now=NOW)
    yield Page("importer", f"/customs/declarations/{asked.our_reference}/")


def _of_money(world: World) -> Iterator[Page]:
    for number in range(3):
        book(TradingPartnerFactory.create(), world.importer, {world.seller.pk: 5_000 + number})
    to_price, to_approve, to_export = open_batches(
        debtor=world.importer,
        period_start=Q3[0],
        period_end=Q3[1],
        created_by=world.people["checker"],
        now=SETTLES,
    )
    for batch in (to_approve, to_export):
        price_batch(batch=batch, priced_by=world.people["checker"], now=SETTLES)
    approve_batch(batch=to_export, approved_by=world.people["finance"], seen=SETTLES, now=SETTLES)
    book(TradingPartnerFactory.create(), world.importer, {world.seller.pk: 7_000}, number="INV-8")
    for one in (to_price, to_approve, to_export):
        yield Page("finance", f"/settlement/batches/{one.number}/")
    entered = BankAccountFactory.create(
        company=world.importer,
        currency="USD",
        state="entered",
        entered_by=world.people["checker"],
        confirmed_by=None,
        confirmed_at=None,
    )
    yield Page("finance", f"/settlement/accounts/{entered.number}/")
    yield Page("finance", "/settlement/")


def _of_sellers(world: World) -> Iterator[Page]:
    yield Page("partner", f"/stock/transfers/{world.transfer.number}/")
    accept_orders(
        seller=world.seller, orders=[an_incoming_order("MILK", 1, number="T-9")], now=SELLS
    )
    sold = RetailOrder.objects.get(channel_order_number="T-9")
    yield Page("seller", f"/retail-orders/{sold.number}/")
    yield Page("seller", f"/customs/parcels/{sold.number}/")
    # One more of the same buyer, so that the two could go as one parcel.
    accept_orders(seller=world.seller, orders=[an_incoming_order("MILK", number="T-14")], now=SELLS)
    yield Page("seller", f"/retail-orders/{sold.number}/merge/")
    # One that is not paid yet, and is held back by both.
    later = an_incoming_order("MILK", number="T-12", unpaid_until=SELLS + timedelta(days=1))
    (waits,) = accept_orders(seller=world.seller, orders=[later], now=SELLS)
    waiting = RetailOrder.objects.filter(number=waits.number)
    waiting.update(unpaid_until=SELLS + timedelta(days=9_999))
    for who, company in (("seller", world.seller), ("warehouse", world.lot.warehouse.operator)):
        hold_order(
            number=waits.number,
            company=company,
            reason="The buyer moves",
            acted_by=world.people[who],
            now=SELLS,
        )
    yield Page("seller", f"/retail-orders/{waits.number}/")
    yield Page("warehouse", "/warehouse/holds/")
    job = Job.objects.create(
        kind=JobKind.EXPORT,
        table="retail-orders",
        owner=world.seller,
        user=world.people["seller"],
        role=Role.SELLER,
        state=JobState.QUEUED,
        queued_at=SELLS,
        due_at=SELLS,
    )
    yield Page("seller", f"/jobs/{job.public_id}/")
    yield Page("seller", "/lists/retail-orders/act/", {"action": "cancel", "row": sold.pk})
    off, _secret = add_endpoint(
        company=world.seller,
        role=Role.SELLER,
        url="https://canary.example.test/other",
        events=list(world.endpoint.events),
        created_by=world.people["seller"],
        now=SELLS,
    )
    disable_endpoint(endpoint=off, now=SELLS)
    yield Page("seller", f"/channels/{world.channel.uid}/")
    closed, _secret = add_channel(
        seller=world.seller,
        name="closed",
        kind="shopify",
        secret="x" * 16,
        created_by=None,
        now=SELLS,
    )
    switch_channel(channel=closed, on=False)
    yield Page("seller", f"/channels/{closed.uid}/")
    yield Page("seller", f"/channels/deliveries/{world.channel_delivery.uid}/")
    yield Page("seller", f"/webhooks/{world.endpoint.uid}/")
    yield Page("seller", f"/webhooks/{off.uid}/")
    WebhookDelivery.objects.filter(pk=world.message.pk).update(state="failed")
    yield Page("seller", f"/webhooks/messages/{world.message.uid}/")
    issue_token(
        company=world.seller,
        role=Role.SELLER,
        created_by=world.people["seller"],
        name="robot",
        scopes=["products:read"],
        days=90,
        now=NOW,
    )
    yield Page("seller", "/tokens/")


def _of_companies(world: World) -> Iterator[Page]:
    yield Page("operator", f"/companies/{world.seller.code}/")
    yield Page("operator", f"/people/{world.importer.code}/")
    member = world.people["seller"].memberships.get()
    yield Page("operator", f"/people/{world.seller.code}/members/{member.pk}/")
    waiting = AdmissionFactory.create()
    AdmissionStepFactory.create(admission=waiting)
    yield Page("operator", f"/admissions/{waiting.pk}/")
    asked = SellerFactory.create(code="ASKED-S", status="applicant")
    person = MembershipFactory.create(company=asked, role=Role.SELLER, is_admin=True).user
    world.people["asked back"] = person
    back = AdmissionFactory.create(company=asked, state="asked")
    AdmissionStepFactory.create(admission=back, taken_by=person)
    yield Page("asked back", "/admission/")
    yield Page("homeless", "/apply/")
    # Who has no second factor yet.
    for path in ("confirm", "app", "email", "passkeys/new"):
        yield Page("importer", f"/account/{path}/")


def _of_the_gate(world: World) -> Iterator[Page]:
    stopped = stop_token(world.people["seller"].memberships.get().pk, "share.cleared")
    yield Page("", f"/mail/stop/{stopped}/")
    yield Page("", f"/invitation/{invitation_token(world.invitation)}/")
    for name, email in (("homeless", world.people["homeless"].email), ("seller", "x@example.test")):
        asked = invite(
            company=world.stranger,
            email=email,
            role=Role.SELLER,
            is_admin=False,
            by=world.people["stranger"],
            now=NOW,
        )
        yield Page(name, f"/invitation/{invitation_token(asked)}/")
    world.people["two companies"] = person = UserFactory.create()
    MembershipFactory.create(user=person, company=world.seller)
    platform = world.people["finance"].memberships.get().company
    finance = MembershipFactory.create(
        user=person, company=platform, role=Role.FINANCE, second_factor=False
    )
    yield Page("two companies", "/")
    act = ("/act-for/", {"membership": finance.pk})
    yield Page("two companies", "/account/second-factor/", before=[act])
    unproven = EmailAddress.objects.create(user=person, email="new@example.test")
    yield Page("", f"/signup/confirm/{EmailConfirmationHMAC(unproven).key}/")
    give_second_factor(world.people["left"])
    yield Page("left", "/account/app/remove/")
    half = {"email": world.people["operator"].email, "password": PASSWORD}
    yield Page("", "/login/second-factor/", before=[("/login/", half)])
    half = {"email": world.people["seller"].email, "password": PASSWORD}
    yield Page("", "/login/second-factor/", before=[("/login/", half)])
    # Who comes in meanwhile makes the link useless.
    forgetful = world.people["checker"]
    key = EmailAwarePasswordResetTokenGenerator().make_token(forgetful)
    link = f"/password/reset/{user_pk_to_url_str(forgetful)}"
    yield Page("", f"{link}/set-password/", before=[(f"{link}/{key}/", None)])
