"""What procurement does for doors and for the other apps."""

from procurement.services.copying import NothingToCopy, copy_last
from procurement.services.documents import make_due_documents, retry_document
from procurement.services.filing import file_forecast, file_wishes, import_forecasts
from procurement.services.freight import NewContainer, set_freight, set_minimum
from procurement.services.late import Taken, keep_late_wish, keep_late_wishes, take_late_wish
from procurement.services.naming import forget_own_sku, map_own_sku
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
from procurement.services.rounds import close_round, open_round, open_rounds
from procurement.services.uploading import (
    Preview,
    file_partly,
    file_upload,
    look_again,
    preview_upload,
)

__all__ = [
    "NewContainer",
    "NewOffer",
    "NothingToCopy",
    "OfferFile",
    "Preview",
    "ShippedLine",
    "Taken",
    "add_offers",
    "bind_shipment",
    "change_offer",
    "clear_shipment",
    "close_round",
    "copy_last",
    "end_offer",
    "file_forecast",
    "file_partly",
    "file_upload",
    "file_wishes",
    "forget_own_sku",
    "import_forecasts",
    "import_offers",
    "keep_late_wish",
    "keep_late_wishes",
    "look_again",
    "make_due_documents",
    "map_own_sku",
    "mark_received",
    "open_round",
    "open_rounds",
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
    "take_late_wish",
]
