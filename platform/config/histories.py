"""Who reads the history of what, beside the operator, and where a row's own page stands."""

from __future__ import annotations

from accounts.models import Role
from audit.showing import Shown

SELLER, IMPORTER, FINANCE, WAREHOUSE = (
    Role.SELLER,
    Role.IMPORTER,
    Role.FINANCE,
    Role.WAREHOUSE,
)


def _for(
    scope: str,
    *roles: str,
    page: str = "",
    part: str = "",
    is_open: bool = True,
    own: tuple[str, ...] = (),
    parts: tuple[tuple[str, str], ...] = (),
    always: str = "",
) -> Shown:
    return Shown(frozenset(roles), page, part, is_open, frozenset(own), parts, always, scope)


#: Everybody reads what happened to the own company and its people; of others the operator does.
_EVERYBODY = (SELLER, IMPORTER, WAREHOUSE, FINANCE)


HISTORIES = {
    "accounts.Company": _for("company:read", *_EVERYBODY, own=(FINANCE,)),
    "accounts.Membership": _for("people:read", *_EVERYBODY, own=(FINANCE,)),
    "accounts.Invitation": _for("people:read", *_EVERYBODY, own=(FINANCE,)),
    "accounts.User": _for("people:read"),
    "accounts.Admission": _for("company:read", SELLER, page="admission_case", part="id"),
    "rest.ApiToken": _for("people:read", SELLER, IMPORTER, FINANCE, own=(FINANCE,)),
    "notices.WebhookEndpoint": _for(
        "webhooks:read", SELLER, IMPORTER, page="webhook", part="uid", is_open=False
    ),
    "catalog.TradingPartner": _for("orders:read"),
    "catalog.Product": _for("products:read", page="product", part="id"),
    "procurement.PoolRound": _for("forecasts:read", page="round", part="code"),
    "procurement.SupplierOffer": _for(
        "orders:read", page="offer", part="id", parts=(("procurement.PriceBreak", "offer"),)
    ),
    "procurement.PriceBreak": _for("orders:read", page="offers", always="from_packs"),
    "procurement.OrderMinimum": _for("orders:read", page="offers", always="incoterm"),
    "procurement.FreightTerms": _for(
        "orders:read", page="offers", parts=(("procurement.FreightContainer", "terms"),)
    ),
    "procurement.FreightContainer": _for("orders:read", page="offers", always="kind"),
    "procurement.Forecast": _for("forecasts:read", SELLER),
    "procurement.SellerSku": _for("forecasts:read", SELLER),
    "procurement.SalesReport": _for("forecasts:read", SELLER),
    "procurement.ApprovalLimit": _for("orders:read", page="approval_limits"),
    "procurement.PurchaseOrder": _for(
        "orders:read", IMPORTER, FINANCE, page="order", part="number"
    ),
    "procurement.Shipment": _for(
        "shipments:read", IMPORTER, FINANCE, page="shipment", part="number"
    ),
    "procurement.ForecastUpload": _for("forecasts:read", SELLER),
    "warehouse.RetailOrder": _for(
        "retail:read", SELLER, page="retail_order", part="number", is_open=False
    ),
    "warehouse.RetailUpload": _for(
        "retail:read", SELLER, page="retail_upload", part="id", is_open=False
    ),
    "warehouse.Carrier": _for("parcels:read", WAREHOUSE, page="warehouse_carriers"),
    "warehouse.HandOver": _for(
        "parcels:read", WAREHOUSE, page="warehouse_hand_over", part="number"
    ),
    "warehouse.PickWave": _for("stock:read", WAREHOUSE, page="warehouse_wave", part="number"),
    "warehouse.Channel": _for("channels:read", SELLER, page="channel", part="uid", is_open=False),
    "warehouse.BondedWarehouse": _for("declarations:read", WAREHOUSE),
    "warehouse.Location": _for("stock:read", WAREHOUSE, page="warehouse_place", part="id"),
    "warehouse.Receipt": _for("stock:read", WAREHOUSE, page="warehouse_receipt", part="number"),
    "warehouse.SupplierClaim": _for("orders:read", IMPORTER, page="claim", part="number"),
    "warehouse.StockChange": _for("stock:read", WAREHOUSE, page="warehouse_lots"),
    "warehouse.StorageTariff": _for("stock:read", WAREHOUSE, page="storage_tariffs"),
    "warehouse.Lot": _for(
        "stock:read",
        WAREHOUSE,
        page="warehouse_lot",
        part="number",
        parts=(("warehouse.StockChange", "lot"),),
    ),
    "customs.Declaration": _for(
        "declarations:read", IMPORTER, page="declaration", part="our_reference"
    ),
    "customs.CollectiveDeclaration": _for(
        "declarations:read", IMPORTER, page="collective", part="our_reference"
    ),
    "customs.Gateway": _for("declarations:read", IMPORTER, page="gateway", part="code"),
    "customs.RetailParties": _for("retail:read", SELLER, page="retail_parties"),
    "customs.HouseAtCustoms": _for("house:read", WAREHOUSE, page="houses_at_customs"),
    "traceability.LabelSheet": _for("stock:read", WAREHOUSE, page="label_sheets"),
    "settlement.SettlementPolicy": _for(
        "settlement:read", FINANCE, page="settlement", is_open=False
    ),
    "settlement.PaymentFile": _for("settlement:read", FINANCE, page="payment_files", is_open=False),
    "settlement.BankAccount": _for(
        "settlement:read", FINANCE, page="bank_account", part="number", is_open=False
    ),
    "settlement.Payable": _for("settlement:read", FINANCE),
    "settlement.SettlementBatch": _for(
        "settlement:read", FINANCE, page="batch", part="number", is_open=False
    ),
}
