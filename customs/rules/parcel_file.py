"""Waybills and payments of consumers' parcels as rows of a table: one row a parcel."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.errors import DomainError, InputError
from customs.rules.parties import SerialWrong, serial
from warehouse.rules.retail import HIGHEST_PRICE_MINOR, PriceOutOfRange
from warehouse.rules.retail_file import read_amount

#: The columns of a file, in the order of the template; of ``OPTIONAL`` ones at least one is there.
COLUMNS = ("order",)
OPTIONAL = ("channel", "waybill", "payment", "paid", "collected_tax", "platform")
MOST_ROWS = 10_000


class ParcelFileWrong(InputError):
    """Some cells of the file are wrong; nothing of it was kept."""

    code = "customs.parcel_file_wrong"


class ParcelOrderMissing(InputError):
    """A row names the order: by our number, or by the shop's."""

    code = "customs.parcel_order_missing"


class ParcelOrderUnknown(InputError):
    """No order of yours has this number."""

    code = "customs.parcel_order_unknown"


class ParcelOrderOfSeveralShops(InputError):
    """Orders of several shops have this number; name the shop in the column channel."""

    code = "customs.parcel_order_of_several_shops"


class NothingTold(InputError):
    """A row tells a waybill, a payment, what was paid, the tax the shop took or the platform."""

    code = "customs.parcel_nothing_told"


class ParcelRepeated(InputError):
    """An earlier row is of the same parcel."""

    code = "customs.parcel_repeated"


class WaybillRepeated(InputError):
    """An earlier row has the same waybill; it is one parcel's only."""

    code = "customs.waybill_repeated"


@dataclass(frozen=True, slots=True)
class ParcelRow:
    """One row: ``number`` is the spreadsheet's; an empty waybill or payment leaves what is told,
    and so do ``paid`` and ``collected_tax`` (CNY fen) where they are None and an empty
    ``platform`` (its customs code)."""

    number: int
    order: str
    channel: str
    waybill: str
    payment: str
    paid: int | None = None
    platform: str = ""
    collected_tax: int | None = None


@dataclass(frozen=True, slots=True)
class ParcelFault:
    """What is wrong in one row and column."""

    row: int
    field: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class KnownOrder:
    """An order that a row may mean: by our ``number``, or by what its shop and customs call it."""

    pk: int
    number: str
    channel: str
    told_as: str


def read_rows(
    rows: Iterable[tuple[int, Mapping[str, str]]],
) -> tuple[list[ParcelRow], list[ParcelFault]]:
    """The rows whose cells are well-formed, and every wrong cell."""
    read, faults = [], []
    for number, cells in rows:
        told, wrong = {}, []
        for field in ("waybill", "payment"):
            try:
                told[field] = serial(cells.get(field, ""), field=field)
            except SerialWrong:
                # Of each row the file's reader says where it stands.
                wrong.append(ParcelFault(number, field, SerialWrong()))
        amounts: dict[str, int | None] = dict.fromkeys(("paid", "collected_tax"))
        for field in amounts:
            try:
                amounts[field] = read_paid(cells.get(field, ""))
            except InputError as error:
                wrong.append(ParcelFault(number, field, error))
        has_amount = any(one is not None for one in amounts.values())
        order = cells["order"].strip()
        if not order:
            wrong.append(ParcelFault(number, "order", ParcelOrderMissing()))
        platform = cells.get("platform", "").strip().upper()
        if not (wrong or any(told.values()) or platform or has_amount):
            wrong.append(ParcelFault(number, "waybill", NothingTold()))
        if wrong:
            faults += wrong
        else:
            channel = cells.get("channel", "").strip()
            read.append(
                ParcelRow(
                    *(number, order, channel, told["waybill"], told["payment"]),
                    *(amounts["paid"], platform, amounts["collected_tax"]),
                )
            )
    return read, faults


def read_paid(text: str) -> int | None:
    """CNY fen; None of an empty cell. Raises NotAnAmount or PriceOutOfRange."""
    if not text:
        return None
    paid = read_amount(text)
    if not 0 <= paid <= HIGHEST_PRICE_MINOR:
        raise PriceOutOfRange()
    return paid


def names_in(rows: Iterable[ParcelRow]) -> set[str]:
    """What orders may be called in these rows: as it stands there, and without a parcel's number
    (the second parcel of T-1 is T-1-2 at customs)."""
    found = {row.order for row in rows}
    return found | {name.rpartition("-")[0] for name in found if "-" in name} - {""}


def orders_of_rows(
    rows: Sequence[ParcelRow], known: Iterable[KnownOrder]
) -> tuple[dict[int, ParcelRow], list[ParcelFault]]:
    """The row of each order, by its key; and the rows that mean none, several, or one that an
    earlier row means."""
    ours: dict[str, KnownOrder] = {}
    shops: dict[str, list[KnownOrder]] = {}
    for one in known:
        ours[one.number] = one
        shops.setdefault(one.told_as, []).append(one)
    meant: dict[int, ParcelRow] = {}
    faults: list[ParcelFault] = []
    bills: dict[str, int] = {}
    for row in rows:
        candidates = [ours[row.order]] if row.order in ours else shops.get(row.order, [])
        if row.channel:
            candidates = [one for one in candidates if one.channel == row.channel]
        if len(candidates) != 1:
            error = ParcelOrderOfSeveralShops() if candidates else ParcelOrderUnknown()
            faults.append(ParcelFault(row.number, "order", error))
            continue
        (one,) = candidates
        if one.pk in meant:
            first = meant[one.pk].number
            faults.append(ParcelFault(row.number, "order", ParcelRepeated(first_row=first)))
            continue
        if row.waybill and bills.setdefault(row.waybill, row.number) != row.number:
            first = bills[row.waybill]
            faults.append(ParcelFault(row.number, "waybill", WaybillRepeated(first_row=first)))
            continue
        meant[one.pk] = row
    return meant, faults
