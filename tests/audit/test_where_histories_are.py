"""Each kind of row whose history is for somebody shows it, or leads to it, on a page of his."""

from __future__ import annotations

import pytest

from audit import showing
from config.histories import HISTORIES
from core.walls import platform_wide
from procurement.models import ForecastUpload
from tests.walls.conftest import SignIn, sign_in, story_time, world
from tests.walls.world import World
from warehouse.models import BondedWarehouse

__all__ = ["sign_in", "story_time", "world"]


def _pages(world: World) -> dict[str, list[tuple[str, str, int]]]:
    """For each kind: who finds which row of it on which page."""
    member = {name: person.memberships.get() for name, person in world.people.items()}
    with platform_wide():
        keeper = BondedWarehouse.objects.get(operator=member["warehouse"].company)
        ForecastUpload.objects.filter(pk=world.upload.pk).update(filed_as=world.forecast)
    quarter = f"/forecasts/{world.round.quarter}"
    everybody = ("seller", "importer", "warehouse", "finance")
    return {
        "accounts.Company": [
            *((who, "/company/", member[who].company_id) for who in everybody),
            ("operator", f"/companies/{world.seller.code}/", world.seller.pk),
        ],
        "accounts.Membership": [(who, "/people/", member[who].pk) for who in everybody],
        "accounts.Admission": [("seller", "/admission/", world.paper.admission_id)],
        "rest.ApiToken": [("seller", "/tokens/", world.token.pk)],
        "notices.WebhookEndpoint": [
            ("seller", f"/webhooks/{world.endpoint.uid}/", world.endpoint.pk)
        ],
        "catalog.Product": [
            ("operator", f"/products/{world.lot.product_id}/", world.lot.product_id)
        ],
        "procurement.PoolRound": [("operator", f"/rounds/{world.round.quarter}/", world.round.pk)],
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
        "warehouse.RetailUpload": [
            ("seller", f"/retail-orders/upload/{world.retail_upload.pk}/", world.retail_upload.pk)
        ],
        "warehouse.BondedWarehouse": [("warehouse", "/warehouse/stock/", keeper.pk)],
        "warehouse.Lot": [("warehouse", f"/warehouse/lots/{world.lot.number}/", world.lot.pk)],
        "customs.Declaration": [
            (
                "importer",
                f"/customs/declarations/{world.declaration.our_reference}/",
                world.declaration.pk,
            )
        ],
        "settlement.BankAccount": [
            ("finance", f"/settlement/accounts/{world.account.number}/", world.account.pk)
        ],
        "settlement.Payable": [("finance", "/settlement/payables/", world.payable.pk)],
        "settlement.SettlementBatch": [
            ("finance", f"/settlement/batches/{world.batch.number}/", world.batch.pk)
        ],
    }


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
            assert f'href="{history}"' in body or 'id="history' in body, (label, who, path)
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
