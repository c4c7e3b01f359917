"""What the portal does for sellers, importers and finance, the API does as well.

Each address of theirs stands here with the operations that do the same, or with the reason why
there is none. A new address without an entry fails.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.rest.calls import CALLS
from tests.rest.declaring import MONTHS
from tests.rest.keepers import KEPT
from tests.rest.portal_of_zone import ZONE
from tests.walls.addresses import FINANCE, IMPORTER, OPERATOR, SELLER, TABLE

_SERVED = {SELLER, IMPORTER, FINANCE}
#: Of what operators do, that which the API does as well.
_OPERATED = (
    "offers/",
    "suppliers/",
    "orders/limits/",
    "rounds/",
    "credit/scores/",
    "credit/policy/",
    "customs/reference/",
)


@dataclass(frozen=True)
class WhyNot:
    reason: str


def does(*operations: str) -> tuple[str, ...]:
    return operations


OWN_KEYS = WhyNot(
    "Somebody's own key to the house: who holds a token must not be able to change how its person"
    " signs in"
)
TOKENS = WhyNot("A token that makes or revokes tokens would outlive its own revocation")
GATEWAYS = WhyNot(
    "A way out of the house is opened by a person, once; what goes by it, list_messages_out tells"
)
DECIDED = WhyNot("A person looks at a receipt that fits nothing, decides, and says why")
PUBLISHED = WhyNot("Published by the authority, which is where a program has it from")
CLAIMS = WhyNot(
    "A letter that a person reads and sends, and what the supplier answered to it; a program gets"
    " the list of all claims with create_export"
)

PORTAL: dict[str, tuple[str, ...] | WhyNot] = {
    "": does("get_home"),
    "account/": OWN_KEYS,
    "account/sign-out-elsewhere/": OWN_KEYS,
    "account/email/": OWN_KEYS,
    "account/password/": OWN_KEYS,
    "account/confirm/": OWN_KEYS,
    "account/confirm/code/": OWN_KEYS,
    "account/confirm/passkey/": OWN_KEYS,
    "account/second-factor/": OWN_KEYS,
    "account/app/": OWN_KEYS,
    "account/app/remove/": OWN_KEYS,
    "account/codes/": OWN_KEYS,
    "account/codes/new/": OWN_KEYS,
    "account/codes/codes.txt": OWN_KEYS,
    "account/passkeys/new/": OWN_KEYS,
    "account/passkeys/<int:pk>/remove/": OWN_KEYS,
    "act-for/": WhyNot("A token acts for one company in one role; get_me says which"),
    "people/": does("list_people", "list_invitations"),
    "people/<str:code>/": does("list_people", "get_member", "list_invitations", "get_invitation"),
    "people/<str:code>/invite/": does("create_invitation"),
    "people/<str:code>/members/<int:pk>/": does("get_member"),
    "people/<str:code>/members/<int:pk>/change/": does("change_member"),
    "people/<str:code>/members/<int:pk>/remove/": does("remove_member"),
    "people/<str:code>/invitations/<uuid:uid>/again/": does("resend_invitation"),
    "people/<str:code>/invitations/<uuid:uid>/revoke/": does("revoke_invitation"),
    "jobs/": does("list_jobs"),
    "jobs/<str:public_id>/": does("get_job", "list_job_outcomes"),
    "jobs/<str:public_id>/cancel/": does("cancel_job"),
    "jobs/<str:public_id>/file/": does("get_job_file"),
    "lists/<slug:key>/file/": does("list_lists", "create_export"),
    "lists/<slug:key>/act/": does("list_lists", "create_action"),
    "notices/": does("list_notices"),
    "notices/read/": does("read_notices"),
    "notices/settings/": does("get_notice_settings", "change_notice_settings"),
    "notices/<int:pk>/": does("get_notice", "read_notices"),
    "webhooks/": does("list_webhooks"),
    "webhooks/new/": does("create_webhook", "rotate_webhook"),
    "webhooks/messages/<str:uid>/": does("get_message"),
    "webhooks/messages/<str:uid>/replay/": does("replay_message"),
    "webhooks/<uuid:uid>/": does("get_webhook", "list_messages"),
    "webhooks/<uuid:uid>/change/": does("change_webhook"),
    "webhooks/<uuid:uid>/rotate/": does("rotate_webhook"),
    "webhooks/<uuid:uid>/enable/": does("enable_webhook"),
    "webhooks/<uuid:uid>/disable/": does("disable_webhook"),
    "webhooks/<uuid:uid>/end/": does("end_webhook"),
    "webhooks/<uuid:uid>/ping/": does("ping_webhook"),
    "webhooks/<uuid:uid>/replay/": does("replay_messages"),
    "webhooks/<uuid:uid>/secret/": does("create_webhook", "rotate_webhook"),
    "tokens/<int:pk>/made/": TOKENS,
    "tokens/": TOKENS,
    "tokens/new/": TOKENS,
    "tokens/<int:pk>/revoke/": TOKENS,
    "audit/<str:kind>/<int:pk>/": does("get_history"),
    "apply/": WhyNot(
        "Who applies acts for no company yet, so there is nothing to call in the name of"
    ),
    "admission/": does("get_admission"),
    "admission/answer/": does("answer_admission"),
    "admission/documents/<int:pk>/": does("get_admission_document"),
    "company/": does("get_company"),
    "company/edit/": does("change_company"),
    "products/": does("list_products"),
    "products/<int:pk>/": does("get_product"),
    "forecasts/": does("list_rounds", "list_late_wishes"),
    "forecasts/<str:code>/": does("get_round", "get_forecast", "list_forecasts"),
    "forecasts/<str:code>/edit/": does(
        *("list_round_products", "list_round_outlook", "get_forecast", "file_forecast"),
        *("create_late_wish", "get_suggestions"),
    ),
    "forecasts/<str:code>/copy/": does("copy_forecast"),
    "forecasts/<str:code>/late/<int:pk>/take/": does("take_late_wish"),
    "own-skus/": does("list_own_skus", "create_own_sku", "propose_products"),
    "own-skus/<int:pk>/remove/": does("get_own_sku", "remove_own_sku"),
    "forecasts/<str:code>/upload/": does("check_forecast_file"),
    # What is wrong stands in the API's refusal, row by row.
    "forecasts/<str:code>/upload/<int:pk>/": does("check_forecast_file"),
    "forecasts/<str:code>/upload/<int:pk>/file/": does("file_forecast_file", "file_forecast_rows"),
    "forecasts/<str:code>/template.<str:kind>": does("get_forecast_template"),
    "forecasts/<str:code>/versions/<int:number>/": does("get_forecast_version"),
    "forecasts/<str:code>/share/": does("get_share", "get_statement"),
    "forecasts/<str:code>/share/statement.<str:kind>": does("get_statement_file"),
    "credit/": does("get_credit", "list_scores"),
    "sales/": does("list_sales", "report_sales"),
    "sales/upload/": does("check_sales_file"),
    # What is wrong stands in the API's refusal, row by row.
    "sales/upload/<int:pk>/": does("check_sales_file"),
    "sales/upload/<int:pk>/record/": does("record_sales_file"),
    "sales/template.<str:kind>": WhyNot("What was forecast stands in get_forecast, line by line"),
    "owed/": does("get_seller_account", "list_account_entries"),
    "owed/ask-back/": does("ask_for_credit"),
    "sellers/accounts/": does("list_seller_accounts"),
    "sellers/accounts/payments/": does("note_account_payment"),
    "sellers/accounts/payments/template.<str:kind>": does("list_seller_accounts"),
    "sellers/accounts/<str:code>/": does(
        "get_seller_account",
        "list_account_entries",
        "note_account_payment",
        "note_account_refund",
    ),
    "storage/charges/": does("list_storage_charges"),
    "storage/bills/": does("list_storage_bills"),
    "storage/bills/<str:number>/": does("get_storage_bill", "list_storage_charges"),
    "deposits/": does("list_deposits"),
    "deposits/<str:number>/": does("get_deposit", "note_payment", "note_refund"),
    "deposits/payments/": does("note_payment"),
    "deposits/payments/template.<str:kind>": does("list_deposits"),
    "orders/": does("list_orders"),
    "orders/papers/<str:number>.pdf": does("get_order_paper"),
    "orders/<str:number>/approve/": does("approve_order"),
    "orders/limits/": does("get_approval_limits", "set_approval_limit"),
    "offers/": does("list_offers"),
    "offers/new/": does("create_offer"),
    "offers/upload/": does("import_offer_file"),
    "offers/template.<str:kind>": does("get_offer_template"),
    "offers/<int:pk>/": does("get_offer"),
    "offers/<int:pk>/change/": does("change_offer"),
    "offers/<int:pk>/end/": does("end_offer"),
    "suppliers/<str:code>/freight/": does("get_supplier_terms", "set_freight", "set_minimum"),
    "rounds/": does("list_pool_rounds"),
    "rounds/new/": does("announce_round"),
    "rounds/categories/": does("list_categories", "announce_category_rounds"),
    "rounds/<str:code>/": does("get_pool_round", "list_plans", "list_demand", "list_filings"),
    "rounds/<str:code>/change/": does("change_pool_round"),
    "rounds/<str:code>/statements/<str:seller>/": does("get_statement_of"),
    "rounds/<str:code>/demand/": does("list_demand"),
    "rounds/<str:code>/close/": does("get_closing", "close_pool_round"),
    "rounds/<str:code>/plan/": does("plan_round"),
    "rounds/<str:code>/deposits/": does("ask_for_deposits"),
    "rounds/<str:code>/plans/<int:number>/": does("get_plan"),
    "rounds/<str:code>/bills/": does("list_round_bills", "get_billing"),
    "rounds/<str:code>/bills/again/": does("retry_billing"),
    "rounds/<str:code>/bills/beside.csv": does("get_joint_costs"),
    "credit/scores/": does("list_seller_scores"),
    "credit/policy/": does("get_credit_policies", "set_credit_policy"),
    "orders/<str:number>/bills/": does(
        "list_order_bills", "enter_order_bill", "reverse_order_bill"
    ),
    "orders/<str:number>/file.<str:kind>": does("get_order_file"),
    "orders/<str:number>/changes/<int:sequence>.xml": does("get_order", "get_order_change"),
    "orders/<str:number>/lines/<int:position>/": does("get_order"),
    "orders/<str:number>/": does("get_order"),
    "shipments/<str:number>/": does("get_shipment", "list_shipments"),
    "shipments/<str:number>/invoice/": does("get_shipment", "book_invoice"),
    "stock/": does("list_stock", "list_arrivals"),
    "stock/movements/": does("list_movements"),
    "stock/ageing/": does("list_ageing"),
    "stock/pictures/<int:pk>.jpg": does("get_damage_picture"),
    "stock/minimums/": does("get_shelf_minimums", "set_shelf_minimum"),
    "stock/to-sell/": does("list_to_sell"),
    "stock/restocking/": does("list_restocking"),
    "stock/transfers/": does("list_transfers"),
    "stock/transfers/new/": does("create_transfer"),
    "stock/transfers/<str:number>/": does("get_transfer"),
    "stock/transfers/<str:number>/answer/": does(
        "accept_transfer", "refuse_transfer", "withdraw_transfer"
    ),
    "retail-orders/": does("list_retail_orders"),
    "retail-orders/new/": does("create_retail_order", "create_retail_orders"),
    "retail-orders/upload/": does("list_retail_files", "check_retail_file"),
    "retail-orders/upload/<int:pk>/": does(
        "get_retail_file", "list_retail_file_outcomes", "take_retail_file"
    ),
    "retail-orders/template.<str:kind>": does("get_retail_template"),
    "retail-orders/<str:number>/": does("get_retail_order"),
    "retail-orders/<str:number>/cancel/": does("cancel_retail_order"),
    "retail-orders/<str:number>/confirm/": does("confirm_retail_payment"),
    "retail-orders/<str:number>/free/": does("free_retail_order"),
    "retail-orders/<str:number>/hold/": does("hold_retail_order"),
    "retail-orders/<str:number>/merge/": does("merge_retail_orders"),
    "retail-orders/mergeable/": does("list_mergeable_orders"),
    "retail-orders/<str:number>/return/": does("announce_return"),
    "retail-orders/terms/": does("get_retail_terms", "set_retail_terms"),
    "retail-returns/": does("list_returns"),
    "customs/declarations/": does(
        "list_declarations", "list_declarable_shipments", "get_paper_sets"
    ),
    "customs/shipments/<str:number>/declare/": does(
        "get_missing", "list_warehouses", "draft_declaration"
    ),
    "customs/declarations/<str:reference>.pdf": does("get_paper", "get_papers"),
    "customs/declarations/<str:reference>/": does("get_declaration"),
    "customs/declarations/<str:reference>/papers/": does("list_papers"),
    "customs/declarations/<str:reference>/papers/order/": does("order_papers"),
    "customs/declarations/<str:reference>/papers/<str:document>.pdf": does("get_set_paper"),
    "customs/declarations/<str:reference>/papers/release/": does("release_papers"),
    "customs/declarations/<str:reference>/papers/links/": does("link_papers"),
    "customs/declarations/<str:reference>/papers/set.zip": does("get_paper_set"),
    "customs/declarations/<str:reference>/papers/links/<uuid:uid>/revoke/": does("revoke_papers"),
    "customs/share-sheets/": does("list_share_sheets"),
    "customs/share-sheets/<str:document>.pdf": does("get_share_sheet"),
    "customs/declarations/<str:reference>/paper/": does("order_paper"),
    "customs/declarations/<str:reference>/retry/": does("order_paper"),
    "customs/declarations/<str:reference>/lodge/": does("lodge_declaration"),
    "customs/declarations/<str:reference>/release/": does("release_declaration"),
    "customs/declarations/<str:reference>/reject/": does("reject_declaration"),
    "customs/declarations/<str:reference>/redraft/": does("redraft_declaration"),
    **ZONE,
    "customs/declarations/<str:reference>/amend/": does("ask_amendment"),
    "customs/declarations/<str:reference>/withdraw/": does("ask_withdrawal"),
    "customs/declarations/<str:reference>/drop/": does("drop_declaration"),
    **MONTHS,
    "customs/filings/": does("list_book_filings", "ask_filing"),
    "customs/deadlines/": does("list_deadlines", "get_deadline", "list_facilitations"),
    "customs/deadlines/<int:pk>/done/": does("meet_deadline"),
    "customs/to-do/": does("list_to_do"),
    "customs/shipments/<str:number>/statement/": does("get_entry_statement", "set_entry_statement"),
    "customs/shipments/<str:number>/way/": does("get_shipment_way", "choose_shipment_way"),
    "customs/shipments/<str:number>/enter/": does("enter_shipment"),
    "customs/products/<str:sku>/elements/": does("get_elements", "set_elements"),
    "customs/products/<str:sku>/remark/": does("get_product_remark", "judge_product_remark"),
    "customs/tariff/": does("list_tariff", "get_tariff"),
    "customs/tariff/<str:code>/": does("get_tariff"),
    "customs/positive-list/": does("list_positive_list"),
    "customs/exchange-rates/": does("list_exchange_rates"),
    "customs/codes/": does("list_customs_codes"),
    "customs/tax/": does("estimate_tax"),
    "customs/reference/": does("list_reference_proposals", "propose_reference"),
    "customs/reference/<str:number>/": does("get_reference_proposal", "list_reference_changes"),
    "customs/reference/<str:number>.csv": does("get_reference_report"),
    "customs/reference/<str:number>/approve/": does("approve_reference_proposal"),
    "customs/reference/<str:number>/refuse/": does("refuse_reference_proposal"),
    "customs/messages/": does("list_messages_out"),
    "customs/messages/<str:number>/": does("get_message_out"),
    "customs/messages/<str:number>/retry/": does("retry_message_out"),
    "customs/parties/": does("get_retail_parties", "tell_retail_parties"),
    "customs/clients/": does("list_customs_clients"),
    "customs/clients/<str:code>/agree/": does("get_customs_client", "agree_to_declare"),
    "customs/shipments/<str:number>/permits/": does("get_permits", "set_permits"),
    "customs/parcels/": does("tell_parcel_file"),
    "customs/parcels/template.<str:kind>": does("get_parcel_template"),
    "customs/parcels/<str:number>/": does("get_parcel_papers", "tell_parcel_papers"),
    "customs/gateways/": GATEWAYS,
    "customs/gateways/new/": GATEWAYS,
    "customs/gateways/<slug:code>/": GATEWAYS,
    "customs/gateways/<slug:code>/change/": GATEWAYS,
    "retail-lists/": does("list_retail_lists", "create_retail_releases", "tell_retail_lists_anew"),
    "retail-lists/<str:number>/": does("get_retail_list"),
    "retail-lists/<str:number>/anew/": does("tell_retail_list_anew"),
    "retail-lists/<str:number>/papers/": does("order_retail_papers"),
    "retail-lists/<str:number>/papers/<str:document>.pdf": does("get_retail_paper"),
    "settlement/": does("get_exposure", "list_rates", "list_payables", "list_batches"),
    "settlement/payables/": does("list_payables", "get_payable"),
    "settlement/batches/": does("list_batches"),
    "settlement/batches/open/": does("open_batches"),
    "settlement/batches/export/": does("export_batches"),
    "settlement/batches/<str:number>/": does("get_batch"),
    "settlement/batches/<str:number>/price/": does("price_batch"),
    "settlement/batches/<str:number>/approve/": does("approve_batch"),
    "settlement/files/": does("list_payment_files", "get_payment_file"),
    "settlement/files/<str:message_id>.xml": does("get_payment_file_content"),
    "settlement/terms/<str:code>/": does("list_terms", "set_terms"),
    "settlement/accounts/": does("list_bank_accounts"),
    "settlement/accounts/new/": does("enter_bank_account"),
    "settlement/accounts/<str:number>/": does("get_bank_account"),
    "settlement/accounts/<str:number>/confirm/": does("confirm_bank_account"),
    "settlement/accounts/<str:number>/close/": does("close_bank_account"),
    "charges/": does("list_charges"),
    "channels/": does("list_channels"),
    "channels/new/": does("create_channel", "rotate_channel"),
    "channels/<uuid:uid>/": does("get_channel", "list_channel_deliveries"),
    "channels/<uuid:uid>/change/": does("change_channel"),
    "channels/<uuid:uid>/enable/": does("enable_channel"),
    "channels/<uuid:uid>/disable/": does("disable_channel"),
    "channels/<uuid:uid>/rotate/": does("rotate_channel"),
    "channels/<uuid:uid>/secret/": does("rotate_channel"),
    "channels/deliveries/<str:uid>/": does("get_channel_delivery"),
    "channels/deliveries/<str:uid>/retry/": does("retry_channel_delivery"),
    "customs/receipts/": does("list_receipts"),
    "customs/receipts/files/": does("list_lists", "create_export"),
    "customs/receipts/files/<int:pk>/": does("list_lists", "create_export"),
    "customs/receipts/files/<int:pk>/content/": does("get_receipt_file"),
    "customs/receipts/upload/": does("take_receipts"),
    "customs/receipts/<int:pk>/": does("list_receipts"),
    **{f"customs/receipts/<int:pk>/{act}/": DECIDED for act in ("assign", "aside", "again")},
    "customs/guarantees/": does("get_guarantees", "tell_guarantee"),
    "customs/guarantees/<path:code>/<str:month>/": does(
        "get_guarantee_statement", "pay_guaranteed_tax"
    ),
    "customs/guarantees/<path:code>/<str:month>/bills.<str:kind>": does("get_guarantee_bills"),
    "customs/tax-bills/": does("list_lists", "create_export"),
    "claims/": does("list_lists", "create_export"),
    "claims/<str:number>/": CLAIMS,
    "claims/<str:number>.pdf": CLAIMS,
    "pictures/<int:pk>.jpg": CLAIMS,
    "pictures/<int:pk>/small.jpg": CLAIMS,
}

#: Operations that no page of theirs has: what a program asks about itself, and what a warehouse's
#: or its carriers' programs ask, whose pages nobody else has.
ONLY_OVER_THE_API = {"get_me", *KEPT}


def _theirs() -> set[str]:
    found = {path for path, address in TABLE.items() if (address.read | address.write) & _SERVED}
    operated = {
        path
        for path, address in TABLE.items()
        if path.startswith(_OPERATED) and OPERATOR in address.read | address.write
    }
    return found | operated


def test_every_address_of_theirs_has_its_operations_or_its_reason() -> None:
    assert set(PORTAL) - _theirs() == set(), "addresses that are gone"
    assert _theirs() - set(PORTAL) == set(), "say how the API does the same, or why it does not"


def test_the_operations_exist_and_are_for_the_same_roles() -> None:
    wrong: list[tuple[str, ...]] = []
    for path, told in PORTAL.items():
        if isinstance(told, WhyNot):
            assert len(told.reason) > 20, path
            continue
        served = _SERVED | ({OPERATOR} if path.startswith(_OPERATED) else set())
        roles = (TABLE[path].read | TABLE[path].write) & served
        for name in told:
            if name not in CALLS:
                wrong.append((path, name, "is not there"))
        able = {role for name in told if name in CALLS for role in CALLS[name].who}
        if not roles <= able:
            wrong.append((path, *sorted(roles - able)))

    assert wrong == []


def test_every_operation_does_what_some_page_does() -> None:
    named = {name for told in PORTAL.values() if isinstance(told, tuple) for name in told}

    assert set(CALLS) - named == ONLY_OVER_THE_API
