"""What traceability tells the other apps."""

from traceability.queries.chain import (
    ChainReport,
    check_chain,
    find_item,
    has_hash,
    search,
    story_of,
)
from traceability.queries.labels import (
    ReceivedLot,
    expiry_of,
    has_received,
    label_sheets,
    product_of,
    received_lot,
)
from traceability.queries.public import Passport, epcis_document, passport_of, title_of

__all__ = [
    "ChainReport",
    "Passport",
    "ReceivedLot",
    "check_chain",
    "epcis_document",
    "expiry_of",
    "find_item",
    "has_hash",
    "has_received",
    "label_sheets",
    "passport_of",
    "product_of",
    "received_lot",
    "search",
    "story_of",
    "title_of",
]
