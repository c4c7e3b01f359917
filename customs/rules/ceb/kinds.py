"""Which messages there are, and how each is put together.

A message is one to a hundred business elements, then who transfers it. A business element is either
the fields themselves (a receipt) or a head with lines (an order). Source: as for ``tables``.
"""

from __future__ import annotations

from dataclasses import dataclass

NAMESPACE = "http://www.chinaport.gov.cn/ceb"
SIGNATURE_NAMESPACE = "http://www.w3.org/2000/09/xmldsig#"

MOST_ELEMENTS = 100
MOST_LINES = 99
MOST_SUBSCRIBERS = 5
GUID_LENGTH = 36
LONGEST_VERSION = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of message: ``CEB621`` and what it is made of."""

    code: str
    name_zh: str
    name_en: str
    element: str
    head: str | None = None
    lines: str | None = None
    most: int | None = MOST_ELEMENTS
    most_lines: int | None = MOST_LINES
    #: None: nobody signs it and it names no transferring company (customs' own answers).
    signature: str | None = None

    @property
    def root(self) -> str:
        return f"{self.code}Message"

    @property
    def written_by_us(self) -> bool:
        """Whether a company sends it; the others come from the authority."""
        return self.signature is not None


OPTIONAL, REQUIRED = "optional", "required"

KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind("CEB311", "电子订单", "order", "Order", "OrderHead", "OrderList", signature=OPTIONAL),
        Kind("CEB312", "电子订单回执", "receipt of an order", "OrderReturn"),
        Kind("CEB411", "支付凭证", "payment", "Payment", "PaymentHead", signature=OPTIONAL),
        Kind("CEB412", "支付凭证回执", "receipt of a payment", "PaymentReturn"),
        Kind("CEB511", "物流运单", "waybill", "Logistics", "LogisticsHead", signature=OPTIONAL),
        Kind("CEB512", "物流运单回执", "receipt of a waybill", "LogisticsReturn"),
        Kind("CEB513", "物流运单状态", "waybill status", "LogisticsStatus", signature=OPTIONAL),
        Kind("CEB514", "物流运单状态回执", "receipt of a waybill status", "LogisticsStatusReturn"),
        Kind(
            "CEB621",
            "进口清单",
            "retail import list",
            "Inventory",
            "InventoryHead",
            "InventoryList",
            signature=REQUIRED,
        ),
        Kind("CEB622", "进口清单回执", "receipt of a retail import list", "InventoryReturn"),
        Kind("CEB623", "撤销申请单", "withdrawal", "InvtCancel", signature=REQUIRED),
        Kind("CEB624", "撤销申请单回执", "receipt of a withdrawal", "InvtCancelReturn"),
        Kind(
            "CEB625",
            "退货申请单",
            "return of goods",
            "InvtRefund",
            "InvtRefundHead",
            "InvtRefundList",
            signature=REQUIRED,
        ),
        Kind("CEB626", "退货申请单回执", "receipt of a return of goods", "InvtRefundReturn"),
        Kind(
            "CEB711",
            "入库明细单",
            "in-store detail",
            "Delivery",
            "DeliveryHead",
            "DeliveryList",
            most=1,
            most_lines=None,
            signature=REQUIRED,
        ),
        Kind("CEB712", "入库明细单回执", "receipt of an in-store detail", "DeliveryReturn"),
        Kind("CEB816", "电子税单", "tax bill", "Tax", "TaxHeadRd", "TaxListRd", most=None),
        Kind("CEB818", "电子税单状态", "state of a tax bill", "Tax", "TaxHeadStatus", most=None),
        Kind("CEB900", "报文格式校验回执", "receipt of the form check", "MessageReturn", most=1),
    )
}
