"""All that the papers of one entry into bond draw from: read once, then only looked at.

Weights are grams, amounts minor units of their currency, quantities declared units.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from decimal import Decimal

from customs.rules.collected import Collected
from customs.rules.counted import LATER, Counted
from customs.rules.permits import LICENCE, PROOF_OF_ORIGIN
from customs.rules.rounding import USUAL, Rounding
from customs.rules.sent_list import UNTOLD_LIST, ListHead, SentList
from customs.rules.shipped import Order, Sent, Voyage

RECORD_LIST, IMPORT_DECLARATION = "3", "1"


@dataclass(frozen=True, slots=True)
class Party:
    """A company as papers name it."""

    code: str
    name_zh: str
    name_en: str
    uscc: str = ""
    customs_code: str = ""
    street: str = ""
    town: str = ""
    postcode: str = ""
    country: str = ""
    contact: str = ""
    phone: str = ""

    def name(self, *, chinese: bool) -> str:
        """In the paper's language, or as it is known at all."""
        first, second = (self.name_zh, self.name_en) if chinese else (self.name_en, self.name_zh)
        return first or second

    @property
    def address(self) -> str:
        return ", ".join(
            part for part in (self.street, f"{self.postcode} {self.town}".strip()) if part
        )


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of one of customs' tables with its names, all empty where nobody told one.

    The table of ports has the country after the name: ``汉堡（德国）``, ``Hamburg, Germany``.
    """

    code: str
    name_zh: str = ""
    name_en: str = ""

    def name(self, *, chinese: bool) -> str:
        """In the paper's language, or as it is known at all."""
        return self.name_zh.split("（")[0] if chinese else (self.name_en or self.name_zh)

    @property
    def country(self) -> str:
        """Of a port: its first three letters are the country's."""
        return self.code[:3]


UNTOLD = Coded("")


@dataclass(frozen=True, slots=True)
class Statement:
    """What the importer states of an entry; empty is what nobody answered.

    The three answers are 1 yes, 0 no, 9 not applicable. ``call`` is the last port abroad. Without
    a ``broker`` the importer declares itself.
    """

    special_relation: str = ""
    price_influence: str = ""
    royalties: str = ""
    departure: Coded = UNTOLD
    call: Coded = UNTOLD
    packing: Coded = UNTOLD
    broker: Party | None = None


@dataclass(frozen=True, slots=True)
class Warehouse:
    """Where the goods are kept in bond, its account book, and the customs office of its port."""

    code: str
    name_zh: str
    name_en: str
    customs_district: str
    entry_port: str
    ledger_number: str
    #: Told by its keeper; where goods cross the border, which need not be where they are declared.
    office: Coded = UNTOLD

    def name(self, *, chinese: bool) -> str:
        return self.name_zh if chinese else self.name_en


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of the form: list lines that agree in all that is declared, summed.

    ``ledger_item`` is the account book's item where it is one alone.
    """

    position: int
    ledger_item: str
    hs_code: str
    name_zh: str
    specification: str
    origin: str
    quantity: int
    unit: str
    legal_quantity: Decimal
    legal_unit: str
    second_quantity: Decimal | None
    second_unit: str
    unit_price: Decimal
    total: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class Listed(Goods):
    """A line of the bonded list: what of one order line is declared, one item of the book."""

    key: int
    sku: str
    #: The line of the form into which it is summed.
    goods_position: int


@dataclass(frozen=True, slots=True)
class Charge:
    """Freight, insurance or other charges beside the price, as the form has them.

    ``value`` is per cent for the mark 1, else major units of ``currency``.
    """

    kind: str
    mark: str
    value: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Share:
    """What of a list line one owner of the pool has."""

    owner: Party
    position: int
    sku: str
    hs_code: str
    name_zh: str
    origin: str
    quantity: int
    unit: str
    unit_price: Decimal
    amount: int
    net_weight: int
    gross_weight: int


@dataclass(frozen=True, slots=True)
class Bill:
    """The supplier's invoice as finance booked it. ``seller`` and ``buyer`` are codes."""

    number: str
    contract: str
    seller: str
    buyer: str
    currency: str
    amount: int


@dataclass(frozen=True, slots=True)
class Pass:
    """What the passes of a list say together of the goods on their trucks.

    ``lines`` are article and quantity; ``is_whole``: no truck is still to come.
    """

    gross_weight: int
    net_weight: int
    packages: int | None = None
    lines: tuple[tuple[str, int], ...] = ()
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Rated:
    """What the tariff asks of a code and origin in general trade; rates are fractions.

    ``treaty`` is the duty where the origin is proved, None where no agreement lowers it.

    ``specific`` is yuan of consumption tax for one ``specific_unit``. ``is_conditional``:
    consumption tax is due above a price only.
    """

    hs_code: str
    origin: str
    duty: Decimal
    vat: Decimal
    consumption_tax: Decimal
    specific: Decimal
    specific_unit: str
    is_conditional: bool
    treaty: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Permit:
    """A permit or a proof of origin of goods on board, by customs' sign of its kind."""

    sku: str
    sign: str
    number: str


@dataclass(frozen=True, slots=True)
class ImportSet:
    """One declaration with order, shipment and parties; ``lists`` and ``month`` of a month's."""

    reference: str
    form: str
    customs_number: str
    replaces: str
    supervision_mode: str
    currency: str
    incoterm: str
    total: int
    packages: int
    gross_weight: int
    net_weight: int
    drafted_on: date
    importer: Party
    supplier: Party
    operator: Party
    warehouse: Warehouse
    order: Order
    shipment: Voyage
    goods: tuple[Goods, ...]
    listed: tuple[Listed, ...]
    charges: tuple[Charge, ...]
    shares: tuple[Share, ...]
    #: Of the day on which it was drafted.
    tariff: tuple[Rated, ...] = ()
    #: Yuan for one unit of each currency by customs' rate of that day.
    exchange: tuple[tuple[str, Decimal], ...] = ()
    bill: Bill | None = None  # until finance booked it
    passes: tuple[Pass, ...] = ()
    sent: SentList | None = None
    #: Of the bonded list: as it was sent, before that as it would go.
    list_head: ListHead = UNTOLD_LIST
    statement: Statement = Statement()
    declared_on: date | None = None
    entered_on: date | None = None  # once the importer told it
    #: How taxes are rounded on the day on which it was drafted.
    rounding: Rounding = USUAL
    permits: tuple[Permit, ...] = ()
    counted: Counted | None = None
    amended: tuple[tuple[int, str], ...] = ()
    #: What became of ``replaces``: ``rejected``, ``amended`` or ``withdrawn``.
    replaced_as: str = ""
    #: All lines of the order as if all were on board: what the contract is about.
    agreed: tuple[Sent, ...] = ()
    lists: tuple[Collected, ...] = ()
    month: date | None = None

    @property
    def consignee(self) -> Party:
        """Column 3: on a record list the company in the zone, else who bought the goods."""
        return self.operator if self.form == RECORD_LIST else self.importer

    @property
    def declarant(self) -> Party:
        """Column 48: the broker that was named, else the importer itself."""
        return self.statement.broker or self.importer

    @property
    def licence(self) -> str:
        """The number for the form's column of licences; empty where there is none."""
        return next((one.number for one in self.permits if one.sign == LICENCE), "")

    @property
    def attached(self) -> tuple[str, ...]:
        """All other permits for the column of attached papers: sign and number, each once."""
        others = [one for one in self.permits if (one.sign, one.number) != (LICENCE, self.licence)]
        return tuple(dict.fromkeys(f"{one.sign} {one.number}" for one in others))

    def is_proved(self, position: int) -> bool:
        """Whether the origin of all goods of a line of the form is proved."""
        proved = {one.sku for one in self.permits if one.sign == PROOF_OF_ORIGIN}
        return all(line.sku in proved for line in self.listed if line.goods_position == position)

    @property
    def invoice_number(self) -> str:
        """The supplier's number; the ship notice's where it has not sent one."""
        return self.shipment.invoice_number or f"CI-{self.shipment.number}"

    @property
    def digest(self) -> str:
        """SHA-256 of all but what customs and finance add later: numbers they give, the days of
        arrival and of its entry, the items of the account book, the list, the supplier's invoice,
        the passes, and what is loaded late: rates, and how taxes are rounded."""
        bare = replace(
            self,
            customs_number="",
            bill=None,
            passes=(),
            sent=None,
            tariff=(),
            exchange=(),
            declared_on=None,
            entered_on=None,
            goods=tuple(replace(line, ledger_item="") for line in self.goods),
            listed=tuple(replace(line, ledger_item="") for line in self.listed),
            shipment=replace(self.shipment, invoice_number=""),
        )
        # Sets from before there were such keep their digest.
        unsaid = {"rounding", "list_head", "replaced_as", "agreed", "entered_on"}
        unsaid |= {name for name in LATER if not getattr(self, name)}
        told = zip(fields(bare), astuple(bare), strict=True)
        content = tuple(value for field, value in told if field.name not in unsaid)
        return hashlib.sha256(repr(content).encode()).hexdigest()

    def charge(self, kind: str) -> Charge | None:
        """Of ``freight``, ``insurance`` or ``other``; None where the price holds it."""
        return next((one for one in self.charges if one.kind == kind), None)

    def shares_of(self, owner: str) -> tuple[Share, ...]:
        """The parts of one company, by its code, in the order of the list."""
        return tuple(one for one in self.shares if one.owner.code == owner)
