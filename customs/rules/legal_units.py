"""How much of a legal unit of the tariff a line of goods is, for all papers and messages."""

from __future__ import annotations

from decimal import Decimal

KILOGRAM, GRAM, LITRE, MILLILITRE = "035", "036", "095", "096"
#: A unit of the catalogue is one piece: 个 and 件.
PIECES = frozenset({"007", "011"})
_PLACES = Decimal("0.00001")


def in_legal_unit(
    unit: str, *, quantity: int, net: int, declared_unit: str, content_ml: int
) -> Decimal | None:
    """Of ``quantity`` declared units that weigh ``net`` grams together, with five decimals; None
    where it cannot be derived.

    By weight, by the millilitres that one unit is declared to hold (0 where nobody said so), or by
    pieces.
    """
    whole: Decimal | None = None
    if unit == KILOGRAM:
        whole = Decimal(net) / 1000
    elif unit == GRAM:
        whole = Decimal(net)
    elif unit == LITRE and content_ml:
        whole = Decimal(content_ml * quantity) / 1000
    elif unit == MILLILITRE and content_ml:
        whole = Decimal(content_ml * quantity)
    elif unit and (unit == declared_unit or unit in PIECES):
        whole = Decimal(quantity)
    return None if whole is None else whole.quantize(_PLACES)
