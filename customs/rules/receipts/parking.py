"""What is wrong with a file of receipts that is laid aside whole, beyond its form."""

from __future__ import annotations

from core.errors import DomainError, InputError


class NotAReceipt(InputError):
    """This message is one that companies send, not an answer of the authority."""

    code = "customs.not_a_receipt"


class ReceiptTimeWrong(InputError):
    """The authority's time in this receipt is no time of the calendar."""

    code = "customs.receipt_time_wrong"


class ReceiptSaysNothing(InputError):
    """This receipt names no document that it could be about."""

    code = "customs.receipt_says_nothing"


class ReceiptFigureWrong(InputError):
    """A line number or an amount in this receipt is none that there can be."""

    code = "customs.receipt_figure_wrong"


class ReceiptLineRepeated(InputError):
    """Two lines of this receipt have one number."""

    code = "customs.receipt_line_repeated"


class ReceiptUnsigned(InputError):
    """This way in takes only signed receipts, and this one is not, or its key is not known."""

    code = "customs.receipt_unsigned"


class ReceiptFileEmpty(InputError):
    """This file is empty."""

    code = "customs.receipt_file_empty"


class TooManyReceiptFiles(InputError):
    """Too many files at once; bring them in smaller parts."""

    code = "customs.too_many_receipt_files"


class ReceiptSettled(DomainError):
    """Somebody was faster: this receipt is not waiting for anybody any more."""

    code = "customs.receipt_settled"


class ReceiptReasonMissing(InputError):
    """Say in a sentence why."""

    code = "customs.receipt_reason_missing"


class NotWhatItIsAbout(InputError):
    """This receipt answers another kind of message than the one it is to be assigned to."""

    code = "customs.not_what_it_is_about"
