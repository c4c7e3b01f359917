"""How fast declarations are printed, beside a bare canvas that draws the same text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from time import perf_counter

from reportlab.pdfgen.canvas import Canvas

from core import pdf
from core.drawn import Page, furnished
from customs.papers import Stamp, declaration_paper, declared
from customs.papers.form import Form
from customs.rules.import_set import (
    Charge,
    Coded,
    Goods,
    ImportSet,
    Listed,
    Party,
    Rated,
    Share,
    Statement,
    Warehouse,
)
from customs.rules.shipped import Order, Ordered, Sent, Voyage

STAMP = Stamp("DOC-2026-000001", 1, "zh-hans", datetime(2026, 7, 14, 2, 30, tzinfo=UTC))
_GOODS = (
    ("婴儿配方奶粉（二段）", "Infant formula, stage 2", "品牌类型：境外品牌|适用6-12月龄|900克/罐"),
    ("胶原蛋白口服液", "Collagen drink", "境外品牌|成分：水解胶原蛋白、水、维生素C|50毫升×10瓶/盒"),
    ("保湿面霜", "Moisturising cream", "境外品牌|护肤用|成分：水、甘油、透明质酸钠|50克/瓶"),
    ("巧克力夹心饼干", "Biscuits with chocolate", "境外品牌|夹心|成分：小麦粉、可可|300克/盒"),
)

_SELLERS = (
    Party(
        "SELLER-A",
        "杭州晨光跨境电商有限公司",
        "Hangzhou Chenguang Ltd.",
        "91330106MA2CD9P2XA",
        country="CHN",
    ),
    Party(
        "SELLER-B",
        "深圳海淘优品科技有限公司",
        "Shenzhen Haitao Ltd.",
        "91440300MA5F8K3L7B",
        country="CHN",
    ),
)


def sample_set(lines: int, *, first: int = 1) -> ImportSet:
    """A declaration of so many lines, of goods with names and elements as real ones have."""
    sent, goods, listed, shares, ordered = [], [], [], [], []
    for at in range(first, first + lines):
        name_zh, name_en, elements = _GOODS[at % len(_GOODS)]
        sku, amount = f"SKU-{at:05d}", 60_000 + at
        sent.append(
            Sent(
                key=at,
                sku=sku,
                gtin=f"{4_006_381_000_000 + at}",
                brand="Sonnenhof",
                name_zh=name_zh,
                name_en=name_en,
                specification=elements,
                hs_code="1901101010",
                origin="DEU",
                unit="122",
                pack_quantity=6,
                quantity=60,
                amount=amount,
                net_weight=54_000,
                gross_weight=66_000,
                batch=f"L{at:05d}",
                expires_on=date(2028, 3, 31),
            )
        )
        ordered.append(Ordered(at, sku, "1901101010", "DEU", 60, amount))
        goods.append(
            Goods(
                position=at - first + 1,
                ledger_item=str(at),
                hs_code="1901101010",
                name_zh=name_zh,
                specification=f"{elements}|{sku}",
                origin="DEU",
                quantity=60,
                unit="122",
                legal_quantity=Decimal("54.00000"),
                legal_unit="035",
                second_quantity=Decimal("60.00000"),
                second_unit="122",
                unit_price=(Decimal(amount).scaleb(-2) / 60).quantize(Decimal("0.0001")),
                total=amount,
                net_weight=54_000,
                gross_weight=66_000,
            )
        )
        told = {name: getattr(goods[-1], name) for name in Goods.__slots__}
        listed.append(Listed(**told, key=at, sku=sku, goods_position=at - first + 1))
        shares += [
            Share(
                owner=owner,
                position=at - first + 1,
                sku=sku,
                hs_code="1901101010",
                name_zh=name_zh,
                origin="DEU",
                quantity=units,
                unit="122",
                unit_price=goods[-1].unit_price,
                amount=part,
                net_weight=900 * units,
                gross_weight=1_100 * units,
            )
            for owner, units, part in (
                (_SELLERS[0], 40, amount - amount // 3),
                (_SELLERS[1], 20, amount // 3),
            )
        ]
    total = sum(line.amount for line in sent)
    gross, net = 66_000 * lines, 54_000 * lines
    return ImportSet(
        reference="DEC-2026-000001",
        form="1",
        customs_number="",
        replaces="",
        supervision_mode="1210",
        currency="EUR",
        incoterm="FOB",
        total=total,
        packages=10 * lines,
        gross_weight=gross,
        net_weight=net,
        drafted_on=date(2026, 7, 14),
        importer=Party(
            code="IMP01",
            name_zh="宁波保税供应链管理有限公司",
            name_en="Ningbo Bonded Supply Chain Co., Ltd.",
            uscc="91330200MA2AGBCD5X",
            customs_code="3302W60123",
            street="梅山保税港区商务中心8号",
            town="宁波市",
            postcode="315800",
            country="CHN",
            phone="+86 574 8765 4321",
        ),
        supplier=Party(
            code="SUP01",
            name_zh="",
            name_en="Sonnenhof Nahrung GmbH",
            street="Speicherstraße 12",
            town="Hamburg",
            postcode="20457",
            country="DEU",
            phone="+49 40 123456",
        ),
        operator=Party(
            code="WH01",
            name_zh="宁波梅山保税物流有限公司",
            name_en="Meishan Bonded Logistics Co., Ltd.",
            uscc="91330206MA2BCDEF1Y",
            customs_code="3302W60456",
            country="CHN",
        ),
        warehouse=Warehouse(
            "NGB01",
            "宁波梅山保税仓",
            "Meishan bonded warehouse",
            "3117",
            "380901",
            "L3117B26A001",
            Coded("3104", "北仑海关"),
        ),
        order=Order(
            "PO-2026-000001",
            "SUP01",
            "IMP01",
            "EUR",
            "FOB",
            total,
            date(2026, 6, 2),
            tuple(ordered),
        ),
        shipment=Voyage(
            number="ASN-2026-000001",
            contract="PO-2026-000001",
            mode="2",
            vessel="EVER GIVEN",
            voyage="026W",
            bill_of_lading="EGLV142600123456",
            departure_port="Hamburg",
            departed_on=date(2026, 7, 1),
            expected_on=date(2026, 8, 5),
            packages=10 * lines,
            gross_weight=gross,
            net_weight=net,
            freight=45_000,
            insurance=1_200,
            freight_currency="USD",
            invoice_number="RE-26-10377",
            lines=tuple(sent),
        ),
        goods=tuple(goods),
        listed=tuple(listed),
        charges=(
            Charge("freight", "3", Decimal("450.0000"), "USD"),
            Charge("insurance", "3", Decimal("12.0000"), "USD"),
        ),
        shares=tuple(shares),
        tariff=(
            Rated(
                hs_code="1901101010",
                origin="DEU",
                duty=Decimal("0.05000"),
                vat=Decimal("0.13000"),
                consumption_tax=Decimal(0),
                specific=Decimal(0),
                specific_unit="",
                is_conditional=False,
            ),
        ),
        exchange=(("EUR", Decimal("8.1230")), ("USD", Decimal("7.0510"))),
        statement=Statement(
            special_relation="0",
            price_influence="0",
            royalties="0",
            departure=Coded("DEU063", "汉堡", "Hamburg"),
            call=Coded("DEU063", "汉堡", "Hamburg"),
            packing=Coded("22", "纸制或纤维板制盒/箱", "cartons"),
        ),
    )


@dataclass(frozen=True, slots=True)
class Rate:
    """Pages of so many files in so much time."""

    files: int
    pages: int
    seconds: float

    @property
    def per_second(self) -> float:
        return self.pages / self.seconds


def measured(lines: int, files: int) -> tuple[Rate, Rate]:
    """(ours, bare): declarations of ``lines`` lines, from their data to the file's bytes, and the
    same text at the same places on a bare canvas, one ``drawString`` each, in turns.

    Every file has article numbers and prices of its own: no text of a line is measured twice.
    """
    size = pdf.page_size(landscape=True)
    pdf.load_fonts()
    ours = bare = 0.0
    count = 0
    for at in range(files):
        data = sample_set(lines, first=1 + at * lines)
        begun = perf_counter()
        paper = declared(data, STAMP)
        declaration_paper(paper)
        ours += perf_counter() - begun
        form = Form(paper, size)
        pages = furnished(form.goods(), form.frame)
        begun = perf_counter()
        _bare(pages, size)
        bare += perf_counter() - begun
        count += len(pages)
    return Rate(files, count, ours), Rate(files, count, bare)


def _bare(pages: Sequence[Page], size: tuple[float, float]) -> None:
    canvas = Canvas(io.BytesIO(), pagesize=size, invariant=1, pageCompression=1)
    for page in pages:
        for font, height, x, y, text, _grey in page.texts:
            canvas.setFont(font, height)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
