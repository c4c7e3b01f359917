"""Where messages to the authority go: folders and secrets, which no page may set."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

#: Seconds that a gateway has for one message, and until another may try its own.
BONDPOOL_GATEWAY_SECONDS = float(os.environ.get("BONDPOOL_GATEWAY_SECONDS") or 20)

#: Who takes the zone's own messages (INV101, SAS121): what their envelopes were seen to name.
BONDPOOL_ZONE_RECEIVER = os.environ.get("BONDPOOL_ZONE_RECEIVER") or "DXPEDCSAS0000001"


def secrets_of_gateways(told: str | None) -> Mapping[str, Mapping[str, str]]:
    """What stands in the JSON file of that name, by a gateway's code; nothing without one."""
    if not told:
        return {}
    found: Mapping[str, Mapping[str, str]] = json.loads(Path(told).read_text("utf-8"))
    return found


BONDPOOL_GATEWAY_SECRETS = secrets_of_gateways(os.environ.get("BONDPOOL_GATEWAY_SECRETS"))
