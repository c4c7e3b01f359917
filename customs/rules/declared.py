"""What customs would send a declaration back for, as far as its own figures show it.

Each rule is a class; its docstring is what a person reads. Sources: the filling rules of the form
(填制规范, 2019 edition, columns 1 to 49), the checks of systems at work with bonded lists, and the
notes to supervision modes 1210 and 1239.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from core.errors import DomainError, InputError
from customs.rules.charges import Charge
from customs.rules.import_set import Statement
from customs.rules.positive_list import NO_REMARK, Article, Remark


class RulesBroken(InputError):
    """The declaration breaks rules of customs; what is wrong stands beside its lines."""

    code = "customs.rules_broken"


class LedgerMissing(InputError):
    """Bonded goods need the number of the bonded account book: twelve letters and digits."""

    code = "customs.declared_ledger_missing"


class FormDiffers(InputError):
    """Inside a special zone goods enter on the record list, in a logistics centre of type B on the
    import declaration."""

    code = "customs.declared_form_differs"


class CodeIncomplete(InputError):
    """A code of the head has its full number of places: registration 10, credit code 18, customs
    district 4, customs office of the port 4, port of entry 6."""

    code = "customs.declared_code_incomplete"


class CodeUnheld(InputError):
    """A code of the head stands in customs' table of that day, once the table is loaded: mode of
    supervision and of transport, customs district, port of entry."""

    code = "customs.declared_code_unheld"


class HeadSaysNothing(InputError):
    """Vessel and bill of lading are named as on the manifest."""

    code = "customs.declared_head_says_nothing"


class NotStated(InputError):
    """Special relation, price influence and royalties are stated by the importer; nobody assumes
    an answer."""

    code = "customs.declared_not_stated"


class PortUnknown(InputError):
    """The port of departure stands in customs' table of ports abroad: the country of departure is
    its own."""

    code = "customs.declared_port_unknown"


class PackingUnknown(InputError):
    """The kind of packing is stated, and stands in customs' table."""

    code = "customs.declared_packing_unknown"


class NoPackages(InputError):
    """The number of packages is above zero; goods in bulk are one."""

    code = "customs.declared_no_packages"


class TotalsDiffer(InputError):
    """The totals of the head are the sums of the lines: value, net weight and gross weight."""

    code = "customs.declared_totals_differ"


class NetAboveGross(InputError):
    """The net weight is above zero and not above the gross weight."""

    code = "customs.declared_net_above_gross"


class TermsUnknown(InputError):
    """These terms of sale have no code in customs' table of deal terms."""

    code = "customs.declared_terms_unknown"


class ChargeMissing(InputError):
    """FOB and EXW need freight and insurance beside the price, CFR insurance."""

    code = "customs.declared_charge_missing"


class ChargeTooMuch(InputError):
    """What the terms hold in the price is not declared beside it: CFR no freight, CIF neither."""

    code = "customs.declared_charge_too_much"


class CurrencyUnknown(InputError):
    """The currency is none of customs' table."""

    code = "customs.declared_currency_unknown"


class TooManyLines(InputError):
    """A declaration holds only so many goods lines."""

    code = "customs.declared_too_many_lines"


class LinesNotNumbered(InputError):
    """Goods lines are numbered from 1, each number once."""

    code = "customs.declared_lines_not_numbered"


class CodeUnknown(InputError):
    """The HS code has ten digits and stands in the tariff of the day."""

    code = "customs.declared_code_unknown"


class NotOnList(InputError):
    """Goods that enter bond for retail stand on the positive list of cross-border retail."""

    code = "customs.declared_not_on_list"


class SaysNothing(InputError):
    """The name says what the goods are; a stroke, or a word for nothing, does not."""

    code = "customs.declared_says_nothing"


class ElementsIncomplete(InputError):
    """The specification gives each declaration element of the code, in the catalogue's order,
    parted by |, and begins with brand type and preference."""

    code = "customs.declared_elements_incomplete"


class CountDiffers(InputError):
    """Goods that went in first are declared as they were counted in: a draft from before the count
    is set aside and made anew."""

    code = "customs.declared_count_differs"


class OriginUnknown(InputError):
    """The origin is a country of customs' table, in three letters."""

    code = "customs.declared_origin_unknown"


class UnitUnknown(InputError):
    """The unit is one of customs' table."""

    code = "customs.declared_unit_unknown"


class LegalUnitsDiffer(InputError):
    """The legal units are the two of the HS code."""

    code = "customs.declared_legal_units_differ"


class SecondIncomplete(InputError):
    """The second legal unit and its quantity stand together or not at all."""

    code = "customs.declared_second_incomplete"


class NotPositive(InputError):
    """Quantities are above zero."""

    code = "customs.declared_not_positive"


class QuantitiesDiffer(InputError):
    """Where the declared unit is a legal unit, both quantities are the same; kilograms are the net
    weight."""

    code = "customs.declared_quantities_differ"


class LineTotalDiffers(InputError):
    """The total of a line is its unit price, of four decimals, times its quantity."""

    code = "customs.declared_line_total_differs"


class ListDiffers(InputError):
    """The lines of the bonded list come to their goods line: units, value and weights."""

    code = "customs.declared_list_differs"


class PartsDiffer(InputError):
    """The parts of the owners come to their goods line: units, value and weights."""

    code = "customs.declared_parts_differ"


class NotFiled(InputError):
    """An account book that is filed before takes goods that were filed with it before they came."""

    code = "customs.declared_not_filed"


@dataclass(frozen=True, slots=True)
class Law:
    """What holds of one HS code on the day; ``elements`` in the catalogue's order.

    ``remarks`` are the kinds of the positive list's remark, ``remark`` what a person judges of it.
    """

    legal_unit: str
    second_unit: str = ""
    elements: tuple[str, ...] = ()
    is_on_list: bool = True
    remarks: tuple[str, ...] = ()
    remark: Remark = NO_REMARK


@dataclass(frozen=True, slots=True)
class Figures:
    """Units, value in minor units, and grams."""

    quantity: int
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A goods line; ``listed`` and ``owned`` are the sums of its list lines and owners' parts.

    ``owned`` is None for what was drafted before parts were kept; ``unfiled`` are the articles in
    it that are not filed with an account book that asks for it, ``articles`` all of them;
    ``counted`` what came in of goods that went in first, None of all others; ``kept``:
    specifications that were filled in for its articles, each with the names of the elements it was
    filled in for.
    """

    position: int
    hs_code: str
    name_zh: str
    specification: str
    origin: str
    unit: str
    figures: Figures
    legal_quantity: Decimal
    legal_unit: str
    second_quantity: Decimal | None
    second_unit: str
    unit_price: Decimal
    listed: Figures
    owned: Figures | None
    unfiled: tuple[str, ...] = ()
    counted: int | None = None
    kept: Mapping[str, Sequence[tuple[str, ...]]] = field(default_factory=dict)
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Declared:
    """A declaration as the rules look at it, with the law and the tables of the day."""

    form: str
    form_wanted: str
    mode: str
    currency: str
    incoterm: str
    total: int
    net_weight: int
    gross_weight: int
    packages: int
    charges: Sequence[Charge]
    ledger_number: str
    codes: Mapping[str, tuple[str, int]]
    words: Mapping[str, str]
    statement: Statement
    goods: Sequence[Goods]
    laws: Mapping[str, Law]
    most_lines: int
    countries: Collection[str]
    currencies: Collection[str]
    units: Collection[str]
    terms: Collection[str]
    #: Codes of the head, by field, that a table which was loaded does not hold on the day.
    unheld: Mapping[str, str] = field(default_factory=dict)
    #: Customs districts outside the pilot, where mode 1239 is declared.
    outside: Collection[str] = ()
    #: Modes that count where the positive list takes goods from bond only.
    bonded_modes: Collection[str] = ("1210",)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has against a field: of a goods line, or of the head where ``line`` is 0."""

    error: DomainError
    line: int
    field: str = field(default="")
