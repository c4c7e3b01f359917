"""What procurement does for doors and for the other apps."""

from procurement.services.documents import make_due_documents, retry_document
from procurement.services.filing import file_forecast, file_wishes, import_forecasts
from procurement.services.freight import NewContainer, set_freight, set_minimum
from procurement.services.offer_files import OfferFile, import_offers, preview_offers
from procurement.services.offers import NewOffer, add_offers, change_offer, end_offer, standing_of
from procurement.services.ordering import (
    ShippedLine,
    bind_shipment,
    clear_shipment,
    mark_received,
    place_order,
    record_invoice,
    ship_order,
)
from procurement.services.reminding import remind
from procurement.services.rounds import close_round, open_round
from procurement.services.uploading import Preview, file_upload, look_again, preview_upload

__all__ = [
    "NewContainer",
    "NewOffer",
    "OfferFile",
    "Preview",
    "ShippedLine",
    "add_offers",
    "bind_shipment",
    "change_offer",
    "clear_shipment",
    "close_round",
    "end_offer",
    "file_forecast",
    "file_upload",
    "file_wishes",
    "import_forecasts",
    "import_offers",
    "look_again",
    "make_due_documents",
    "mark_received",
    "open_round",
    "place_order",
    "preview_offers",
    "preview_upload",
    "record_invoice",
    "remind",
    "retry_document",
    "set_freight",
    "set_minimum",
    "ship_order",
    "standing_of",
]
