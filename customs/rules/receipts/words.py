"""A status and an error of the authority in words, Chinese and English.

Source: the notes to the messages and the list of errors in the specification for companies,
edition 2022-05, pages 70 to 125; the sentences are ours.
"""

from __future__ import annotations

import re

from customs.rules.receipts.standing import Outcome

#: Chinese, English.
Pair = tuple[str, str]

STATUSES: dict[str, Pair] = {
    "1": ("电子口岸已暂存", "stored at the e-port"),
    "2": ("电子口岸申报中", "being declared at the e-port"),
    "3": ("已发往海关", "sent to customs"),
    "4": ("发往海关失败", "could not be sent to customs"),
    "100": ("海关退单", "returned by customs"),
    "120": ("海关入库", "taken in by customs"),
    "300": ("人工审核", "checked by a person"),
    "399": ("海关审结", "approved by customs"),
    "400": ("等待货物运抵", "waiting for the goods to arrive"),
    "500": ("查验", "inspection"),
    "501": ("扣留移送通关", "held, handed to clearance"),
    "502": ("扣留移送缉私", "held, handed to anti-smuggling"),
    "503": ("扣留移送法规", "held, handed to the legal office"),
    "599": ("其他扣留", "held"),
    "600": ("暂停", "suspended"),
    "700": ("退运", "to be sent back abroad"),
    "800": ("放行", "released"),
    "899": ("结关", "closed"),
}
_BILLS: dict[str, Pair] = {
    "1": ("税单已生成", "tax bill made"),
    "2": ("税单已汇总", "tax bill summed"),
    "3": ("税单已作废", "tax bill void"),
}
_ZONE: dict[tuple[str, str], Pair] = {
    ("CommonResponeMessage", "0"): ("客户端已接收", "taken by the import client"),
    ("INV201", "1"): ("核注清单已审核通过", "bonded list approved"),
    ("INV201", "2"): ("核注清单转人工审核", "bonded list checked by a person"),
    ("INV201", "3"): ("核注清单退单", "bonded list returned"),
    ("INV202", "1"): ("已生成报关单", "declaration made from the list"),
    ("INV211", "posted"): ("已记账", "posted to the account book"),
    ("SAS221", "1"): ("核放单已审核通过", "pass approved"),
    ("SAS221", "2"): ("核放单转人工审核", "pass checked by a person"),
    ("SAS221", "3"): ("核放单退单", "pass returned"),
    **dict.fromkeys(
        (("SAS221", "void"), ("SAS223", "void"), ("SAS224", "void")), ("核放单已作废", "pass void")
    ),
    ("SAS223", "passed"): ("已过卡", "through the gate"),
    ("SAS224", "1"): ("卡口查验放行", "let go at the gate"),
    ("SAS224", "2"): ("卡口查验", "looked at, at the gate"),
    ("SAS224", "3"): ("卡口退回", "turned back at the gate"),
}
_UNKNOWN: Pair = ("未知状态", "unknown state")

#: Errors that have a sentence of their own.
ERRORS: dict[str, Pair] = {
    "-1001": ("报文签名无效。", "The signature of the message is not valid."),
    "-1002": ("签名证书已过期。", "The certificate of the signature has expired."),
    "-1004": ("签名与数据不符，请重新签名后发送。", "The signature is over other data."),
    "-2001": ("找不到接收方，请检查通道的接收方编号。", "The receiver is not known."),
    "-301010": (
        "订单重复：海关已有此订单。",
        "The order was sent twice: customs has it already.",
    ),
    "-301011": (
        "订单已被清单使用，不能再改。",
        "The order is on a list already and cannot be changed.",
    ),
    "-301014": (
        "较早的报文，海关未处理；以最新的为准。",
        "An older message that customs did not take up; the newest counts.",
    ),
    "-301015": ("一份报文中的订单过多。", "There are too many orders in one message."),
    "-401012": (
        "较早的支付报文，海关未处理。",
        "An older payment message that customs did not take up.",
    ),
    "-505016": (
        "较早的运单状态报文，海关未处理。",
        "An older waybill status that customs did not take up.",
    ),
    "-621000": ("清单没有表体。", "The list has no lines."),
    "-621004": ("清单已申报，不能重复申报。", "The list has been declared before."),
    "-621005": (
        "超过单次交易限值，订购人须拆单前下单或按一般贸易办理。",
        "Above the limit for one order: it had to be split before it was placed, or goes as "
        "general trade.",
    ),
    "-621018": (
        "超过订购人年度限值，本年不能再按跨境电商零售进口。",
        "Above the buyer's limit for the year: nothing more may come as retail import this year.",
    ),
    "-621027": ("清单表体序号重复。", "Two lines of the list have one number."),
    "-621028": ("签名数据有误，请重新签名。", "The signed data are wrong; sign again."),
    "-621029": ("签名验证失败，请检查证书。", "The signature does not hold; look at the key."),
    "-621030": ("一份报文中的清单过多。", "There are too many lists in one message."),
    "-623005": (
        "清单当前状态不允许撤销（可能已放行）。",
        "The list cannot be withdrawn in its state; it may be released already.",
    ),
    "-625009": (
        "第二数量与第二单位须同时填写。",
        "The second quantity and its unit stand together or not at all.",
    ),
    "-625010": ("退货商品与原清单不符。", "What is sent back is not what was on the list."),
    "-625209": ("退货数量超过原清单数量。", "More is sent back than was on the list."),
    "-800003": ("入库明细单重复。", "The in-store detail was sent twice."),
    "-800005": (
        "较早的入库明细报文，海关未处理。",
        "An older in-store detail that customs did not take up.",
    ),
}
#: Errors by what their number begins with, the narrower first.
_RANGES: tuple[tuple[str, Pair], ...] = (
    ("-0002", ("报文不符合官方格式。", "The message is against the official schema.")),
    ("-301", ("订单有误。", "Something is wrong with the order.")),
    ("-401", ("支付凭证有误。", "Something is wrong with the payment.")),
    ("-504", ("物流运单有误。", "Something is wrong with the waybill.")),
    ("-505", ("物流运单状态有误。", "Something is wrong with the waybill's status.")),
    ("-621", ("进口清单有误。", "Something is wrong with the retail list.")),
    ("-623", ("撤销申请有误。", "Something is wrong with the withdrawal.")),
    ("-625", ("退货申请有误。", "Something is wrong with the return.")),
    ("-711", ("入库明细单有误。", "Something is wrong with the in-store detail.")),
    ("-800", ("入库明细单有误。", "Something is wrong with the in-store detail.")),
)
_SHORT = re.compile(r"-0*([0-9]{1,4})")
_FORM: Pair = ("报文格式有误。", "The form of the message is wrong.")
_SIGNING: Pair = ("报文签名有误。", "Something is wrong with the signature.")
_ROUTING: Pair = ("报文传输地址有误。", "Something is wrong with the addresses of the message.")
_SYSTEM: Pair = (
    "海关或电子口岸系统故障，可稍后重发。",
    "A fault in the system of customs or the e-port; send it again later.",
)
_OTHER: Pair = ("海关处理出错。", "Customs could not process it.")

OUTCOMES: dict[Outcome, Pair] = {
    Outcome.MOVING: ("办理中", "under way"),
    Outcome.TAKEN: ("海关已接收", "taken by customs"),
    Outcome.HELD: ("海关审核或查验中", "held by customs"),
    Outcome.REFUSED: ("被退回", "refused"),
    Outcome.DONE: ("已办结", "done"),
}


def status_words(message: str, status: str) -> Pair:
    """What a status of a message says; an error by its own sentence, or by its range."""
    if status.startswith("-"):
        return error_words(status)
    if message in ("CEB816", "CEB818"):
        return _BILLS.get(status, _UNKNOWN)
    if message.startswith("CEB"):
        return STATUSES.get(status, _UNKNOWN)
    if message == "CommonResponeMessage" and status != "0":
        return ("客户端拒收", "refused by the import client")
    return _ZONE.get((message, status), _UNKNOWN)


def error_words(code: str) -> Pair:
    """The sentence of an error (``-621018``)."""
    if code in ERRORS:
        return ERRORS[code]
    for begins, words in _RANGES:
        if code.startswith(begins):
            return words
    found = _SHORT.fullmatch(code)
    if found is None:
        return _OTHER
    number = int(found[1])
    if number < 1000:
        return _FORM
    return {1: _SIGNING, 2: _ROUTING, 3: _SYSTEM}.get(number // 1000, _OTHER)
