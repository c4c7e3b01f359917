"""Which fields the zone's messages have; the notation is that of ``customs.rules.ceb.fields``.

Unlike CEB the order of the fields is no part of the form: senders that are at work differ in it.
Exact lengths (``C18``) are those of the codes themselves; upper bounds are wide ones of our own,
since no source gives any.
"""

from __future__ import annotations

from customs.rules.ceb.fields import Field, field_of

_ENTITIES = {
    # the sender writes these
    "InvtHeadType": """
        SeqNo ?C0..18; EtpsInnerInvtNo C1..64; BondInvtNo ?C0..18; PutrecNo C1..64;
        ChgTmsCnt ?C0..3; DclTypecd ?C0..1; InvtType C1; BondInvtTypecd ?C0..1; ListStat ?C0..1;
        ListType ?C0..1; InvtIochkptStucd ?C0..1; PassportUsedTypeCd ?C0..1; VrfdedMarkcd ?C0..1;
        BizopEtpsSccd ?C0..18; BizopEtpsno C10; BizopEtpsNm C1..512;
        RvsngdEtpsSccd ?C0..18; RcvgdEtpsno C10; RcvgdEtpsNm C1..512;
        DclEtpsSccd ?C0..18; DclEtpsno C10; DclEtpsNm C1..512;
        InputCreditCode ?C0..18; InputCode C10; InputName C1..255;
        InputTime ?C0..8; InvtDclTime ?C0..25; EntryDclTime ?C0..25; PrevdTime ?C0..25;
        FormalVrfdedTime ?C0..25; AddTime ?C0..25;
        ImpexpMarkcd C1; MtpckEndprdMarkcd C1; SupvModecd C4; TrspModecd C1; ImpexpPortcd C4;
        DclPlcCuscd C4; StshipTrsarvNatcd C3;
        DclcusFlag C1; GenDecFlag ?C0..1; DecType ?C0..1; DclcusTypecd ?C0..1;
        NeedEntryModified ?C0..1; EntryStucd ?C0..1; EntryNo ?C0..18;
        CorrEntryDclEtpsSccd ?C0..18; CorrEntryDclEtpsNo ?C0..10; CorrEntryDclEtpsNm ?C0..512;
        RltInvtNo ?C0..18; RltPutrecNo ?C0..64; RltEntryNo ?C0..18;
        RltEntryBizopEtpsSccd ?C0..18; RltEntryBizopEtpsno ?C0..10; RltEntryBizopEtpsNm ?C0..512;
        RltEntryRvsngdEtpsSccd ?C0..18; RltEntryRcvgdEtpsno ?C0..10;
        RltEntryRcvgdEtpsNm ?C0..512; RltEntryDclEtpsSccd ?C0..18; RltEntryDclEtpsno ?C0..10;
        RltEntryDclEtpsNm ?C0..512;
        IcCardNo ?C0..20; ApplyNo ?C0..64; LevyBlAmt ?n19,5; Rmk ?C0..4000;
        Param1 ?C0..64; Param2 ?C0..64; Param3 ?C0..64; Param4 ?C0..64
    """,
    "InvtListType": """
        SeqNo ?C0..18; GdsSeqno int9; EntryGdsSeqno ?C0..9; PutrecSeqno ?C0..19;
        GdsMtno C1..32; Gdecd C10; GdsNm C1..512; GdsSpcfModelDesc C1..512;
        DclUnitcd C3; DclQty N19,5; LawfUnitcd C3; LawfQty N19,5;
        SecdLawfUnitcd ?C0..3; SecdLawfQty ?n19,5;
        DclUprcAmt N25,4; DclTotalAmt N25,2; DclCurrcd C3; UsdStatTotalAmt ?n19,5;
        Natcd C3; DestinationNatcd C3; LvyrlfModecd C1; ClyMarkcd ?C0..1;
        GrossWt ?n19,5; NetWt ?n19,5; WtSfVal ?n19,5; FstSfVal ?n19,5; SecdSfVal ?n19,5;
        UseCd ?C0..4; UcnsVerno ?C0..8; ApplyTbSeqno ?C0..19; ModfMarkcd C1; Rmk ?C0..4000;
        Param1 ?C0..64
    """,
    "InvtCbecBill": "SeqNo ?C0..18; BondInvtNo ?C0..18; CbecBillNo C18",
    "PassportHead": """
        SeqNo ?C0..18; PassportNo ?C0..24; EtpsPreentNo C1..64; DclTypecd C1; PassportTypecd C1;
        IoTypecd C1; BindTypecd C1; MasterCuscd C4; RltTbTypecd ?C0..1; RltNo ?C0..64;
        AreainOriactNo ?C0..64; AreainEtpsSccd ?C0..18; AreainEtpsno C10; AreainEtpsNm C1..512;
        DclEtpsSccd ?C0..18; DclEtpsno C10; DclEtpsNm C1..512; InputSccd ?C0..18; InputCode C10;
        InputName C1..255; VehicleNo C1..32; VehicleIcNo ?C0..32; VehicleWt N19,5;
        VehicleFrameNo ?C0..32; VehicleFrameWt ?n19,5; ContainerNo ?C0..32; ContainerWt ?n19,5;
        ContainerType ?C0..4; TotalGrossWt N19,5; TotalNetWt N19,5; TotalWt N19,5;
        DclErConc C1..64; Rmk ?C0..4000; Col1 ?C0..64; Col2 ?C0..64; Col3 ?C0..64; Col4 ?C0..64
    """,
    "PassportList": """
        SeqNo ?C0..18; PassportNo ?C0..24; PassportSeqNo int9; RltGdsSeqno ?C0..19; GdsMtno C1..32;
        Gdecd C10; GdsNm C1..512; DclUnitcd C3; DclQty N19,5; GrossWt N19,5; NetWt N19,5;
        Rmk ?C0..4000; Col1 ?C0..64; Col2 ?C0..64; Col3 ?C0..64; Col4 ?C0..64
    """,
    "PassportAcmp": "SeqNo ?C0..18; PassPortNo ?C0..24; RtlBillTypecd C1; RtlBillNo C1..64",
    # customs writes these: whatever else it says is kept, and not an error
    "HdeApprResult": """
        etpsPreentNo C1..64; businessId C1..64; tmsCnt ?C0..3; typecd ?C0..2;
        manageResult C1..2; manageDate C1..25; rmk ?C0..4000
    """,
    "CheckInfo": "note C0..4000",
    "InvApprResult": """
        invPreentNo C1..64; businessId C1..64; entrySeqNo C0..18; manageResult C1..2;
        createDate C1..25; reason ?C0..4000
    """,
    "BondInvtBsc": """
        bondInvtNo C18; chgTmsCnt ?C0..3; invtPreentNo C0..64; putrecNo C1..64;
        etpsInnerInvtNo C1..64; impexpMarkcd C1; supvModecd C4; vrfdedMarkcd ?C0..1;
        vrfdedModecd ?C0..2; duCode ?C0..2; entryStucd ?C0..1; invtIochkptStucd ?C0..1
    """,
    "BwsDt": """
        bwsNo C1..64; chgTmsCnt ?C0..3; gdsSeqno int9; gdsMtno C1..32; gdecd C10; gdsNm C1..512;
        dclUnitcd C3; lawfUnitcd C3; invtNo C0..18; invtGNo ?C0..9
    """,
    "SasPassportBsc": """
        passportNo C24; chgTmsCnt ?C0..3; passportTypecd C1; sasPassportPreentNo C0..64;
        ioTypecd C1; bindTypecd C1; masterCuscd C4; rltTbTypecd ?C0..1; rltNo ?C0..64;
        vehicleNo ?C0..32; totalWt ?C0..20; passCollectWt ?C0..20; wtError ?C0..20;
        passTime ?C0..25; secdPassTime ?C0..25; stucd C1; emapvMarkcd ?C0..1; logisticsStucd ?C0..1
    """,
    "SasPassportDt": "passportNo C24; passportSeqno int9; gdsMtno C0..32; dclQty C0..20",
    "SasPassportRlt": "passportNo C24; rltTbTypecd C1; rltNo C1..64",
    "CommonResponeMessage": """
        SeqNo ?C0..64; EtpsPreentNo C1..64; CheckInfo ?C0..4000; DealFlag C1
    """,
    "EnvelopInfo": """
        version ?C0..10; business_id ?C0..64; message_id C1..128; file_name ?C0..255;
        message_type C1..20; sender_id C1..64; receiver_id C1..64; send_time ?C0..25;
        Ic_Card ?C0..20
    """,
}

#: Entity -> its fields.
ENTITIES: dict[str, tuple[Field, ...]] = {
    name: tuple(field_of(*one.split()) for one in notation.split(";"))
    for name, notation in _ENTITIES.items()
}
