"""Do the papers of an entry agree? Each figure, held against every paper that states it.

A paper states what its own source says: the order what was ordered, the invoice what the supplier
booked or shipped, the packing list the ship notice, the bonded list its lines, the declaration its
head and goods lines, the pass its message. A figure that two of them state differently is one
finding, with what each says. A set with a finding is not released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from core.errors import DomainError
from core.money import Money
from customs.rules.goods import kilograms
from customs.rules.import_set import ImportSet, Pass


class PapersDiffer(DomainError):
    """The papers of this entry do not agree: nothing is released until they do."""

    code: ClassVar[str] = "customs.papers_differ"


class NumbersDiffer(PapersDiffer):
    """Papers of one entry name the same contract, invoice and bill of lading."""

    code = "customs.numbers_differ"


class PartiesDiffer(PapersDiffer):
    """Papers of one entry name the same seller and the same buyer."""

    code = "customs.parties_differ"


class CurrenciesDiffer(PapersDiffer):
    """Papers of one entry are in one currency."""

    code = "customs.currencies_differ"


class TermsDiffer(PapersDiffer):
    """Papers of one entry state the same terms of delivery."""

    code = "customs.terms_differ"


class WeightsDiffer(PapersDiffer):
    """Papers of one entry state the same gross and the same net weight."""

    code = "customs.weights_differ"


class PackagesDiffer(PapersDiffer):
    """Papers of one entry state the same number of packages."""

    code = "customs.packages_differ"


class TotalsDiffer(PapersDiffer):
    """Papers of one entry state the same total."""

    code = "customs.totals_differ"


class OriginsDiffer(PapersDiffer):
    """Papers of one entry state the same origin of the same goods."""

    code = "customs.origins_differ"


class CodesDiffer(PapersDiffer):
    """Papers of one entry state the same tariff code of the same goods."""

    code = "customs.codes_differ"


class QuantitiesDiffer(PapersDiffer):
    """Papers of one entry state the same quantity of the same goods."""

    code = "customs.quantities_differ"


class AmountsDiffer(PapersDiffer):
    """Papers of one entry state the same amount for the same goods."""

    code = "customs.amounts_differ"


class MoreThanOrdered(PapersDiffer):
    """No more of a line is on board than was ordered."""

    code = "customs.more_than_ordered"


#: The papers that are held against each other, in the order in which they arise.
ORDER, INVOICE, PACKING, LIST, DECLARATION, PASS = (
    *("order", "invoice", "packing_list", "bonded_list", "declaration", "pass"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a paper states of one article; None and empty where it states nothing."""

    hs_code: str = ""
    origin: str = ""
    quantity: int | None = None
    amount: int | None = None


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
    packages: int | None = None
    gross: int | None = None
    net: int | None = None
    total: int | None = None
    lines: Mapping[str, Line] = field(default_factory=dict)
    goods: Mapping[str, Line] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is not the same everywhere: ``says`` has each paper with its value.

    ``what`` names the figure (``gross``), ``of`` the article or line of the form, or nothing.
    """

    rule: type[PapersDiffer]
    what: str
    of: str
    says: tuple[tuple[str, str], ...]


_HEAD: tuple[tuple[str, type[PapersDiffer]], ...] = (
    ("contract", NumbersDiffer),
    ("invoice", NumbersDiffer),
    ("bill_of_lading", NumbersDiffer),
    ("seller", PartiesDiffer),
    ("buyer", PartiesDiffer),
    ("currency", CurrenciesDiffer),
    ("terms", TermsDiffer),
    ("packages", PackagesDiffer),
    ("gross", WeightsDiffer),
    ("net", WeightsDiffer),
    ("total", TotalsDiffer),
)
_LINE: tuple[tuple[str, type[PapersDiffer]], ...] = (
    ("hs_code", CodesDiffer),
    ("origin", OriginsDiffer),
    ("quantity", QuantitiesDiffer),
    ("amount", AmountsDiffer),
)


def differences(papers: Sequence[Stated], ordered: Mapping[str, int]) -> list[Difference]:
    """All figures on which two papers differ, the head first, then by article.

    ``ordered`` is how much of each article the order has: a shipment may carry less.
    """
    currency = next((one.currency for one in papers if one.currency), "")
    found = []
    for what, rule in _HEAD:
        says = [(one.paper, getattr(one, what)) for one in papers]
        found += _differing(rule, what, "", says, currency)
    for part in ("goods", "lines"):
        of_key: dict[str, list[tuple[str, Line]]] = defaultdict(list)
        for one in papers:
            for key, line in getattr(one, part).items():
                of_key[key].append((one.paper, line))
        for key, lines in of_key.items():
            for what, rule in _LINE:
                says = [(paper, getattr(line, what)) for paper, line in lines]
                found += _differing(rule, what, key, says, currency)
    return [*found, *_too_much(papers, ordered)]


def _differing(
    rule: type[PapersDiffer],
    what: str,
    of: str,
    says: Iterable[tuple[str, object]],
    currency: str,
) -> list[Difference]:
    stated = [(paper, value) for paper, value in says if value not in (None, "")]
    if len({value for _, value in stated}) < 2:
        return []
    shown = tuple((paper, _shown(what, value, currency)) for paper, value in stated)
    return [Difference(rule, what, of, shown)]


def _shown(what: str, value: object, currency: str) -> str:
    if isinstance(value, int) and what in {"gross", "net"}:
        return f"{kilograms(value)} kg"
    if isinstance(value, int) and what in {"total", "amount"} and currency:
        return str(Money(value, currency))
    return f"{value:,}" if isinstance(value, int) else str(value)


def _too_much(papers: Sequence[Stated], ordered: Mapping[str, int]) -> list[Difference]:
    sent = next((one for one in papers if one.paper == INVOICE), None)
    found = []
    for key, line in sent.lines.items() if sent else ():
        most = ordered.get(key, 0)
        if line.quantity is not None and line.quantity > most:
            says = ((ORDER, f"{most:,}"), (INVOICE, f"{line.quantity:,}"))
            found.append(Difference(MoreThanOrdered, "quantity", key, says))
    return found


def disagreements(data: ImportSet) -> list[Difference]:
    """What the papers of one entry differ in; nothing where they agree."""
    ordered: dict[str, int] = defaultdict(int)
    for line in data.order.lines:
        ordered[line.sku] += line.quantity
    return differences(stated_by(data), ordered)


def stated_by(data: ImportSet) -> tuple[Stated, ...]:
    """What each paper states, from its own source."""
    papers = (_order(data), _invoice(data), _packing(data), _list(data), _form(data))
    # As long as trucks are still to come, what the others carry is no more than a part.
    told = (one for one in data.passes if one.is_whole or one.gross_weight > data.gross_weight)
    return (*papers, *(_pass(one) for one in told))


def _order(data: ImportSet) -> Stated:
    order = data.order
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
            if any(sent.sku == line.sku for sent in data.shipment.lines)
        },
    )


def _invoice(data: ImportSet) -> Stated:
    voyage, bill = data.shipment, data.bill
    return Stated(
        INVOICE,
        contract=bill.contract if bill else voyage.contract,
        invoice=bill.number if bill else "",
        seller=bill.seller if bill else data.supplier.code,
        buyer=bill.buyer if bill else "",
        currency=bill.currency if bill else data.order.currency,
        total=bill.amount if bill else sum(sent.amount for sent in voyage.lines),
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
        bill_of_lading=voyage.bill_of_lading,
        packages=voyage.packages,
        gross=voyage.gross_weight,
        net=voyage.net_weight,
        lines={sku: Line(quantity=quantity) for sku, quantity in quantities.items()},
    )


def _list(data: ImportSet) -> Stated:
    told = [
        (line, Line(line.hs_code, line.origin, line.quantity, line.total)) for line in data.listed
    ]
    return Stated(
        LIST,
        gross=sum(line.gross_weight for line in data.listed),
        net=sum(line.net_weight for line in data.listed),
        total=sum(line.total for line in data.listed),
        lines=_summed((line.sku, one) for line, one in told),
        goods=_summed((str(line.goods_position), one) for line, one in told),
    )


def _summed(told: Iterable[tuple[str, Line]]) -> dict[str, Line]:
    """By article or line of the form: its sums, and each code and origin that it is given."""
    of_key: dict[str, list[Line]] = defaultdict(list)
    for key, line in told:
        of_key[key].append(line)
    return {
        key: Line(
            hs_code="/".join(dict.fromkeys(line.hs_code for line in lines)),
            origin="/".join(dict.fromkeys(line.origin for line in lines)),
            quantity=sum(line.quantity or 0 for line in lines),
            amount=sum(line.amount or 0 for line in lines),
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
        packages=data.packages,
        gross=data.gross_weight,
        net=data.net_weight,
        total=data.total,
        goods={
            str(line.position): Line(line.hs_code, line.origin, line.quantity, line.total)
            for line in data.goods
        },
    )


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
