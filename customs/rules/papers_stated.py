"""What each paper of an entry states, from its own source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.money import Money
from customs.rules.charges import Kind, Mark, left_out
from customs.rules.import_set import IMPORT_DECLARATION, RECORD_LIST, ImportSet, Pass
from customs.rules.sent_list import SentList
from customs.rules.shipped import Voyage

#: The papers that are held against each other, in the order in which they arise.
ORDER, INVOICE, PACKING, LIST, SENT, DECLARATION, PASS = (
    *("order", "invoice", "packing_list", "bonded_list", "sent_list", "declaration", "pass"),
)

_IN_ONE_STEP = {"X": IMPORT_DECLARATION, "Y": RECORD_LIST}


@dataclass(frozen=True, slots=True)
class Line:
    """What a paper states of one article; None and empty where it states nothing."""

    hs_code: str = ""
    origin: str = ""
    quantity: int | None = None
    amount: int | None = None
    name: str = ""
    specification: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """What one paper states; None and empty where it states nothing of it.

    ``lines`` are by article, ``goods`` by the line of the form.
    """

    paper: str
    contract: str = ""
    invoice: str = ""
    bill_of_lading: str = ""
    seller: str = ""
    buyer: str = ""
    currency: str = ""
    terms: str = ""
    freight: str = ""
    insurance: str = ""
    ledger: str = ""
    district: str = ""
    departure: str = ""
    form: str = ""
    packages: int | None = None
    gross: int | None = None
    net: int | None = None
    total: int | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)
    goods: Mapping[str, Line] = field(default_factory=dict)


def stated_by(data: ImportSet) -> tuple[Stated, ...]:
    """What each paper states, from its own source."""
    papers = (_order(data), _invoice(data), _packing(data), _list(data), _form(data))
    # As long as trucks are still to come, what the others carry is no more than a part.
    told = (one for one in data.passes if one.is_whole or one.gross_weight > data.gross_weight)
    sent = [_sent(data.sent)] if data.sent else []
    return (*papers, *sent, *(_pass(one) for one in told))


def _order(data: ImportSet) -> Stated:
    order = data.order
    on_board = {sent.sku for sent in data.shipment.lines}
    return Stated(
        ORDER,
        contract=order.number,
        seller=order.seller,
        buyer=order.buyer,
        currency=order.currency,
        terms=order.incoterm,
        # What is on board may be less: quantities and amounts are held against the invoice's.
        lines={
            line.sku: Line(hs_code=line.hs_code, origin=line.origin)
            for line in order.lines
            if line.sku in on_board
        },
    )


def _invoice(data: ImportSet) -> Stated:
    voyage, bill = data.shipment, data.bill
    # The supplier bills what was announced.
    missing = data.counted.missing if data.counted else 0
    # As the invoice has them: beside a price that holds neither.
    is_told = Kind.FREIGHT in left_out(data.order.incoterm) and bool(voyage.freight)
    return Stated(
        INVOICE,
        contract=bill.contract if bill else voyage.contract,
        invoice=bill.number if bill else "",
        seller=bill.seller if bill else data.supplier.code,
        buyer=bill.buyer if bill else data.order.buyer,
        currency=bill.currency if bill else data.order.currency,
        terms=data.order.incoterm,
        freight=_major(voyage.freight, voyage) if is_told else "",
        insurance=_major(voyage.insurance, voyage) if is_told else "",
        total=bill.amount - missing if bill else sum(sent.amount for sent in voyage.lines),
        lines=_summed(
            (sent.sku, Line(quantity=sent.quantity, amount=sent.amount)) for sent in voyage.lines
        ),
    )


def _packing(data: ImportSet) -> Stated:
    voyage = data.shipment
    quantities: dict[str, int] = defaultdict(int)
    for sent in voyage.lines:
        quantities[sent.sku] += sent.quantity
    return Stated(
        PACKING,
        contract=voyage.contract,
        invoice=voyage.invoice_number,
        seller=data.supplier.code,
        buyer=data.importer.code,
        bill_of_lading=voyage.bill_of_lading,
        packages=voyage.packages,
        gross=voyage.gross_weight,
        net=voyage.net_weight,
        lines={sku: Line(quantity=quantity) for sku, quantity in quantities.items()},
    )


def _list(data: ImportSet) -> Stated:
    told = [
        (
            line,
            Line(
                *(line.hs_code, line.origin, line.quantity, line.total),
                *(_plain(line.name_zh), _plain(line.specification)),
            ),
        )
        for line in data.listed
    ]
    return Stated(
        LIST,
        gross=sum(line.gross_weight for line in data.listed),
        net=sum(line.net_weight for line in data.listed),
        total=sum(line.total for line in data.listed),
        lines=_summed((line.sku, one) for line, one in told),
        goods=_summed((str(line.goods_position), one) for line, one in told),
    )


def _sent(told: SentList) -> Stated:
    """What customs has of the list, whatever stands here now."""
    lines = [
        (
            one,
            Line(
                *(one.hs_code, one.origin, one.quantity, one.total),
                *(_plain(one.name), _plain(one.specification)),
            ),
        )
        for one in told.lines
    ]
    return Stated(
        SENT,
        currency=told.currency,
        ledger=told.ledger,
        district=told.district,
        departure=told.departure,
        # In two steps it is the same form.
        form=_IN_ONE_STEP.get(told.form, told.form),
        gross=sum(one.gross_weight for one in told.lines),
        net=sum(one.net_weight for one in told.lines),
        total=sum(one.total for one in told.lines),
        lines=_summed((one.sku, line) for one, line in lines),
    )


def _plain(text: str) -> str:
    """As it is after a message: blanks say nothing."""
    return " ".join(text.split())


def _summed(told: Iterable[tuple[str, Line]]) -> dict[str, Line]:
    """By article or line of the form: its sums, and each code, origin and name that it is given."""
    of_key: dict[str, list[Line]] = defaultdict(list)
    for key, line in told:
        of_key[key].append(line)
    return {
        key: Line(
            hs_code="/".join(dict.fromkeys(line.hs_code for line in lines)),
            origin="/".join(dict.fromkeys(line.origin for line in lines)),
            quantity=sum(line.quantity or 0 for line in lines),
            amount=sum(line.amount or 0 for line in lines),
            name="/".join(dict.fromkeys(line.name for line in lines)),
            specification="/".join(dict.fromkeys(line.specification for line in lines)),
        )
        for key, lines in of_key.items()
    }


def _form(data: ImportSet) -> Stated:
    return Stated(
        DECLARATION,
        contract=data.shipment.contract,
        seller=data.supplier.code,
        buyer=data.importer.code,
        currency=data.currency,
        terms=data.incoterm,
        freight=_charged(data, "freight"),
        insurance=_charged(data, "insurance"),
        ledger=data.warehouse.ledger_number,
        district=data.warehouse.customs_district,
        departure=data.statement.departure.country,
        form=data.form,
        packages=data.packages,
        gross=data.gross_weight,
        net=data.net_weight,
        total=data.total,
        goods={
            str(line.position): Line(line.hs_code, line.origin, line.quantity, line.total)
            for line in data.goods
        },
    )


def _charged(data: ImportSet, kind: str) -> str:
    """As a total; a rate, or so much for a tonne, is no figure that another paper has."""
    one = data.charge(kind)
    if one is None or one.mark != Mark.TOTAL:
        return ""
    return f"{one.currency} {one.value.normalize():f}"


def _major(minor: int, voyage: Voyage) -> str:
    if not minor:
        return ""
    value = Money(minor, voyage.freight_currency).amount
    return f"{voyage.freight_currency} {value.normalize():f}"


def _pass(told: Pass) -> Stated:
    if not told.is_whole:
        return Stated(PASS, gross=told.gross_weight)
    return Stated(
        PASS,
        packages=told.packages,
        gross=told.gross_weight,
        net=told.net_weight,
        lines={sku: Line(quantity=quantity) for sku, quantity in told.lines},
    )
