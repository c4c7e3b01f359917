"""Whether the stock agrees with the ledger of its movements, to the unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from core.moments import at_one_moment
from warehouse.models import Holding, StockMovement


@dataclass(frozen=True, slots=True)
class Difference:
    """Two figures that should be the same and are not; ``proof`` names the two."""

    proof: str
    subject: str
    booked: int
    stands: int


# A full join finds what is missing on either side; a sum over nothing is no row, not zero. Of what
# is named as gone a count may find units before somebody says so: only what went out is compared.
_PROOFS = {
    "stock = sum of movements": """
        SELECT 'lot ' || lot.number || ', owner ' || company.code || ', '
               || coalesce(location.code, '?') || ', ' || coalesce(moved.status, held.status),
               coalesce(moved.units, 0), coalesce(held.on_hand, 0)
        FROM (SELECT lot_id, owner_id, location_id, status, sum(quantity) AS units
              FROM warehouse_stockmovement WHERE account = 'stock'
              GROUP BY lot_id, owner_id, location_id, status) AS moved
        FULL JOIN warehouse_holding AS held USING (lot_id, owner_id, location_id, status)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        JOIN accounts_company AS company ON company.id = owner_id
        LEFT JOIN warehouse_location AS location ON location.id = location_id
        WHERE coalesce(moved.units, 0) <> coalesce(held.on_hand, 0)
        ORDER BY 1""",
    "an owner's stock = what came in - what went out": """
        SELECT 'owner ' || company.code, coalesce(moved.units, 0), coalesce(held.units, 0)
        FROM (SELECT owner_id, -sum(quantity) AS units
              FROM warehouse_stockmovement WHERE account <> 'stock' GROUP BY owner_id) AS moved
        FULL JOIN (SELECT owner_id, sum(on_hand) AS units
                   FROM warehouse_holding GROUP BY owner_id) AS held USING (owner_id)
        JOIN accounts_company AS company ON company.id = owner_id
        WHERE coalesce(moved.units, 0) <> coalesce(held.units, 0)
        ORDER BY 1""",
    "a posting's legs sum to zero for every lot": """
        SELECT 'posting ' || posting.key, leg.units, 0
        FROM (SELECT posting_id, sum(quantity) AS units FROM warehouse_stockmovement
              GROUP BY posting_id, lot_id HAVING sum(quantity) <> 0) AS leg
        JOIN warehouse_stockposting AS posting ON posting.id = leg.posting_id
        ORDER BY 1""",
    "received = sum of the owners' shares": """
        SELECT 'receipt line ' || line.id, line.counted, coalesce(shares.units, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN (SELECT receipt_line_id, sum(received) AS units
                   FROM warehouse_receiptshare GROUP BY receipt_line_id) AS shares
               ON shares.receipt_line_id = line.id
        WHERE line.counted <> coalesce(shares.units, 0)
        ORDER BY line.id""",
    "announced = sum of the owners' entitlements": """
        SELECT 'receipt line ' || line.id, line.announced, coalesce(shares.units, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN (SELECT receipt_line_id, sum(entitled) AS units
                   FROM warehouse_receiptshare GROUP BY receipt_line_id) AS shares
               ON shares.receipt_line_id = line.id
        WHERE line.announced <> coalesce(shares.units, 0)
        ORDER BY line.id""",
    "damaged = sum of the owners' parts": """
        SELECT 'receipt line ' || line.id, line.damaged, coalesce(shares.units, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN (SELECT receipt_line_id, sum(damaged) AS units
                   FROM warehouse_receiptshare GROUP BY receipt_line_id) AS shares
               ON shares.receipt_line_id = line.id
        WHERE line.damaged <> coalesce(shares.units, 0)
        ORDER BY line.id""",
    "over the notice = sum of the platform's parts": """
        SELECT 'receipt line ' || line.id, line.over, coalesce(shares.units, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN (SELECT share.receipt_line_id, sum(share.over) AS units
                   FROM warehouse_receiptshare AS share
                   JOIN accounts_company AS owner ON owner.id = share.owner_id
                   WHERE 'platform' = ANY (owner.kinds)
                   GROUP BY share.receipt_line_id) AS shares
               ON shares.receipt_line_id = line.id
        WHERE line.over <> coalesce(shares.units, 0)
        ORDER BY line.id""",
    "damaged = claimed of the supplier": """
        SELECT 'receipt line ' || line.id, line.damaged, coalesce(claimed.quantity, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN warehouse_supplierclaimline AS claimed ON claimed.receipt_line_id = line.id
        WHERE line.damaged <> coalesce(claimed.quantity, 0)
        ORDER BY line.id""",
    "paid by a supplier = sum of the owners' parts": """
        SELECT 'settlement ' || paid.number, paid.home_minor, coalesce(sum(part.home_minor), 0)
        FROM warehouse_claimsettlement AS paid
        LEFT JOIN warehouse_claimpart AS part ON part.settlement_id = paid.id
        GROUP BY paid.id
        HAVING paid.home_minor <> coalesce(sum(part.home_minor), 0)
            OR paid.amount_minor <> coalesce(sum(part.amount_minor), 0)
        ORDER BY 1""",
    "named as gone = no more than was destroyed or written off": """
        SELECT 'serial numbers of lot ' || lot.number, named.units, gone.units
        FROM (SELECT unit.receipt_line_id,
                     sum(CASE change.act WHEN 'found' THEN -1 ELSE 1 END) AS units
              FROM warehouse_serialstep AS step
              JOIN warehouse_serialchange AS change ON change.id = step.change_id
              JOIN warehouse_serialunit AS unit ON unit.id = step.unit_id
              GROUP BY unit.receipt_line_id) AS named
        JOIN warehouse_lot AS lot ON lot.receipt_line_id = named.receipt_line_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(quantity), 0) AS units FROM warehouse_stockmovement
            WHERE lot_id = lot.id AND account IN ('destroyed', 'adjustment')
              AND quantity > 0) AS gone
        WHERE named.units > gone.units
        ORDER BY 1""",
    "on a shelf that is counted = what stands still there": """
        SELECT 'lot ' || lot.number || ', ' || place.code, sum(held.on_hand),
               sum(held.on_hand) FILTER (WHERE held.frozen_by_id IS NOT NULL)
        FROM warehouse_holding AS held
        JOIN warehouse_lot AS lot ON lot.id = held.lot_id
        JOIN warehouse_location AS place ON place.id = held.location_id
        WHERE held.status NOT IN ('in_transit', 'picked')
          AND (held.lot_id, held.location_id) IN (
              SELECT lot_id, location_id FROM warehouse_holding WHERE frozen_by_id IS NOT NULL)
        GROUP BY lot.number, place.code
        HAVING sum(held.on_hand) FILTER (WHERE held.frozen_by_id IS NULL) > 0
        ORDER BY 1""",
    "received = sum of the lots' receipts": """
        SELECT 'receipt line ' || line.id, line.counted, coalesce(moved.units, 0)
        FROM warehouse_receiptline AS line
        LEFT JOIN (SELECT lot.receipt_line_id, sum(movement.quantity) AS units
                   FROM warehouse_lot AS lot
                   JOIN warehouse_stockmovement AS movement
                     ON movement.lot_id = lot.id AND movement.kind = 'received'
                    AND movement.account = 'stock'
                   GROUP BY lot.receipt_line_id) AS moved ON moved.receipt_line_id = line.id
        WHERE line.counted <> coalesce(moved.units, 0)
        ORDER BY line.id""",
    "ordered = sum of the reservations": """
        SELECT 'order ' || orders.number || ', line ' || line.position,
               line.quantity, coalesce(reserved.units, 0)
        FROM warehouse_retailorderline AS line
        JOIN warehouse_retailorder AS orders ON orders.id = line.order_id
        LEFT JOIN (SELECT line_id, sum(quantity) AS units
                   FROM warehouse_reservation GROUP BY line_id) AS reserved
               ON reserved.line_id = line.id
        WHERE line.quantity <> coalesce(reserved.units, 0)
        ORDER BY 1""",
    "missing and served later = the lines of the later parcel": """
        SELECT 'order ' || orders.number || ', line ' || coalesce(missing.position, line.position),
               coalesce(missing.quantity, 0), coalesce(line.quantity, 0)
        FROM (SELECT * FROM warehouse_retailmissing WHERE state = 'served') AS missing
        FULL JOIN (SELECT * FROM warehouse_retailorderline WHERE order_id IN (
                       SELECT served_by_id FROM warehouse_retailmissing WHERE state = 'served')
                  ) AS line ON line.order_id = missing.served_by_id
                           AND line.position = missing.position
        JOIN warehouse_retailorder AS orders
          ON orders.id = coalesce(missing.served_by_id, line.order_id)
        WHERE coalesce(missing.quantity, 0) <> coalesce(line.quantity, 0)
        ORDER BY 1""",
    "came back = what the returns counted, and no more than went": """
        SELECT 'lot ' || lot.number || ', owner ' || company.code,
               coalesce(counted.units, 0), coalesce(came.units, 0)
        FROM (SELECT lot_id, owner_id, -sum(quantity) AS units FROM warehouse_stockmovement
              WHERE account = 'consumer' AND kind = 'sent_back' GROUP BY lot_id, owner_id) AS came
        FULL JOIN (SELECT lot_id, seller_id AS owner_id, sum(quantity) AS units
                   FROM warehouse_retailreturned GROUP BY lot_id, seller_id) AS counted
            USING (lot_id, owner_id)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        JOIN accounts_company AS company ON company.id = owner_id
        WHERE coalesce(counted.units, 0) <> coalesce(came.units, 0)
        UNION ALL
        SELECT 'order ' || orders.number || ', line ' || line.position,
               reservation.quantity, sum(returned.quantity)
        FROM warehouse_retailreturned AS returned
        JOIN warehouse_reservation AS reservation ON reservation.id = returned.reservation_id
        JOIN warehouse_retailorderline AS line ON line.id = reservation.line_id
        JOIN warehouse_retailorder AS orders ON orders.id = line.order_id
        GROUP BY orders.number, line.position, reservation.id, reservation.quantity
        HAVING sum(returned.quantity) > reservation.quantity
        ORDER BY 1""",
    "promised = sum of what orders hold": """
        SELECT 'lot ' || lot.number || ', owner ' || company.code || ', ' || location.code
               || ', ' || coalesce(held.status, promised.status),
               coalesce(promised.units, 0), coalesce(held.on_hand, 0)
        FROM (SELECT holding.lot_id, holding.owner_id, holding.location_id, lies.status,
                     sum(reservation.quantity) AS units
              FROM warehouse_reservation AS reservation
              JOIN warehouse_holding AS holding ON holding.id = reservation.holding_id
              JOIN (VALUES ('held', 'reserved'), ('released', 'released'), ('picked', 'picked'))
                  AS lies (state, status) ON lies.state = reservation.state
              GROUP BY holding.lot_id, holding.owner_id, holding.location_id, lies.status
             ) AS promised
        FULL JOIN (SELECT lot_id, owner_id, location_id, status, on_hand FROM warehouse_holding
                   WHERE status IN ('reserved', 'released', 'picked')) AS held
            USING (lot_id, owner_id, location_id, status)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        JOIN accounts_company AS company ON company.id = owner_id
        JOIN warehouse_location AS location ON location.id = location_id
        WHERE coalesce(promised.units, 0) <> coalesce(held.on_hand, 0)
        ORDER BY 1""",
    "an order's goods are as far as the order": """
        SELECT 'order ' || orders.number, sum(reservation.quantity), 0
        FROM warehouse_retailorder AS orders
        JOIN warehouse_retailorderline AS line ON line.order_id = orders.id
        JOIN warehouse_reservation AS reservation ON reservation.line_id = line.id
        WHERE reservation.state <> CASE orders.state
              WHEN 'allocated' THEN 'held' WHEN 'listed' THEN 'held'
              WHEN 'released' THEN 'released'
              WHEN 'picked' THEN 'picked' WHEN 'packed' THEN 'picked'
              WHEN 'cancelled' THEN 'returned' WHEN 'merged' THEN 'returned'
              ELSE 'shipped' END
        GROUP BY orders.number
        ORDER BY 1""",
    "merged = what the order holds that it went into, lot by lot": """
        SELECT 'order ' || coalesce(came.number, holds.number) || ', lot '
               || coalesce(came.lot, holds.lot) || ', ' || coalesce(came.place, holds.place),
               coalesce(came.units, 0), coalesce(holds.units, 0)
        FROM (SELECT into_order.number, lot.number AS lot, place.code AS place,
                     sum(reservation.quantity) AS units
              FROM warehouse_retailmerge AS merged
              JOIN warehouse_retailorder AS into_order ON into_order.id = merged.into_id
              JOIN warehouse_retailorderline AS line ON line.order_id = merged.order_id
              JOIN warehouse_reservation AS reservation ON reservation.line_id = line.id
              JOIN warehouse_holding AS held ON held.id = reservation.holding_id
              JOIN warehouse_lot AS lot ON lot.id = held.lot_id
              JOIN warehouse_location AS place ON place.id = held.location_id
              GROUP BY 1, 2, 3) AS came
        FULL JOIN (SELECT orders.number, lot.number AS lot, place.code AS place,
                          sum(reservation.quantity) AS units
                   FROM warehouse_retailorder AS orders
                   JOIN warehouse_retailorderline AS line ON line.order_id = orders.id
                   JOIN warehouse_reservation AS reservation ON reservation.line_id = line.id
                   JOIN warehouse_holding AS held ON held.id = reservation.holding_id
                   JOIN warehouse_lot AS lot ON lot.id = held.lot_id
                   JOIN warehouse_location AS place ON place.id = held.location_id
                   WHERE orders.id IN (SELECT into_id FROM warehouse_retailmerge)
                   GROUP BY 1, 2, 3) AS holds USING (number, lot, place)
        WHERE coalesce(came.units, 0) <> coalesce(holds.units, 0)
        ORDER BY 1""",
    "merged = went into another order of the same shop": """
        SELECT 'order ' || orders.number, (orders.state = 'merged')::int,
               (merged.id IS NOT NULL)::int
        FROM warehouse_retailorder AS orders
        LEFT JOIN warehouse_retailmerge AS merged ON merged.order_id = orders.id
        LEFT JOIN warehouse_retailorder AS into_order ON into_order.id = merged.into_id
        WHERE (orders.state = 'merged') <> (merged.id IS NOT NULL)
           OR merged.id IS NOT NULL
          AND (orders.seller_id, orders.channel) <> (into_order.seller_id, into_order.channel)
        ORDER BY 1""",
    "counted = sum of the approved differences": """
        SELECT 'count ' || paper || ', lot ' || lot.number,
               coalesce(told.units, 0), coalesce(moved.units, 0)
        FROM (SELECT counts.number AS paper, line.lot_id, sum(entry.units - entry.booked) AS units
              FROM warehouse_countdecision AS decision
              JOIN warehouse_stockcount AS counts ON counts.id = decision.count_id
              JOIN warehouse_countline AS line ON line.count_id = counts.id
              JOIN warehouse_countentry AS entry ON entry.line_id = line.id
              WHERE decision.approved AND NOT EXISTS (
                  SELECT FROM warehouse_countentry AS later
                  WHERE later.line_id = line.id AND later.round > entry.round)
              GROUP BY counts.number, line.lot_id
              HAVING sum(entry.units - entry.booked) <> 0) AS told
        FULL JOIN (SELECT movement.document AS paper, movement.lot_id,
                          sum(movement.quantity) AS units
                   FROM warehouse_stockmovement AS movement
                   JOIN warehouse_stockcount AS counts ON counts.number = movement.document
                   WHERE movement.account = 'stock' AND movement.kind = 'counted'
                   GROUP BY movement.document, movement.lot_id
                   HAVING sum(movement.quantity) <> 0) AS moved
             USING (paper, lot_id)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        WHERE coalesce(told.units, 0) <> coalesce(moved.units, 0)
        ORDER BY 1""",
    "offered = sum of the open offers": """
        SELECT 'lot ' || lot.number || ', owner ' || company.code,
               coalesce(offered.units, 0), coalesce(held.units, 0)
        FROM (SELECT lot_id, giver_id AS owner_id, sum(quantity) AS units
              FROM warehouse_stocktransfer WHERE state = 'offered'
              GROUP BY lot_id, giver_id) AS offered
        FULL JOIN (SELECT lot_id, owner_id, sum(on_hand) AS units FROM warehouse_holding
                   WHERE status = 'offered' GROUP BY lot_id, owner_id) AS held
             USING (lot_id, owner_id)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        JOIN accounts_company AS company ON company.id = owner_id
        WHERE coalesce(offered.units, 0) <> coalesce(held.units, 0)
        ORDER BY 1""",
    "a pallet stands where it was last moved, in the zone of that place": """
        SELECT 'pallet ' || pallet.sscc, coalesce(last.destination_id, 0), stands.stands_at_id
        FROM warehouse_pallet AS pallet
        JOIN warehouse_location AS stands ON stands.id = pallet.location_id
        LEFT JOIN warehouse_location AS below ON below.id = stands.stands_at_id
        LEFT JOIN LATERAL (
            SELECT destination_id FROM warehouse_palletmove AS went
            WHERE went.pallet_id = pallet.id ORDER BY went.id DESC LIMIT 1) AS last ON true
        WHERE last.destination_id <> stands.stands_at_id OR below.zone IS DISTINCT FROM stands.zone
           OR below.warehouse_id <> stands.warehouse_id OR stands.code <> pallet.sscc
        ORDER BY 1""",
    "accepted = given = taken": """
        SELECT 'offer ' || number, coalesce(told.units, 0), coalesce(moved.units, 0)
        FROM (SELECT number, giver_id AS owner_id, lot_id, quantity AS units
              FROM warehouse_stocktransfer WHERE state = 'accepted'
              UNION ALL
              SELECT number, taker_id, lot_id, -quantity
              FROM warehouse_stocktransfer WHERE state = 'accepted') AS told
        FULL JOIN (SELECT document AS number, owner_id, lot_id, sum(quantity) AS units
                   FROM warehouse_stockmovement WHERE account = 'owners'
                   GROUP BY document, owner_id, lot_id) AS moved
             USING (number, owner_id, lot_id)
        WHERE coalesce(told.units, 0) <> coalesce(moved.units, 0)
        ORDER BY 1, 2""",
    "handed over = what the carriers took": """
        SELECT 'lot ' || lot.number || ', owner ' || company.code,
               coalesce(taken.units, 0), coalesce(went.units, 0)
        FROM (SELECT lot_id, owner_id, sum(quantity) AS units FROM warehouse_stockmovement
              WHERE account = 'consumer' AND kind = 'shipped' GROUP BY lot_id, owner_id) AS went
        FULL JOIN (SELECT holding.lot_id, holding.owner_id, sum(reservation.quantity) AS units
                   FROM warehouse_reservation AS reservation
                   JOIN warehouse_holding AS holding ON holding.id = reservation.holding_id
                   WHERE reservation.state = 'shipped'
                   GROUP BY holding.lot_id, holding.owner_id) AS taken USING (lot_id, owner_id)
        JOIN warehouse_lot AS lot ON lot.id = lot_id
        JOIN accounts_company AS company ON company.id = owner_id
        WHERE coalesce(taken.units, 0) <> coalesce(went.units, 0)
        ORDER BY 1""",
}


@at_one_moment()
def prove_stock() -> list[Difference]:
    """Compare what stands with what was booked, to the unit; an empty list is the proof.

    Only what the walls let through is compared: call it platform-wide to prove everything. It
    reports and mends nothing: what differs is for people to look at.
    """
    found: list[Difference] = []
    with connection.cursor() as cursor:
        for proof, statement in _PROOFS.items():
            cursor.execute(statement)
            found += [Difference(proof, *row) for row in cursor.fetchall()]
    return found


def proved_rows() -> int:
    """How many holdings and movements the proof has looked at."""
    return Holding.objects.count() + StockMovement.objects.count()
