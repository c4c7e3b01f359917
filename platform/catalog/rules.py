"""What makes a product usable: its number, its weights, and whether it lasts long enough."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from stdnum import ean
from stdnum.exceptions import ValidationError

from core.errors import DomainError, InputError

#: GS1 keeps 952 for demonstrations: numbers under it never meet a real product.
DEMO_PREFIX = "952"
LARGEST_DEMO_NUMBER = 999_999_999

#: Ordering, the sea and customs take a quarter: what lasts shorter spoils on the way.
MINIMUM_SHELF_LIFE_DAYS = 180
AMBIENT = "ambient"
STORAGES = frozenset({AMBIENT, "chilled", "frozen", "fresh"})

_HS_CODE = re.compile(r"\d{10}")
_COUNTRY = re.compile(r"[A-Z]{3}")
#: More than this over what was announced is another order.
MOST_OVER_PERCENT = 20
#: A unit heavier than this is a typing mistake (50 tonnes), and stays far from the column's limit.
HEAVIEST_UNIT_G = 50_000_000


class WrongGtin(InputError):
    """A GTIN has 8, 12, 13 or 14 digits and a right check digit."""

    code = "catalog.wrong_gtin"


class SpoilsTooSoon(DomainError):
    """Only goods that keep at room temperature for 180 days or longer are pooled."""

    code = "catalog.spoils_too_soon"


class ProductsRefused(InputError):
    """Some products cannot be taken as they are; none has been stored."""

    code = "catalog.products_refused"


def _(message: str) -> str:
    """Marks a message for translation; the door translates it."""
    return message


REPEATED_SKU = _("The SKU stands twice in the file.")
REPEATED_GTIN = _("The GTIN belongs to another product already.")
NOT_A_NUMBER = _("A whole number is needed here.")
NOT_YES_OR_NO = _("Write yes or no here.")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of one row; ``message`` is an English msgid."""

    row: int
    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProduct:
    """A product as a file or the loader gives it; grams and cm³ per unit.

    An empty ``gtin`` gets a number under GS1's demonstration prefix. ``shelf_life_days``
    None means that the goods do not expire.
    """

    sku: str
    name_zh: str
    name_en: str
    hs_code: str
    origin: str
    net_weight_g: int
    gross_weight_g: int
    gtin: str = ""
    brand: str = ""
    category: str = ""
    specification: str = ""
    declared_unit: str = "011"
    volume_cm3: int = 0
    pack_quantity: int = 1
    shelf_life_days: int | None = None
    storage: str = AMBIENT
    #: None: as it is known, and of a new product no.
    keeps_serials: bool | None = None
    row: int = 0


def check_gtin(gtin: str) -> str:
    """The GTIN as given, when it is one. Raises WrongGtin."""
    try:
        return ean.validate(gtin)
    except ValidationError as error:
        raise WrongGtin(gtin=gtin) from error


def demo_gtin(n: int) -> str:
    """The GTIN-13 of demonstration number ``n``: ``952`` + nine digits + check digit.

    Raises WrongGtin outside of 0 to 999,999,999.
    """
    if not 0 <= n <= LARGEST_DEMO_NUMBER:
        raise WrongGtin(demo_number=n)
    body = f"{DEMO_PREFIX}{n:09d}"
    return body + ean.calc_check_digit(body)


def is_poolable(*, storage: str, shelf_life_days: int | None) -> bool:
    """Whether goods of this kind are still good when the last seller sells them."""
    if storage != AMBIENT:
        return False
    return shelf_life_days is None or shelf_life_days >= MINIMUM_SHELF_LIFE_DAYS


def check_poolable(*, sku: str, storage: str, shelf_life_days: int | None) -> None:
    """Raises SpoilsTooSoon."""
    if not is_poolable(storage=storage, shelf_life_days=shelf_life_days):
        raise SpoilsTooSoon(sku=sku, storage=storage, shelf_life_days=shelf_life_days)


def faults(product: NewProduct) -> list[Fault]:
    """Everything that is wrong with one product; empty when it can be stored."""
    found: list[tuple[str, str]] = []
    for name, text, longest in (
        ("sku", product.sku, 64),
        ("name_zh", product.name_zh, 250),
        ("name_en", product.name_en, 250),
    ):
        if not text:
            found.append((name, _("This must be filled in.")))
        elif len(text) > longest:
            found.append((name, _("This is too long.")))
    for name, text, longest in (
        ("brand", product.brand, 100),
        ("category", product.category, 100),
        ("specification", product.specification, 510),
    ):
        if len(text) > longest:
            found.append((name, _("This is too long.")))
    if product.gtin and not ean.is_valid(product.gtin):
        found.append(("gtin", _("A GTIN has 8, 12, 13 or 14 digits and a right check digit.")))
    if not _HS_CODE.fullmatch(product.hs_code):
        found.append(("hs_code", _("An HS code of the Chinese tariff has ten digits.")))
    if not _COUNTRY.fullmatch(product.origin):
        found.append(("origin", _("A country is written with three letters, such as DEU.")))
    if not 0 < product.net_weight_g <= HEAVIEST_UNIT_G:
        found.append(("net_weight_g", _("A weight is a whole number of grams above zero.")))
    if product.net_weight_g > product.gross_weight_g:
        found.append(("gross_weight_g", _("The gross weight is below the net weight.")))
    elif product.gross_weight_g > HEAVIEST_UNIT_G:
        found.append(("gross_weight_g", _("A weight is a whole number of grams above zero.")))
    if not 0 <= product.volume_cm3 <= 2_000_000_000:
        found.append(("volume_cm3", _("A volume is a whole number of cubic centimetres.")))
    if not 1 <= product.pack_quantity <= 1_000_000:
        found.append(("pack_quantity", _("A pack holds at least one unit.")))
    if product.shelf_life_days is not None and not 1 <= product.shelf_life_days <= 36_500:
        found.append(("shelf_life_days", _("A shelf life is a whole number of days.")))
    if product.storage not in STORAGES:
        found.append(("storage", _("Storage is ambient, chilled, frozen or fresh.")))
    return [Fault(product.row, name, message) for name, message in found]


#: What suppliers invoice in and banks here buy.
CURRENCIES = (
    *("EUR", "USD", "JPY", "GBP", "AUD", "NZD", "CHF", "KRW", "CAD", "SGD", "HKD"),
    *("SEK", "NOK", "DKK", "THB", "CNY"),
)


class NoSupplier(DomainError):
    """Only a company that is a supplier has terms of trade. Make it one first."""

    code = "catalog.no_supplier"


class CurrencyNotTraded(InputError):
    """Suppliers are paid in a currency that the banks here buy."""

    code = "catalog.currency_not_traded"


class PortMissing(InputError):
    """Goods leave from a port, whose name has at most 60 characters."""

    code = "catalog.port_missing"


class WrongOverDelivery(InputError):
    """Of a supplier up to 20 percent over the notice are taken; empty: as the warehouse says."""

    code = "catalog.wrong_over_delivery"


def check_terms(
    *, kinds: Collection[str], currency: str, port: str, over_percent: int | None = None
) -> None:
    """Raises NoSupplier, CurrencyNotTraded, PortMissing or WrongOverDelivery."""
    if "supplier" not in {str(kind) for kind in kinds}:
        raise NoSupplier
    if currency not in CURRENCIES:
        raise CurrencyNotTraded(field="currency", given=currency[:10])
    if not 0 < len(port) <= 60:
        raise PortMissing(field="departure_port", characters=len(port))
    if over_percent is not None and not 0 <= over_percent <= MOST_OVER_PERCENT:
        raise WrongOverDelivery(field="over_percent", percent=over_percent)
