"""What procurement does for doors and for the other apps."""

from procurement.services.account_files import (
    ACCOUNT_COLUMNS,
    record_account_file,
    record_account_payments,
)
from procurement.services.approving import approve_order, set_approval_limit
from procurement.services.bill_queue import MOST_ATTEMPTS, retry_bills
from procurement.services.billing_again import bill_again, work_bills
from procurement.services.cancelling import cancel_open
from procurement.services.changing import change_round, may_change, policy_of
from procurement.services.charging import book_run
from procurement.services.claiming import ClaimPaid, book_claim
from procurement.services.confirming import confirm_order, decide_confirmation, document_of
from procurement.services.copying import NothingToCopy, copy_last
from procurement.services.credit import (
    ask_due,
    ask_run,
    work_runs,
)
from procurement.services.deposit_files import (
    PAYMENT_COLUMNS,
    record_payment_file,
    record_payments,
)
from procurement.services.deposits import (
    apply_deposits,
    ask_deposits,
    forfeit,
    record_payment,
    refund,
    remind_deposits,
)
from procurement.services.documents import make_due_documents, retry_document
from procurement.services.expecting import ask_for_deposits, without_deposit
from procurement.services.filing import file_forecast, file_wishes, import_forecasts
from procurement.services.first_bills import bill_at_once
from procurement.services.freight import NewContainer, set_freight, set_minimum
from procurement.services.invoicing import record_invoice
from procurement.services.late import Taken, keep_late_wish, keep_late_wishes, take_late_wish
from procurement.services.money_files import BankLine, FileRead
from procurement.services.naming import forget_own_sku, map_own_sku
from procurement.services.offer_files import OfferFile, import_offers, preview_offers
from procurement.services.offers import NewOffer, add_offers, change_offer, end_offer, standing_of
from procurement.services.order_bills import (
    BILL_COLUMNS,
    enter_bill_file,
    enter_bills,
    reverse_bill,
)
from procurement.services.ordering import place_order
from procurement.services.paying import ask_back, pay_back, record_account_payment
from procurement.services.planning import plan_ahead, plan_round, planned_now
from procurement.services.policies import set_credit_policy
from procurement.services.reminding import remind, remind_bills, remind_late
from procurement.services.rounds import close_round, open_round, open_rounds, order_round
from procurement.services.sales import (
    SalesPreview,
    import_sales,
    import_sales_file,
    last_quarter,
    look_at_sales,
    preview_sales,
    record_drawn,
    record_file,
    report_sales,
)
from procurement.services.sharing_units import replay as replay_sharings
from procurement.services.shipping import (
    Missing,
    ShippedLine,
    bind_shipment,
    clear_shipment,
    mark_received,
    return_to_sea,
    share_arrival,
    ship_order,
)
from procurement.services.statements import NothingToState, StatementWrong, state
from procurement.services.storing import StorageOwed, book_storage
from procurement.services.trading import book_sale, overdue_of
from procurement.services.uploading import (
    Preview,
    file_partly,
    file_upload,
    look_again,
    preview_upload,
)

__all__ = [
    "ACCOUNT_COLUMNS",
    "BILL_COLUMNS",
    "MOST_ATTEMPTS",
    "PAYMENT_COLUMNS",
    "BankLine",
    "ClaimPaid",
    "FileRead",
    "Missing",
    "NewContainer",
    "NewOffer",
    "NothingToCopy",
    "NothingToState",
    "OfferFile",
    "Preview",
    "SalesPreview",
    "ShippedLine",
    "StatementWrong",
    "StorageOwed",
    "Taken",
    "add_offers",
    "apply_deposits",
    "approve_order",
    "ask_back",
    "ask_deposits",
    "ask_due",
    "ask_for_deposits",
    "ask_run",
    "bill_again",
    "bill_at_once",
    "bind_shipment",
    "book_claim",
    "book_run",
    "book_sale",
    "book_storage",
    "cancel_open",
    "change_offer",
    "change_round",
    "clear_shipment",
    "close_round",
    "confirm_order",
    "copy_last",
    "decide_confirmation",
    "document_of",
    "end_offer",
    "enter_bill_file",
    "enter_bills",
    "file_forecast",
    "file_partly",
    "file_upload",
    "file_wishes",
    "forfeit",
    "forget_own_sku",
    "import_forecasts",
    "import_offers",
    "import_sales",
    "import_sales_file",
    "keep_late_wish",
    "keep_late_wishes",
    "last_quarter",
    "look_again",
    "look_at_sales",
    "make_due_documents",
    "map_own_sku",
    "mark_received",
    "may_change",
    "open_round",
    "open_rounds",
    "order_round",
    "overdue_of",
    "pay_back",
    "place_order",
    "plan_ahead",
    "plan_round",
    "planned_now",
    "policy_of",
    "preview_offers",
    "preview_sales",
    "preview_upload",
    "record_account_file",
    "record_account_payment",
    "record_account_payments",
    "record_drawn",
    "record_file",
    "record_invoice",
    "record_payment",
    "record_payment_file",
    "record_payments",
    "refund",
    "remind",
    "remind_bills",
    "remind_deposits",
    "remind_late",
    "replay_sharings",
    "report_sales",
    "retry_bills",
    "retry_document",
    "return_to_sea",
    "reverse_bill",
    "set_approval_limit",
    "set_credit_policy",
    "set_freight",
    "set_minimum",
    "share_arrival",
    "ship_order",
    "standing_of",
    "state",
    "take_late_wish",
    "without_deposit",
    "work_bills",
    "work_runs",
]
