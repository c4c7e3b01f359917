"""What the papers of a parcel tell, and which there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from django.http import Http404
from django.utils.timezone import get_default_timezone

from core.models import WorkState
from core.walls import platform_wide
from customs.models import (
    ElementState,
    MessageKind,
    OutgoingElement,
    ParcelPapers,
    RetailDocument,
    RetailList,
    RetailListLine,
    TaxRegime,
)
from customs.papers.retail import RetailLine, RetailPrint, ToldLine
from customs.queries.parcels_told import Told, parties_of, told_of
from customs.queries.reference import old_codes
from customs.queries.retail import list_of
from customs.rules.ceb.messages import Business, message_of
from customs.rules.ceb.reading import read
from customs.rules.codes import country
from customs.rules.receipts.words import status_words
from customs.rules.retail_messages import Sent, retail_list
from customs.rules.sending import unsqueezed
from warehouse.days import day_of
from warehouse.queries.retail import buyer_of


def retail_print(retail_list_id: int, *, chinese: bool) -> RetailPrint:
    """One retail list; no clock is asked, and nothing of the buyer is in clear."""
    found = RetailList.objects.select_related(
        *("order", "seller", "tax_rule", "release", "void")
    ).get(pk=retail_list_id)
    order, seller, rule = found.order, found.seller, found.tax_rule
    buyer = buyer_of(order)
    lines = list(found.lines.select_related("order_line__product").order_by("position"))
    state = ("已开立", "drawn")
    if hasattr(found, "release"):
        state = ("海关已放行", "released")
    if hasattr(found, "void"):
        state = ("已作废", "void")
    element = (
        OutgoingElement.objects.filter(retail_list=found, kind=MessageKind.RETAIL_LIST)
        .select_related("message", "standing")
        .order_by("-turn")
        .first()
    )
    business = _as_sent(element) if element else None
    if business is not None:
        told = tuple(_sent_lines(business, lines, found.drawn_at, chinese=chinese))
    else:
        now_told, business = _as_told(
            found, element.message.queued_at if element else found.drawn_at
        )
        told = tuple(_told_lines(now_told, business, lines, chinese=chinese))
    return RetailPrint(
        number=found.number,
        order=order.number,
        seller=seller.name_zh if chinese else seller.name_en,
        buyer=buyer.name,
        buyer_id=buyer.id_number,
        telephone=buyer.telephone,
        address=buyer.address,
        regime=found.regime,
        rule=rule.source,
        payable=rule.payable_fraction,
        is_full=found.regime == TaxRegime.OVER_SINGLE_ITEM,
        dutiable=found.dutiable_minor,
        tax=found.tax_minor,
        state=state[0 if chinese else 1],
        drawn_at=found.drawn_at,
        lines=tuple(
            RetailLine(
                position=line.position,
                hs_code=line.hs_code,
                name=_name(line, chinese=chinese),
                dutiable=line.dutiable_minor,
                duty=line.duty_minor,
                consumption_tax=line.consumption_tax_minor,
                vat=line.vat_minor,
            )
            for line in lines
        ),
        head={name: value for name, value in business.head.items() if name not in _OF_THE_BUYER},
        told=told,
        number_at_customs=element.their_number if element else "",
        pre_number=element.pre_number if element else "",
        answer=_answer(element, chinese=chinese),
    )


#: Of these the paper has what is masked.
_OF_THE_BUYER = ("buyerIdNumber", "buyerName", "buyerTelephone", "consigneeAddress")


def _as_sent(element: OutgoingElement) -> Business | None:
    """Its list as it stands in the message; None once that was emptied after its time."""
    if not element.message.body:
        return None
    reading = read(unsqueezed(element.message.body))
    # Until it leaves it has no signature, and its root is faulted for that alone.
    reading.faults[:] = [one for one in reading.faults if one.path != element.kind]
    message = message_of(reading)
    return next((one for one in message.elements if one.head.get("guid") == element.guid), None)


def _sent_lines(
    business: Business, lines: Sequence[RetailListLine], at: datetime, *, chinese: bool
) -> Iterator[ToldLine]:
    """Each with the tax of the line of the order that it serves: they go in the same order, and
    those of one line make up its quantity."""
    by_old_code = {old: code for code, old in old_codes("country", day_of(at), None).items()}
    waiting = iter(lines)
    line, left = next(waiting), Decimal(0)
    for values in business.lines:
        is_first = left == 0
        if is_first and values is not business.lines[0]:
            line = next(waiting, line)
        left = (Decimal(line.order_line.quantity) if is_first else left) - Decimal(values["qty"])
        origin = country(by_old_code.get(values["country"], ""), chinese=chinese)
        yield _line(
            values,
            line,
            origin,
            is_first=is_first,
            name="" if chinese else _name(line, chinese=False),
        )


def _line(
    values: Mapping[str, str], line: RetailListLine, origin: str, *, is_first: bool, name: str
) -> ToldLine:
    tax = line.duty_minor + line.consumption_tax_minor + line.vat_minor
    shown = {
        **values,
        "gname": name or values["gname"],
        "origin": "\n".join(part for part in (origin, values["country"]) if part),
    }
    return ToldLine(shown, line.dutiable_minor if is_first else None, tax if is_first else None)


def _as_told(found: RetailList, at: datetime) -> tuple[Told, Business]:
    """The list as its message tells of it, with what was told of its parcel until now."""
    moment = at.astimezone(get_default_timezone())
    # The book, the house and whoever declares are others'; they stand on the seller's list.
    with platform_wide():
        papers = ParcelPapers.objects.filter(order=found.order_id).first()
        (told,) = told_of(
            [found],
            parties_of([found.seller_id]),
            {found.order_id: papers} if papers else {},
            day=moment.date(),
        )
    return told, retail_list(told.parcel, told.parties, told.house, Sent("", moment))


def _told_lines(
    told: Told, business: Business, lines: Sequence[RetailListLine], *, chinese: bool
) -> Iterator[ToldLine]:
    of = {line.position: line for line in lines}
    seen: set[int] = set()
    for position, values in zip(told.positions, business.lines, strict=True):
        line, is_first = of[position], position not in seen
        seen.add(position)
        origin = country(line.order_line.product.origin, chinese=chinese)
        yield _line(values, line, origin, is_first=is_first, name=_name(line, chinese=chinese))


def _name(line: RetailListLine, *, chinese: bool) -> str:
    product = line.order_line.product
    return str(product.name_zh if chinese else product.name_en)


def _answer(element: OutgoingElement | None, *, chinese: bool) -> str:
    """Customs' last answer that counts, by its number and in words."""
    standing: ElementState | None = getattr(element, "standing", None)
    if standing is None:
        return ""
    words = status_words(standing.message, standing.status)
    return f"{standing.status} {words[0 if chinese else 1]}"


def retail_papers_of(retail_list: RetailList) -> list[RetailDocument]:
    """All that was ordered, by kind, the newest first."""
    found = RetailDocument.objects.filter(retail_list=retail_list).defer("content")
    return list(found.order_by("kind", "language", "-version"))


def retail_paper_named(number: str, document: str) -> RetailDocument:
    """A finished paper of a retail list in scope, with its bytes; Http404 otherwise."""
    found = RetailDocument.objects.filter(
        retail_list=list_of(number), number=document, state=WorkState.READY
    ).first()
    if found is None:
        raise Http404
    return found
