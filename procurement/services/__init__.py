"""What procurement does for doors and for the other apps."""

from procurement.services.documents import make_due_documents, retry_document
from procurement.services.filing import file_forecast, file_wishes, import_forecasts
from procurement.services.offers import NewOffer, add_offers
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
    "NewOffer",
    "Preview",
    "ShippedLine",
    "add_offers",
    "bind_shipment",
    "clear_shipment",
    "close_round",
    "file_forecast",
    "file_upload",
    "file_wishes",
    "import_forecasts",
    "look_again",
    "make_due_documents",
    "mark_received",
    "open_round",
    "place_order",
    "preview_upload",
    "record_invoice",
    "remind",
    "retry_document",
    "ship_order",
]
