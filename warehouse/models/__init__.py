"""What a warehouse's tables are, by subject: houses, receipts, stock, consumers' orders."""

from warehouse.models.changes import StockChange
from warehouse.models.channels import Channel, ChannelDelivery, ChannelKind, DeliveryStage
from warehouse.models.claims import ClaimState, SupplierClaim, SupplierClaimLine
from warehouse.models.counts import (
    CountDecision,
    CountEntry,
    CountLine,
    CountState,
    CountTerms,
    StockCount,
)
from warehouse.models.erasing import BuyerErasure, WhyErased
from warehouse.models.fees import (
    FeeKind,
    StorageBill,
    StorageBillLine,
    StorageCharge,
    StorageRun,
    StorageTariff,
)
from warehouse.models.handing import (
    Carrier,
    CarrierKind,
    HandedParcel,
    HandOver,
    ManifestAccess,
    ParcelEvent,
    ParcelEventKind,
)
from warehouse.models.holds import HoldAct, RetailHold
from warehouse.models.houses import BondedWarehouse, Location, Zone
from warehouse.models.merging import RetailMerge
from warehouse.models.pallets import Pallet, PalletMove
from warehouse.models.pictures import GatePicture, GatePictureWithdrawal
from warehouse.models.receipts import Lot, Receipt, ReceiptLine, ReceiptShare
from warehouse.models.reservations import LIES_AS, Reservation, ReservationState
from warehouse.models.retail import RetailOrder, RetailOrderLine, RetailOrderState, RetailUpload
from warehouse.models.returns import RetailReturn, RetailReturned, RetailReturnLine, ReturnState
from warehouse.models.serials import SerialAct, SerialChange, SerialStep, SerialUnit
from warehouse.models.serving import (
    Package,
    Parcel,
    PickWave,
    PickWaveOrder,
    WaveOutcome,
    WaveState,
)
from warehouse.models.settling import ClaimPart, ClaimSettlement
from warehouse.models.shelf_life import BondLimit, ShelfMinimum
from warehouse.models.stock import (
    Holding,
    MovementKind,
    StockAccount,
    StockMovement,
    StockPosting,
    StockStatus,
)
from warehouse.models.terms import MissingState, RetailMissing, RetailTerms, ShortageTerms
from warehouse.models.transfers import FeePayer, StockTransfer, TransferConsent, TransferStep

__all__ = [
    "LIES_AS",
    "BondLimit",
    "BondedWarehouse",
    "BuyerErasure",
    "Carrier",
    "CarrierKind",
    "Channel",
    "ChannelDelivery",
    "ChannelKind",
    "ClaimPart",
    "ClaimSettlement",
    "ClaimState",
    "CountDecision",
    "CountEntry",
    "CountLine",
    "CountState",
    "CountTerms",
    "DeliveryStage",
    "FeeKind",
    "FeePayer",
    "GatePicture",
    "GatePictureWithdrawal",
    "HandOver",
    "HandedParcel",
    "HoldAct",
    "Holding",
    "Location",
    "Lot",
    "ManifestAccess",
    "MissingState",
    "MovementKind",
    "Package",
    "Pallet",
    "PalletMove",
    "Parcel",
    "ParcelEvent",
    "ParcelEventKind",
    "PickWave",
    "PickWaveOrder",
    "Receipt",
    "ReceiptLine",
    "ReceiptShare",
    "Reservation",
    "ReservationState",
    "RetailHold",
    "RetailMerge",
    "RetailMissing",
    "RetailOrder",
    "RetailOrderLine",
    "RetailOrderState",
    "RetailReturn",
    "RetailReturnLine",
    "RetailReturned",
    "RetailTerms",
    "RetailUpload",
    "ReturnState",
    "SerialAct",
    "SerialChange",
    "SerialStep",
    "SerialUnit",
    "ShelfMinimum",
    "ShortageTerms",
    "StockAccount",
    "StockChange",
    "StockCount",
    "StockMovement",
    "StockPosting",
    "StockStatus",
    "StockTransfer",
    "StorageBill",
    "StorageBillLine",
    "StorageCharge",
    "StorageRun",
    "StorageTariff",
    "SupplierClaim",
    "SupplierClaimLine",
    "TransferConsent",
    "TransferStep",
    "WaveOutcome",
    "WaveState",
    "WhyErased",
    "Zone",
]
