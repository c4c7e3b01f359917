"""What can be done: book an invoice, open, price, approve and export a batch, and say where a
company's money is."""

from settlement.services.banking import close_account, confirm_account, enter_account
from settlement.services.batching import approve_batch, open_batches, price_batch
from settlement.services.booking import book_invoice
from settlement.services.paying import export_batches
from settlement.services.terms import set_policy

__all__ = [
    "approve_batch",
    "book_invoice",
    "close_account",
    "confirm_account",
    "enter_account",
    "export_batches",
    "open_batches",
    "price_batch",
    "set_policy",
]
