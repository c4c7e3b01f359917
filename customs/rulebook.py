"""The rules of customs in both languages, for people who fill in its papers.

``docs/customs-rules.md`` is this page (``bondpool customs_rulebook``).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from django.utils.translation import gettext, override

from core.errors import DomainError
from core.rulebook import refusals
from customs.rules import agreeing as papers_agreeing
from customs.rules import (
    cautions,
    charges,
    countering,
    deadlines,
    declared,
    declaring,
    elements,
    filing,
    goods,
    guarantees,
    modes,
    paper_sets,
    positive_list,
    releasing,
    retail_tax,
    ways,
)
from customs.rules.ceb import agreeing, legal_units
from customs.rules.ceb import remarks as ceb
from customs.rules.sas import remarks as sas


@dataclass(frozen=True, slots=True)
class _Part:
    """Where the rules of some modules are held against what, and when."""

    title: tuple[str, str]
    when: tuple[str, str]
    modules: tuple[ModuleType, ...]


_PARTS = (
    _Part(
        ("报关单与备案清单", "Declaration and record list"),
        (
            "下令制作单证之前、登记递交之前检查；有一条不符即两者均不得进行，问题显示在所在行旁。"
            "来源：报关单填制规范（2019 版，第 1 至 49 栏）、1210 的说明、在用系统的检查。",
            "Held before the paper is ordered and before the lodging is recorded; one finding "
            "stops both, and stands beside its line. Source: the filling rules of the form (2019 "
            "edition, columns 1 to 49), the notes to mode 1210, the checks of systems at work.",
        ),
        (declared,),
    ),
    _Part(
        ("正面清单备注", "Remarks of the positive list"),
        (
            "下令制作单证之前、登记递交之前、绘制零售清单时检查；「除外」与「仅限」由人逐个商品判断，"
            "写明理由，可收回。其下两条只作提示，不阻止申报。来源：正面清单（2022 版）备注。",
            "Held before the paper is ordered, before the lodging is recorded, and when a retail "
            "list is drawn; a person judges per product, with a reason, and may take it back. What "
            "a person only looks at stands in the same table: judged remarks, papers of a first "
            "import. Source: the remarks of the list of 2022.",
        ),
        (positive_list, cautions),
    ),
    _Part(
        ("监管方式", "Mode of supervision"),
        (
            "登记仓库的监管方式时、下令制作单证之前检查。来源：1210 与 1239 的说明。",
            "Held when the mode of a warehouse is told, and before the paper is ordered. Source: "
            "the notes to modes 1210 and 1239.",
        ),
        (modes,),
    ),
    _Part(
        ("起草", "Drafting"),
        (
            "由发货批次起草时检查；不符则什么也不写入。",
            "Held when a declaration is drafted from a shipment; a refusal writes nothing.",
        ),
        (goods, charges, declaring),
    ),
    _Part(
        ("修改、撤销、备案与期限", "Amending, withdrawing, filing and deadlines"),
        (
            "登记申请、答复、备案与便利措施时检查；不符则什么也不写入。",
            "Held when requests, answers, filings and grants are recorded; a refusal writes "
            "nothing.",
        ),
        (countering, filing, elements, deadlines, guarantees, ways),
    ),
    _Part(
        ("核注清单与核放单（INV101、SAS121）", "Bonded list and pass (INV101, SAS121)"),
        (
            "报文发送之前检查，`bondpool ceb_check` 亦予提示。"
            "来源：在用系统的检查与真实报文中的恒等式。",
            "Held before a message is sent; `bondpool ceb_check` remarks them as well. Source: the "
            "checks of systems at work, and the identities that hold in real messages.",
        ),
        (sas,),
    ),
    _Part(
        ("一套单证相互核对", "The papers of an entry beside each other"),
        (
            "发布整套单证之前检查；有一条不符即不得发布，页面显示各单证所载。",
            "Held before a set of papers is released; one difference stops it, and the page shows "
            "what each paper says.",
        ),
        (papers_agreeing, paper_sets),
    ),
    _Part(
        ("零售报文（CEB311 至 CEB900）", "Retail messages (CEB311 to CEB900)"),
        (
            "报文发送之前检查，`bondpool ceb_check` 亦予提示。"
            "来源：企业对接报文规范（2022 年 5 月版）第 70 至 113 页及报文结构的注释。",
            "Held before a message is sent; `bondpool ceb_check` remarks them as well. Source: the "
            "specification for companies, edition 2022-05, pages 70 to 113, and the notes in its "
            "schema.",
        ),
        (ceb,),
    ),
    _Part(
        ("三单一清单相互核对", "Order, payment, waybill and list beside each other"),
        (
            "同一包裹的报文排队之前，订单、支付单、运单与清单逐项比对，清单的计量单位与当日税则核对。"
            "来源：同上。",
            "Held before the messages of a parcel are queued: order, payment, waybill and list, "
            "field by field, and the list's units against the tariff of the day. Source: the same.",
        ),
        (agreeing, legal_units),
    ),
    _Part(
        ("零售清单：正面清单、限额与税", "Retail list: positive list, quotas and tax"),
        (
            "绘制零售清单时检查；不符则订单退回，库存归还。"
            "来源：财关税〔2016〕18号、〔2018〕49号，2022 年正面清单。",
            "Held when a retail list is drawn; a refused order gives its stock back. Source: "
            "财关税〔2016〕18号 and 〔2018〕49号, the positive list of 2022.",
        ),
        (retail_tax, releasing),
    ),
)


def customs_rulebook() -> str:
    """The page: a table for each part, each rule in Chinese and English."""
    known = refusals()
    lines = [
        "# 海关规则 Customs rules",
        "",
        "由 `bondpool customs_rulebook` 写成，请勿手工修改。"
        "Written by `bondpool customs_rulebook`; do not edit.",
    ]
    for part in _PARTS:
        names = {module.__name__ for module in part.modules}
        rules = [rule for rule in known if rule.__module__ in names]
        lines += ["", f"## {part.title[0]}　{part.title[1]}", "", *part.when, ""]
        lines += ["| 代码 code | 规则 | rule |", "| --- | --- | --- |"]
        lines += [f"| `{rule.code}` | {_chinese(rule)} | {rule.rule()} |" for rule in rules]
    return "\n".join(lines) + "\n"


def _chinese(rule: type[DomainError]) -> str:
    with override("zh-hans"):
        return gettext(rule.rule())
