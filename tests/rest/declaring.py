"""What an importer's programs ask of its declarations beyond their straight way."""

from __future__ import annotations

from tests.rest.call import Call
from tests.walls.world import World
from tests.walls.world_of_declaring import CANARY_MONTH

IMPORTER = "importer"
_MONTH = "collective-declarations/{month}"

#: What a person does on the pages of months and requests, and a program by these operations.
MONTHS: dict[str, tuple[str, ...]] = {
    "customs/collective/": ("list_collective_declarations",),
    "customs/requests/<str:number>/accept/": ("get_counter_document", "accept_counter_document"),
    "customs/requests/<str:number>/refuse/": ("refuse_counter_document",),
    "customs/collective/draw/": ("draw_collective_declaration",),
    **{
        f"customs/collective/<str:reference>/{page}": (operation,)
        for page, operation in {
            "": "get_collective_declaration",
            "papers/": "order_collective_papers",
            "papers/<str:document>.pdf": "get_collective_paper",
            "papers-<str:language>.zip": "get_collective_set",
            "lodge/": "lodge_collective_declaration",
            "release/": "release_collective_declaration",
            "reject/": "reject_collective_declaration",
            "drop/": "drop_collective_declaration",
            "amend/": "ask_collective_amendment",
            "withdraw/": "ask_collective_withdrawal",
        }.items()
    },
}

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
    "list_collective_declarations": Call("GET", "collective-declarations", (IMPORTER,)),
    "get_collective_declaration": Call("GET", _MONTH, (IMPORTER,), is_owned=True),
    "draw_collective_declaration": Call(
        "POST",
        "collective-declarations",
        (IMPORTER,),
        lambda world: {"lists": [world.declaration.our_reference]},
    ),
    "order_collective_papers": Call(
        "POST",
        f"{_MONTH}/papers",
        (IMPORTER,),
        lambda world: {"language": "en"},
        is_owned=True,
    ),
    "get_collective_paper": Call(
        "GET", f"{_MONTH}/papers/{{month_paper}}.pdf", (IMPORTER,), is_owned=True
    ),
    "get_collective_set": Call("GET", f"{_MONTH}/papers/zh-hans.zip", (IMPORTER,), is_owned=True),
    "lodge_collective_declaration": Call("POST", f"{_MONTH}/lodge", (IMPORTER,), is_owned=True),
    "release_collective_declaration": Call(
        "POST",
        f"{_MONTH}/release",
        (IMPORTER,),
        lambda world: {"customs_number": "310520261000000018"},
        is_owned=True,
    ),
    "reject_collective_declaration": Call(
        "POST",
        f"{_MONTH}/reject",
        (IMPORTER,),
        lambda world: {"reason": "归类有误"},
        is_owned=True,
    ),
    "drop_collective_declaration": Call(
        "POST",
        f"{_MONTH}/drop",
        (IMPORTER,),
        lambda world: {"reason": "数据有误"},
        is_owned=True,
    ),
    "ask_collective_amendment": Call(
        "POST",
        f"{_MONTH}/amendments",
        (IMPORTER,),
        lambda world: {
            "reason": "品名申报不全",
            "changes": [{"line": 1, "field": "name_zh", "value": "婴幼儿配方奶粉 1 段"}],
        },
        is_owned=True,
    ),
    "ask_collective_withdrawal": Call(
        "POST",
        f"{_MONTH}/withdrawals",
        (IMPORTER,),
        lambda world: {"reason": "重复申报"},
        is_owned=True,
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


def month_in(world: World) -> dict[str, str]:
    """The month with which the canary's declaration was declared, and the form of it."""
    return {"month": CANARY_MONTH, "month_paper": world.month_paper}
