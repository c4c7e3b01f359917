"""What an importer's programs ask of its declarations beyond their straight way."""

from __future__ import annotations

from tests.rest.call import Call

IMPORTER = "importer"

DECLARED: dict[str, Call] = {
    "drop_declaration": Call(
        "POST",
        "declarations/{declaration}/drop",
        (IMPORTER,),
        lambda world: {"reason": "数据有误"},
        is_owned=True,
    ),
    "get_zone": Call("GET", "declarations/{declaration}/zone", (IMPORTER,), is_owned=True),
    "send_bonded_list": Call(
        "POST", "declarations/{declaration}/bonded-list", (IMPORTER,), is_owned=True
    ),
    "change_bonded_list": Call(
        "POST", "declarations/{declaration}/list-change", (IMPORTER,), is_owned=True
    ),
    "delete_bonded_list": Call(
        "POST", "declarations/{declaration}/list-deletion", (IMPORTER,), is_owned=True
    ),
    "get_passes": Call("GET", "declarations/{declaration}/passes", (IMPORTER,), is_owned=True),
    "send_pass": Call(
        "POST",
        "declarations/{declaration}/passes",
        (IMPORTER,),
        lambda world: {"vehicle_number": "浙B00001", "vehicle_weight_g": 13_000_000},
        is_owned=True,
    ),
    "ask_amendment": Call(
        "POST",
        "declarations/{declaration}/amendments",
        (IMPORTER,),
        lambda world: {
            "reason": "品名申报不全",
            "changes": [{"line": 1, "field": "name_zh", "value": "婴幼儿配方奶粉 1 段"}],
        },
        is_owned=True,
    ),
    "ask_withdrawal": Call(
        "POST",
        "declarations/{declaration}/withdrawals",
        (IMPORTER,),
        lambda world: {"reason": "重复申报"},
        is_owned=True,
    ),
    "list_to_do": Call("GET", "customs/to-do", (IMPORTER,)),
    "get_elements": Call("GET", "products/{sku}/elements", (IMPORTER,), is_owned=True),
    "set_elements": Call(
        "PUT",
        "products/{sku}/elements",
        (IMPORTER,),
        lambda world: {"elements": [], "content_ml": 900},
        is_owned=True,
    ),
    "get_product_remark": Call("GET", "products/{sku}/remark", (IMPORTER,), is_owned=True),
    "judge_product_remark": Call(
        "PUT",
        "products/{sku}/remark",
        (IMPORTER,),
        lambda world: {"verdict": "withdrawn", "reason": "再核"},
        is_owned=True,
    ),
    "get_entry_statement": Call(
        "GET", "customs/shipments/{shipment}/statement", (IMPORTER,), is_owned=True
    ),
    "set_entry_statement": Call(
        "PUT",
        "customs/shipments/{shipment}/statement",
        (IMPORTER,),
        lambda world: {
            "special_relation": "0",
            "price_influence": "0",
            "royalties": "0",
            "package_kind": "22",
        },
        is_owned=True,
    ),
    "list_deadlines": Call("GET", "customs/deadlines", (IMPORTER,)),
    "get_deadline": Call("GET", "customs/deadlines/{deadline}", (IMPORTER,), is_owned=True),
    "meet_deadline": Call("POST", "customs/deadlines/{deadline}/done", (IMPORTER,), is_owned=True),
    "get_shipment_way": Call("GET", "shipments/{shipment}/way", (IMPORTER,), is_owned=True),
    "choose_shipment_way": Call(
        "PUT",
        "shipments/{shipment}/way",
        (IMPORTER,),
        lambda world: {"way": "ordinary", "arrived_on": "2026-07-20"},
        is_owned=True,
    ),
    "enter_shipment": Call(
        "POST",
        "shipments/{shipment}/enter",
        (IMPORTER,),
        lambda world: {"warehouse": world.lot.warehouse.code, "pass_number": "P310426A79190001"},
        is_owned=True,
    ),
    "list_facilitations": Call("GET", "customs/facilitations", (IMPORTER,)),
    "list_book_filings": Call("GET", "book-filings", (IMPORTER,)),
    "ask_filing": Call(
        "POST",
        "book-filings",
        (IMPORTER,),
        lambda world: {
            "product": world.lot.product.sku,
            "warehouse": world.lot.warehouse.code,
        },
    ),
    "get_counter_document": Call("GET", "counter-documents/{counter}", (IMPORTER,), is_owned=True),
    "accept_counter_document": Call(
        "POST", "counter-documents/{counter}/accept", (IMPORTER,), is_owned=True
    ),
    "refuse_counter_document": Call(
        "POST",
        "counter-documents/{counter}/refuse",
        (IMPORTER,),
        lambda world: {"reason": "已审结"},
        is_owned=True,
    ),
}
