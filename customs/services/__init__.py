"""What customs work is done: draft, print, lodge, record, tax parcels, keep the tariff."""

from customs.services.booking import Booked, book_due, report_books
from customs.services.cancelling import cancel_order, cancel_orders
from customs.services.checking import check_rules, told
from customs.services.collecting import (
    draw_collective,
    drop_collective,
    lodge_collective,
    reject_collective,
    release_collective,
)
from customs.services.collective_countering import ask_amendment_together, ask_withdrawal_together
from customs.services.collective_papers import (
    make_due_collective_papers,
    order_collective_papers,
    queue_collective,
)
from customs.services.countering import (
    WITH_CUSTOMS,
    ask_amendment,
    ask_withdrawal,
    drop_draft,
    record_accepted,
    record_refused,
)
from customs.services.deadlines import grant, meet_deadline, watch_deadlines
from customs.services.documents import (
    make_due_documents,
    order_papers,
    queue_document,
    retry_document,
)
from customs.services.drafting import draft_declaration, redraft
from customs.services.effects import try_again, work_effects
from customs.services.elements import keep_elements
from customs.services.exporting import gather_anew, gather_daily, gather_exports, queue_out_pass
from customs.services.filing import answer_filing, ask_filing, ask_filings
from customs.services.following_up import follow_up
from customs.services.lodging import lodge, record_rejection, record_release
from customs.services.looking import ask_for_year, read_receipt_file
from customs.services.matching import assign, match_due, set_aside
from customs.services.merging import merge_orders
from customs.services.queueing import Batch, Element, queue_messages
from customs.services.receipts import work_receipts
from customs.services.receiving import take_in
from customs.services.reference import (
    approve_reference,
    check_approval,
    propose_reference,
    refuse_reference,
)
from customs.services.releasing import release_lists
from customs.services.retail_lists import DrawnLists, draw_retail_lists
from customs.services.retail_papers import make_due_retail_papers, order_retail_papers
from customs.services.returning import announce_return, receive_return
from customs.services.seeding import SHIPPED, keep_shipped
from customs.services.sending import Clocks, empty_sent, retry_message, send_due
from customs.services.stating import keep_statement
from customs.services.tax_rules import keep_tax_rules
from customs.services.telling_anew import tell_all_anew, tell_anew
from customs.services.telling_parcels import tell_parcels
from customs.services.ways import choose_way, enter_first

__all__ = [
    "SHIPPED",
    "WITH_CUSTOMS",
    "Batch",
    "Booked",
    "Clocks",
    "DrawnLists",
    "Element",
    "announce_return",
    "answer_filing",
    "approve_reference",
    "ask_amendment",
    "ask_amendment_together",
    "ask_filing",
    "ask_filings",
    "ask_for_year",
    "ask_withdrawal",
    "ask_withdrawal_together",
    "assign",
    "book_due",
    "cancel_order",
    "cancel_orders",
    "check_approval",
    "check_rules",
    "choose_way",
    "draft_declaration",
    "draw_collective",
    "draw_retail_lists",
    "drop_collective",
    "drop_draft",
    "empty_sent",
    "enter_first",
    "follow_up",
    "gather_anew",
    "gather_daily",
    "gather_exports",
    "grant",
    "keep_elements",
    "keep_shipped",
    "keep_statement",
    "keep_tax_rules",
    "lodge",
    "lodge_collective",
    "make_due_collective_papers",
    "make_due_documents",
    "make_due_retail_papers",
    "match_due",
    "meet_deadline",
    "merge_orders",
    "order_collective_papers",
    "order_papers",
    "order_retail_papers",
    "propose_reference",
    "queue_collective",
    "queue_document",
    "queue_messages",
    "queue_out_pass",
    "read_receipt_file",
    "receive_return",
    "record_accepted",
    "record_refused",
    "record_rejection",
    "record_release",
    "redraft",
    "refuse_reference",
    "reject_collective",
    "release_collective",
    "release_lists",
    "report_books",
    "retry_document",
    "retry_message",
    "send_due",
    "set_aside",
    "take_in",
    "tell_all_anew",
    "tell_anew",
    "tell_parcels",
    "told",
    "try_again",
    "watch_deadlines",
    "work_effects",
    "work_receipts",
]
