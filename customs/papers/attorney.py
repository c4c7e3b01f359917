"""代理报关委托书 and 委托报关协议: the principal's half is filled in, the agent's is left to it.

The scope letters A to H, and the two halves of the agreement, are those of the usual printed form;
no official image of it could be had, so its geometry is the house's own.
"""

from __future__ import annotations

from core.flowing import Column as Of
from core.flowing import Facts, Grid, Sides, Turn, Words
from customs.papers.sheet import Sheet, amount
from customs.papers.words import In, day, party_lines, titled
from customs.rules import codes
from customs.rules.import_set import ImportSet

_SCOPE = (
    ("A", "填单申报", "fill in and declare"),
    ("B", "辅助查验", "help at inspection"),
    ("C", "垫缴税款", "advance the taxes"),
    ("D", "办理海关证明联", "obtain customs' certificates"),
    ("E", "审批手册", "approval of manuals"),
    ("F", "核销手册", "write-off of manuals"),
    ("G", "申办减免税手续", "tax exemptions"),
    ("H", "其他", "other"),
)
#: What is ticked: filling in, declaring and helping at the inspection.
_WANTED = {"A", "B"}
_LINE = "____________________"
_TICKED, _OPEN = "[×]", "[  ]"


def attorney(data: ImportSet, *, chinese: bool) -> Sheet:
    """The letter on the first page, the agreement on the second."""
    word = In(chinese=chinese)
    title, other = titled(("代理报关委托书", "Power of attorney"), chinese=chinese)
    scope = "　".join(
        f"{_TICKED if letter in _WANTED else _OPEN} {letter} {word(zh, en)}"
        for letter, zh, en in _SCOPE
    )
    name, agent = data.importer.name(chinese=chinese), _agent(data)
    return Sheet(
        title=title,
        other_title=other,
        reference=data.reference,
        party=name,
        blocks=(
            Words(
                word(f"致：（报关企业）{agent or _LINE}", f"To (agent): {agent or _LINE}"),
            ),
            Words(
                word(
                    f"我单位现 A（A. 逐票　B. 长期）委托贵公司代理下列报关事宜：{scope}。"
                    "详见《委托报关协议》。",
                    "We entrust you, A (A for this entry, B for a term), with the following: "
                    f"{scope}. Details stand in the agreement.",
                ),
                before=10,
            ),
            Words(
                word(
                    "我单位保证遵守《中华人民共和国海关法》和国家有关法规，保证所提供的情况真实、"
                    "完整、单货相符，无侵犯他人知识产权的行为。否则，愿承担相关法律责任。",
                    "We keep the Customs Law and what belongs to it; what we state is true and "
                    "complete, papers and goods agree, and nobody's intellectual property is "
                    "infringed. Otherwise we answer for it by law.",
                ),
                before=8,
            ),
            Words(
                word(
                    "本委托书有效期自签字之日起至　　　　年　　月　　日止。",
                    "This power is valid from its signature until ______________.",
                ),
                before=8,
            ),
            Words("", before=2),
            Facts(_goods(data, chinese), ruled=True),
            Sides(
                (word("委托方", "Principal"), party_lines(data.importer, chinese=chinese)),
                (
                    word("签章", "Seal and signature"),
                    (
                        word("委托方（盖章）：", "Seal:"),
                        "",
                        word("法定代表人或其授权签署人（签字）：", "Signature:"),
                        "",
                        word("日期：　　　　年　　月　　日", "Date:"),
                    ),
                ),
                before=24,
            ),
            Turn(),
            Words(word("委托报关协议", "Agreement on the declaration"), size=13, bold=True),
            Words(
                word(
                    "为明确委托报关具体事项和各自责任，双方经平等协商签订协议如下：",
                    "To make plain what is entrusted and who answers for what, both agree:",
                )
            ),
            _agreement(data, chinese),
            Words(
                word(
                    "本协议一式三份：委托方、被委托方、海关各执一份。",
                    "In three copies: principal, agent, customs.",
                ),
                size=8,
                grey=True,
            ),
        ),
    )


def _agent(data: ImportSet) -> str:
    """The broker that the importer named, empty where the line is left to it."""
    broker = data.statement.broker
    return f"{broker.name_zh} {broker.customs_code}" if broker else ""


def _goods(data: ImportSet, chinese: bool) -> tuple[tuple[str, str], ...]:
    word = In(chinese=chinese)
    first = data.goods[0] if data.goods else None
    more = len(data.goods) - 1
    names = first.name_zh if first else "—"
    if more > 0:
        names += word(f" 等 {more + 1} 项", f" and {more} more")
    origins = dict.fromkeys(codes.country(one.origin, chinese=chinese) for one in data.goods)
    mode = codes.named(codes.SUPERVISION_MODES, data.supervision_mode, chinese=chinese)
    return (
        (word("主要货物名称", "Main goods"), names),
        (word("HS 编码", "HS code"), first.hs_code if first else "—"),
        (word("货物总价", "Value"), f"{data.currency} {amount(data.total, data.currency)}"),
        (word("件数", "Packages"), f"{data.packages:,}"),
        (word("进口日期", "Date of import"), day(data.shipment.expected_on)),
        (word("提单号", "Bill of lading"), data.shipment.bill_of_lading),
        (word("贸易方式", "Supervision"), f"{data.supervision_mode} {mode}"),
        (word("原产地", "Origin"), ", ".join(origins)),
    )


def _agreement(data: ImportSet, chinese: bool) -> Grid:
    word = In(chinese=chinese)
    handed = (
        ("合同", "contract"),
        ("发票", "invoice"),
        ("装箱清单", "packing list"),
        ("提（运）单", "bill of lading"),
    )
    ticks = "\n".join(f"{_TICKED} {word(*pair)}" for pair in handed)
    ticks += f"\n{_OPEN} {word('加工贸易手册', 'manual')}"
    ticks += f"\n{_TICKED if data.permits else _OPEN} {word('许可证件', 'licence')}"
    ticks += f"\n{_OPEN} {word('其他', 'other')} ________"
    left = [f"{label}：{value}" for label, value in _goods(data, chinese)]
    mine = "\n".join((word("委托方：", "Principal: ") + data.importer.name(chinese=chinese), *left))
    theirs = "\n".join(
        (
            word("被委托方：", "Agent: ") + (_agent(data) or _LINE),
            word("报关单编码：", "Declaration no.: ") + (data.customs_number or "________________"),
            word("收到单证日期：", "Papers received on: ") + "____________",
            word("收到单证情况：", "Papers received:"),
            ticks,
            word("报关收费：人民币 ________ 元", "Fee: CNY ________"),
        )
    )
    promise = word(
        "我方保证所提供资料真实、有效，配合海关查验并按时缴纳税费。",
        "We vouch for what we hand over, help at inspections and pay taxes in time.",
    )
    answer = word(
        "我方对委托方提供的情况进行合理审查，按时申报并保守商业秘密。",
        "We look at what is handed over with due care, declare in time and keep it confidential.",
    )
    sign = word(
        "\n\n（盖章）\n经办人签字：\n联系电话：\n日期：",
        "\n\n(Seal)\nSigned by:\nTelephone:\nDate:",
    )
    other = word("其他要求：________________", "Other wishes: ________________")
    return Grid(
        (Of(word("委托方", "Principal"), 1), Of(word("被委托方", "Agent"), 1)),
        (
            (f"{mine}\n{other}", theirs),
            (promise, answer),
            (sign, sign),
        ),
        size=8.5,
    )
