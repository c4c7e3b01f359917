"""What operators' programs ask: offers, rounds, bands of credit, approvals."""

from __future__ import annotations

from tests.rest.call import Call

FINANCE, OPERATOR = "finance", "operator"
OPERATORS = (OPERATOR,)
#: Who sends to customs, and operators.
SENDERS = ("importer", "warehouse", OPERATOR)
PRICES = [{"from_packs": 1, "pack_price_minor": 5400}]
BANDS = {
    "valid_from": "2027-01-01",
    "shrunk_by": 30,
    "newcomer_band": "C",
    "newcomer_units": 120,
    "bands": [
        {"name": name, "from_score": score, "deposit": paid, "tolerance": may, "priority": may}
        for name, score, paid, may in (
            *(("A", 60, 40, 100), ("B", 30, 80, 80)),
            *(("C", 10, 100, 50), ("D", 0, 200, 20)),
        )
    ],
}

OPERATED: dict[str, Call] = {
    "list_reference_proposals": Call("GET", "reference-proposals", OPERATORS),
    "propose_reference": Call("POST", "reference-proposals", OPERATORS, is_file=True),
    "get_reference_proposal": Call("GET", "reference-proposals/RD-2026-000001", OPERATORS),
    "list_reference_changes": Call("GET", "reference-proposals/RD-2026-000001/changes", OPERATORS),
    "get_reference_report": Call(
        "GET", "reference-proposals/RD-2026-000001/changes.csv", OPERATORS
    ),
    "approve_reference_proposal": Call(
        "POST", "reference-proposals/RD-2026-000001/approve", OPERATORS
    ),
    "refuse_reference_proposal": Call(
        "POST",
        "reference-proposals/RD-2026-000001/refuse",
        OPERATORS,
        lambda world: {"reason": "税率与公告不符"},
    ),
    "create_retail_releases": Call(
        "POST",
        "retail-releases",
        OPERATORS,
        lambda world: {
            "lists": [world.retail_list.number],
            "reference": "CANARY-CEB622-1",
            "released_at": "2026-08-01T11:00:00+08:00",
        },
    ),
    "take_receipts": Call("POST", "customs/receipts", SENDERS, is_file=True),
    "list_receipts": Call("GET", "customs/receipts", SENDERS),
    "approve_order": Call("POST", "orders/{order}/approve", (FINANCE, OPERATOR)),
    "get_approval_limits": Call("GET", "approval-limits", (FINANCE, OPERATOR)),
    "set_approval_limit": Call(
        "PUT",
        "approval-limits",
        OPERATORS,
        lambda world: {"currency": "CNY", "amount_minor": 15_000_000},
    ),
    "list_offers": Call("GET", "offers", OPERATORS),
    "get_offer": Call("GET", "offers/{offer}", OPERATORS),
    "create_offer": Call(
        "POST",
        "offers",
        OPERATORS,
        lambda world: {
            "sku": world.lot.product.sku,
            "supplier": world.order.supplier.company.code,
            "currency": "EUR",
            "incoterm": "CIF",
            "valid_from": "2027-01-01",
            "pack_quantity": 6,
            "prices": PRICES,
        },
    ),
    "change_offer": Call(
        "PUT",
        "offers/{offer}",
        OPERATORS,
        lambda world: {"pack_quantity": 6, "prices": PRICES},
    ),
    "end_offer": Call(
        "POST", "offers/{offer}/end", OPERATORS, lambda world: {"ends_on": "2026-12-31"}
    ),
    "import_offer_file": Call("POST", "offer-files", OPERATORS, is_file=True),
    "get_offer_template": Call("GET", "offer-template.csv", OPERATORS),
    "get_supplier_terms": Call("GET", "suppliers/{supplier}/terms", OPERATORS),
    "set_freight": Call(
        "POST",
        "suppliers/{supplier}/freight",
        OPERATORS,
        lambda world: {"valid_from": "2027-01-01", "lcl_minor": 48_000, "containers": []},
    ),
    "set_minimum": Call(
        "POST",
        "suppliers/{supplier}/minimums",
        OPERATORS,
        lambda world: {"currency": "EUR", "incoterm": "FOB", "amount_minor": 300_000},
    ),
    "get_credit_policies": Call("GET", "credit-policies", OPERATORS),
    "list_seller_scores": Call("GET", "credit-scores", OPERATORS),
    "set_credit_policy": Call("PUT", "credit-policies", OPERATORS, lambda world: BANDS),
    "list_pool_rounds": Call("GET", "pool-rounds", OPERATORS),
    "get_pool_round": Call("GET", "pool-rounds/{code}", OPERATORS),
    "change_pool_round": Call(
        "PATCH", "pool-rounds/{open}", OPERATORS, lambda world: {"budget_minor": 100_000_000}
    ),
    "announce_round": Call(
        "POST",
        "pool-rounds",
        OPERATORS,
        lambda world: {
            "quarter": "2028-Q1",
            "opens_at": "2027-11-01T00:00:00+08:00",
            "cutoff_at": "2027-12-20T18:00:00+08:00",
        },
    ),
    "announce_category_rounds": Call(
        "POST",
        "category-rounds",
        OPERATORS,
        lambda world: {
            "quarter": "2028-Q2",
            "categories": [world.lot.product.category],
            "opens_at": "2028-02-01T00:00:00+08:00",
            "cutoff_at": "2028-03-20T18:00:00+08:00",
        },
    ),
    "list_categories": Call("GET", "categories", OPERATORS),
    "list_demand": Call("GET", "pool-rounds/{code}/demand", OPERATORS),
    "list_filings": Call("GET", "pool-rounds/{code}/filings", OPERATORS),
    "list_plans": Call("GET", "pool-rounds/{code}/plans", OPERATORS),
    "get_plan": Call("GET", "pool-rounds/{code}/plans/1", OPERATORS),
    "plan_round": Call("POST", "pool-rounds/{open}/plans", OPERATORS),
    "ask_for_deposits": Call("POST", "pool-rounds/{code}/deposit-requests", OPERATORS),
    "get_closing": Call("GET", "pool-rounds/{code}/closing", OPERATORS),
    "close_pool_round": Call(
        "POST", "pool-rounds/{code}/close", OPERATORS, lambda world: {"buyer": "CANARY-I"}
    ),
    "list_round_bills": Call("GET", "pool-rounds/{code}/bills", OPERATORS),
    "get_billing": Call("GET", "pool-rounds/{code}/billing", OPERATORS),
    "retry_billing": Call("POST", "pool-rounds/{code}/billing/again", OPERATORS),
    "get_joint_costs": Call("GET", "pool-rounds/{code}/joint-costs", OPERATORS),
    "get_statement_of": Call("GET", "pool-rounds/{code}/statements/{seller}", OPERATORS),
}
