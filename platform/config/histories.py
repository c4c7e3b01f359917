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
    *roles: str,
    page: str = "",
    part: str = "",
    is_open: bool = True,
    own: tuple[str, ...] = (),
    parts: tuple[tuple[str, str], ...] = (),
    always: str = "",
) -> Shown:
    return Shown(frozenset(roles), page, part, is_open, frozenset(own), parts, always)


#: Everybody reads what happened to the own company and its people; of others the operator does.
_OWN = _for(SELLER, IMPORTER, WAREHOUSE, FINANCE, own=(FINANCE,))


HISTORIES = {
    "accounts.Company": _OWN,
    "accounts.Membership": _OWN,
    "accounts.Invitation": _OWN,
    "accounts.User": _for(),
    "accounts.Admission": _for(SELLER, page="admission_case", part="id"),
    "rest.ApiToken": _for(SELLER, IMPORTER, FINANCE, own=(FINANCE,)),
    "notices.WebhookEndpoint": _for(SELLER, IMPORTER, page="webhook", part="uid", is_open=False),
    "catalog.TradingPartner": _for(),
    "catalog.Product": _for(page="product", part="id"),
    "procurement.PoolRound": _for(page="round", part="quarter"),
    "procurement.SupplierOffer": _for(page="offers", parts=(("procurement.PriceBreak", "offer"),)),
    "procurement.PriceBreak": _for(page="offers", always="from_packs"),
    "procurement.Forecast": _for(SELLER),
    "procurement.PurchaseOrder": _for(IMPORTER, FINANCE, page="order", part="number"),
    "procurement.Shipment": _for(IMPORTER, FINANCE, page="shipment", part="number"),
    "procurement.ForecastUpload": _for(SELLER),
    "warehouse.RetailOrder": _for(SELLER, page="retail_order", part="number", is_open=False),
    "warehouse.RetailUpload": _for(SELLER, page="retail_upload", part="id", is_open=False),
    "warehouse.BondedWarehouse": _for(WAREHOUSE),
    "warehouse.Receipt": _for(WAREHOUSE, page="warehouse_receipt", part="number"),
    "warehouse.Lot": _for(WAREHOUSE, page="warehouse_lot", part="number"),
    "customs.Declaration": _for(IMPORTER, page="declaration", part="our_reference"),
    "traceability.LabelSheet": _for(WAREHOUSE, page="label_sheets"),
    "settlement.SettlementPolicy": _for(FINANCE, page="settlement", is_open=False),
    "settlement.PaymentFile": _for(FINANCE, page="payment_files", is_open=False),
    "settlement.BankAccount": _for(FINANCE, page="bank_account", part="number", is_open=False),
    "settlement.Payable": _for(FINANCE),
    "settlement.SettlementBatch": _for(FINANCE, page="batch", part="number", is_open=False),
}
