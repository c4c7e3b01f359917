"""What leaves the zone under export lists: books, ways to customs, and what was told."""

from __future__ import annotations

from demo.crowd.leaving import BLOCK, KEEPER
from demo.crowd.rows import Rows

_GONE = "customs_retaillist l JOIN warehouse_retailorder o ON o.id = l.order_id"
_IS_GONE = "o.state = 'handed_over'"
_FORMED = "customs_declaration WHERE state = 'ready'"
#: Far from the numbers of export lists, which have one message each.
_OF_ENTRY = "10000000 + id"
_IMPORTER = f"21 + {BLOCK} % 3"


class Zone(Rows):
    """Every thousand orders have an export list with those of them that left."""

    def books(self) -> None:
        at = "timestamptz '2023-12-01 UTC'"
        self._insert(
            "customs.AccountBook",
            "generate_series(1, 2) n",
            id="n",
            number="'T3105W00000' || n",
            keeper_id="10 + n",
            style="'posting'",
            opened_at=at,
        )
        self._insert(
            "customs.BookRow",
            f"generate_series(1, 2) n, generate_series(1, {self.size.products}) item",
            id=f"(n - 1) * {self.size.products} + item",
            book_id="n",
            keeper_id="10 + n",
            item="item",
            product_id="item",
            hs_code="'3304990099'",
            name_zh="'面霜'",
            origin="'DEU'",
            unit="'011'",
            unit_price="8",
            currency="'EUR'",
            made_by="'CD-2026-000001'",
            opened_at=at,
            prevd_inc="9600",
            actl_inc="9600",
        )

    def statements(self) -> None:
        """One per importer and supplier, and the bonded list of each declaration whose form is
        there."""
        at = "timestamptz '2023-11-01 UTC'"
        self._insert(
            "customs.EntryStatement",
            f"generate_series(21, 23) i, generate_series(1, {self.size.suppliers}) n",
            importer_id="i",
            supplier_id="n",
            special_relation="'0'",
            price_influence="'0'",
            royalties="'0'",
            call_port="'DEU063'",
            package_kind="'22'",
            told_at=at,
            told_by_id="1",
        )
        self._insert(
            "customs.OutgoingMessage",
            _FORMED,
            id=_OF_ENTRY,
            number="'INV101-I' || lpad(id::text, 8, '0')",
            guid="'MESSAGEI-' || lpad(id::text, 27, '0')",
            kind="'INV101'",
            company_id="importer_id",
            gateway_id="importer_id - 20",
            state="'sent'",
            count="1",
            sha256="repeat('0', 64)",
            queued_at="drafted_at",
            due_at="drafted_at",
            sent_at="drafted_at + interval '1 minute'",
        )
        self._insert(
            "customs.OutgoingElement",
            _FORMED,
            id=_OF_ENTRY,
            message_id=_OF_ENTRY,
            company_id="importer_id",
            declaration_id="id",
            position="1",
            guid="'ELEMENTI-' || lpad(id::text, 27, '0')",
            kind="'INV101'",
            key="our_reference",
        )

    def export_lists(self) -> None:
        at = "max(o.accepted_at) + interval '2 days'"
        lists = (
            f"(SELECT 1 + {BLOCK} AS id, {_IMPORTER} AS importer, {KEEPER} AS keeper, "  # noqa: S608 - our own text
            f"count(*) AS parcels, {at} AS at FROM {_GONE} WHERE {_IS_GONE} GROUP BY 1, 2, 3) AS it"
        )
        number = "'EX-2026-' || lpad(id::text, 6, '0')"
        self._insert(
            "customs.Gateway",
            "generate_series(1, 3) n",
            id="n",
            code="'way-' || n",
            company_id="20 + n",
            cop_code="'330296000' || n",
            cop_name="'宁波进口 ' || n",
            dxp_id="'DXPENT000000000' || n",
            sender_id="'DXPENT000000000' || n",
            receiver_ids="ARRAY['DXPEDCSAS0000002']",
            opened_at="timestamptz '2023-12-01 UTC'",
        )
        self._insert(
            "customs.OutgoingMessage",
            lists,
            id="id",
            number="'INV101-' || lpad(id::text, 8, '0')",
            guid="'MESSAGE-' || lpad(id::text, 28, '0')",
            kind="'INV101'",
            company_id="importer",
            gateway_id="importer - 20",
            state="'sent'",
            count="1",
            sha256="repeat('0', 64)",
            queued_at="at",
            due_at="at",
            sent_at="at + interval '1 minute'",
        )
        self._insert(
            "customs.OutgoingElement",
            lists,
            id="id",
            message_id="id",
            company_id="importer",
            position="1",
            guid="'ELEMENT-' || lpad(id::text, 28, '0')",
            kind="'INV101'",
            key=number,
            their_number="'QD310526E' || lpad(id::text, 9, '0')",
        )
        self._insert(
            "customs.ExportList",
            lists,
            id="id",
            number=number,
            importer_id="importer",
            warehouse_id="keeper - 10",
            book_id="keeper - 10",
            element_id="id",
            parcels="parcels",
            gathered_at="at",
        )
        self._insert(
            "customs.ExportParcel",
            f"{_GONE} WHERE {_IS_GONE}",
            export_list_id=f"1 + {BLOCK}",
            importer_id=_IMPORTER,
            retail_list_id="l.id",
            customs_number="'310526' || lpad(l.id::text, 12, '0')",
        )
        self._insert(
            "customs.ExportGoods",
            f"(SELECT 1 + {BLOCK} AS list, {_IMPORTER} AS importer, {KEEPER} AS keeper, "  # noqa: S608 - our own text
            "line.product_id AS product, sum(line.quantity) AS units FROM warehouse_retailorder o "
            "JOIN warehouse_retailorderline line ON line.order_id = o.id "
            f"WHERE {_IS_GONE} GROUP BY 1, 2, 3, 4) AS it",
            export_list_id="list",
            importer_id="importer",
            position="row_number() OVER (PARTITION BY list ORDER BY product)",
            row_id=f"(keeper - 11) * {self.size.products} + product",
            quantity="units",
            worth_minor="units * 9900",
            net_weight_g="units * 1000",
            gross_weight_g="units * 1200",
        )
