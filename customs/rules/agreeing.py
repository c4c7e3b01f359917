"""Do the papers of an entry agree? Each figure, held against every paper that states it.

A paper states what its own source says: the order what was ordered, the invoice what the supplier
booked or shipped, the packing list the ship notice, the bonded list its lines, the declaration its
head and goods lines, the pass its message. A figure that two of them state differently is one
finding, with what each says. A set with a finding is not released.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.errors import DomainError
from core.money import Money
from customs.rules.countering import HEAD
from customs.rules.goods import kilograms
from customs.rules.import_set import ImportSet
from customs.rules.papers_stated import (
    DECLARATION,
    INVOICE,
    ORDER,
    PACKING,
    Line,
    Stated,
    stated_by,
)
from customs.rules.shipped import BOXES


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


class ChargesDiffer(PapersDiffer):
    """The supplier's papers and the declaration state the same freight and the same insurance."""

    code = "customs.charges_differ"


class OfficesDiffer(PapersDiffer):
    """Papers of one entry name the same account book, the same customs where the goods are
    declared, and the same country of departure."""

    code = "customs.offices_differ"


class FormsDiffer(PapersDiffer):
    """The bonded list that customs has names the form on which the goods are declared."""

    code = "customs.forms_differ"


class TotalsDiffer(PapersDiffer):
    """Papers of one entry state the same total."""

    code = "customs.totals_differ"


class OriginsDiffer(PapersDiffer):
    """Papers of one entry state the same origin of the same goods."""

    code = "customs.origins_differ"


class CodesDiffer(PapersDiffer):
    """Papers of one entry state the same tariff code of the same goods."""

    code = "customs.codes_differ"


class NamesDiffer(PapersDiffer):
    """The bonded list that customs has names the goods, and specifies them, as the declaration
    does: after an amendment its list is changed first."""

    code = "customs.names_differ"


class QuantitiesDiffer(PapersDiffer):
    """Papers of one entry state the same quantity of the same goods."""

    code = "customs.quantities_differ"


class AmountsDiffer(PapersDiffer):
    """Papers of one entry state the same amount for the same goods."""

    code = "customs.amounts_differ"


class MoreThanOrdered(PapersDiffer):
    """No more of a line is on board than was ordered."""

    code = "customs.more_than_ordered"


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
    ("freight", ChargesDiffer),
    ("insurance", ChargesDiffer),
    ("ledger", OfficesDiffer),
    ("district", OfficesDiffer),
    ("departure", OfficesDiffer),
    ("form", FormsDiffer),
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
    ("name", NamesDiffer),
    ("specification", NamesDiffer),
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
    return [*differences(stated_by(data), ordered), *_cartons(data)]


def disagreements_together(data: ImportSet) -> list[Difference]:
    """What the papers of a month's declaration differ in: its form, its lists and the shares.

    What customs amended is amended on the form alone, so what can be is not held against the lists.
    """
    form = Stated(
        DECLARATION,
        currency=data.currency,
        packages=None if data.replaces else data.packages,
        gross=data.gross_weight,
        net=data.net_weight,
        total=data.total,
        goods={
            str(one.position): Line(quantity=one.quantity, amount=one.total) for one in data.goods
        },
    )
    lists = Stated(
        "lists",
        currency=data.currency,
        packages=None if data.replaces else sum(one.packages for one in data.lists),
        gross=sum(one.gross_weight for one in data.lists),
        net=sum(one.net_weight for one in data.lists),
        total=sum(one.total for one in data.lists),
        goods=_placed((one.goods_position, one.quantity, one.total) for one in data.listed),
    )
    shares = Stated(
        "share_sheet",
        gross=sum(one.gross_weight for one in data.shares),
        net=sum(one.net_weight for one in data.shares),
        total=sum(one.amount for one in data.shares),
        goods=_placed((one.position, one.quantity, one.amount) for one in data.shares),
    )
    return differences((form, lists, shares), {})


def _placed(parts: Iterable[tuple[int, int, int]]) -> dict[str, Line]:
    """Units and value by line of the form."""
    found: dict[int, tuple[int, int]] = {}
    for place, quantity, amount in parts:
        units, minor = found.get(place, (0, 0))
        found[place] = (units + quantity, minor + amount)
    return {str(place): Line(quantity=it[0], amount=it[1]) for place, it in found.items()}


def _cartons(data: ImportSet) -> list[Difference]:
    """The boxes that the packing list counts line by line, where the packages are boxes: batches of
    one article may share one."""
    voyage = data.shipment
    # Of what was counted in nobody counted the boxes; what customs amended it has seen.
    if data.counted or (HEAD, "packages") in data.amended:
        return []
    fewest, boxes = voyage.cartons
    # Another number in the packing list's own head is a finding already.
    if data.statement.packing.code not in BOXES or voyage.packages != data.packages:
        return []
    if not voyage.lines or fewest <= data.packages <= boxes:
        return []
    counted = f"{boxes:,}" if fewest == boxes else f"{fewest:,}-{boxes:,}"
    says = ((PACKING, counted), (DECLARATION, f"{data.packages:,}"))
    return [Difference(PackagesDiffer, "cartons", "", says)]
