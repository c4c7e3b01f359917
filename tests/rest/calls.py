"""Every operation of the API: for whom it is, and how one asks for the canary's own row.

A new operation must be put here, or the tests fail: somebody has to say who may call it.
"""

from __future__ import annotations

from typing import Any

from tests.rest.call import Call
from tests.rest.calls_of_channels import CHANNELS
from tests.rest.calls_of_customs import POSTED
from tests.rest.declaring import DECLARED, month_in
from tests.rest.keepers import KEPT, kept_in
from tests.rest.operators import OPERATED
from tests.rest.ordering import ORDERED
from tests.rest.printed import PRINTED, printed_in
from tests.rest.stocked import OF_STOCK
from tests.walls.world import World
from tests.walls.world_of_zone import EXPORTED

SELLER, IMPORTER, FINANCE = "seller", "importer", "finance"


def order_body(world: World, number: str = "CANARY-T-9") -> dict[str, Any]:
    return {
        "channel": "shop",
        "order_number": number,
        "placed_at": "2026-07-30T10:00:00+08:00",
        "buyer_name": "金丝雀",
        "buyer_id_number": "360426199101010071",
        "consignee_address": "金丝雀路 1 号",
        "lines": [{"sku": world.lot.product.sku, "quantity": 1, "unit_price_minor": 5000}],
    }


INVOICE = {"invoice_number": "INV-2", "invoiced_on": "2026-08-03", "due_on": "2026-10-31"}
A_BILL = {
    "kind": "freight",
    "amount_minor": 100,
    "document": "CANARY-FR-2",
    "billed_on": "2026-06-01",
}
TERMS = {
    "debtor": "CANARY-I",
    "valid_from": "2027-01-01",
    "wire_fee_minor": 100,
    "spread_bp": "30",
    "bulk_spread_bp": "12",
    "bulk_from_minor": 5000,
}
PAID_IN = {"amount_minor": 100, "value_date": "2026-06-01", "reference": "CANARY-BANK-9"}
ON_ACCOUNT = {"amount_minor": 100, "value_date": "2026-06-01", "reference": "CANARY-BANK-10"}
PERIOD = {"debtor": "CANARY-I", "period_start": "2026-07-01", "period_end": "2026-09-30"}
BANK = {
    "company": "CANARY-I",
    "currency": "USD",
    "account": "33010100100200301",
    "bic": "BKCHCNBJ92A",
    "bank_name": "Example Bank",
}
EVERYBODY = (SELLER, IMPORTER, FINANCE, "warehouse", "operator")
SERVED = (SELLER, IMPORTER, FINANCE, "operator")
ADDRESS = {
    "street": "金丝雀路 1 号",
    "town": "宁波",
    "contact_name": "金丝雀",
    "contact_phone": "1",
    "contact_email": "c@example.test",
}
OPERATOR = "operator"
BUYERS = (IMPORTER, FINANCE, OPERATOR)
SHIPPERS = (IMPORTER, FINANCE)
TOLD = (SELLER, IMPORTER)
HOOK = {"url": "https://shop.example.test/hook", "events": ["stock.received"]}

CALLS: dict[str, Call] = CHANNELS | {
    "get_me": Call("GET", "me", EVERYBODY),
    "get_home": Call("GET", "home", EVERYBODY),
    "get_company": Call("GET", "company", EVERYBODY),
    "change_company": Call("PUT", "company", EVERYBODY, lambda world: ADDRESS),
    "list_people": Call("GET", "people", EVERYBODY),
    "get_member": Call("GET", "people/{member}", EVERYBODY, is_owned=True, has=(SELLER,)),
    "change_member": Call(
        "PUT", "people/{member}", EVERYBODY, lambda world: {"role": "seller"}, is_owned=True
    ),
    "remove_member": Call("POST", "people/{member}/remove", EVERYBODY, is_owned=True),
    "list_invitations": Call("GET", "invitations", EVERYBODY),
    "create_invitation": Call(
        "POST",
        "invitations",
        EVERYBODY,
        lambda world: {"email": "new@example.test", "role": "seller"},
    ),
    "get_invitation": Call(
        "GET", "invitations/{invitation}", EVERYBODY, is_owned=True, has=(SELLER,)
    ),
    "resend_invitation": Call("POST", "invitations/{invitation}/again", EVERYBODY, is_owned=True),
    "revoke_invitation": Call("POST", "invitations/{invitation}/revoke", EVERYBODY, is_owned=True),
    "get_admission": Call("GET", "admission", EVERYBODY, is_owned=True, has=(SELLER,)),
    "answer_admission": Call("POST", "admission/answers", EVERYBODY, is_owned=True, is_file=True),
    "get_admission_document": Call(
        "GET", "admission/documents/{document}", EVERYBODY, is_owned=True, has=(SELLER,)
    ),
    "get_history": Call(
        "GET", "history/warehouse.retailorder/{retail}", EVERYBODY, is_owned=True, has=(SELLER,)
    ),
    "list_lists": Call("GET", "lists", SERVED),
    "list_jobs": Call("GET", "jobs", SERVED),
    "get_job": Call("GET", "jobs/{job}", SERVED, is_owned=True, has=(SELLER,)),
    "list_job_outcomes": Call("GET", "jobs/{job}/outcomes", SERVED, is_owned=True, has=(SELLER,)),
    "get_job_file": Call("GET", "jobs/{job}/file", SERVED, is_owned=True, has=(SELLER,)),
    "cancel_job": Call("POST", "jobs/{job}/cancel", SERVED, is_owned=True),
    "create_export": Call(
        "POST", "exports", SERVED, lambda world: {"listing": "products", "kind": "csv"}
    ),
    "create_action": Call(
        "POST",
        "actions",
        SERVED,
        lambda world: {
            "listing": "retail-orders",
            "action": "cancel",
            "names": [world.retail_order.number],
        },
    ),
    "list_notices": Call("GET", "notices", EVERYBODY),
    "get_notice": Call("GET", "notices/{notice}", EVERYBODY, is_owned=True, has=(SELLER,)),
    "get_notice_settings": Call("GET", "notice-settings", EVERYBODY),
    "change_notice_settings": Call(
        "PUT",
        "notice-settings",
        EVERYBODY,
        lambda world: {"data": [{"event": "stock.short", "mail": "never"}]},
    ),
    "read_notices": Call("POST", "notices/read", EVERYBODY, lambda world: {"up_to": 1}),
    "list_webhooks": Call("GET", "webhooks", TOLD),
    "create_webhook": Call("POST", "webhooks", TOLD, lambda world: HOOK),
    "get_webhook": Call("GET", "webhooks/{hook}", TOLD, is_owned=True, has=(SELLER,)),
    "change_webhook": Call("PUT", "webhooks/{hook}", TOLD, lambda world: HOOK, is_owned=True),
    "enable_webhook": Call("POST", "webhooks/{hook}/enable", TOLD, is_owned=True),
    "disable_webhook": Call("POST", "webhooks/{hook}/disable", TOLD, is_owned=True),
    "end_webhook": Call("POST", "webhooks/{hook}/end", TOLD, is_owned=True),
    "rotate_webhook": Call("POST", "webhooks/{hook}/secret", TOLD, is_owned=True),
    "ping_webhook": Call("POST", "webhooks/{hook}/ping", TOLD, is_owned=True),
    "list_messages": Call("GET", "webhooks/{hook}/messages", TOLD, is_owned=True, has=(SELLER,)),
    "replay_messages": Call(
        "POST",
        "webhooks/{hook}/replay",
        TOLD,
        lambda world: {"since": "2026-07-14T00:00:00+08:00"},
        is_owned=True,
    ),
    "get_message": Call("GET", "webhook-messages/{message}", TOLD, is_owned=True, has=(SELLER,)),
    "replay_message": Call("POST", "webhook-messages/{message}/replay", TOLD, is_owned=True),
    "list_products": Call("GET", "products", EVERYBODY),
    "get_product": Call("GET", "products/{sku}", EVERYBODY),
    "list_rounds": Call("GET", "rounds", (SELLER,)),
    "get_round": Call("GET", "rounds/{code}", (SELLER,)),
    "list_round_products": Call("GET", "rounds/{code}/products", (SELLER,)),
    "get_forecast": Call("GET", "rounds/{code}/forecast", (SELLER,)),
    "list_forecasts": Call("GET", "rounds/{code}/forecasts", (SELLER,)),
    "file_forecast": Call(
        "POST",
        "rounds/{open}/forecasts",
        (SELLER,),
        lambda world: {"lines": [{"sku": world.lot.product.sku, "quantity": 12}]},
    ),
    "get_forecast_version": Call("GET", "rounds/{code}/forecasts/{version}", (SELLER,)),
    "check_forecast_file": Call("POST", "rounds/{open}/forecast-files", (SELLER,), is_file=True),
    "file_forecast_file": Call(
        "POST", "rounds/{code}/forecast-files/{pk}/forecast", (SELLER,), is_owned=True
    ),
    "file_forecast_rows": Call(
        "POST", "rounds/{code}/forecast-files/{pk}/rows", (SELLER,), is_owned=True
    ),
    "list_round_outlook": Call("GET", "rounds/{code}/outlook", (SELLER,)),
    "copy_forecast": Call(
        "POST", "rounds/{open}/forecast-copies", (SELLER,), lambda world: {"what": "filed"}
    ),
    "list_late_wishes": Call("GET", "late-wishes", (SELLER,)),
    "create_late_wish": Call(
        "POST",
        "rounds/{code}/late-wishes",
        (SELLER,),
        lambda world: {"lines": [{"sku": world.lot.product.sku, "quantity": 1}]},
    ),
    "take_late_wish": Call(
        "POST",
        "late-wishes/{late}/forecast",
        (SELLER,),
        lambda world: {"round": world.open_round.code},
        is_owned=True,
    ),
    "list_own_skus": Call("GET", "own-skus", (SELLER,)),
    "create_own_sku": Call(
        "POST",
        "own-skus",
        (SELLER,),
        lambda world: {"own_sku": "A-99", "sku": world.lot.product.sku},
    ),
    "get_own_sku": Call("GET", "own-skus/{own}", (SELLER,), is_owned=True),
    "remove_own_sku": Call("POST", "own-skus/{own}/remove", (SELLER,), is_owned=True),
    "propose_products": Call(
        "POST", "own-skus/proposals", (SELLER,), lambda world: {"name": "milk"}
    ),
    "get_share": Call("GET", "rounds/{code}/share", (SELLER,)),
    "get_statement": Call("GET", "rounds/{code}/statement", (SELLER,)),
    "get_statement_file": Call("GET", "rounds/{code}/statement.csv", (SELLER,)),
    "get_credit": Call("GET", "credit", (SELLER,)),
    "list_scores": Call("GET", "credit/scores", (SELLER,)),
    "list_sales": Call("GET", "sales", (SELLER,)),
    "report_sales": Call(
        "POST",
        "sales",
        (SELLER,),
        lambda world: {
            "lines": [{"quarter": "2025-Q3", "sku": world.lot.product.sku, "units": 12}]
        },
    ),
    "check_sales_file": Call("POST", "sales-files", (SELLER,), is_file=True),
    "record_sales_file": Call("POST", "sales-files/{sales_file}/record", (SELLER,), is_owned=True),
    "get_suggestions": Call("GET", "rounds/{open}/suggestions", (SELLER,)),
    "list_deposits": Call("GET", "deposits", (SELLER, FINANCE)),
    "get_deposit": Call("GET", "deposits/{deposit}", (SELLER, FINANCE), is_owned=True),
    "note_payment": Call(
        "POST", "deposits/{deposit}/payments", (FINANCE,), lambda world: PAID_IN, is_owned=True
    ),
    "note_refund": Call(
        "POST", "deposits/{deposit}/refunds", (FINANCE,), lambda world: PAID_IN, is_owned=True
    ),
    "list_seller_accounts": Call("GET", "seller-accounts", (SELLER, FINANCE)),
    "get_seller_account": Call("GET", "seller-accounts/{seller}", (SELLER, FINANCE), is_owned=True),
    "list_account_entries": Call("GET", "account-entries", (SELLER, FINANCE)),
    "list_storage_charges": Call("GET", "storage/charges", (SELLER, FINANCE)),
    "list_storage_bills": Call("GET", "storage/bills", (SELLER, FINANCE)),
    "get_storage_bill": Call(
        "GET", "storage/bills/{storage_bill}", (SELLER, FINANCE), is_owned=True
    ),
    "note_account_payment": Call(
        "POST", "seller-accounts/{seller}/payments", (FINANCE,), lambda world: ON_ACCOUNT
    ),
    "ask_for_credit": Call(
        "POST", "seller-accounts/{seller}/refund-requests", (SELLER,), is_owned=True
    ),
    "note_account_refund": Call(
        "POST", "seller-accounts/{seller}/refunds", (FINANCE,), lambda world: ON_ACCOUNT
    ),
    "list_orders": Call("GET", "orders", BUYERS),
    "get_order": Call("GET", "orders/{order}", BUYERS, is_owned=True),
    "get_order_paper": Call("GET", "orders/{order}/papers/{paper}", BUYERS, is_owned=True),
    "get_order_change": Call("GET", "orders/{order}/changes/1.xml", BUYERS, is_owned=True),
    "get_order_file": Call("GET", "orders/{order}/file.csv", BUYERS, is_owned=True),
    **KEPT,
    **OPERATED,
    **ORDERED,
    **DECLARED,
    "list_shipments": Call("GET", "shipments", SHIPPERS),
    "get_shipment": Call("GET", "shipments/{shipment}", SHIPPERS, is_owned=True),
    "list_order_bills": Call("GET", "orders/{order}/bills", (FINANCE,)),
    "enter_order_bill": Call("POST", "orders/{order}/bills", (FINANCE,), lambda world: A_BILL),
    "reverse_order_bill": Call(
        "POST",
        "orders/{order}/bill-reversals",
        (FINANCE,),
        lambda world: {"kind": "freight", "document": "BILL-OF-CANARY"},
    ),
    "book_invoice": Call("POST", "shipments/{shipment}/invoice", (FINANCE,), lambda world: INVOICE),
    **OF_STOCK,
    "list_retail_orders": Call("GET", "retail-orders", (SELLER,)),
    "get_retail_order": Call("GET", "retail-orders/{retail}", (SELLER,), is_owned=True),
    "create_retail_order": Call("POST", "retail-orders", (SELLER,), order_body),
    "create_retail_orders": Call(
        "POST", "retail-order-batches", (SELLER,), lambda world: {"orders": [order_body(world)]}
    ),
    "cancel_retail_order": Call("POST", "retail-orders/{retail}/cancel", (SELLER,), is_owned=True),
    "list_warehouses": Call("GET", "warehouses", (IMPORTER,)),
    "list_declarations": Call("GET", "declarations", (IMPORTER,)),
    "get_declaration": Call("GET", "declarations/{declaration}", (IMPORTER,), is_owned=True),
    "list_declarable_shipments": Call("GET", "declarable-shipments", (IMPORTER,)),
    "get_missing": Call("GET", "shipments/{shipment}/missing", (IMPORTER,), is_owned=True),
    "draft_declaration": Call(
        "POST",
        "shipments/{shipment}/declaration",
        (IMPORTER,),
        lambda world: {"warehouse": world.lot.warehouse.code},
        is_owned=True,
    ),
    **PRINTED,
    **POSTED,
    "lodge_declaration": Call(
        "POST", "declarations/{declaration}/lodge", (IMPORTER,), is_owned=True
    ),
    "release_declaration": Call(
        "POST",
        "declarations/{declaration}/release",
        (IMPORTER,),
        lambda world: {"customs_number": "310520261000000018"},
        is_owned=True,
    ),
    "reject_declaration": Call(
        "POST",
        "declarations/{declaration}/reject",
        (IMPORTER,),
        lambda world: {"reason": "规格型号申报不全"},
        is_owned=True,
    ),
    "redraft_declaration": Call(
        *("POST", "declarations/{declaration}/redraft", (IMPORTER,)),
        lambda world: {"freight": ""},
        is_owned=True,
    ),
    "get_forecast_template": Call("GET", "rounds/{code}/forecast-template.csv", (SELLER,)),
    "list_retail_files": Call("GET", "retail-order-files", (SELLER,)),
    "check_retail_file": Call("POST", "retail-order-files", (SELLER,), is_file=True),
    "get_retail_file": Call("GET", "retail-order-files/{orders_file}", (SELLER,), is_owned=True),
    "list_retail_file_outcomes": Call(
        "GET", "retail-order-files/{orders_file}/outcomes", (SELLER,), is_owned=True
    ),
    "take_retail_file": Call(
        "POST", "retail-order-files/{orders_file}/orders", (SELLER,), is_owned=True
    ),
    "get_retail_template": Call("GET", "retail-order-template.csv", (SELLER,)),
    "list_tariff": Call("GET", "tariff", (IMPORTER,)),
    "get_tariff": Call("GET", "tariff/1901101010?day=2026-07-01", (IMPORTER,)),
    "list_retail_lists": Call("GET", "retail-lists", (SELLER,)),
    "get_retail_list": Call("GET", "retail-lists/{list}", (SELLER,), is_owned=True),
    "list_payables": Call("GET", "payables", (FINANCE,)),
    "get_payable": Call("GET", "payables/{payable}", (FINANCE,)),
    "list_batches": Call("GET", "batches", (FINANCE,)),
    "get_batch": Call("GET", "batches/{batch}", (FINANCE,)),
    "open_batches": Call("POST", "batches", (FINANCE,), lambda world: PERIOD),
    "price_batch": Call("POST", "batches/{batch}/price", (FINANCE,), lambda world: {}),
    "approve_batch": Call("POST", "batches/{batch}/approve", (FINANCE,)),
    "list_payment_files": Call("GET", "payment-files", (FINANCE,)),
    "export_batches": Call(
        "POST", "payment-files", (FINANCE,), lambda world: {"batches": [world.batch.number]}
    ),
    "get_payment_file": Call("GET", "payment-files/{file}", (FINANCE,)),
    "get_payment_file_content": Call("GET", "payment-files/{file}/content.xml", (FINANCE,)),
    "list_terms": Call("GET", "terms", (FINANCE,)),
    "set_terms": Call("POST", "terms", (FINANCE,), lambda world: TERMS),
    "list_bank_accounts": Call("GET", "bank-accounts", (FINANCE,)),
    "get_bank_account": Call("GET", "bank-accounts/{account}", (FINANCE,)),
    "enter_bank_account": Call("POST", "bank-accounts", (FINANCE,), lambda world: BANK),
    "confirm_bank_account": Call("POST", "bank-accounts/{account}/confirm", (FINANCE,)),
    "close_bank_account": Call("POST", "bank-accounts/{account}/close", (FINANCE,)),
    "get_exposure": Call("GET", "exposure", (FINANCE,)),
    "list_rates": Call("GET", "rates", (FINANCE,)),
    "list_charges": Call("GET", "charges", (SELLER,)),
}


def names(world: World) -> dict[str, str]:
    """What the places of a path are filled with: the canary's own."""
    paper = world.order.documents.defer("content").order_by("pk").first()
    return {
        "sku": world.lot.product.sku,
        "code": world.round.code,
        "open": world.open_round.code,
        "late": str(world.late_wish.pk),
        "own": str(world.own_sku.pk),
        "version": str(world.forecast.version),
        "pk": str(world.upload.pk),
        "sales_file": str(world.sales_report.pk),
        "deposit": world.deposit.number,
        "storage_bill": world.storage_bill.number,
        "order": world.order.number,
        "offer": str(world.offer.pk),
        "supplier": world.order.supplier.company.code,
        "seller": world.seller.code,
        "paper": paper.number if paper else "none",
        "shipment": world.shipment.number,
        **kept_in(world),
        **printed_in(world),
        "retail": world.retail_order.number,
        "declaration": world.declaration.our_reference,
        "deadline": str(world.deadline.pk),
        "counter": world.counter_document.number,
        **month_in(world),
        "list": world.retail_list.number,
        "payable": world.payable.number,
        "batch": world.batch.number,
        "file": world.file.message_id,
        "account": world.account.number,
        "hook": str(world.endpoint.uid),
        "channel": str(world.channel.uid),
        "came": world.channel_delivery.uid,
        "message": world.message.uid,
        "message_out": world.message_out.number,
        "export_list": EXPORTED,
        "member": str(world.people["seller"].memberships.get().pk),
        "invitation": str(world.invitation.uid),
        "document": str(world.paper.pk),
        "job": world.job.public_id,
        "notice": str(world.notice.pk),
        "transfer": world.transfer.number,
        "orders_file": str(world.retail_upload.pk),
    }
