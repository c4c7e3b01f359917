"""Places, what storing costs, and claims for what came damaged."""

from __future__ import annotations

import io

from PIL import Image

from demo.crowd.rows import Rows


class Storing(Rows):
    """Every owner's part of a lot is charged on one day, and billed with its month."""

    def places(self) -> None:
        self._insert(
            "warehouse.Location",
            f"generate_series(1, {max(20, self.size.lots // 20)}) n",
            # The gates came first.
            id="2 + n",
            warehouse_id="1 + n % 2",
            code="'A-' || lpad(n::text, 6, '0')",
            zone="'storage'",
            volume_m3="1.2",
            load_kg="800",
        )
        self._pallets()

    def _pallets(self) -> None:
        """One at every fourth place, brought there from the gate; nothing lies on them."""
        pallets = f"generate_series(1, {max(20, self.size.lots // 20) // 4}) n"
        code = "'39520000' || lpad(n::text, 10, '0')"
        self._insert(
            "warehouse.Location",
            pallets,
            id="1000000 + n",
            warehouse_id="1 + n % 2",
            code=code,
            zone="'storage'",
            stands_at_id="2 + n",
        )
        self._insert(
            "warehouse.Pallet",
            pallets,
            id="n",
            sscc=code,
            location_id="1000000 + n",
            keeper_id="11 + n % 2",
            made_at="timestamptz '2024-01-01 UTC'",
            made_by_id="3",
        )
        self._insert(
            "warehouse.PalletMove",
            pallets,
            number="'MV-2024-' || lpad(n::text, 6, '0')",
            pallet_id="n",
            keeper_id="11 + n % 2",
            origin_id="1 + n % 2",
            destination_id="2 + n",
            moved_at="timestamptz '2024-01-02 UTC'",
            moved_by_id="3",
        )

    def storage(self) -> None:
        self._insert(
            "warehouse.StorageTariff",
            "generate_series(1, 2) n",
            id="n",
            number="'ST-2023-00000' || n",
            warehouse_id="n",
            keeper_id="10 + n",
            valid_from="date '2023-12-01'",
            until_days="ARRAY[30]",
            rates="ARRAY[150, 300]",
            entered_at="timestamptz '2023-11-20 UTC'",
            entered_by_id="3",
        )
        day = "date '2024-01-01' + (lot.id / 200)::int"
        self._insert(
            "warehouse.StorageCharge",
            "warehouse_lot lot, generate_series(0, 2) i",
            warehouse_id="lot.warehouse_id",
            keeper_id="10 + lot.warehouse_id",
            owner_id=self._owner("lot.id", "i"),
            day=day,
            run_day=day,
            kind="'volume'",
            product_id="lot.product_id",
            lot_id="lot.id",
            tariff="'ST-2023-00000' || lot.warehouse_id",
            after_days="0",
            units="32",
            unit_cm3="400",
            quantity="0.0128",
            rate="150",
            amount="1.92",
        )
        self._insert(
            "warehouse.StorageRun",
            "(SELECT warehouse_id, keeper_id, run_day, count(*) AS charges "
            "FROM warehouse_storagecharge GROUP BY 1, 2, 3) AS ran",
            warehouse_id="warehouse_id",
            keeper_id="keeper_id",
            day="run_day",
            charges="charges",
            corrections="0",
            ran_at="run_day + interval '26 hours'",
        )
        self._insert(
            "warehouse.StorageBill",
            "(SELECT row_number() OVER (ORDER BY month, warehouse_id, owner_id) AS id, month, "
            "warehouse_id, keeper_id, owner_id, exact FROM (SELECT "
            "date_trunc('month', run_day)::date AS month, warehouse_id, keeper_id, owner_id, "
            "sum(amount) AS exact FROM warehouse_storagecharge GROUP BY 1, 2, 3, 4) summed) bill",
            id="id",
            number="'SB-2026-' || lpad(id::text, 6, '0')",
            warehouse_id="warehouse_id",
            keeper_id="keeper_id",
            owner_id="owner_id",
            month="month",
            exact="exact",
            total_minor="round(exact)",
            due_on="(month + interval '2 months')::date",
            billed_at="month + interval '1 month 6 hours'",
        )
        self._insert(
            "warehouse.StorageBillLine",
            "warehouse_storagebill bill",
            bill_id="bill.id",
            owner_id="bill.owner_id",
            keeper_id="bill.keeper_id",
            position="1",
            kind="'volume'",
            after_days="0",
            tariff="'ST-2023-00000' || bill.warehouse_id",
            is_correction="false",
            quantity="bill.exact / 150",
            rate="150",
            exact="bill.exact",
            amount_minor="bill.total_minor",
        )

    def claims(self) -> None:
        self._insert(
            "warehouse.SupplierClaim",
            "warehouse_receipt r JOIN procurement_shipment s ON s.id = r.shipment_id "
            "JOIN procurement_purchaseorder o ON o.id = s.order_id WHERE r.id % 10 = 1",
            id="r.id",
            number="'CL-2026-' || lpad(r.id::text, 6, '0')",
            receipt_id="r.id",
            receipt_number="r.number",
            shipment_id="s.id",
            buyer_id="o.buyer_id",
            supplier_id="o.supplier_id",
            currency="o.currency",
            amount_minor="8000",
            state="(ARRAY['open', 'sent', 'accepted', 'settled'])[1 + r.id / 10 % 4]",
            opened_at="r.received_at",
        )
        self._insert(
            "warehouse.SupplierClaimLine",
            "warehouse_supplierclaim c JOIN warehouse_receiptline l ON l.receipt_id = c.receipt_id "
            "JOIN warehouse_lot lot ON lot.receipt_line_id = l.id",
            claim_id="c.id",
            buyer_id="c.buyer_id",
            position="1 + (l.id - 1) % 5",
            receipt_line_id="l.id",
            product_id="lot.product_id",
            batch="lot.batch",
            counted="l.counted",
            quantity="2",
            amount_minor="1600",
        )
        drawn = io.BytesIO()
        Image.new("RGB", (8, 6), "tan").save(drawn, "JPEG")
        shown = f"decode('{drawn.getvalue().hex()}', 'hex')"
        self._insert(
            "warehouse.GatePicture",
            "warehouse_receipt r JOIN procurement_shipment s ON s.id = r.shipment_id "
            "JOIN procurement_purchaseorder o ON o.id = s.order_id "
            "CROSS JOIN generate_series(0, 2) n WHERE r.id % 10 IN (1, 2)",
            shipment_id="s.id",
            line_id="NULL",
            keeper_id="s.bound_for_id",
            buyer_id="o.buyer_id",
            caption="'外箱受潮'",
            content=shown,
            thumbnail=shown,
            width="8",
            height="6",
            size=str(drawn.tell()),
            sha256=f"encode(sha256({shown}), 'hex')",
            again="n",
            taken_at="r.received_at",
            taken_by_id="3",
        )
