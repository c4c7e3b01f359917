"""What the simulated authority decides of one document: which answers it gives, one after the
other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from customs.rules.ceb.messages import Business
from customs.rules.ceb.remarks import BONDED
from customs.simulator import goods, ledger, parcels
from customs.simulator.answering import china
from customs.simulator.book import Book, Known
from customs.simulator.taxing import ORDER_LIMIT, YEAR_LIMIT, number, worth

#: Where the sender's own number stands, after that of whose number it is.
KEYS = {
    "CEB311": ("ebpCode", "orderNo"),
    "CEB411": ("payCode", "payTransactionId"),
    "CEB511": ("logisticsCode", "logisticsNo"),
    "CEB513": ("logisticsCode", "logisticsNo"),
    "CEB621": ("copNo",),
    "CEB623": ("copNo",),
    "CEB625": ("copNo",),
    "CEB711": ("copNo",),
}
#: The first code of a kind's errors, for what the rules have against it.
ERROR_OF = {
    "CEB311": "-301001",
    "CEB411": "-401001",
    "CEB511": "-504001",
    "CEB513": "-505001",
    "CEB621": "-621001",
    "CEB623": "-623001",
    "CEB625": "-625001",
    "CEB711": "-711001",
}
#: Which code a withdrawal or a return has that comes twice is not known.
_TWICE = {
    "CEB311": "-301010",
    "CEB621": "-621004",
    "CEB711": "-800003",
    **{kind: ERROR_OF[kind] for kind in ("CEB623", "CEB625")},
}
_OLDER = {"CEB311": "-301014", "CEB411": "-401012", "CEB513": "-505016", "CEB711": "-800005"}
RELEASED, REFUSED, WITHDRAWN, TAKEN = "released", "refused", "withdrawn", "taken"
WAITING = "waiting"
NEW, DELETED = "1", "3"
_DAY = 86_400
#: A return is applied for within thirty days of the release.
RETURN_WITHIN = 30 * _DAY


@dataclass(frozen=True, slots=True)
class Habits:
    """How it behaves: of the lists every so-manieth is refused, or inspected before its release;
    0 is never. ``elsewhere``: kinds of a parcel's messages that others send, which no list waits
    for."""

    refuse_every: int = 0
    inspect_every: int = 0
    elsewhere: frozenset[str] = frozenset()
    positive: Mapping[str, goods.Listed] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """``steps`` are status and sentence, in their order; ``state`` what it comes to in the end,
    empty where nothing changes; ``is_taxed``: a bill follows the release."""

    state: str
    steps: Sequence[tuple[str, str]] = field(default_factory=tuple)
    is_taxed: bool = False


def key_of(kind: str, one: Business) -> str:
    """The sender's number, with whose it is; a list without an own one goes by its order's."""
    head = one.head
    *givers, name = KEYS[kind]
    own = head.get(name) or head.get("orderNo", "") or head.get("guid", "")
    return "/".join([*(head.get(giver, "") for giver in givers), own]).strip()


def stands(known: Known | None) -> bool:
    """Whether there is such a document, and it was not refused or withdrawn."""
    return known is not None and known.state not in (REFUSED, WITHDRAWN)


def year_of(one: Business, now: float) -> str:
    """The year of the buyer's allowance: that of the declaration."""
    return one.head.get("declTime", "")[:4] or china(now, "%Y")


def wanted(one: Business) -> tuple[str, list[ledger.Wanted]]:
    """The ledger of a bonded list, and what it takes of it."""
    if one.head.get("tradeMode") not in BONDED:
        return "", []
    return one.head.get("emsNo", ""), [
        ledger.Wanted(
            line.get("itemRecordNo", ""), Decimal(line["qty"]), line["gcode"], line["unit"]
        )
        for line in one.lines
    ]


def judge(
    kind: str, one: Business, known: Known | None, book: Book, habits: Habits, now: float
) -> Verdict:
    """What becomes of one element whose form is right."""
    key, app = key_of(kind, one), one.head.get("appType", NEW)
    is_known = stands(known)
    if is_known and kind in _TWICE and app == NEW:
        return _error(_TWICE[kind], "重复申报")
    if is_known and kind in _OLDER:
        last = parcels.kept(book, kind, key)
        if last is not None and one.head["appTime"] < last.told:
            return _error(_OLDER[kind], "已有较新的报文")
    if kind == "CEB311" and is_known and app != NEW and parcels.is_on_a_list(book, one):
        return _error("-301011", "订单已被清单使用")
    if kind == "CEB511" and parcels.waybill_taken(book, key, one, now):
        return _error("-504001", "运单号六个月内已用于其他订单")
    if kind == "CEB513":
        waybill = parcels.kept(book, parcels.WAYBILL, key)
        if waybill is None and parcels.WAYBILL not in habits.elsewhere:
            return Verdict(REFUSED, [("-505001", "运单不存在")])
    if kind == "CEB621":
        return _list(one, key, book, habits, now)
    if kind == "CEB623":
        return _withdrawal(one, book)
    if kind == "CEB625":
        return _return(one, book, now)
    state = WITHDRAWN if app == DELETED and kind in parcels.NAMES else TAKEN
    return Verdict(state, _WAY)


def _error(status: str, info: str) -> Verdict:
    return Verdict("", [(status, info)])


_WAY = (("2", "电子口岸申报中"), ("3", "发送海关成功"), ("120", "海关入库"))


def _list(one: Business, key: str, book: Book, habits: Habits, now: float) -> Verdict:
    """What it was before it was changed counts no more."""
    value, year = worth(one.head, one.lines), year_of(one, now)
    units = sum((Decimal(line["qty"]) for line in one.lines), Decimal(0))
    if value > ORDER_LIMIT and units > 1:
        return Verdict(REFUSED, [_WAY[0], ("-621005", "超过单次交易限值")])
    used = sum(map(Decimal, book.values_of(buyer_of(one), year, but=key)), Decimal(0))
    if used + value > YEAR_LIMIT:
        return Verdict(REFUSED, [_WAY[0], ("-621018", "超过个人年度交易限值")])
    found = goods.refusal(book, habits.positive, one, year, but=key)
    if wrong := found or ledger.refusal(book, *wanted(one), but=key):
        return Verdict(REFUSED, [*_WAY, ("100", f"海关退单：{wrong}")])
    held = parcels.held_together(book, one, habits.elsewhere)
    if held.missing:
        lacks = "、".join(f"{parcels.NAMES[kind][0]}（{kind}）" for kind in held.missing)
        return Verdict(WAITING, [("2", f"电子口岸申报中：等待{lacks}")])
    return _released(held, book, habits, _WAY)


def resumed(one: Business, book: Book, habits: Habits) -> Verdict | None:
    """What becomes of a list that waited for its order, payment or waybill; None while one of them
    is still to come."""
    held = parcels.held_together(book, one, habits.elsewhere)
    return None if held.missing else _released(held, book, habits, _WAY[1:])


def _released(
    held: parcels.Held, book: Book, habits: Habits, way: Sequence[tuple[str, str]]
) -> Verdict:
    if held.differs:
        why = "；".join(held.differs)
        return Verdict(REFUSED, [*way, ("100", f"海关退单：订单、支付单、运单与清单不符：{why}")])
    place = book.next("lists")
    if habits.refuse_every and place % habits.refuse_every == 0:
        return Verdict(REFUSED, [*way, ("100", "海关退单：申报要素与商品不符")])
    if habits.inspect_every and place % habits.inspect_every == 0:
        steps = [*way, ("300", "人工审核"), ("500", "查验"), ("800", "查验后放行")]
        return Verdict(RELEASED, steps, is_taxed=True)
    return Verdict(RELEASED, [*way, ("800", "放行")], is_taxed=True)


def buyer_of(one: Business) -> str:
    return one.head.get("buyerIdNumber", "")


def _withdrawal(one: Business, book: Book) -> Verdict:
    listed = book.listed(one.head.get("invtNo", "").strip())
    if listed is None:
        return Verdict(REFUSED, [("-623001", "清单不存在")])
    document = f"{listed.kind} {listed.key}"
    is_open = listed.state == RELEASED and book.awaits(document, "800")
    if not is_open and listed.state != WAITING:
        return Verdict(REFUSED, [_WAY[0], ("-623005", "清单状态不允许撤销")])
    book.drop_answers(document)
    book.move(listed.kind, listed.key, WITHDRAWN)
    book.let_go(listed.key)
    return Verdict(TAKEN, [*_WAY, ("399", "海关审结")])


def _return(one: Business, book: Book, now: float) -> Verdict:
    """Of a released list, in its time, and no more than was on it and has not gone back."""
    listed = book.listed(one.head.get("invtNo", "").strip())
    if listed is None or listed.state != RELEASED or book.awaits(f"CEB621 {listed.key}", "800"):
        return Verdict(REFUSED, [("-625010", "原清单不存在或未放行")])
    original = parcels.kept(book, parcels.RETAIL_LIST, listed.key)
    if original is None:
        return Verdict(TAKEN, [*_WAY, ("399", "海关审结")])
    released = book.released_at(f"CEB621 {listed.key}")
    if released is not None and now - released > RETURN_WITHIN:
        return Verdict(REFUSED, [*_WAY, ("100", "海关退单：超过放行之日起 30 日的退货期限")])
    lines = {int(line["gnum"]): line for line in original.one.lines}
    going: list[tuple[str, Decimal, Decimal]] = []
    for line in one.lines:
        was = lines.get(int(line["gnum"]))
        if was is None or (was["gcode"], was["unit"]) != (line["gcode"], line["unit"]):
            return Verdict(REFUSED, [("-625010", f"第{line['gnum']}项与原清单不符")])
        qty, whole = number(line, "qty"), number(was, "qty")
        before = book.returned(listed.key, str(int(line["gnum"])))
        if before + qty > whole:
            told = f"第{line['gnum']}项退货数量 {before + qty:f} 超过原清单数量 {whole:f}"
            return Verdict(REFUSED, [("-625209", told)])
        going.append((str(int(line["gnum"])), qty, number(was, "totalPrice") * qty / whole))
    for position, qty, value in going:
        book.give_back(listed.key, position, qty, value)
    return Verdict(TAKEN, [*_WAY, ("399", "海关审结")])
