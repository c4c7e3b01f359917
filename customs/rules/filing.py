"""Products are filed with an account book before they come, where the book asks for it."""

from __future__ import annotations

from core.errors import DomainError, InputError

LONGEST = 400
LARGEST_ITEM = 99_999


class BookNeedsNoFiling(InputError):
    """This account book makes its items as goods are posted; nothing is filed with it before."""

    code = "customs.book_needs_no_filing"


class FilingStands(DomainError):
    """This product is filed with the account book under its code, or its filing is pending."""

    code = "customs.filing_stands"


class FilingAnswered(DomainError):
    """This filing was answered before."""

    code = "customs.filing_answered"


class FilingAnswerWrong(InputError):
    """A filed product has its item number in the book, a refused one the reason; never both."""

    code = "customs.filing_answer_wrong"


class FilingDataMissing(InputError):
    """A product is filed with its HS code, Chinese name and declared unit."""

    code = "customs.filing_data_missing"


def check_answer(*, filed: bool, item: int | None, reason: str) -> str:
    """The reason, trimmed. Raises FilingAnswerWrong."""
    said = " ".join(reason.split())
    if filed:
        is_right = item is not None and 0 < item <= LARGEST_ITEM and not said
    else:
        is_right = item is None and 0 < len(said) <= LONGEST
    if not is_right:
        raise FilingAnswerWrong()
    return said
