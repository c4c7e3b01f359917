"""Answers of the authority, made up here."""

from __future__ import annotations

from collections.abc import Mapping

from customs.rules.ceb.kinds import KINDS
from customs.rules.ceb.messages import Business, Message, write
from tests.customs.ceb.made import values

GUID = "9F1A6C50-0000-4B41-946C-B8022E42FC94"


def message(code: str, *heads: Mapping[str, str | None], lines: int = 0, **line: str) -> Message:
    """``code`` with one element for each of ``heads``."""
    kind = KINDS[code]
    entity = kind.head or kind.element
    return Message(
        kind,
        GUID,
        tuple(
            Business(
                values(entity, **{"guid": f"{place:036d}", **head}),
                tuple(
                    values(str(kind.lines), **{"gnum": str(number)} | line)
                    for number in range(1, lines + 1)
                ),
            )
            for place, head in enumerate(heads, 1)
        ),
        prefix=None,
    )


def answer(code: str, *heads: Mapping[str, str | None], lines: int = 0, **line: str) -> bytes:
    """Its bytes."""
    return write(message(code, *heads, lines=lines, **line))


def of_list(
    cop_no: str,
    status: str,
    at: str = "20260801120000000",
    *,
    invt_no: str | None = "310520261I00000017",
    info: str = "[Code:0;Desc:]",
) -> bytes:
    """The answer to a retail list (CEB622)."""
    return answer("CEB622", told_of_list(cop_no, status, at, invt_no=invt_no, info=info))


def told_of_list(
    cop_no: str,
    status: str,
    at: str = "20260801120000000",
    *,
    invt_no: str | None = "310520261I00000017",
    info: str = "[Code:0;Desc:]",
    pre_no: str = "B20260801000000017",
) -> dict[str, str | None]:
    return {
        "copNo": cop_no,
        "preNo": pre_no,
        "invtNo": invt_no,
        "returnStatus": status,
        "returnTime": at,
        "returnInfo": info,
    }
