"""A message of the zone for whoever reads JSON."""

from __future__ import annotations

from typing import Any

from customs.rules.sas.documents import Document


def as_json(document: Document) -> dict[str, Any]:
    """The message for ``json.dumps``."""
    out: dict[str, Any] = {"message": document.kind.code, "EnvelopInfo": dict(document.envelope)}
    for part in document.kind.parts:
        found = [dict(one) for one in document.parts.get(part.name, ())]
        if found:
            out[part.name] = found
    if document.pocket:
        out["PocketInfo"] = dict(document.pocket)
    if document.kind.written_by_us:
        out |= {"OperCusRegCode": document.operator, "SysId": document.system}
        out["DelcareFlag"] = "1" if document.declare else "0"
    return out
