"""Who hears of what the authority answered: sellers of their lists, senders of their messages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from accounts.models import Company
from core.errors import DomainError
from customs.models import OutgoingElement, ReceiptMatch, RetailList, TaxBill
from customs.queries.posted import PostedBeside
from customs.rules.receipts.billing import FIELDS, TOLERANCE, Difference
from notices.services import amount, tell


def tell_sent_back(matches: Sequence[ReceiptMatch], now: datetime) -> None:
    """One notice for each company, however many came back."""
    _tell_each(matches, "sent_back", now)


def tell_late_errors(matches: Sequence[ReceiptMatch], now: datetime) -> None:
    """The same of errors that customs told of what it had stored, and that moved nothing."""
    _tell_each(matches, "late_error", now)


def _tell_each(matches: Sequence[ReceiptMatch], event: str, now: datetime) -> None:
    by_sender: dict[int, list[ReceiptMatch]] = defaultdict(list)
    by_seller: dict[int, list[ReceiptMatch]] = defaultdict(list)
    for match in matches:
        by_sender[match.company_id].append(match)
        if match.seller_id is not None and match.element.retail_list is not None:
            by_seller[match.seller_id].append(match)
    for company, rows in sorted(by_sender.items()):
        first = rows[0]
        tell(
            f"customs.{event}",
            subject=f"{first.pk} +{len(rows) - 1}",
            facts={
                "messages": len(rows),
                "first": f"{first.element.kind} {first.element.key}: {first.receipt.status}",
            },
            companies=[company],
            now=now,
        )
    for seller, rows in sorted(by_seller.items()):
        tell(
            f"retail.{event}",
            subject=f"{rows[0].pk} +{len(rows) - 1}",
            facts={"lists": len({row.element.retail_list_id for row in rows})},
            companies=[seller],
            items={
                seller: [
                    _sent_back(row, row.element.retail_list)
                    for row in rows
                    if row.element.retail_list
                ]
            },
            now=now,
        )


def tell_failed(match: ReceiptMatch, now: datetime) -> None:
    """The operators hear of what follows from a receipt and could not be done by our fault."""
    tell(
        "effects.failed",
        subject=f"{match.pk}",
        facts={
            "receipt": f"{match.receipt.message} {match.receipt.status}",
            "document": f"{match.element.kind} {match.element.key}",
        },
        now=now,
    )


def _sent_back(match: ReceiptMatch, listed: RetailList) -> dict[str, object]:
    return {
        "number": listed.number,
        "order": listed.order.number,
        "message": match.receipt.message,
        "status": match.receipt.status,
    }


def tell_posted_otherwise(
    found: Sequence[PostedBeside], element: OutgoingElement, now: datetime
) -> None:
    """Who declared, and the operators, hear of what customs posted otherwise; once for a list as
    long as the same differs."""
    if not found:
        return
    first = found[0]
    theirs = "?" if first.theirs is None else f"{first.theirs.normalize():f}"
    theirs = theirs if first.is_posted else "0"
    for event, companies in (("posting.differs", [element.company_id]), ("postings.differ", None)):
        tell(
            event,
            subject=f"{element.key} {len(found)} {first.item or first.sku}",
            facts={
                "list": element.key,
                "lines": len(found),
                "goods": first.sku or f"{first.item}",
                "theirs": theirs,
                "ours": 0 if first.ours is None else first.ours,
            },
            companies=companies or (),
            now=now,
        )


def tell_exports_held(importer: Company, refusal: DomainError, now: datetime) -> None:
    """The importer hears why its export lists were not made by themselves."""
    tell(
        "exports.held",
        subject=f"{importer.code} {now:%Y-%m-%d}",
        facts={"reason": refusal.code},
        companies=[importer.pk],
        now=now,
    )


def tell_exports_apart(importer: Company, parcels: int, now: datetime) -> None:
    """The importer hears, once a day, that released parcels can stand on no export list."""
    tell(
        "exports.apart",
        subject=f"{importer.code} {now:%Y-%m-%d}",
        facts={"parcels": parcels},
        companies=[importer.pk],
        now=now,
    )


def tell_goods_apart(lists: Sequence[RetailList], now: datetime) -> None:
    """Each seller hears of its lists whose goods lie in two account books; once of each."""
    by_seller: dict[int, list[RetailList]] = defaultdict(list)
    for one in lists:
        by_seller[one.seller_id].append(one)
    for seller, rows in sorted(by_seller.items()):
        tell(
            "retail.goods_apart",
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"lists": len(rows)},
            companies=[seller],
            items={
                seller: [{"number": row.number, "order": row.order.number} for row in rows],
            },
            now=now,
        )


def tell_differences(found: Sequence[tuple[TaxBill, Difference]], now: datetime) -> None:
    """The operators hear of all bills, each with its first difference, each seller of its own."""
    if not found:
        return
    bills = [bill for bill, _first in found]
    first = bills[0]
    tell(
        "tax.differs",
        subject=f"{first.number} +{len(bills) - 1}",
        facts={"bills": len(bills), "first": f"{first.number} {_by_how_much(*found[0])}"},
        now=now,
    )
    by_seller: dict[int, list[TaxBill]] = defaultdict(list)
    for bill in bills:
        if bill.seller_id is not None and bill.retail_list is not None:
            by_seller[bill.seller_id].append(bill)
    for seller, rows in sorted(by_seller.items()):
        tell(
            "retail.tax_differs",
            subject=f"{rows[0].number} +{len(rows) - 1}",
            facts={"bills": len(rows)},
            companies=[seller],
            items={seller: [_differs(row) for row in rows]},
            now=now,
        )


def _by_how_much(bill: TaxBill, first: Difference) -> str:
    """The whole bill's difference; where it agrees as a whole, the line and the tax that do not, as
    customs' message calls them."""
    if abs(bill.difference) > TOLERANCE:
        return f"({bill.difference:+.2f})"
    line = f"#{first.position} " if first.position else ""
    return f"({line}{FIELDS[first.tax]} {first.theirs - first.ours:+.2f})"


def _differs(bill: TaxBill) -> dict[str, object]:
    return {
        "number": bill.number,
        "list": bill.retail_list.number if bill.retail_list else "",
        "theirs": amount(_fen(bill.total), "CNY"),
        "ours": amount(_fen(bill.total - bill.difference), "CNY"),
    }


def _fen(yuan: Decimal) -> int:
    """Told to the nearest fen: the authority's amounts may have five decimals."""
    return int((yuan * 100).to_integral_value())
