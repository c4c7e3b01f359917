"""Where messages to the authority go: folders and secrets, which no page may set."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def flag(name: str) -> bool:
    """Whether the environment says yes."""
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def hour_of(told: str | None) -> int | None:
    """0 to 23; None where nothing is told."""
    if not told:
        return None
    if not (told.isascii() and told.isdigit() and int(told) < 24):
        raise ImproperlyConfigured("an hour of the day is 0 to 23")
    return int(told)


#: The official schema that import messages are held to, where it is given.
BONDPOOL_CEB_XSD = os.environ.get("BONDPOOL_CEB_XSD") or ""

#: Seconds that a gateway has for one message, and until another may try its own.
BONDPOOL_GATEWAY_SECONDS = float(os.environ.get("BONDPOOL_GATEWAY_SECONDS") or 20)

#: Who takes the zone's own messages (INV101, SAS121): what their envelopes were seen to name.
BONDPOOL_ZONE_RECEIVER = os.environ.get("BONDPOOL_ZONE_RECEIVER") or "DXPEDCSAS0000001"

#: Parcels on one export list (INV101, kind 8); how many a zone takes is not public.
BONDPOOL_EXPORT_PARCELS = int(os.environ.get("BONDPOOL_EXPORT_PARCELS") or 5_000)
#: From which hour of the day export lists are made by themselves; None: a person makes them.
BONDPOOL_EXPORT_HOUR = hour_of(os.environ.get("BONDPOOL_EXPORT_HOUR"))

#: Codes of importers whose bonded lists follow their declarations by themselves: changed after an
#: amendment, deleted after a withdrawal; separated by commas.
BONDPOOL_LISTS_FOLLOW = tuple(
    filter(None, (one.strip() for one in os.environ.get("BONDPOOL_LISTS_FOLLOW", "").split(",")))
)
#: 1: the change or deletion of a bonded list has an own number (EtpsInnerInvtNo) of its own instead
#: of the list's. No source says which a zone wants; ask your customs.
BONDPOOL_LIST_NUMBER_ANEW = flag("BONDPOOL_LIST_NUMBER_ANEW")

#: Whether receipts in folders and queues count only where a signature in them holds.
BONDPOOL_RECEIPTS_SIGNED = flag("BONDPOOL_RECEIPTS_SIGNED")

#: From which answer to order, payment and waybill on their list follows: 120 is stored at customs.
#: An e-port that passes no such answer on stops at 3 (sent to customs) or 2 (taken by the e-port).
BONDPOOL_LIST_FOLLOWS = os.environ.get("BONDPOOL_LIST_FOLLOWS") or "120"
if BONDPOOL_LIST_FOLLOWS not in ("2", "3", "120"):
    raise ImproperlyConfigured("BONDPOOL_LIST_FOLLOWS is 2, 3 or 120")

#: 1: what customs sent back (100) it keeps, and it is told anew as a change (appType 2) instead of
#: as a new document. The specification does not say; ask your customs.
BONDPOOL_RETURNED_STAYS = flag("BONDPOOL_RETURNED_STAYS")

#: 1: an error that customs tells after it stored a document (120) stands over that, and the
#: document counts as come back. The specification does not say; its sender hears of it either way.
BONDPOOL_ERRORS_STAND = flag("BONDPOOL_ERRORS_STAND")


def secrets_of_gateways(told: str | None) -> Mapping[str, Mapping[str, str]]:
    """What stands in the JSON file of that name, by a gateway's code; nothing without one."""
    if not told:
        return {}
    found: Mapping[str, Mapping[str, str]] = json.loads(Path(told).read_text("utf-8"))
    return found


BONDPOOL_GATEWAY_SECRETS = secrets_of_gateways(os.environ.get("BONDPOOL_GATEWAY_SECRETS"))
