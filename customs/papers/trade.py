"""The papers of the sale: contract, commercial invoice, packing list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from core.amounts import in_chinese, in_english
from core.flowing import Column, Facts, Grid, Sides, Words
from core.money import exponent
from customs.papers.sheet import Sheet, amount, unit, weight
from customs.papers.words import In, day, party_lines, titled
from customs.rules import codes
from customs.rules.charges import Kind, left_out
from customs.rules.import_set import ImportSet
from customs.rules.shipped import BOXES, Sent


def _parties(data: ImportSet, *, chinese: bool) -> Sides:
    word = In(chinese=chinese)
    return Sides(
        (word("卖方", "Seller"), party_lines(data.supplier, chinese=chinese)),
        (word("买方", "Buyer"), party_lines(data.importer, chinese=chinese)),
        boxed=True,
        before=2,
    )


def terms_of(data: ImportSet, *, chinese: bool) -> str:
    """``FOB Hamburg``, ``CIF Ningbo``: E and F terms name where the goods are handed over abroad,
    C and D terms the place of destination; nobody tells another than the port of entry."""
    if data.order.incoterm[:1] in {"E", "F"}:
        place = departure_of(data)
    else:
        place = destination_of(data, chinese=chinese)
    return f"{data.order.incoterm} {place}".strip()


def departure_of(data: ImportSet) -> str:
    """The port that was stated for this entry, else the one that the supplier usually ships from;
    by its English name, as on the bill of lading, without its country."""
    stated = data.statement.departure.name(chinese=False).split(",")[0]
    return stated or data.shipment.departure_port


def destination_of(data: ImportSet, *, chinese: bool) -> str:
    """The port of entry."""
    code = data.warehouse.entry_port
    return (
        codes.DOMESTIC_PORTS.get(code, code) if chinese else codes.PORTS_IN_ENGLISH.get(code, code)
    )


def _name(line: Sent, *, chinese: bool) -> str:
    """The name, and below it what else tells the goods apart."""
    name = (line.name_zh or line.name_en) if chinese else (line.name_en or line.name_zh)
    # A brand that begins the name is not said twice.
    brand = line.brand if line.brand and line.brand not in name else ""
    told = " · ".join(part for part in (brand, line.specification) if part)
    return f"{name}\n{told}" if told else name


def _price(line: Sent, currency: str) -> str:
    """Four decimals, half up: the amount is the truth."""
    exact = Fraction(line.amount, line.quantity * 10 ** exponent(currency)) if line.quantity else 0
    whole = int(exact * 10_000 + Fraction(1, 2))
    return f"{whole // 10_000:,}.{whole % 10_000:04d}"


def _merged(lines: Iterable[Sent]) -> list[tuple[Sent, int, int]]:
    """One entry an order line, batches added up: (line, quantity, amount)."""
    found: dict[int, tuple[Sent, int, int]] = {}
    for line in lines:
        first, quantity, total = found.get(line.key, (line, 0, 0))
        found[line.key] = (first, quantity + line.quantity, total + line.amount)
    return list(found.values())


def _signatures(data: ImportSet, *, chinese: bool, both: bool) -> Sides:
    word = In(chinese=chinese)
    blank = ("", "", word("签字盖章：", "Signature and seal:"), word("日期：", "Date:"))
    seller = (
        word("卖方", "Seller"),
        (data.supplier.name_en or data.supplier.name_zh, *blank),
    )
    buyer = (word("买方", "Buyer"), (data.importer.name(chinese=chinese), *blank))
    return Sides(seller, buyer if both else ("", ()), before=14)


def total_in_words(minor: int, currency: str) -> tuple[str, str]:
    """In Chinese capitals and in English: a bank reads the one, customs the other."""
    name = codes.CURRENCIES.get(currency, currency)
    return in_chinese(minor, currency, name), f"SAY {in_english(minor, currency)}".upper()


def _invoice_rows(
    lines: Sequence[tuple[Sent, int, int]], currency: str, *, chinese: bool
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            str(at),
            f"{line.sku}\n{line.hs_code}",
            _name(line, chinese=chinese),
            codes.country(line.origin, chinese=chinese),
            f"{quantity:,} {unit(line.unit, chinese=chinese)}",
            _price(replace(line, quantity=quantity, amount=total), currency),
            amount(total, currency),
        )
        for at, (line, quantity, total) in enumerate(lines, 1)
    )


def _goods_columns(currency: str, *, chinese: bool) -> tuple[Column, ...]:
    word = In(chinese=chinese)
    return (
        Column(word("序号", "No."), 8),
        Column(word("货号\nHS 编码", "Item\nHS code"), 27),
        Column(word("品名、规格", "Description"), 62),
        Column(word("原产国", "Origin"), 18),
        Column(word("数量", "Quantity"), 21, "r"),
        Column(f"{word('单价', 'Unit price')} {currency}", 22, "r"),
        Column(f"{word('金额', 'Amount')} {currency}", 24, "r"),
    )


def _goods_grid(
    lines: Sequence[tuple[Sent, int, int]],
    currency: str,
    *,
    chinese: bool,
    after: tuple[Words | Sides, ...],
) -> Grid:
    """The goods with their total, and what must stand with it."""
    return Grid(
        _goods_columns(currency, chinese=chinese),
        _invoice_rows(lines, currency, chinese=chinese),
        total=(
            "",
            "",
            In(chinese=chinese)("合计", "Total"),
            "",
            f"{sum(quantity for _, quantity, _ in lines):,}",
            "",
            amount(sum(total for _, _, total in lines), currency),
        ),
        after=after,
    )


def invoice(data: ImportSet, *, chinese: bool) -> Sheet:
    """商业发票: what the supplier asks for the goods on board."""
    word = In(chinese=chinese)
    voyage, currency = data.shipment, data.order.currency
    lines = _merged(voyage.lines)
    whole = sum(total for _, _, total in lines)
    title, other = titled(("商业发票", "Commercial invoice"), chinese=chinese)
    words = total_in_words(whole, currency)
    return Sheet(
        title=title,
        other_title=other,
        reference=data.invoice_number,
        party=data.supplier.name_en or data.supplier.name_zh,
        blocks=(
            _parties(data, chinese=chinese),
            Facts(
                (
                    (word("发票号", "Invoice no."), data.invoice_number),
                    (word("发票日期", "Invoice date"), day(voyage.departed_on)),
                    (word("合同号", "Contract no."), data.order.number),
                    (word("成交方式", "Terms"), terms_of(data, chinese=chinese)),
                    (word("发货通知", "Ship notice"), voyage.number),
                    (word("提单号", "Bill of lading"), voyage.bill_of_lading),
                    (
                        word("船名/航次", "Vessel / voyage"),
                        f"{voyage.vessel} / {voyage.voyage}",
                    ),
                    (word("币种", "Currency"), currency),
                ),
                ruled=True,
            ),
            _goods_grid(
                lines,
                currency,
                chinese=chinese,
                after=(
                    Words(f"{word('大写', 'In words')}：{words[0]}", before=8),
                    Words(words[1]),
                    *_beside(data, chinese=chinese),
                    _signatures(data, chinese=chinese, both=False),
                ),
            ),
        ),
    )


def _beside(data: ImportSet, *, chinese: bool) -> tuple[Words, ...]:
    """Freight and insurance, where the terms leave them to the buyer."""
    word, voyage = In(chinese=chinese), data.shipment
    if Kind.FREIGHT not in left_out(data.order.incoterm) or not voyage.freight:
        return ()
    freight = f"{voyage.freight_currency} {amount(voyage.freight, voyage.freight_currency)}"
    insured = f"{voyage.freight_currency} {amount(voyage.insurance, voyage.freight_currency)}"
    told = word(
        f"价格不含运费和保险费。本批运费 {freight}，保险费 {insured}，由买方承担。",
        f"Prices are without freight and insurance. Of this shipment they are {freight} and "
        f"{insured}, borne by the buyer.",
    )
    return (Words(told, size=8, grey=True),)


def packing_list(data: ImportSet, *, chinese: bool) -> Sheet:
    """装箱单: what is in how many packages, and what it weighs."""
    word, voyage = In(chinese=chinese), data.shipment
    title, other = titled(("装箱单", "Packing list"), chinese=chinese)
    fewest, packs = voyage.cartons
    is_shared = data.statement.packing.code in BOXES and fewest <= voyage.packages < packs
    shared = word(
        "箱数按批次列示；同一货品的不同批次可合装一箱，合计为实际件数。",
        "Cartons are counted for each batch; batches of an article share some: the total is less.",
    )
    return Sheet(
        title=title,
        other_title=other,
        reference=f"PL-{voyage.number}",
        party=data.supplier.name_en or data.supplier.name_zh,
        blocks=(
            _parties(data, chinese=chinese),
            Facts(
                (
                    (word("装箱单号", "Packing list no."), f"PL-{voyage.number}"),
                    (word("日期", "Date"), day(voyage.departed_on)),
                    (word("发票号", "Invoice no."), data.invoice_number),
                    (word("合同号", "Contract no."), data.order.number),
                    (word("提单号", "Bill of lading"), voyage.bill_of_lading),
                    (
                        word("船名/航次", "Vessel / voyage"),
                        f"{voyage.vessel} / {voyage.voyage}",
                    ),
                    (word("件数", "Packages"), f"{voyage.packages:,}"),
                    (
                        word("毛重 / 净重", "Gross / net weight"),
                        f"{weight(voyage.gross_weight)} / {weight(voyage.net_weight)} kg",
                    ),
                    (word("唛头", "Marks"), "N/M"),
                    (
                        word("包装种类", "Kind of packing"),
                        data.statement.packing.name(chinese=chinese) or "—",
                    ),
                ),
                ruled=True,
            ),
            Grid(
                (
                    Column(word("序号", "No."), 8),
                    Column(word("货号\n条码", "Item\nGTIN"), 28),
                    Column(word("品名、规格", "Description"), 58),
                    Column(word("批号\n保质期至", "Batch\nbest before"), 23),
                    Column(word("箱数", "Cartons"), 14, "r"),
                    Column(word("数量", "Quantity"), 20, "r"),
                    Column(word("净重\n千克", "Net\nkg"), 18, "r"),
                    Column(word("毛重\n千克", "Gross\nkg"), 18, "r"),
                ),
                tuple(
                    (
                        str(at),
                        f"{line.sku}\n{line.gtin}",
                        _name(line, chinese=chinese),
                        "\n".join(p for p in (line.batch, day(line.expires_on)) if p),
                        f"{-(-line.quantity // line.pack_quantity):,}",
                        f"{line.quantity:,} {unit(line.unit, chinese=chinese)}",
                        weight(line.net_weight),
                        weight(line.gross_weight),
                    )
                    for at, line in enumerate(voyage.lines, 1)
                ),
                total=(
                    "",
                    "",
                    word("合计", "Total"),
                    "",
                    f"{voyage.packages if is_shared else packs:,}",
                    f"{sum(line.quantity for line in voyage.lines):,}",
                    weight(sum(line.net_weight for line in voyage.lines)),
                    weight(sum(line.gross_weight for line in voyage.lines)),
                ),
                after=(
                    *((Words(shared, size=8, grey=True),) if is_shared else ()),
                    _signatures(data, chinese=chinese, both=False),
                ),
            ),
        ),
    )


def _contract_columns(currency: str, *, chinese: bool) -> tuple[Column, ...]:
    first, item, goods, *others = _goods_columns(currency, chinese=chinese)
    shipped = Column(In(chinese=chinese)("本批", "This\nshipment"), 18, "r")
    return (first, item, replace(goods, share=goods.share - 18), *others[:2], shipped, *others[2:])


def contract(data: ImportSet, *, chinese: bool) -> Sheet:
    """购销合同: what was agreed with the supplier, the whole order; what of it is on board stands
    beside, so that each shipment of an order shows one and the same contract."""
    word, voyage, currency = In(chinese=chinese), data.shipment, data.order.currency
    on_board = {line.key: quantity for line, quantity, _total in _merged(voyage.lines)}
    # A reading of before the whole order was kept has what is on board alone.
    lines = _merged(data.agreed or voyage.lines)
    whole = sum(total for _, _, total in lines)
    words = total_in_words(whole, currency)
    title, other = titled(("购销合同", "Sales contract"), chinese=chinese)
    clauses = (
        word(
            f"一、成交方式：{terms_of(data, chinese=True)}（《国际贸易术语解释通则》）。",
            f"1. Terms of delivery: {terms_of(data, chinese=False)} (Incoterms).",
        ),
        word(
            f"二、装运：由 {departure_of(data) or '—'} 起运，"
            f"运输方式：{codes.named(codes.TRANSPORT_MODES, voyage.mode, chinese=True)}；"
            f"目的地：{data.warehouse.name_zh}。",
            f"2. Shipment from {departure_of(data) or '—'}, by "
            f"{codes.named(codes.TRANSPORT_MODES, voyage.mode, chinese=False)}, to "
            f"{data.warehouse.name_en}.",
        ),
        word(
            "三、包装：适合长途运输的出口标准包装；唛头由卖方决定。",
            "3. Packing: export packing fit for the voyage; marks at the seller's option.",
        ),
        word(
            "四、付款：凭卖方商业发票，按双方约定的付款条件支付。",
            "4. Payment: against the seller's commercial invoice, on the terms agreed.",
        ),
        word(
            "五、单据：卖方提供提单、商业发票、装箱单及原产地证明。",
            "5. Documents: bill of lading, commercial invoice, packing list, proof of origin.",
        ),
        word(
            f"六、本合同即采购订单 {data.order.number}，与之不一致的，以采购订单为准。"
            f"“本批”一栏为发货通知 {voyage.number} 装运的数量，"
            f"预计 {day(voyage.expected_on)} 抵达。",
            f"6. This contract is purchase order {data.order.number}; where the two differ, the "
            f"order stands. The column of this shipment is what ship notice {voyage.number} "
            f"carries, expected on {day(voyage.expected_on)}.",
        ),
    )
    return Sheet(
        title=title,
        other_title=other,
        reference=data.order.number,
        party=data.importer.name(chinese=chinese),
        blocks=(
            _parties(data, chinese=chinese),
            Facts(
                (
                    (word("合同号", "Contract no."), data.order.number),
                    (word("签订日期", "Date"), day(data.order.placed_on)),
                    (word("币种", "Currency"), currency),
                    (word("发货通知", "Ship notice"), voyage.number),
                ),
                ruled=True,
            ),
            Grid(
                _contract_columns(currency, chinese=chinese),
                tuple(
                    (*row[:5], f"{on_board.get(line.key, 0):,}", *row[5:])
                    for row, (line, _quantity, _total) in zip(
                        _invoice_rows(lines, currency, chinese=chinese), lines, strict=True
                    )
                ),
                total=(
                    "",
                    "",
                    word("合计", "Total"),
                    "",
                    f"{sum(quantity for _, quantity, _ in lines):,}",
                    f"{sum(on_board.values()):,}",
                    "",
                    amount(whole, currency),
                ),
                after=(
                    Words(f"{word('总价大写', 'Total in words')}：{words[0]}", before=8),
                    Words(words[1]),
                ),
            ),
            Words(word("条款", "Terms and conditions"), size=10, bold=True, before=8),
            *(Words(clause, size=8.5, before=2) for clause in clauses),
            _signatures(data, chinese=chinese, both=True),
        ),
    )
