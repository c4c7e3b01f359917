"""What customs answers to a bonded list, its changes and its deletion."""

from __future__ import annotations

from customs.simulator.answering import of_zone
from tests.customs.practising import NOON

LISTED = "QD310526I000000017"
FIRST = "202600000000000017"


def result(act: str = "1", change: int = 0, *, status: str = "1", at: float = 0) -> dict[str, str]:
    minutes, seconds = divmod(int(at), 60)
    return {
        "etpsPreentNo": FIRST,
        "businessId": LISTED,
        "tmsCnt": str(change),
        "typecd": act,
        "manageResult": status,
        "manageDate": f"2026-07-14 12:{minutes:02d}:{seconds:02d}",
        "rmk": "" if status == "1" else "商品编码有误",
    }


def head(own: str, change: int = 0) -> dict[str, str]:
    return {
        "bondInvtNo": LISTED,
        "chgTmsCnt": str(change),
        "invtPreentNo": FIRST,
        "putrecNo": "T3105W000001",
        "etpsInnerInvtNo": own,
        "impexpMarkcd": "I",
        "supvModecd": "1210",
    }


def approval(
    own: str, act: str = "1", change: int = 0, *, status: str = "1", at: float = 0
) -> bytes:
    """INV201; ``at`` are seconds after noon."""
    parts = [
        ("HdeApprResult", result(act, change, status=status, at=at)),
        ("BondInvtBsc", head(own, change)),
    ]
    return of_zone("INV201", parts, at=NOON)


def declared(number: str, *, at: float = 0) -> bytes:
    """INV202: it names the list by customs' numbers alone."""
    made = {
        "invPreentNo": FIRST,
        "businessId": LISTED,
        "entrySeqNo": number,
        "manageResult": "1",
        "createDate": result(at=at)["manageDate"],
    }
    return of_zone("INV202", [("InvApprResult", made)], at=NOON)


def voided(own: str) -> bytes:
    """SAS221 of a pass that was made void at customs."""
    passed = {
        "passportNo": "Z3104I260714000000000017",
        "passportTypecd": "2",
        "ioTypecd": "I",
        "bindTypecd": "2",
        "masterCuscd": "3104",
        "sasPassportPreentNo": own,
        "stucd": "6",
    }
    answer = result(at=3_000) | {"etpsPreentNo": own, "businessId": passed["passportNo"]}
    return of_zone("SAS221", [("HdeApprResult", answer), ("SasPassportBsc", passed)], at=NOON)


def posting(own: str, change: int = 0) -> bytes:
    """INV211 of one item."""
    row = {
        "bwsNo": "T3105W000001",
        "gdsSeqno": "1",
        "gdsMtno": "SKU",
        "gdecd": "1901101000",
        "gdsNm": "奶粉",
        "dclUnitcd": "122",
        "lawfUnitcd": "035",
        "invtNo": LISTED,
        "invtGNo": "1",
    }
    return of_zone("INV211", [("BondInvtBsc", head(own, change)), ("BwsDt", row)], at=NOON)
