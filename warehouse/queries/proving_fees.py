"""Charges = ledger of the stock, bills = charges, sellers' accounts = bills: read and compared."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.queries.companies import platform
from core.moments import at_one_moment
from ledger import queries as ledger
from procurement.models import EntryKind, SellerEntry
from procurement.rules.charging import storage_code
from warehouse.models import BondedWarehouse, StorageBill, StorageBillLine, StorageCharge
from warehouse.queries import charging, fees
from warehouse.rules.fees import in_fen, month_of


@at_one_moment()
def prove_storage(*, since: date | None = None) -> list[str]:
    """Work every charged day out again (or those ``since`` one) and compare; an empty list is the
    proof. What was booked after a day was charged is no fault: the next run corrects it.

    Call ``platform_wide()``. It reports and mends nothing.
    """
    faults: list[str] = []
    for house in fees.houses_with_tariffs():
        faults += _prove_days(house, since)
        faults += _prove_bills(house)
    return faults + _prove_accounts()


def _prove_days(house: BondedWarehouse, since: date | None) -> list[str]:
    run = fees.last_run(house)
    if run is None:
        return []
    waiting = charging.late(house, run)
    return [
        _("%(house)s, %(day)s, %(owner)s, %(kind)s %(lot)s: charged %(amount)s fen too little.")
        % {
            "house": one.warehouse,
            "day": one.day,
            "owner": one.owner,
            "kind": one.kind,
            "lot": f"{one.lot} {one.pallet}".strip(),
            "amount": one.amount.normalize(),
        }
        # Day by day: the ledger is summed once for each, and never held in one piece.
        for day in fees.days_run(house, since or date.min)
        for one in charging.unlike(house, [day])
        if day < waiting.get(one.owner_id, date.max)
    ]


def _prove_bills(house: BondedWarehouse) -> list[str]:
    """Each bill is the exact sum of its month's charges, which its lines share by the rule."""
    charged: dict[tuple[date, int], Decimal] = defaultdict(Decimal)
    sums = StorageCharge.objects.filter(warehouse=house).order_by()
    for day, owner, amount in sums.values_list("run_day", "owner").annotate(exact=Sum("amount")):
        charged[month_of(day), owner] += amount
    lines: dict[int, list[tuple[Decimal, int]]] = defaultdict(list)
    told = StorageBillLine.objects.filter(bill__warehouse=house).order_by("bill", "position")
    for of_bill, exact, minor in told.values_list("bill_id", "exact", "amount_minor"):
        lines[of_bill].append((exact, minor))
    found = []
    for bill in StorageBill.objects.filter(warehouse=house).order_by("pk"):
        exacts = [exact for exact, _minor in lines[bill.pk]]
        minors = [minor for _exact, minor in lines[bill.pk]]
        is_sum = bill.exact == charged[bill.month, bill.owner_id] == sum(exacts)
        if not is_sum or in_fen(exacts) != minors or bill.total_minor != sum(minors):
            found.append(
                _("Bill %(bill)s is not the sum of its month's charges.") % {"bill": bill.number}
            )
    return found


def _prove_accounts() -> list[str]:
    """Every bill stands on its seller's account, and in the books as owed to the warehouse."""
    entered = dict(
        SellerEntry.objects.filter(kind=EntryKind.STORAGE).values_list("reference", "amount_minor")
    )
    owed: dict[str, int] = defaultdict(int)
    faults: list[str] = []
    holder = platform()
    if holder is None:
        return faults
    for number, keeper, owner, total in StorageBill.objects.order_by("pk").values_list(
        "number", "keeper_id", "owner_id", "total_minor"
    ):
        owed[storage_code(holder.pk, keeper)] -= total
        # The platform's own goods are its cost, and on nobody's account.
        wanted = 0 if owner == holder.pk else total
        if entered.pop(number, 0) != wanted:
            faults.append(_("Bill %(bill)s is not on its seller's account.") % {"bill": number})
    faults += [
        _("Entry %(entry)s of an account has no bill of storage.") % {"entry": number}
        for number in sorted(entered)
    ]
    books = ledger.balances_under("storage:")
    for code in sorted(owed.keys() | books.keys()):
        if owed[code] != books.get(code, 0):
            faults.append(
                _("Account %(code)s stands at %(stand)s, the bills say %(owed)s.")
                % {"code": code, "stand": books.get(code, 0), "owed": owed[code]}
            )
    return faults
