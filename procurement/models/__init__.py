"""The tables of procurement: offers, rounds, forecasts, orders, shipments."""

from procurement.models.agreeing import (
    ApprovalLimit,
    CancellationLine,
    ConfirmationDecision,
    ConfirmationLine,
    LineRevision,
    OrderApproval,
    OrderCancellation,
    OrderConfirmation,
    OrderEvent,
    OrderStep,
    RevisedShare,
)
from procurement.models.bill_runs import (
    BillCorrection,
    BillRun,
    BillWork,
    BillWorkState,
    MissingShare,
    OrderBill,
    SharingRun,
)
from procurement.models.charging import EntryKind, SellerEntry
from procurement.models.credit import (
    CreditPolicy,
    CreditRun,
    ForecastScore,
    RunKind,
    RunState,
    Suggestion,
)
from procurement.models.deposits import (
    Deposit,
    DepositEvent,
    DepositStep,
)
from procurement.models.forecasts import Forecast, ForecastLine, ForecastUpload
from procurement.models.offers import (
    ContainerKind,
    FreightContainer,
    FreightTerms,
    Incoterm,
    Multiple,
    OrderMinimum,
    PriceBreak,
    Pricing,
    SupplierOffer,
)
from procurement.models.orders import (
    OrderDocument,
    OrderShare,
    OrderState,
    PurchaseOrder,
    PurchaseOrderLine,
)
from procurement.models.plans import RoundBill, RoundCharge, RoundPlan
from procurement.models.rounds import (
    PoolRound,
    RoundResult,
    RoundStanding,
    RoundState,
    ShortageRule,
)
from procurement.models.sales import (
    SalesReport,
    SellerSales,
)
from procurement.models.shipments import Shipment, ShipmentLine, ShipmentState
from procurement.models.statements import RoundStatement
from procurement.models.wishes import LateWish, Mapped, SellerSku

__all__ = [
    "ApprovalLimit",
    "BillCorrection",
    "BillRun",
    "BillWork",
    "BillWorkState",
    "CancellationLine",
    "ConfirmationDecision",
    "ConfirmationLine",
    "ContainerKind",
    "CreditPolicy",
    "CreditRun",
    "Deposit",
    "DepositEvent",
    "DepositStep",
    "EntryKind",
    "Forecast",
    "ForecastLine",
    "ForecastScore",
    "ForecastUpload",
    "FreightContainer",
    "FreightTerms",
    "Incoterm",
    "LateWish",
    "LineRevision",
    "Mapped",
    "MissingShare",
    "Multiple",
    "OrderApproval",
    "OrderBill",
    "OrderCancellation",
    "OrderConfirmation",
    "OrderDocument",
    "OrderEvent",
    "OrderMinimum",
    "OrderShare",
    "OrderState",
    "OrderStep",
    "PoolRound",
    "PriceBreak",
    "Pricing",
    "PurchaseOrder",
    "PurchaseOrderLine",
    "RevisedShare",
    "RoundBill",
    "RoundCharge",
    "RoundPlan",
    "RoundResult",
    "RoundStanding",
    "RoundState",
    "RoundStatement",
    "RunKind",
    "RunState",
    "SalesReport",
    "SellerEntry",
    "SellerSales",
    "SellerSku",
    "SharingRun",
    "Shipment",
    "ShipmentLine",
    "ShipmentState",
    "ShortageRule",
    "Suggestion",
    "SupplierOffer",
]
