"""What programs ask about messages to customs."""

from __future__ import annotations

from tests.rest.call import Call
from tests.walls.world_of_declaring import CANARY_GUARANTEE

IMPORTER = "importer"

POSTED: dict[str, Call] = {
    "list_positive_list": Call("GET", "positive-list", (IMPORTER,)),
    "list_exchange_rates": Call("GET", "exchange-rates", (IMPORTER,)),
    "list_customs_codes": Call("GET", "customs-codes", (IMPORTER,)),
    "list_messages_out": Call("GET", "customs/messages", (IMPORTER,)),
    "get_message_out": Call("GET", "customs/messages/{message_out}", (IMPORTER,), is_owned=True),
    "retry_message_out": Call(
        "POST", "customs/messages/{message_out}/retry", (IMPORTER,), is_owned=True
    ),
    "list_export_lists": Call("GET", "customs/export-lists", (IMPORTER,)),
    "make_export_lists": Call("POST", "customs/export-lists", (IMPORTER,)),
    "get_export_list": Call(
        "GET", "customs/export-lists/{export_list}", (IMPORTER,), is_owned=True
    ),
    "make_export_list_anew": Call(
        "POST", "customs/export-lists/{export_list}/anew", (IMPORTER,), is_owned=True
    ),
    "delete_export_list_at_customs": Call(
        "POST", "customs/export-lists/{export_list}/deletion", (IMPORTER,), is_owned=True
    ),
    "send_out_pass": Call(
        "POST",
        "customs/export-lists/{export_list}/passes",
        (IMPORTER,),
        lambda world: {"vehicle_number": "CANARY-9", "vehicle_weight_g": 13_000_000},
        is_owned=True,
    ),
    "tell_retail_list_anew": Call("POST", "retail-lists/{list}/anew", ("seller",), is_owned=True),
    "tell_retail_lists_anew": Call(
        "POST",
        "retail-tellings",
        ("seller",),
        lambda world: {"lists": [world.retail_list.number]},
    ),
    "get_parcel_papers": Call("GET", "retail-orders/{retail}/customs", ("seller",), is_owned=True),
    "tell_parcel_papers": Call(
        "POST",
        "retail-orders/{retail}/customs",
        ("seller",),
        lambda world: {"waybill": "CANARYBILL9"},
        is_owned=True,
    ),
    "get_receipt_file": Call(
        "POST",
        "customs/receipt-files/{receipt_file}/content",
        (IMPORTER, "warehouse", "operator"),
        is_owned=True,
        has=(IMPORTER,),
    ),
    "get_permits": Call("GET", "shipments/{shipment}/permits", (IMPORTER,), is_owned=True),
    "set_permits": Call(
        "POST",
        "shipments/{shipment}/permits",
        (IMPORTER,),
        lambda world: {
            "permits": [{"sku": world.lot.product.sku, "sign": "Y", "number": "CANARY-COO-2"}]
        },
        is_owned=True,
    ),
    "get_guarantees": Call("GET", "customs/guarantees", (IMPORTER,)),
    "tell_guarantee": Call(
        "POST",
        "customs/guarantees",
        (IMPORTER,),
        lambda world: {
            "guarantor": "3302961HZ9",
            "amount": "1000.00",
            "valid_from": "2026-07-01",
            "evidence": "B-1",
        },
    ),
    "get_guarantee_statement": Call(
        "GET",
        f"customs/guarantee-months/2026-10?guarantor={CANARY_GUARANTEE}",
        (IMPORTER,),
        is_owned=True,
    ),
    "get_guarantee_bills": Call(
        "GET",
        f"customs/guarantee-months/2026-10/bills.csv?guarantor={CANARY_GUARANTEE}",
        (IMPORTER,),
        is_owned=True,
    ),
    "pay_guaranteed_tax": Call(
        "POST",
        "customs/guarantee-payments",
        (IMPORTER,),
        lambda world: {
            "guarantor": CANARY_GUARANTEE,
            "month": "2026-10",
            "amount": "0.01",
            "paid_on": "2026-08-01",
            "evidence": "B-2",
        },
    ),
    "get_retail_parties": Call("GET", "retail-parties", ("seller",)),
    "tell_retail_parties": Call(
        "PUT",
        "retail-parties",
        ("seller",),
        lambda world: {
            "ebp_code": "3302961HZ1",
            "ebp_name": "金丝雀平台",
            "platforms": [{"channel": "shop", "code": "3302961HZ8", "name": "金丝雀二号"}],
            "ebc_code": "3302961HZ2",
            "ebc_name": "金丝雀电商",
            "assure_code": "3302961HZ6",
            "logistics_code": "3302961HZ4",
            "logistics_name": "金丝雀物流",
            # Who named the canary's own importer would be a client of it, and seen as such.
            "agent": world.other_importer.code,
        },
    ),
    "list_customs_clients": Call("GET", "customs/clients", (IMPORTER,)),
    "get_customs_client": Call("GET", "customs/clients/{seller}", (IMPORTER,), is_owned=True),
    "agree_to_declare": Call("POST", "customs/clients/{seller}/agree", (IMPORTER,), is_owned=True),
    "tell_parcel_file": Call("POST", "parcel-files", ("seller",), is_file=True),
    "get_parcel_template": Call("GET", "parcel-template.csv", ("seller",)),
}
