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
