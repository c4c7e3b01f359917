"""What the warehouse does: receive, serve consumers' orders, take them back."""

from warehouse.services.arriving import (
    forget_deliveries,
    keep_delivery,
    retry_delivery,
    work_deliveries,
)
from warehouse.services.back_orders import serve_back_orders
from warehouse.services.changes import change_stock
from warehouse.services.channels import (
    add_channel,
    change_channel,
    rotate_channel,
    switch_channel,
)
from warehouse.services.claims import carry_on_claim
from warehouse.services.counting import (
    call_off_count,
    decide_count,
    enter_count,
    set_count_terms,
    start_count,
)
from warehouse.services.erasing import erase_buyer, erase_old_buyers
from warehouse.services.fees import (
    bill_month,
    charge_day,
    charge_due,
    enter_tariff,
    report_storage,
)
from warehouse.services.handing import enter_carrier, hand_over, take_manifest
from warehouse.services.holds import free_order, hold_order
from warehouse.services.houses import change_gate, change_house, enter_house
from warehouse.services.merging import NewOrder, lock_to_merge, merge_orders
from warehouse.services.moving import Move, empty_place, move_stock
from warehouse.services.packing import Packed, pack_order
from warehouse.services.pallets import make_pallet, move_pallet
from warehouse.services.paying import confirm_payment, expire_unpaid, tell_paid
from warehouse.services.pictures import Sent, keep_pictures, withdraw_picture
from warehouse.services.places import change_capacity, close_place, import_places, make_places
from warehouse.services.receiving import receive
from warehouse.services.releasing import release_orders
from warehouse.services.reminding import remind, report_differences
from warehouse.services.renumbering import change_serial
from warehouse.services.reporting import report_drawn
from warehouse.services.retail import (
    OrderResult,
    accept_orders,
    accept_within,
    cancel_order,
    cancel_orders,
    mark_listed,
)
from warehouse.services.returning import announce_return, receive_return, refuse_return
from warehouse.services.settling import settle_claim
from warehouse.services.shelf_life import set_bond_limit, set_minimum
from warehouse.services.terms import set_terms
from warehouse.services.tracking import (
    note_events,
    note_tracking,
    read_events_file,
    read_tracking_file,
)
from warehouse.services.transferring import (
    accept_offer,
    end_offers,
    offer_stock,
    refuse_offer,
    withdraw_offer,
)
from warehouse.services.uploads import accept_upload, forget_uploads, keep_upload
from warehouse.services.waves import confirm_wave, make_wave, pick_again

__all__ = [
    "Move",
    "NewOrder",
    "OrderResult",
    "Packed",
    "Sent",
    "accept_offer",
    "accept_orders",
    "accept_upload",
    "accept_within",
    "add_channel",
    "announce_return",
    "bill_month",
    "call_off_count",
    "cancel_order",
    "cancel_orders",
    "carry_on_claim",
    "change_capacity",
    "change_channel",
    "change_gate",
    "change_house",
    "change_serial",
    "change_stock",
    "charge_day",
    "charge_due",
    "close_place",
    "confirm_payment",
    "confirm_wave",
    "decide_count",
    "empty_place",
    "end_offers",
    "enter_carrier",
    "enter_count",
    "enter_house",
    "enter_tariff",
    "erase_buyer",
    "erase_old_buyers",
    "expire_unpaid",
    "forget_deliveries",
    "forget_uploads",
    "free_order",
    "hand_over",
    "hold_order",
    "import_places",
    "keep_delivery",
    "keep_pictures",
    "keep_upload",
    "lock_to_merge",
    "make_pallet",
    "make_places",
    "make_wave",
    "mark_listed",
    "merge_orders",
    "move_pallet",
    "move_stock",
    "note_events",
    "note_tracking",
    "offer_stock",
    "pack_order",
    "pick_again",
    "read_events_file",
    "read_tracking_file",
    "receive",
    "receive_return",
    "refuse_offer",
    "refuse_return",
    "release_orders",
    "remind",
    "report_differences",
    "report_drawn",
    "report_storage",
    "retry_delivery",
    "rotate_channel",
    "serve_back_orders",
    "set_bond_limit",
    "set_count_terms",
    "set_minimum",
    "set_terms",
    "settle_claim",
    "start_count",
    "switch_channel",
    "take_manifest",
    "tell_paid",
    "withdraw_offer",
    "withdraw_picture",
    "work_deliveries",
]
