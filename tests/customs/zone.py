"""Lists, passes and customs' answers to them, made up here."""

from __future__ import annotations

from customs.rules.sas.documents import KINDS, SPECIAL_ZONE, Document

COMPANY = ("330261A004", "宁波保税仓储有限公司")
ENVELOPE = {
    "version": "1.0",
    "message_id": "HZQD330261A004I20261130A001",
    "file_name": "INVT_HZQD330261A004I20261130A001.zip",
    "sender_id": "DXPENT0000018755",
    "receiver_id": "DXPEDCSAS0000001",
    "send_time": "2026-11-30T08:00:00",
}
LIST_HEAD = {
    "EtpsInnerInvtNo": "HZQD330261A004I20261130A001",
    "PutrecNo": "T3111W000076",
    "InvtType": "0",
    "BizopEtpsno": COMPANY[0],
    "BizopEtpsNm": COMPANY[1],
    "RcvgdEtpsno": COMPANY[0],
    "RcvgdEtpsNm": COMPANY[1],
    "DclEtpsno": COMPANY[0],
    "DclEtpsNm": COMPANY[1],
    "InputCode": COMPANY[0],
    "InputName": COMPANY[1],
    "ImpexpMarkcd": "I",
    "MtpckEndprdMarkcd": "I",
    "SupvModecd": "1210",
    "TrspModecd": "2",
    "ImpexpPortcd": "3111",
    "DclPlcCuscd": "3111",
    "StshipTrsarvNatcd": "609",
    "DclcusFlag": "1",
    "DclcusTypecd": "2",
    "CorrEntryDclEtpsNo": "3302981050",
}
LIST_LINE = {
    "GdsSeqno": "1",
    "PutrecSeqno": "36",
    "GdsMtno": "MILK3",
    "Gdecd": "1901101000",
    "GdsNm": "奶粉 3段",
    "GdsSpcfModelDesc": "900克/罐",
    "DclUnitcd": "122",
    "DclQty": "120",
    "LawfUnitcd": "035",
    "LawfQty": "108",
    "DclUprcAmt": "154.56",
    "DclTotalAmt": "18547.2",
    "DclCurrcd": "142",
    "Natcd": "609",
    "DestinationNatcd": "142",
    "LvyrlfModecd": "3",
    "ModfMarkcd": "3",
    "GrossWt": "140.7",
    "NetWt": "108",
}
PASS_HEAD = {
    "EtpsPreentNo": "HFD330261A004I20261130A001",
    "DclTypecd": "1",
    "PassportTypecd": "3",
    "IoTypecd": "I",
    "BindTypecd": "2",
    "MasterCuscd": "3111",
    "RltTbTypecd": "1",
    "RltNo": "QD311126I000067647",
    "AreainEtpsno": COMPANY[0],
    "AreainEtpsNm": COMPANY[1],
    "DclEtpsno": COMPANY[0],
    "DclEtpsNm": COMPANY[1],
    "InputCode": COMPANY[0],
    "InputName": COMPANY[1],
    "VehicleNo": "浙B00001",
    "VehicleWt": "13000",
    "VehicleFrameWt": "1000",
    "ContainerWt": "",
    "TotalGrossWt": "292.8",
    "TotalNetWt": "292.8",
    "TotalWt": "14292.8",
    "DclErConc": "值班 057400000000",
}
PASS_LINE = {
    "PassportSeqNo": "1",
    "GdsMtno": "MILK3",
    "Gdecd": "1901101000",
    "GdsNm": "奶粉 3段",
    "DclUnitcd": "122",
    "DclQty": "120",
    "GrossWt": "140.7",
    "NetWt": "108",
}
Changes = dict[str, str | None]


def changed(values: dict[str, str], changes: Changes) -> dict[str, str]:
    return {name: value for name, value in (values | changes).items() if value is not None}


def bonded_list(
    head: Changes | None = None, *lines: Changes, retail_lists: tuple[str, ...] = ()
) -> Document:
    return Document(
        KINDS["INV101"],
        ENVELOPE,
        {
            "InvtHeadType": [changed(LIST_HEAD, head or {})],
            "InvtListType": [changed(LIST_LINE, one) for one in lines or ({},)],
            "InvtCbecBill": [{"CbecBillNo": number} for number in retail_lists],
        },
        operator=COMPANY[0],
        system=SPECIAL_ZONE,
    )


def a_pass(
    head: Changes | None = None, *lines: Changes, bound_to: str = "QD311126I000067647"
) -> Document:
    return Document(
        KINDS["SAS121"],
        ENVELOPE,
        {
            "PassportHead": [changed(PASS_HEAD, head or {})],
            "PassportList": [changed(PASS_LINE, one) for one in lines],
            "PassportAcmp": [{"RtlBillTypecd": "1", "RtlBillNo": bound_to}],
        },
        operator=COMPANY[0],
        declare=False,
    )


def answer(kind: str, inside: str, *, namespace: str = "") -> bytes:
    """What customs writes; its own answers of lists have the namespace of signatures."""
    space = f' xmlns="{namespace}"' if namespace else ""
    return (
        f'<?xml version="1.0" encoding="utf-8" standalone="yes"?>\n<Package{space}>\n'
        f"<EnvelopInfo><version>1.0</version><message_id>CUS00001</message_id>"
        f"<message_type>{kind}</message_type><sender_id>CUS0000</sender_id>"
        f"<receiver_id>E010000</receiver_id></EnvelopInfo>\n"
        f"<DataInfo><PocketInfo><pocket_id>1</pocket_id></PocketInfo>"
        f"<BussinessData><{kind}>{inside}</{kind}></BussinessData></DataInfo>\n</Package>"
    ).encode()


RESULT = (
    "<HdeApprResult><etpsPreentNo>202600000069440319</etpsPreentNo>"
    "<businessId>QD311126I000067486</businessId><tmsCnt>0</tmsCnt><typecd>1</typecd>"
    "<manageResult>1</manageResult><manageDate>2026-11-30 00:44:26</manageDate><rmk></rmk>"
    "</HdeApprResult>"
)
