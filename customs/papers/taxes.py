"""What the goods would be taxed in general trade, beside bond, where nothing is due.

Duty, consumption tax and VAT on the CIF value in yuan, rounded once by the policy of the day on
which it was drafted. Customs' own decision counts; this says what is at stake, and for what a
guarantee would be asked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from core.flowing import Column, Facts, Grid, Words
from customs.papers.sheet import Sheet, amount, unit
from customs.papers.words import In, day, titled
from customs.rules import codes
from customs.rules.charges import Charge, Kind, Mark, NoCustomsRate, Valued, customs_values
from customs.rules.contents import BY_MEASURE, Contents, contents_of
from customs.rules.import_set import Goods, ImportSet, Rated
from customs.rules.retail_tax import Exact, Rates, Tax, exact_in_full
from customs.rules.rounding import Basis, Mode, Rounding, rounded_lines


@dataclass(frozen=True, slots=True)
class Estimated:
    """A goods line with its customs value and tax; None where the tariff does not have it, and no
    tax where nobody can tell how much it holds of what consumption tax is due on."""

    line: Goods
    value: Valued
    rated: Rated | None
    tax: Tax | None

    @property
    def is_unmeasured(self) -> bool:
        return self.rated is not None and self.tax is None


def estimated(data: ImportSet) -> tuple[Estimated, ...]:
    """Each goods line of the form. Raises NoCustomsRate where a currency has no rate that day."""
    charges = [
        Charge(Kind(one.kind), Mark(one.mark), one.value, one.currency) for one in data.charges
    ]
    values = customs_values(
        [(line.total, line.gross_weight) for line in data.goods],
        charges,
        currency=data.currency,
        rates=dict(data.exchange),
    )
    rates = {(one.hs_code, one.origin): one for one in data.tariff}
    rated = [_due(data, line, rates.get((line.hs_code, line.origin))) for line in data.goods]
    each = [
        _exact(line, value, rate) if rate else None
        for line, value, rate in zip(data.goods, values, rated, strict=True)
    ]
    exact = [one for one in each if one is not None]
    # Of a list that is rounded whole, each line has its exact part of each tax.
    columns = (
        rounded_lines([one.duty for one in exact], data.rounding),
        rounded_lines([one.consumption_tax for one in exact], data.rounding),
        rounded_lines([one.vat for one in exact], data.rounding),
    )
    taxes = iter([Tax(*parts) for parts in zip(*columns, strict=True)])
    return tuple(
        Estimated(line, value, rate, next(taxes) if one else None)
        for line, value, rate, one in zip(data.goods, values, rated, each, strict=True)
    )


def _due(data: ImportSet, line: Goods, rated: Rated | None) -> Rated | None:
    """The duty of an agreement counts for goods of which each article's origin is proved."""
    if rated is None or rated.treaty is None or not data.is_proved(line.position):
        return rated
    return replace(rated, duty=rated.treaty)


def _exact(line: Goods, value: Valued, rated: Rated) -> Exact | None:
    quantity = _held(line, rated.specific_unit) if rated.specific else Fraction(0)
    if quantity is None:
        return None
    return exact_in_full(
        value.cny,
        Rates(duty=rated.duty, vat=rated.vat, consumption_tax=rated.consumption_tax),
        Fraction(rated.specific) * quantity * 100,
    )


def _held(line: Goods, unit: str) -> Fraction | None:
    """How much the goods of a line hold in a unit of customs; None where nobody can tell."""
    told = {line.second_unit: line.second_quantity, line.legal_unit: line.legal_quantity}
    if told.get(unit) is not None:
        return Fraction(told[unit] or 0)
    each = contents_of(line.specification, 0)
    # All that the line weighs is known to the gram; a volume is as the specification has it.
    whole = Contents(Fraction(line.net_weight), each.millilitres * line.quantity)
    return whole.in_unit(unit) if unit in BY_MEASURE else None


def tax_estimate(data: ImportSet, *, chinese: bool) -> Sheet:
    """Line by line, with the rates that lead to it."""
    word = In(chinese=chinese)
    title, other = titled(("税款估算单", "Tax estimate"), chinese=chinese)
    try:
        lines, missing = estimated(data), ""
    except NoCustomsRate as error:
        lines, missing = (), str(error.facts.get("currency", ""))
    return Sheet(
        title=title,
        other_title=other,
        reference=data.reference,
        party=data.importer.name(chinese=chinese),
        landscape=True,
        blocks=(
            Facts(
                (
                    (word("报关单", "Declaration"), data.reference),
                    (word("估算日期", "As of"), day(data.drafted_on)),
                    (word("成交方式", "Terms"), data.incoterm),
                    (
                        word("海关汇率", "Customs rates"),
                        "; ".join(
                            f"1 {code} = {rate.normalize():f} CNY" for code, rate in data.exchange
                        )
                        or "—",
                    ),
                ),
                ruled=True,
            ),
            *(
                (Words(_missing(missing, word), before=12),)
                if missing
                else (_grid(data, lines, chinese),)
            ),
        ),
    )


def _missing(currency: str, word: In) -> str:
    return word(
        f"海关当日没有 {currency} 的汇率，无法估算。请先装入汇率。",
        f"Customs' rate of {currency} is not known for the day: load it, and order this again.",
    )


def _rounding(how: Rounding) -> tuple[str, str]:
    """The policy in words, Chinese and English."""
    basis = {
        Basis.LINE: ("每一税种按行", "Each tax of each line is rounded"),
        Basis.LIST: ("每一税种按全单", "Each tax of the whole is rounded"),
    }[how.basis]
    mode = {
        Mode.HALF_UP: ("四舍五入", "half up"),
        Mode.HALF_EVEN: ("四舍六入五成双", "half to even"),
        Mode.DOWN: ("舍去尾数", "down"),
        Mode.UP: ("进位", "up"),
    }[how.mode]
    places = (("到元", "to the yuan"), ("到角", "to a tenth of a yuan"), ("到分", "to the fen"))
    place = places[how.places]
    return f"{basis[0]}{mode[0]}{place[0]}", f"{basis[1]} {mode[1]} {place[1]}"


def _consumption(rated: Rated, chinese: bool) -> str:
    """``15 %``, ``250 / 升``, or both."""
    parts = [_percent(rated.consumption_tax)] if rated.consumption_tax or not rated.specific else []
    if rated.specific:
        parts.append(
            f"{rated.specific.normalize():f} / {unit(rated.specific_unit, chinese=chinese)}"
        )
    return " + ".join(parts)


def _percent(rate: Decimal) -> str:
    return f"{(rate * 100).normalize():f} %"


def _grid(data: ImportSet, lines: tuple[Estimated, ...], chinese: bool) -> Grid:
    word = In(chinese=chinese)
    known = [one for one in lines if one.tax is not None]
    taxes = [one.tax for one in known if one.tax is not None]
    whole = (
        sum(one.value.cny for one in lines),
        sum(tax.duty for tax in taxes),
        sum(tax.consumption_tax for tax in taxes),
        sum(tax.vat for tax in taxes),
    )
    notes = [
        word(
            f"以保税方式（{data.supervision_mode}）进境：现在应缴 0.00 元；"
            "出区零售时按零售进口政策逐票计征。",
            f"Entered into bond ({data.supervision_mode}) nothing is due now; parcels are taxed "
            "as retail imports when they leave.",
        ),
        word(
            f"协定税率须有原产地证明；没有证明的按最惠国税率。{_rounding(data.rounding)[0]}，以海关核定为准。",
            "Duty by agreement takes a proof of origin; without it the most-favoured-nation rate "
            f"holds. {_rounding(data.rounding)[1]}; customs decides.",
        ),
    ]
    if any(one.is_unmeasured for one in lines):
        notes.append(
            word(
                "标“—”的行：从量消费税的计税单位无法由申报数量、净重或规格换算，未计入合计。",
                "Lines with a dash: consumption tax is due by a quantity that neither units, "
                "weight nor specification tell; not in the total.",
            )
        )
    if any(one.rated is None for one in lines):
        notes.append(
            word(
                "标“—”的行：当日税则没有该编码，未计入合计。",
                "Lines with a dash: no such code in the tariff that day, and not in the total.",
            )
        )
    if any(one.rated and one.rated.is_conditional for one in lines):
        notes.append(
            word(
                "* 消费税仅对高档化妆品征收；此处按应征计算。",
                "* Consumption tax is due on high-priced cosmetics only; here it is counted in.",
            )
        )
    return Grid(
        (
            Column(word("项号", "Item"), 10),
            Column(word("商品编码\n原产国", "HS code\norigin"), 26),
            Column(word("商品名称", "Goods"), 62),
            Column(f"{word('货值', 'Goods')}\n{data.currency}", 24, "r"),
            Column(f"CIF\n{data.currency}", 24, "r"),
            Column(f"{word('完税价格', 'CIF')}\nCNY", 26, "r"),
            Column(word("关税", "Duty"), 26, "r"),
            Column(word("消费税", "Consumption tax"), 28, "r"),
            Column(word("增值税", "VAT"), 26, "r"),
            Column(f"{word('税款合计', 'Taxes')}\nCNY", 26, "r"),
        ),
        tuple(_row(data, one, chinese) for one in lines),
        total=(
            "",
            "",
            word("一般贸易应缴合计", "Due in general trade"),
            amount(data.total, data.currency),
            amount(sum(one.value.cif for one in lines), data.currency),
            *(amount(part, "CNY") for part in whole),
            amount(sum(whole[1:]), "CNY"),
        ),
        after=tuple(Words(note, size=8, grey=True) for note in notes),
    )


def _row(data: ImportSet, one: Estimated, chinese: bool) -> tuple[str, ...]:
    line, rated, tax = one.line, one.rated, one.tax
    told = ("—",) * 4
    if rated is not None and tax is not None:
        star = "*" if rated.is_conditional else ""
        told = (
            f"{amount(tax.duty, 'CNY')}\n{_percent(rated.duty)}",
            f"{amount(tax.consumption_tax, 'CNY')}\n{_consumption(rated, chinese)}{star}",
            f"{amount(tax.vat, 'CNY')}\n{_percent(rated.vat)}",
            amount(tax.total, "CNY"),
        )
    return (
        str(line.position),
        f"{line.hs_code}\n{codes.country(line.origin, chinese=chinese)}",
        line.name_zh,
        amount(line.total, data.currency),
        amount(one.value.cif, data.currency),
        amount(one.value.cny, "CNY"),
        *told,
    )
