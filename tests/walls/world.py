"""Two sellers and two importers with a whole quarter each other must not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from allauth.mfa.models import Authenticator

from accounts.models import AdmissionDocument, AdmissionState, Company, Invitation, Role, User
from accounts.services.people import invite
from customs.models import Declaration, RetailList
from customs.services import (
    draft_declaration,
    lodge,
    make_due_documents,
    queue_document,
    record_release,
)
from jobs.models import Job, JobKind, JobOutcome, JobPart, JobState
from notices.catalogue import hooked
from notices.models import NoticeCopy, WebhookDelivery, WebhookEndpoint
from notices.services import add_endpoint, choose, ping, tell
from procurement.models import (
    Forecast,
    ForecastUpload,
    LateWish,
    PoolRound,
    PurchaseOrder,
    SellerSku,
    Shipment,
    SupplierOffer,
)
from procurement.services import (
    ShippedLine,
    close_round,
    file_forecast,
    keep_late_wish,
    map_own_sku,
    place_order,
    preview_upload,
    record_invoice,
    ship_order,
)
from procurement.services import make_due_documents as print_orders
from rest.models import ApiToken
from rest.services import issue_token, store_answer
from settlement.models import BankAccount, Payable, PaymentFile, SettlementBatch
from settlement.services import approve_batch, export_batches, open_batches, price_batch
from tests.factories.accounts import (
    ImporterFactory,
    MembershipFactory,
    PlatformCompanyFactory,
    SellerFactory,
    WarehouseOperatorFactory,
)
from tests.factories.admissions import (
    AdmissionDocumentFactory,
    AdmissionFactory,
    AdmissionStepFactory,
)
from tests.factories.catalog import ProductFactory, TradingPartnerFactory
from tests.factories.customs import EntryStatementFactory, TariffRateFactory, told_office
from tests.factories.passkeys import a_credential
from tests.factories.procurement import (
    AFTER,
    DURING,
    PoolRoundFactory,
    PriceBreakFactory,
    SupplierOfferFactory,
)
from tests.factories.settlement import BankAccountFactory, SettlementPolicyFactory, paid_to
from tests.factories.warehouse import BondedWarehouseFactory, an_incoming_order
from tests.walls.agreed import agree, bill_more
from tests.walls.world_of_channels import Shops, a_shop_that_sent
from tests.walls.world_of_credit import owe_and_sell, score, state_all
from tests.walls.world_of_customs import Told, told_to_customs
from tests.walls.world_of_declaring import Countered, filed, on_ways, refused_amendment, watched
from tests.walls.world_of_orders import Sent, sent_on
from tests.walls.world_of_papers import printed_out
from tests.walls.world_of_people import came_in
from tests.walls.world_of_stock import RETAIL_HEAD, Stocked, happened
from traceability.models import LabelSheet
from traceability.services import issue_labels, print_next_label_sheet
from warehouse.models import Lot, Receipt, RetailOrder, RetailUpload
from warehouse.services import accept_orders, keep_upload, receive

#: Words and figures of the quarter that only its own people may read.
SELLERS_SECRETS = ("CANARY", "canary", "7919", "7,919", "9109", "9,109", "金丝雀")
IMPORTERS_SECRETS = (*SELLERS_SECRETS, "EXCANARYBL", "VESSELCANARY", "INV-CANARY")

LEAVES = AFTER + timedelta(days=10)
DECLARES = datetime(2026, 7, 14, 2, 30, tzinfo=UTC)
SELLS = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
SETTLES = datetime(2026, 10, 30, 4, 0, tzinfo=UTC)


@dataclass
class World(Stocked, Shops, Told, Countered):
    """Who is there, and what the quarter left behind."""

    people: dict[str, User]
    seller: Company
    stranger: Company
    importer: Company
    other_importer: Company
    round: PoolRound
    open_round: PoolRound
    offer: SupplierOffer
    order: PurchaseOrder
    shipment: Shipment
    declaration: Declaration
    receipt: Receipt
    retail_order: RetailOrder
    retail_list: RetailList
    upload: ForecastUpload
    late_wish: LateWish
    own_sku: SellerSku
    retail_upload: RetailUpload
    sent: Sent
    payable: Payable
    batch: SettlementBatch
    file: PaymentFile
    account: BankAccount
    sheet: LabelSheet
    forecast: Forecast
    notice: NoticeCopy
    endpoint: WebhookEndpoint
    message: WebhookDelivery
    token: ApiToken
    job: Job
    invitation: Invitation
    passkey: Authenticator
    paper: AdmissionDocument


def build() -> World:
    """A quarter told by the services, as the doors do. Call inside ``platform_wide()``."""
    seller = SellerFactory.create(code="CANARY-S", name_zh="金丝雀商贸", name_en="Canary Trading")
    stranger = SellerFactory.create(code="OTHER-S")
    importer = ImporterFactory.create(
        code="CANARY-I",
        name_zh="金丝雀进出口",
        name_en="Canary Import",
        town="Ningbo",
        street="Canary Road 1",
    )
    other_importer = ImporterFactory.create(code="OTHER-I")
    platform = PlatformCompanyFactory.create()
    keeper = WarehouseOperatorFactory.create()
    other_keeper = WarehouseOperatorFactory.create()
    roles = {
        "seller": (seller, Role.SELLER),
        "stranger": (stranger, Role.SELLER),
        "importer": (importer, Role.IMPORTER),
        "other_importer": (other_importer, Role.IMPORTER),
        "warehouse": (keeper, Role.WAREHOUSE),
        "other_warehouse": (other_keeper, Role.WAREHOUSE),
        "finance": (platform, Role.FINANCE),
        "checker": (platform, Role.FINANCE),
        "operator": (platform, Role.OPERATOR),
    }
    people = {
        name: MembershipFactory.create(company=company, role=role, is_admin=True).user
        for name, (company, role) in roles.items()
    }
    came_in(people["seller"])
    admission = AdmissionFactory.create(company=seller, state=AdmissionState.ADMITTED.value)
    AdmissionStepFactory.create(admission=admission, taken_by=people["seller"])
    paper = AdmissionDocumentFactory.create(
        admission=admission, file_name="canary-licence.pdf", added_by=people["seller"]
    )
    house = BondedWarehouseFactory.create(operator=keeper)
    BondedWarehouseFactory.create(operator=other_keeper)
    TariffRateFactory.create()
    supplier = TradingPartnerFactory.create(company__code="SUP-OF-MILK")
    product = ProductFactory.create(sku="MILK", pack_quantity=1)
    offer = SupplierOfferFactory.create(
        product=product, supplier=supplier, pack_quantity=1, minimum_quantity=0
    )
    PriceBreakFactory.create(offer=offer, from_packs=1, pack_price_minor=1000)
    SettlementPolicyFactory.create(debtor=importer)
    BankAccountFactory.create(company=importer)
    account = paid_to(supplier)

    endpoint, _secret = add_endpoint(
        company=seller,
        role=Role.SELLER,
        url="https://canary.example.test/hook",
        events=[event.code for event in hooked(Role.SELLER)],
        created_by=people["seller"],
        now=DURING,
    )
    message = ping(endpoint=endpoint, now=DURING)
    choose(
        membership=people["seller"].memberships.get(), choices={"share.cleared": (True, "daily")}
    )
    token, _text = issue_token(
        company=seller,
        role=Role.SELLER,
        created_by=people["seller"],
        name="canary robot",
        scopes=["products:read"],
        days=90,
        now=DURING,
    )
    store_answer(
        company=seller,
        caller=f"token:{token.pk}",
        key="canary-1",
        fingerprint="0" * 64,
        status=201,
        headers={},
        body=b"CANARY",
        is_kept_forever=True,
        now=DURING,
    )
    held = PoolRoundFactory.create()
    tell(
        "round.closing",
        subject=held.quarter,
        facts={"quarter": held.quarter, "cutoff_at": held.cutoff_at},
        companies=[seller.pk, stranger.pk],
        now=DURING,
    )
    forecast = file_forecast(
        round=held, seller=seller, lines={product.pk: 7919}, filed_by=people["seller"], now=DURING
    )
    file_forecast(round=held, seller=stranger, lines={product.pk: 1190}, filed_by=None, now=DURING)
    preview = preview_upload(
        round=held,
        seller=seller,
        file_name="canary.csv",
        content=b"quarter,sku,forecast_units\n2026-Q3,MILK,7919\n",
        uploaded_by=people["seller"],
        now=DURING,
    )
    assert preview.upload
    deposit, sales_report = owe_and_sell(held, people, seller)
    (order,) = close_round(round=held, buyer=importer, platform=platform, now=AFTER)
    state_all(held, (seller, stranger))
    place_order(order=order, now=AFTER)
    print_orders(now=lambda: AFTER)
    (line,) = order.lines.all()
    agree(order, line, people["operator"])
    shipment = ship_order(
        order=order,
        lines=[ShippedLine(order_line_id=line.pk, expires_on=date(2028, 3, 31))],
        vessel="VESSELCANARY",
        voyage="1E",
        bill_of_lading="EXCANARYBL",
        departed_at=LEAVES,
        expected_on=date(2026, 7, 14),
        freight_minor=45_000,
        insurance_minor=1_200,
        now=LEAVES,
    )
    told_office(house)
    EntryStatementFactory.create(shipment=shipment, told_by=people["importer"])
    draft = draft_declaration(shipment=shipment, importer=importer, warehouse=house, now=DECLARES)
    queue_document(declaration=draft, now=DECLARES)
    make_due_documents(now=lambda: DECLARES)
    lodge(declaration=draft, now=DECLARES)
    refused_amendment(draft, people["importer"], now=DECLARES)
    watched(importer, people["operator"], now=DECLARES)
    filed(Declaration.objects.get(pk=draft.pk), people["importer"], now=DECLARES)
    declaration = record_release(
        declaration=draft, their_reference="310520261000000017", now=DECLARES
    )
    on_ways(declaration, people["importer"], now=DECLARES)
    shipment.refresh_from_db()
    (ship_line,) = shipment.lines.all()
    receipt = receive(
        shipment=shipment,
        warehouse=house,
        counts={ship_line.pk: ship_line.quantity},
        received_by=people["warehouse"],
        now=DECLARES + timedelta(days=5),
    )
    bill_more(shipment, line, seller)
    lot = Lot.objects.get()
    sold = accept_orders(
        seller=seller,
        orders=[an_incoming_order("MILK", 2, number="CANARY-T-1", price_minor=5_000)],
        now=SELLS,
    )
    assert sold[0].refusal is None
    sent = sent_on(people["operator"], people["warehouse"])
    retail_upload = keep_upload(
        seller=seller,
        file_name="canary-retail.csv",
        content=(
            RETAIL_HEAD + "shop,CANARY-T-2,2026-07-30 10:00,金丝雀,360426199101010071,"
            "金丝雀路 1 号,MILK,1,50.00\n"
        ).encode(),
        uploaded_by=people["seller"],
        now=SELLS,
    )
    score(seller, now=SETTLES)
    payable = record_invoice(
        shipment=shipment,
        invoice_number="INV-CANARY",
        invoiced_on=date(2026, 8, 3),
        due_on=date(2026, 10, 31),
        now=SETTLES,
    )
    printed_out(declaration, RetailList.objects.get(), people["importer"], now=SETTLES)
    (batch,) = open_batches(
        debtor=importer,
        period_start=date(2026, 7, 1),
        period_end=date(2026, 9, 30),
        created_by=people["finance"],
        now=SETTLES,
    )
    price_batch(batch=batch, priced_by=people["finance"], now=SETTLES)
    approve_batch(batch=batch, approved_by=people["checker"], seen=SETTLES, now=SETTLES)
    file = export_batches(batches=[batch], made_by=people["finance"], now=SETTLES)
    (sheet,) = issue_labels(product=product, lot_number=lot.number, count=2, now=SELLS)
    print_next_label_sheet(now=lambda: SELLS)
    open_round = PoolRoundFactory.create(
        quarter="2026-Q4", opens_at=SELLS - timedelta(days=9), cutoff_at=SELLS + timedelta(days=9)
    )
    late_wish = keep_late_wish(
        round=held, seller=seller, lines={product.pk: 7907}, wished_by=people["seller"], now=SELLS
    )
    own_sku = map_own_sku(
        seller=seller, own_sku="CANARY-OWN", product=product, by=people["seller"], now=SELLS
    )
    job = Job.objects.create(
        kind=JobKind.ACT,
        table="retail-orders",
        action="cancel",
        owner=seller,
        user=people["seller"],
        role=Role.SELLER,
        state=JobState.DONE,
        queued_at=SELLS,
        due_at=SELLS,
        done=1,
        result_name="canary.csv",
        result_type="text/csv",
        result_bytes=6,
        expires_at=SELLS + timedelta(days=36_500),
    )
    JobPart.objects.create(job=job, owner=seller, position=0, content=b"CANARY")
    JobOutcome.objects.create(job=job, owner=seller, row=1, name="CANARY-T-1")
    return World(
        people=people,
        late_wish=late_wish,
        own_sku=own_sku,
        seller=seller,
        stranger=stranger,
        importer=importer,
        other_importer=other_importer,
        round=held,
        open_round=open_round,
        offer=offer,
        order=order,
        shipment=shipment,
        declaration=declaration,
        receipt=receipt,
        lot=lot,
        retail_order=RetailOrder.objects.get(),
        retail_list=RetailList.objects.get(),
        upload=preview.upload,
        retail_upload=retail_upload,
        sent=sent,
        **happened(lot, seller, stranger, people, now=SETTLES),
        payable=payable,
        batch=batch,
        account=account,
        file=file,
        sheet=sheet,
        forecast=forecast,
        deposit=deposit,
        sales_report=sales_report,
        notice=NoticeCopy.objects.filter(membership__user=people["seller"]).latest("pk"),
        endpoint=endpoint,
        message=message,
        token=token,
        job=job,
        invitation=invite(
            company=seller,
            email="canary@example.test",
            role=Role.SELLER,
            is_admin=False,
            by=people["seller"],
            now=SETTLES,
        ),
        passkey=Authenticator.objects.create(
            user=people["seller"],
            type=Authenticator.Type.WEBAUTHN,
            data={"name": "CANARY key", "credential": a_credential()},
        ),
        paper=paper,
        **a_shop_that_sent(seller, people["seller"]),
        **told_to_customs(RetailList.objects.get(), importer, people["importer"], now=SETTLES),
    )
