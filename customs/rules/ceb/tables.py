"""Which fields a message has, in their order.

Source: the schema of the customs' import messages (海关跨境进口业务节点报文定义), edition
2022-05, an annex to a notice of the General Administration of Customs. ``fields`` explains the
notation.
"""

from __future__ import annotations

from customs.rules.ceb.fields import Field, field_of

_ENTITIES = {
    "OrderHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; orderType C1; orderNo C1..60;
        ebpCode C1..18; ebpName C1..100; ebcCode C1..18; ebcName C1..100; goodsValue N19,5;
        freight N19,5; discount N19,5; taxTotal N19,5; acturalPaid N19,5; currency =142;
        buyerRegNo C1..60; buyerName C1..60; buyerTelephone C1..30; buyerIdType C1;
        buyerIdNumber C1..60; payCode ?C0..18; payName ?C0..100; payTransactionId ?C0..60;
        batchNumbers ?C0..100; consignee C1..100; consigneeTelephone C1..50;
        consigneeAddress C1..200; consigneeDistrict ?C6; note ?C0..1000
    """,
    "OrderList": """
        gnum int; itemNo ?C0..30; itemName C1..250; gmodel C1..510; itemDescribe ?C0..1000;
        barCode ?C0..50; unit C3; qty N19,5; price N19,5; totalPrice N19,5; currency =142;
        country C3; note ?C0..1000
    """,
    "PaymentHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; payCode C1..18; payName C1..100;
        payTransactionId C1..60; orderNo C1..60; ebpCode C1..18; ebpName C1..100;
        payerIdType C1; payerIdNumber C1..60; payerName C1..60; telephone ?C0..60;
        amountPaid N19,5; currency =142; payTime C14; note ?C0..1000
    """,
    "LogisticsHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; logisticsCode C1..18;
        logisticsName C1..100; logisticsNo C1..60; billNo ?C0..37; orderNo C1..60;
        freight ?N19,5; insuredFee ?N19,5; currency =142; weight N19,5; packNo int9;
        goodsInfo ?C0..200; consignee C1..100; consigneeAddress C1..200;
        consigneeTelephone C1..50; note ?C0..1000
    """,
    "LogisticsStatus": """
        guid C36; appType C1; appTime C14; appStatus C1..3; logisticsCode C1..18;
        logisticsName C1..100; logisticsNo C1..60; logisticsStatus C1; logisticsTime C14;
        note ?C0..1000
    """,
    "InventoryHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; orderNo C1..60; ebpCode C1..18;
        ebpName C1..100; ebcCode C1..18; ebcName C1..100; logisticsNo C1..60;
        logisticsCode C1..18; logisticsName C1..100; copNo ?C0..20; preNo ?C0..18;
        assureCode C1..30; emsNo ?C0..30; invtNo ?C0..18; ieFlag C1; declTime C8;
        customsCode C4; portCode C4; ieDate ?C8; buyerIdType C1; buyerIdNumber C1..60;
        buyerName C1..60; buyerTelephone C1..30; consigneeAddress C1..200; agentCode C1..18;
        agentName C1..100; areaCode ?C0..18; areaName ?C0..100; tradeMode C4; trafMode C1;
        trafNo ?C0..100; voyageNo ?C0..32; billNo ?C0..37; loctNo ?C0..10;
        licenseNo ?C0..19; country C3; freight N19,5; insuredFee N19,5; currency =142;
        wrapType ?C1; packNo int9; grossWeight N19,5; netWeight N19,5; note ?C0..1000
    """,
    "InventoryList": """
        gnum int; itemRecordNo ?C0..30; itemNo ?C0..20; itemName ?C0..250; gcode C10;
        gname C1..250; gmodel C1..510; barCode ?C0..50; country C3; tradeCountry ?C1..3;
        currency =142; qty N19,5; unit C3; qty1 N19,5; unit1 C3; qty2 ?N19,5; unit2 ?C3;
        price N19,5; totalPrice N19,5; note ?C0..1000
    """,
    "InvtCancel": """
        guid C36; appType C1; appTime C14; appStatus C1..3; customsCode C4; orderNo C1..60;
        ebpCode C1..18; ebpName C1..100; ebcCode C1..18; ebcName C1..100;
        logisticsNo C1..60; logisticsCode C1..18; logisticsName C1..100; copNo ?C0..20;
        preNo ?C0..18; invtNo C1..18; buyerIdType C1; buyerIdNumber C1..60;
        buyerName C1..60; buyerTelephone C1..30; agentCode C1..18; agentName C1..100;
        reason C1..1000; note ?C0..1000
    """,
    "InvtRefundHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; customsCode C4; orderNo C1..60;
        ebpCode C1..18; ebpName C1..100; ebcCode C1..18; ebcName C1..100;
        logisticsNo C1..60; logisticsCode C1..18; logisticsName C1..100; copNo ?C0..20;
        preNo ?C0..18; invtNo C1..18; buyerIdType C1; buyerIdNumber C1..60;
        buyerName C1..60; buyerTelephone C1..30; agentCode C1..18; agentName C1..100;
        reason C1..1000; note ?C0..1000
    """,
    "InvtRefundList": """
        gnum int; gcode C10; gname C1..250; qty N19,5; unit C3; note ?C0..1000
    """,
    "DeliveryHead": """
        guid C36; appType C1; appTime C14; appStatus C1..3; customsCode C4; copNo ?C0..20;
        preNo ?C0..18; rkdNo ?C0..18; operatorCode C1..18; operatorName C1..100; ieFlag C1;
        trafMode C1; trafNo C1..100; voyageNo C1..32; billNo C1..37; logisticsCode C1..18;
        logisticsName C1..100; unloadLocation ?C0..100; note ?C0..1000
    """,
    "DeliveryList": """
        gnum int; logisticsNo C1..60; note ?C0..1000
    """,
    "OrderReturn": """
        guid C36; ebpCode C1..18; ebcCode C1..18; orderNo C1..60; returnStatus C1..10;
        returnTime C17; returnInfo C1..1000
    """,
    "PaymentReturn": """
        guid C36; payCode C1..18; payTransactionId C1..60; returnStatus C1..10;
        returnTime C17; returnInfo C1..1000
    """,
    "LogisticsReturn": """
        guid C36; logisticsCode C1..18; logisticsNo C1..60; returnStatus C1..10;
        returnTime C17; returnInfo C1..1000
    """,
    "LogisticsStatusReturn": """
        guid C36; logisticsCode C1..18; logisticsNo C1..60; logisticsStatus C1;
        returnStatus C1..10; returnTime C17; returnInfo C1..1000
    """,
    "InventoryReturn": """
        guid C36; customsCode ?C4; ebpCode ?C1..18; ebcCode ?C1..18; agentCode ?C1..18;
        copNo C1..20; preNo C18; invtNo ?C18; returnStatus C1..10; returnTime C17;
        returnInfo C1..1000
    """,
    "InvtCancelReturn": """
        guid C36; customsCode ?C4; agentCode ?C1..18; ebpCode ?C1..18; ebcCode ?C1..18;
        copNo C1..20; preNo C18; invtNo ?C18; returnStatus C1..10; returnTime C17;
        returnInfo C1..1000
    """,
    "InvtRefundReturn": """
        guid C36; customsCode ?C4; agentCode ?C1..18; ebpCode ?C1..18; ebcCode ?C1..18;
        copNo C1..20; preNo C18; invtNo ?C18; returnStatus C1..10; returnTime C17;
        returnInfo C1..1000
    """,
    "DeliveryReturn": """
        guid C36; customsCode ?C4; operatorCode ?C1..18; copNo ?C0..20; preNo ?C0..18;
        rkdNo ?C0..18; returnStatus C1..10; returnTime C17; returnInfo C1..1000
    """,
    "TaxHeadRd": """
        guid C36; returnTime C17; invtNo C1..18; taxNo C1..50; customsTax N19,5;
        valueAddedTax N19,5; consumptionTax N19,5; status C1; entDutyNo ?C0..50;
        note ?C0..1000; assureCode ?C0..64; ebcCode ?C0..64; logisticsCode ?C0..64;
        agentCode ?C1..18; customsCode ?C4
    """,
    "TaxListRd": """
        gnum int; gcode C10; taxPrice N19,5; customsTax N19,5; valueAddedTax N19,5;
        consumptionTax N19,5
    """,
    "TaxHeadStatus": """
        guid C36; returnTime C17; invtNo C1..18; taxNo C1..50; status C1; entDutyNo ?C0..50;
        assureCode ?C0..64
    """,
    "MessageReturn": """
        guid C36; returnStatus C1..10; returnInfo C0..5000; returnTime C17;
        oriCopMsgId C0..255; oriMessageType C0..15; oriBizMessage text
    """,
    "BaseTransfer": """
        copCode C1..18; copName C0..100; dxpMode C3; dxpId C0..30; note ?C0..1000
    """,
    "BaseSubscribe": """
        status C0..100; dxpMode C3; dxpAddress C0..100; note ?C0..1000
    """,
    "ExtendMessage": """
        name C0..30; version C0..30
    """,
}


def _read(notation: str) -> tuple[Field, ...]:
    return tuple(field_of(*one.split()) for one in notation.split(";"))


#: Entity -> its fields, in the order in which they must stand.
ENTITIES: dict[str, tuple[Field, ...]] = {
    name: _read(notation) for name, notation in _ENTITIES.items()
}
