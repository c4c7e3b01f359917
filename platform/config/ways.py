"""Where messages to the authority go: folders and secrets, which no page may set."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

#: The official schema that import messages are held to, where it is given.
BONDPOOL_CEB_XSD = os.environ.get("BONDPOOL_CEB_XSD") or ""

#: Seconds that a gateway has for one message, and until another may try its own.
BONDPOOL_GATEWAY_SECONDS = float(os.environ.get("BONDPOOL_GATEWAY_SECONDS") or 20)

#: Who takes the zone's own messages (INV101, SAS121): what their envelopes were seen to name.
BONDPOOL_ZONE_RECEIVER = os.environ.get("BONDPOOL_ZONE_RECEIVER") or "DXPEDCSAS0000001"

#: From which answer to order, payment and waybill on their list follows: 120 is stored at customs.
#: An e-port that passes no such answer on stops at 3 (sent to customs) or 2 (taken by the e-port).
BONDPOOL_LIST_FOLLOWS = os.environ.get("BONDPOOL_LIST_FOLLOWS") or "120"
if BONDPOOL_LIST_FOLLOWS not in ("2", "3", "120"):
    raise ImproperlyConfigured("BONDPOOL_LIST_FOLLOWS is 2, 3 or 120")


def secrets_of_gateways(told: str | None) -> Mapping[str, Mapping[str, str]]:
    """What stands in the JSON file of that name, by a gateway's code; nothing without one."""
    if not told:
        return {}
    found: Mapping[str, Mapping[str, str]] = json.loads(Path(told).read_text("utf-8"))
    return found


BONDPOOL_GATEWAY_SECRETS = secrets_of_gateways(os.environ.get("BONDPOOL_GATEWAY_SECRETS"))
