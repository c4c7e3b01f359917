"""What the simulated authority decides of one document: which answers it gives, one after the
other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from customs.rules.ceb.messages import Business
from customs.simulator.book import Book, Known
from customs.simulator.taxing import ORDER_LIMIT, YEAR_LIMIT, worth

#: Where the sender's own number stands.
KEYS = {
    "CEB311": "orderNo",
    "CEB411": "payTransactionId",
    "CEB511": "logisticsNo",
    "CEB513": "logisticsNo",
    "CEB621": "copNo",
    "CEB623": "copNo",
    "CEB625": "copNo",
    "CEB711": "copNo",
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
_TWICE = {"CEB311": "-301010", "CEB621": "-621004", "CEB711": "-800003"}
RELEASED, REFUSED, WITHDRAWN, TAKEN = "released", "refused", "withdrawn", "taken"


@dataclass(frozen=True, slots=True)
class Habits:
    """How it behaves: of the lists every so-manieth is refused, or inspected before its release;
    0 is never."""

    refuse_every: int = 0
    inspect_every: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """``steps`` are status and sentence, in their order; ``state`` what it comes to in the end,
    empty where nothing changes; ``is_taxed``: a bill follows the release."""

    state: str
    steps: Sequence[tuple[str, str]] = field(default_factory=tuple)
    is_taxed: bool = False


def key_of(kind: str, one: Business) -> str:
    """The sender's number; a list without an own one goes by its order's."""
    head = one.head
    return (head.get(KEYS[kind]) or head.get("orderNo", "") or head.get("guid", "")).strip()


def judge(kind: str, one: Business, known: Known | None, book: Book, habits: Habits) -> Verdict:
    """What becomes of one element whose form is right."""
    stands = known is not None and known.state not in (REFUSED, WITHDRAWN)
    if stands and kind in _TWICE and one.head.get("appType", "1") == "1":
        return Verdict("", [(_TWICE[kind], "重复申报")])
    if kind == "CEB621":
        return _list(one, book, habits)
    if kind == "CEB623":
        return _withdrawal(one, book)
    if kind == "CEB625":
        return _return(one, book)
    return Verdict(TAKEN, [("2", "电子口岸申报中"), ("3", "发送海关成功"), ("120", "海关入库")])


_WAY = (("2", "电子口岸申报中"), ("3", "发送海关成功"), ("120", "海关入库"))


def _list(one: Business, book: Book, habits: Habits) -> Verdict:
    value = worth(one.head, one.lines)
    units = sum((Decimal(line["qty"]) for line in one.lines), Decimal(0))
    if value > ORDER_LIMIT and units > 1:
        return Verdict(REFUSED, [("2", "电子口岸申报中"), ("-621005", "超过单次交易限值")])
    used = sum(map(Decimal, book.values_of(buyer_of(one))), Decimal(0))
    if used + value > YEAR_LIMIT:
        return Verdict(REFUSED, [("2", "电子口岸申报中"), ("-621018", "超过个人年度交易限值")])
    place = book.next("lists")
    if habits.refuse_every and place % habits.refuse_every == 0:
        return Verdict(REFUSED, [*_WAY, ("100", "海关退单：申报要素与商品不符")])
    if habits.inspect_every and place % habits.inspect_every == 0:
        steps = [*_WAY, ("300", "人工审核"), ("500", "查验"), ("800", "查验后放行")]
        return Verdict(RELEASED, steps, is_taxed=True)
    return Verdict(RELEASED, [*_WAY, ("800", "放行")], is_taxed=True)


def buyer_of(one: Business) -> str:
    return one.head.get("buyerIdNumber", "")


def _withdrawal(one: Business, book: Book) -> Verdict:
    listed = book.listed(one.head.get("invtNo", "").strip())
    if listed is None:
        return Verdict(REFUSED, [("-623001", "清单不存在")])
    document = f"{listed.kind} {listed.key}"
    if listed.state != RELEASED or not book.awaits(document, "800"):
        return Verdict(REFUSED, [("2", "电子口岸申报中"), ("-623005", "清单状态不允许撤销")])
    book.drop_answers(document)
    book.move(listed.kind, listed.key, WITHDRAWN)
    return Verdict(TAKEN, [*_WAY, ("399", "海关审结")])


def _return(one: Business, book: Book) -> Verdict:
    listed = book.listed(one.head.get("invtNo", "").strip())
    if listed is None or listed.state != RELEASED:
        return Verdict(REFUSED, [("-625010", "原清单不存在或未放行")])
    return Verdict(TAKEN, [*_WAY, ("399", "海关审结")])
