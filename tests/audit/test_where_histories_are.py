"""Each kind of row whose history is for somebody shows it, or leads to it, on a page of his."""

from __future__ import annotations

from uuid import uuid4

import pytest

from accounts.models import Invitation
from audit import showing
from config.histories import HISTORIES
from core.history import EVENTS
from core.walls import platform_wide
from customs.models import CollectiveDeclaration, HouseAtCustoms, RetailParties
from procurement.models import (
    ApprovalLimit,
    ForecastUpload,
    FreightContainer,
    OrderMinimum,
    PriceBreak,
)
from settlement.models import SettlementPolicy
from tests.walls.conftest import SignIn, sign_in, story_time, world
from tests.walls.world import World
from tests.walls.world_of_declaring import CANARY_MONTH
from warehouse.models import BondedWarehouse, StorageTariff

__all__ = ["sign_in", "story_time", "world"]


def _pages(world: World) -> dict[str, list[tuple[str, str, int]]]:
    """For each kind: who finds which row of it on which page."""
    member = {name: person.memberships.get() for name, person in world.people.items()}
    with platform_wide():
        keeper = BondedWarehouse.objects.get(operator=member["warehouse"].company)
        ForecastUpload.objects.filter(pk=world.upload.pk).update(filed_as=world.forecast)
        invited = Invitation.objects.get(pk=world.invitation.pk)
        invited.pk, invited.uid, invited.company = None, uuid4(), member["warehouse"].company
        invited.save()
        price = PriceBreak.objects.select_related("offer__supplier__company").earliest("pk")
        limit = ApprovalLimit.objects.get()
        tariff = StorageTariff.objects.get()
        box, minimum = FreightContainer.objects.get(), OrderMinimum.objects.get()
        month = CollectiveDeclaration.objects.get(our_reference=CANARY_MONTH)
        parties, house = RetailParties.objects.get(), HouseAtCustoms.objects.get()
        supplier, policy = price.offer.supplier, SettlementPolicy.objects.earliest("pk")
    quarter = f"/forecasts/{world.round.quarter}"
    freight = f"/suppliers/{supplier.company.code}/freight/"
    everybody = ("seller", "importer", "warehouse", "finance")
    return {
        "accounts.Company": [
            *((who, "/company/", member[who].company_id) for who in everybody),
            ("operator", f"/companies/{world.seller.code}/", world.seller.pk),
        ],
        "accounts.Membership": [(who, "/people/", member[who].pk) for who in everybody],
        "accounts.Invitation": [
            ("seller", "/people/", world.invitation.pk),
            ("warehouse", "/people/", invited.pk),
            ("operator", f"/people/{world.seller.code}/", world.invitation.pk),
        ],
        "accounts.User": [
            (
                "operator",
                f"/people/{world.seller.code}/members/{member['seller'].pk}/",
                member["seller"].user_id,
            )
        ],
        "accounts.Admission": [("seller", "/admission/", world.paper.admission_id)],
        "rest.ApiToken": [("seller", "/tokens/", world.token.pk)],
        "notices.WebhookEndpoint": [
            ("seller", f"/webhooks/{world.endpoint.uid}/", world.endpoint.pk)
        ],
        "catalog.TradingPartner": [
            ("operator", f"/companies/{supplier.company.code}/trade/", supplier.pk)
        ],
        "catalog.Product": [
            ("operator", f"/products/{world.lot.product_id}/", world.lot.product_id)
        ],
        "procurement.PoolRound": [("operator", f"/rounds/{world.round.quarter}/", world.round.pk)],
        "procurement.SupplierOffer": [
            ("operator", f"/offers/{price.offer_id}/", price.offer_id),
            ("operator", "/offers/", price.offer_id),
        ],
        "procurement.ApprovalLimit": [("operator", "/orders/limits/", limit.pk)],
        "procurement.OrderMinimum": [("operator", freight, minimum.pk)],
        "procurement.FreightTerms": [("operator", freight, box.terms_id)],
        "procurement.FreightContainer": [("operator", freight, box.pk)],
        "procurement.PriceBreak": [
            ("operator", f"/audit/procurement.supplieroffer/{price.offer_id}/", price.pk)
        ],
        "procurement.Forecast": [
            ("seller", f"{quarter}/versions/{world.forecast.version}/", world.forecast.pk)
        ],
        "procurement.SellerSku": [("seller", "/own-skus/", world.own_sku.pk)],
        "procurement.SalesReport": [
            ("seller", f"/sales/upload/{world.sales_report.pk}/", world.sales_report.pk)
        ],
        "procurement.PurchaseOrder": [
            (who, f"/orders/{world.order.number}/", world.order.pk)
            for who in ("importer", "finance")
        ],
        "procurement.Shipment": [
            (who, f"/shipments/{world.shipment.number}/", world.shipment.pk)
            for who in ("importer", "finance")
        ],
        "procurement.ForecastUpload": [
            ("seller", f"{quarter}/versions/{world.forecast.version}/", world.upload.pk)
        ],
        "warehouse.RetailOrder": [
            ("seller", f"/retail-orders/{world.retail_order.number}/", world.retail_order.pk)
        ],
        "warehouse.Channel": [("seller", f"/channels/{world.channel.uid}/", world.channel.pk)],
        "warehouse.RetailUpload": [
            ("seller", f"/retail-orders/upload/{world.retail_upload.pk}/", world.retail_upload.pk)
        ],
        "warehouse.BondedWarehouse": [("warehouse", "/warehouse/stock/", keeper.pk)],
        "warehouse.Location": [
            ("warehouse", f"/warehouse/places/{world.place.pk}/", world.place.pk)
        ],
        "warehouse.PickWave": [
            ("warehouse", f"/warehouse/waves/{world.sent.wave.number}/", world.sent.wave.pk)
        ],
        "warehouse.Carrier": [
            ("warehouse", "/warehouse/carriers/", world.sent.hand_over.carrier_id)
        ],
        "warehouse.HandOver": [
            (
                "warehouse",
                f"/warehouse/hand-overs/{world.sent.hand_over.number}/",
                world.sent.hand_over.pk,
            )
        ],
        "warehouse.Receipt": [
            ("warehouse", f"/warehouse/receipts/{world.receipt.number}/", world.receipt.pk)
        ],
        "traceability.LabelSheet": [
            ("warehouse", "/labels/", world.sheet.pk),
            ("warehouse", f"/warehouse/lots/{world.lot.number}/", world.sheet.pk),
        ],
        "warehouse.Lot": [("warehouse", f"/warehouse/lots/{world.lot.number}/", world.lot.pk)],
        "warehouse.SupplierClaim": [("importer", f"/claims/{world.claim.number}/", world.claim.pk)],
        "warehouse.StockChange": [
            ("warehouse", f"/warehouse/lots/{world.lot.number}/", world.stock_change.pk)
        ],
        "warehouse.StorageTariff": [("warehouse", "/storage/tariffs/", tariff.pk)],
        "customs.CollectiveDeclaration": [
            ("importer", f"/customs/collective/{CANARY_MONTH}/", month.pk)
        ],
        "customs.Declaration": [
            (
                "importer",
                f"/customs/declarations/{world.declaration.our_reference}/",
                world.declaration.pk,
            )
        ],
        "customs.Gateway": [
            ("importer", f"/customs/gateways/{world.gateway.code}/", world.gateway.pk)
        ],
        "customs.RetailParties": [("seller", "/customs/parties/", parties.pk)],
        "customs.HouseAtCustoms": [("warehouse", "/customs/houses/", house.pk)],
        "settlement.SettlementPolicy": [("finance", "/settlement/", policy.pk)],
        "settlement.PaymentFile": [("finance", "/settlement/files/", world.file.pk)],
        "settlement.BankAccount": [
            ("finance", f"/settlement/accounts/{world.account.number}/", world.account.pk)
        ],
        "settlement.Payable": [("finance", "/settlement/payables/", world.payable.pk)],
        "settlement.SettlementBatch": [
            ("finance", f"/settlement/batches/{world.batch.number}/", world.batch.pk)
        ],
    }


#: Kinds whose history stands on no page, and why.
WITHOUT_A_PAGE = {
    "warehouse.BuyerErasure": "written once of an order whose buyer is gone; the search finds it",
    "ledger.Account": "opened by the first posting and never changed; the search finds it",
}


def test_each_kind_of_history_has_a_page_or_a_reason() -> None:
    assert EVENTS.keys() - HISTORIES.keys() == WITHOUT_A_PAGE.keys()
    assert HISTORIES.keys() <= EVENTS.keys()


def test_each_history_is_found_by_whom_it_is_for(world: World, sign_in: SignIn) -> None:
    pages = _pages(world)

    assert pages.keys() == HISTORIES.keys(), "a kind with a history has a page that leads to it"
    for label, found in pages.items():
        asked = {who for who, _path, _pk in found}
        roles = showing.shown(label).roles
        assert {role for role in roles if role not in asked} <= {"importer", "finance"}, label
        for who, path, pk in found:
            browser = sign_in(who)
            page = browser.get(path)
            history = f"/audit/{label.lower()}/{pk}/"
            assert page.status_code == 200, (who, path)
            body = page.content.decode()
            is_told = f'href="{history}"' in body or 'id="history' in body
            assert is_told or label == "procurement.PriceBreak", (label, who, path)
            assert browser.get(history).status_code == 200, (label, who)


@pytest.mark.parametrize("who", ["seller", "importer", "warehouse", "finance"])
def test_of_companies_one_reads_only_the_own_ones_history(
    world: World, sign_in: SignIn, who: str
) -> None:
    """Finance works for the whole platform, and what happened to a seller is the operator's."""
    stranger = world.people["stranger"].memberships.get()
    browser = sign_in(who)

    for path in (
        f"/audit/accounts.company/{stranger.company_id}/",
        f"/audit/accounts.membership/{stranger.pk}/",
        f"/api/v1/history/accounts.company/{stranger.company.code}",
    ):
        assert browser.get(path).status_code == 404, path
