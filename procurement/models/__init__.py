"""The tables of procurement: offers, rounds, forecasts, orders, shipments."""

from procurement.models.forecasts import Forecast, ForecastLine, ForecastUpload
from procurement.models.offers import PriceBreak, SupplierOffer
from procurement.models.orders import (
    OrderDocument,
    OrderShare,
    OrderState,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.models.rounds import PoolRound, RoundResult, RoundStanding, RoundState
from procurement.models.shipments import Shipment, ShipmentLine, ShipmentState

__all__ = [
    "Forecast",
    "ForecastLine",
    "ForecastUpload",
    "OrderDocument",
    "OrderShare",
    "OrderState",
    "PoolRound",
    "PriceBreak",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RoundResult",
    "RoundStanding",
    "RoundState",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "SupplierOffer",
]
