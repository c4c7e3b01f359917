"""What happens to goods while they lie in bond."""

from __future__ import annotations

from demo.crowd.rows import Rows


class Keeping(Rows):
    """Offers between sellers."""

    def counts(self) -> None:
        s = self.size
        at = "timestamptz '2024-01-01 UTC' + n * interval '90 minutes'"
        self._insert(
            "warehouse.StockCount",
            f"generate_series(1, {s.lots}) n JOIN warehouse_lot lot ON lot.id = n",
            id="n",
            number="'CC-2026-' || lpad(n::text, 6, '0')",
            warehouse_id="lot.warehouse_id",
            keeper_id="11 + (1 + (n - 1) / 5) % 2",
            state="(ARRAY['done', 'done', 'counted', 'open'])[1 + n % 4]",
            subject="lot.number",
            started_by_id="3",
            started_at=at,
        )
        self._insert(
            "warehouse.CountLine",
            f"generate_series(1, {s.lots}) n",
            id="n",
            count_id="n",
            keeper_id="11 + (1 + (n - 1) / 5) % 2",
            lot_id="n",
            location_id="1 + (1 + (n - 1) / 5) % 2",
            status="'available'",
        )
        self._insert(
            "warehouse.CountEntry",
            f"generate_series(1, {s.lots}) n WHERE n % 4 < 3",
            line_id="n",
            keeper_id="11 + (1 + (n - 1) / 5) % 2",
            round="1",
            units="n % 30",
            booked="n % 30",
            counted_by_id="3",
            counted_at=at,
        )

    def transfers(self) -> None:
        s = self.size
        at = "timestamptz '2024-01-01 UTC' + n * interval '90 minutes'"
        parties = {
            "giver_id": self._owner("n", "0"),
            "taker_id": self._owner("n", "1"),
            "keeper_id": "11 + (1 + (n - 1) / 5) % 2",
        }
        self._insert(
            "warehouse.StockTransfer",
            f"generate_series(1, {s.lots}) n JOIN warehouse_lot lot ON lot.id = n",
            id="n",
            number="'TR-2026-' || lpad(n::text, 6, '0')",
            warehouse_id="lot.warehouse_id",
            lot_id="n",
            lot_number="lot.number",
            product_id="lot.product_id",
            quantity="1 + n % 5",
            price_minor="9900",
            valid_until="date '2024-01-08' + (n / 16)::int",
            account_book="'T3105W000001'",
            state="(ARRAY['accepted', 'accepted', 'refused', 'expired'])[1 + n % 4]",
            offered_at=at,
            **parties,
        )
        self._insert(
            "warehouse.TransferConsent",
            f"generate_series(1, {s.lots}) n",
            transfer_id="n",
            step="'offered'",
            company_id=self._owner("n", "0"),
            person_id="1",
            said_at=at,
            **parties,
        )
