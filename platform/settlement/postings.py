"""How settlement stands in the books: the legs of each entry.

A purchase in another currency stands in two currencies at once. The two sides meet in a
pair of conversion accounts, so that every entry balances in each currency by itself: the
currency's side shows what is still to be bought, the CNY side what it was booked at. Both
are back at zero when everything is paid.
"""

from __future__ import annotations

from ledger.services import AccountRef, Leg
from settlement.rules import HOME


def payable(debtor_id: int, supplier_code: str, currency: str) -> AccountRef:
    """What the debtor owes one supplier in one currency."""
    return AccountRef(
        f"payable:{debtor_id}:{supplier_code}:{currency}", "liability", currency, debtor_id
    )


def conversion(debtor_id: int, foreign: str, side: str) -> AccountRef:
    """One side of a currency's conversion pair: ``side`` is the currency itself or CNY."""
    return AccountRef(f"conversion:{debtor_id}:{foreign}:{side}", "asset", side, debtor_id)


def bank(debtor_id: int, currency: str) -> AccountRef:
    """The debtor's bank account in one currency."""
    return AccountRef(f"bank:{debtor_id}:{currency}", "asset", currency, debtor_id)


def goods_in_transit(debtor_id: int) -> AccountRef:
    """Goods bought and not yet received, at the rate of the invoice's day."""
    return AccountRef(f"goods_in_transit:{debtor_id}:{HOME}", "asset", HOME, debtor_id)


def cost(name: str, debtor_id: int) -> AccountRef:
    """``wire_fee``, ``bank_spread`` or ``fx_result``; a gain stands on it as a credit."""
    return AccountRef(f"{name}:{debtor_id}:{HOME}", "expense", HOME, debtor_id)


def booking(
    *, debtor_id: int, supplier_code: str, currency: str, amount_minor: int, booked_minor: int
) -> list[Leg]:
    """An invoice: goods in CNY at the stored rate against a debt in its own currency."""
    return [
        Leg(goods_in_transit(debtor_id), booked_minor),
        Leg(conversion(debtor_id, currency, HOME), -booked_minor),
        Leg(conversion(debtor_id, currency, currency), amount_minor),
        Leg(payable(debtor_id, supplier_code, currency), -amount_minor),
    ]


def purchase(*, debtor_id: int, currency: str, amount_minor: int, cost_minor: int) -> list[Leg]:
    """Currency bought at the bank. None where nothing is converted."""
    if currency == HOME:
        return []
    return [
        Leg(bank(debtor_id, currency), amount_minor),
        Leg(conversion(debtor_id, currency, currency), -amount_minor),
        Leg(conversion(debtor_id, currency, HOME), cost_minor),
        Leg(bank(debtor_id, HOME), -cost_minor),
    ]


def payment(
    *,
    debtor_id: int,
    supplier_code: str,
    currency: str,
    amount_minor: int,
    booked_minor: int,
    mid_minor: int,
    cost_minor: int,
    fee_minor: int,
) -> list[Leg]:
    """A payment: the debt goes, the wire fee is spent, and the difference is realised.

    What the currency cost beyond its booked worth is split: the market's move from the
    invoice's rate to the reference rate of the pricing day, and the bank's spread on it.
    """
    return [
        Leg(payable(debtor_id, supplier_code, currency), amount_minor),
        Leg(bank(debtor_id, currency), -amount_minor),
        Leg(cost("wire_fee", debtor_id), fee_minor),
        Leg(bank(debtor_id, HOME), -fee_minor),
        Leg(cost("fx_result", debtor_id), mid_minor - booked_minor),
        Leg(cost("bank_spread", debtor_id), cost_minor - mid_minor),
        Leg(conversion(debtor_id, currency, HOME), booked_minor - cost_minor),
    ]
